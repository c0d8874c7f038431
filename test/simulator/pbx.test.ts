import { expect, it } from 'vitest';
import { CALL, newBench } from './helpers.ts';
import { testReports } from './tables.ts';

/** 6001 holds 6002 and talks to 6003, on the way to a transfer. */
const CONSULTED = `${CALL} | 6001 TRANSFER;6003;SEND | 6003 ANSWER`;

// As Asterisk 22 was seen to behave: it has a call with each phone, and tells none of the other.
testReports(
  [
    ['hold', `${CALL} | 6001 HOLD`, ['6001 hold 6002']],
    [
      'an answer',
      '6001 6002;DIAL | 6002 ANSWER',
      ['6002 offHook', '6002 answerNewIncomingCall 6001', '6002 established 6001', '6001 established 6002'],
    ],
    [
      'no answer',
      '6001 6002;DIAL | 6002 ~',
      [
        '6002 callRemoteCanceled 6001',
        '6002 missedCall 6001',
        '6002 busyToIdle',
        '6001 remoteBusy 6002',
        '6001 onHook',
        '6001 busyToIdle',
      ],
    ],
    [
      'a call that goes on: the caller does not see where to',
      '6001 6002;DIAL | 6002 FORWARD;6003;SEND | 6003 ANSWER | 6001 ENDCALL',
      [
        '6001 terminated 6002',
        '6001 onHook',
        '6001 busyToIdle',
        '6003 terminated 6001',
        '6003 onHook',
        '6003 busyToIdle',
      ],
    ],
    [
      'a blind transfer: it is finished when the target rings, and the other side learns nothing',
      `${CALL} | 6001 TRANSFER;6003 | 6001 BLIND`,
      [
        '6001 transferCall 6002',
        '6001 blindTransfer 6002',
        '6003 idleToBusy',
        '6003 incomingCall 6002',
        '6001 transferFinished 6002',
        '6001 terminated 6002',
        '6001 onHook',
        '6001 busyToIdle',
      ],
    ],
    [
      '… answered',
      `${CALL} | 6001 TRANSFER;6003;BLIND | 6003 ANSWER`,
      ['6003 offHook', '6003 answerNewIncomingCall 6002', '6003 established 6002'],
    ],
    [
      '… rejected: the other side is hung up on',
      `${CALL} | 6001 TRANSFER;6003;BLIND | 6003 REJECT`,
      [
        '6003 rejectIncomingCall 6002',
        '6003 busyToIdle',
        '6002 terminated 6001',
        '6002 onHook',
        '6002 busyToIdle',
      ],
    ],
    [
      '… to a busy phone',
      `${CALL} | 6003 DND_ON | 6001 TRANSFER;6003 | 6001 BLIND`,
      [
        '6001 transferCall 6002',
        '6001 blindTransfer 6002',
        '6002 terminated 6001',
        '6002 onHook',
        '6002 busyToIdle',
        '6001 transferFailed 6002',
      ],
    ],
    [
      '… and the call that is left is lost when it is resumed',
      `${CALL} | 6003 DND_ON | 6001 TRANSFER;6003;BLIND | 6001 RESUME`,
      ['6001 terminated 6002', '6001 onHook', '6001 busyToIdle'],
    ],
    [
      'an attended transfer: the two others learn nothing',
      `${CONSULTED} | 6001 TRANSFER`,
      [
        '6001 transferCall 6002',
        '6001 attendedTransfer 6002',
        '6001 transferFinished 6002',
        '6001 terminated 6002',
        '6001 terminated 6003',
        '6001 onHook',
        '6001 busyToIdle',
      ],
    ],
    [
      '… and both are in one call then',
      `${CONSULTED} | 6001 TRANSFER | 6002 ENDCALL`,
      [
        '6002 terminated 6001',
        '6002 onHook',
        '6002 busyToIdle',
        '6003 terminated 6001',
        '6003 onHook',
        '6003 busyToIdle',
      ],
    ],
    [
      'a transfer while the target rings: it rings anew',
      `${CALL} | 6001 TRANSFER;6003;SEND | 6001 TRANSFER`,
      [
        '6001 cancelCallOut 6003',
        '6001 transferCall 6002',
        '6001 attendedTransfer 6002',
        '6003 callRemoteCanceled 6001',
        '6003 missedCall 6001',
        '6003 busyToIdle',
        '6003 idleToBusy',
        '6003 incomingCall 6002',
        '6001 transferFinished 6002',
        '6001 terminated 6002',
        '6001 onHook',
        '6001 busyToIdle',
      ],
    ],
  ],
  'b2bua',
);

it.each([
  ['proxy', 1],
  ['b2bua', 2],
] as const)('behind a %s a call has %i id(s)', (pbx, count) => {
  const bench = newBench(2, { pbx });
  const ids = new Set(bench.play(CALL).flatMap(({ call }) => call ?? []));
  expect(ids.size).toBe(count);
});

it('neither end learns of a hold behind a B2BUA', () => {
  for (const [pbx, told] of [
    ['proxy', true],
    ['b2bua', false],
  ] as const) {
    const bench = newBench(2, { pbx });
    bench.play(`${CALL} | 6001 HOLD`);
    expect(bench.phone('6002').calls[0]?.heldByRemote).toBe(told);
  }
});

it.each([
  [486, 'remoteBusy', 'Busy 6002'],
  [603, 'remoteBusy', 'Busy 6002'],
  [404, 'remoteBusy', 'Not Found 6002'],
  [503, 'remoteBusy', 'Failed 503 6002'],
  [480, 'callRemoteCanceled', 'No answer 6002'],
])('a phone that refuses with %i: the caller reports %s', (refuse, event, notice) => {
  const bench = newBench(2, { refuse });
  const kinds = bench.play('6002 DND_ON | 6001 6002;DIAL').map(({ kind }) => kind);
  expect(kinds).toContain(event);
  expect(bench.phone('6001').notice).toBe(notice);
});
