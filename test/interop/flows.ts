import type { sipPhones } from '../simulator/sip/phones.ts';

export type Phones = Awaited<ReturnType<typeof sipPhones>>;

/** What a flow does, and what each of its phones has reported by the end, behind a proxy and behind a B2BUA. */
export interface Flow {
  readonly name: string;
  readonly play: (phones: Phones, pbx: 'proxy' | 'b2bua') => Promise<void>;
}

const [A, B, C] = ['6001', '6002', '6003'] as const;

/** 6001 has rung 6002. */
async function ringing({ press, until }: Phones): Promise<void> {
  await press(A, `${B};DIAL`);
  await until(B, 'incomingCall');
}

/** 6001 holds 6002 and has rung 6003. */
async function consulting({ call, press, until }: Phones): Promise<void> {
  await call(A, B);
  await press(A, `TRANSFER;${C}`);
  await until(A, 'hold');
  await press(A, 'SEND');
  await until(C, 'incomingCall');
}

/** The call to 6003 was cancelled, and 6002 calls it. */
async function ringsAgain(phones: Phones): Promise<void> {
  await idle(phones, C);
  await phones.until(C, 'incomingCall');
}

/** 6003, the target of the transfer, rejects. */
async function rejects(phones: Phones, pbx: 'proxy' | 'b2bua'): Promise<void> {
  // A B2BUA reports the transfer as finished about 25 ms after the target rang; rejecting sooner makes it fail.
  if (pbx === 'b2bua') await phones.until(A, 'transferFinished');
  await phones.press(C, 'REJECT');
  await idle(phones, C);
  const ended = Promise.race([phones.until(A, 'transferFailed'), phones.until(B, 'terminated')]);
  if ((await ended).kind === 'transferFailed') await phones.press(A, 'ENDCALL');
  await idle(phones, A, B);
}

/** 6001 holds 6002 and talks to 6003. */
async function consulted(phones: Phones): Promise<void> {
  const { press, until } = phones;
  await consulting(phones);
  await press(C, 'ANSWER');
  await Promise.all([until(A, 'established'), until(C, 'established')]);
}

/** Waits until the phones with these numbers are idle again. */
function idle({ until }: Phones, ...numbers: readonly string[]): Promise<unknown> {
  return Promise.all(numbers.map((number) => until(number, 'busyToIdle')));
}

export const FLOWS: readonly Flow[] = [
  {
    name: 'a call, the caller hangs up',
    async play(phones) {
      await phones.call(A, B);
      await phones.press(A, 'ENDCALL');
      await idle(phones, A, B);
    },
  },
  {
    name: 'a call, the callee hangs up',
    async play(phones) {
      await phones.call(A, B);
      await phones.press(B, 'ENDCALL');
      await idle(phones, A, B);
    },
  },
  {
    name: 'rejected',
    async play(phones) {
      await ringing(phones);
      await phones.press(B, 'REJECT');
      await idle(phones, A, B);
    },
  },
  {
    name: 'busy',
    async play(phones) {
      await phones.call(A, B);
      await phones.press(C, `${B};DIAL`);
      await idle(phones, C);
      await phones.press(A, 'ENDCALL');
      await idle(phones, A, B);
    },
  },
  {
    name: 'the caller gives up',
    async play(phones) {
      await ringing(phones);
      await phones.press(A, 'ENDCALL');
      await idle(phones, A, B);
    },
  },
  {
    name: 'an unknown number',
    async play(phones) {
      await phones.press(A, '6999;DIAL');
      await idle(phones, A);
    },
  },
  {
    name: 'hold and resume',
    async play(phones) {
      await phones.call(A, B);
      await phones.press(A, 'HOLD');
      await phones.until(A, 'hold');
      await phones.press(A, 'RESUME');
      await phones.until(A, 'unHold');
      await phones.press(A, 'ENDCALL');
      await idle(phones, A, B);
    },
  },
  {
    name: 'blind transfer',
    async play(phones) {
      await phones.call(A, B);
      await phones.press(A, `TRANSFER;${C}`);
      await phones.until(A, 'hold');
      await phones.press(A, 'BLIND');
      await phones.until(C, 'incomingCall');
      await phones.press(C, 'ANSWER');
      await Promise.all([idle(phones, A), phones.until(C, 'established')]);
      await phones.hears(C);
      await phones.press(B, 'ENDCALL');
      await idle(phones, B, C);
    },
  },
  {
    name: 'blind transfer, the target rejects',
    async play(phones, pbx) {
      await phones.call(A, B);
      await phones.press(A, `TRANSFER;${C}`);
      await phones.until(A, 'hold');
      await phones.press(A, 'BLIND');
      await phones.until(C, 'incomingCall');
      await rejects(phones, pbx);
    },
  },
  {
    name: 'attended transfer',
    async play(phones, pbx) {
      await consulted(phones);
      await phones.press(A, 'TRANSFER');
      await idle(phones, A);
      // Through a proxy, 6001 has hung up, and 6002 may not know yet.
      if (pbx === 'proxy') await phones.until(B, 'terminated');
      await phones.press(B, 'ENDCALL');
      await idle(phones, B);
      await phones.until(C, 'onHook');
    },
  },
  {
    name: 'transfer while the target rings',
    async play(phones) {
      await consulting(phones);
      await phones.press(A, 'TRANSFER');
      await ringsAgain(phones);
      await phones.press(C, 'ANSWER');
      await Promise.all([idle(phones, A), phones.until(C, 'established')]);
      await phones.hears(C);
      await phones.press(B, 'ENDCALL');
      await idle(phones, B, C);
    },
  },
  {
    name: 'transfer while the target rings, which rejects',
    async play(phones, pbx) {
      await consulting(phones);
      await phones.press(A, 'TRANSFER');
      await ringsAgain(phones);
      await rejects(phones, pbx);
    },
  },
  {
    name: 'conference',
    async play(phones) {
      await phones.call(A, B);
      await phones.press(A, `CONFERENCE;${C}`);
      await phones.until(A, 'hold');
      await phones.press(A, 'SEND');
      await phones.until(C, 'incomingCall');
      await phones.press(C, 'ANSWER');
      await Promise.all([phones.until(A, 'established'), phones.until(C, 'established')]);
      await phones.press(A, 'CONFERENCE');
      await phones.until(A, 'unHold');
      await phones.press(A, 'ENDCALL');
      await idle(phones, A, B, C);
    },
  },
  {
    name: 'forwarded while it rings',
    async play(phones) {
      await ringing(phones);
      await phones.press(B, `FORWARD;${C};SEND`);
      await phones.until(C, 'incomingCall');
      await phones.press(C, 'ANSWER');
      await phones.until(A, 'established');
      await phones.until(C, 'established');
      await phones.press(A, 'ENDCALL');
      await idle(phones, A, B, C);
    },
  },
];
