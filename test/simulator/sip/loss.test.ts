import { expect, it, onTestFinished } from 'vitest';
import { sipRegistrar } from '../../support/sip-registrar.ts';
import { sipPhones } from './phones.ts';

type Phones = Awaited<ReturnType<typeof sipPhones>>;

/** What happens, and its messages, each lost once on its way through the proxy. */
const FLOWS: readonly {
  readonly name: string;
  readonly messages: readonly RegExp[];
  readonly play: (phones: Phones) => Promise<unknown>;
}[] = [
  {
    name: 'a call comes about and ends',
    messages: [
      /^REGISTER/,
      /^SIP\/2\.0 200 .*CSeq: \d+ REGISTER/s,
      /^INVITE/,
      /^SIP\/2\.0 180/,
      /^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s,
      /^ACK/,
      /^BYE/,
      /^SIP\/2\.0 200 .*CSeq: \d+ BYE/s,
    ],
    async play({ call, press, until }) {
      await call('6001', '6002');
      await press('6001', 'ENDCALL');
      await Promise.all([until('6001', 'busyToIdle'), until('6002', 'busyToIdle')]);
    },
  },
  {
    name: 'a call is rejected',
    messages: [/^SIP\/2\.0 486/, /^ACK/],
    async play({ press, until }) {
      await press('6001', '6002;DIAL');
      await until('6002', 'incomingCall');
      await press('6002', 'REJECT');
      await Promise.all([until('6001', 'remoteBusy'), until('6002', 'busyToIdle')]);
    },
  },
  {
    name: 'a call is given up',
    messages: [/^CANCEL/, /^SIP\/2\.0 200 .*CSeq: \d+ CANCEL/s, /^SIP\/2\.0 487/, /^ACK/],
    async play({ press, until }) {
      await press('6001', '6002;DIAL');
      await until('6002', 'incomingCall');
      await press('6001', 'ENDCALL');
      await until('6002', 'missedCall');
    },
  },
  {
    name: 'a call is held',
    messages: [
      /^INVITE .*CSeq: 2 INVITE/s,
      /^SIP\/2\.0 200 .*CSeq: 2 INVITE/s,
      /^ACK .*CSeq: 2 ACK/s,
      /^INVITE .*CSeq: 3 INVITE/s,
    ],
    async play({ call, press, until }) {
      await call('6001', '6002');
      await press('6001', 'HOLD');
      await until('6001', 'hold');
      await press('6001', 'RESUME');
      await until('6001', 'unHold');
    },
  },
  {
    name: 'a call is transferred while the target rings',
    messages: [
      /^CANCEL/,
      /^SIP\/2\.0 487/,
      /^REFER/,
      /^SIP\/2\.0 202/,
      /^NOTIFY/,
      /^SIP\/2\.0 200 .*CSeq: \d+ NOTIFY/s,
      /^NOTIFY .*SIP\/2\.0 200/s,
    ],
    async play({ call, press, until }) {
      await call('6001', '6002');
      await press('6001', 'TRANSFER;6003;SEND');
      await until('6003', 'incomingCall');
      await press('6001', 'TRANSFER');
      await until('6003', 'missedCall');
      await until('6003', 'incomingCall');
      await press('6003', 'ANSWER');
      await Promise.all([until('6001', 'transferFinished'), until('6003', 'established')]);
      await until('6001', 'busyToIdle');
    },
  },
];

for (const { name, messages, play } of FLOWS)
  it.each(messages)(`${name} although %s is lost once`, async (pattern) => {
    let lost = false;
    let tell: () => void = () => undefined;
    const lostOnce = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const { host } = await sipRegistrar({
      lose: (message) => {
        if (lost || !pattern.test(message)) return false;
        lost = true;
        tell();
        return true;
      },
    });
    const phones = await sipPhones(host, ['6001', '6002', '6003']);
    const { simulator, press, until } = phones;
    onTestFinished(() => simulator.close());
    await Promise.all([play(phones), lostOnce]);
    // Whoever is still in a call hangs up, and all are free.
    for (const number of ['6001', '6002', '6003']) {
      if (simulator.state(number).calls.length > 0) await press(number, 'ENDCALL');
    }
    await expect
      .poll(() => ['6001', '6002', '6003'].map((number) => simulator.state(number).state), { timeout: 5000 })
      .toEqual(['idle', 'idle', 'idle']);
    await press('6003', '6002;DIAL');
    await until('6002', 'incomingCall');
  });
