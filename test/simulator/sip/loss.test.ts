import { expect, it, onTestFinished } from 'vitest';
import { sipRegistrar } from '../../support/sip-registrar.ts';
import { sipPhones } from './phones.ts';

/** The messages of a call, each lost once on its way through the proxy. */
const MESSAGES = [
  /^REGISTER/,
  /^SIP\/2\.0 200 .*CSeq: \d+ REGISTER/s,
  /^INVITE/,
  /^SIP\/2\.0 180/,
  /^SIP\/2\.0 200 .*CSeq: \d+ INVITE/s,
  /^ACK/,
  /^BYE/,
  /^SIP\/2\.0 200 .*CSeq: \d+ BYE/s,
];

it.each(MESSAGES)('a call comes about and ends although %s is lost once', async (pattern) => {
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
  const { simulator, call, press, until } = await sipPhones(host, ['6001', '6002']);
  onTestFinished(() => simulator.close());
  await call('6001', '6002');
  await press('6001', 'ENDCALL');
  await Promise.all([until('6001', 'busyToIdle'), until('6002', 'busyToIdle'), lostOnce]);
  expect([simulator.state('6001').calls, simulator.state('6002').calls]).toEqual([[], []]);
});
