import { expect, it } from 'vitest';
import { CALL, newBench } from './helpers.ts';
import { testFlows, testReports } from './tables.ts';

/** The keys that make a phone forward. */
const always = (to: string) => `SFORWARD;${to};OK;RELEASE`;
const busy = (to: string) => `SFORWARD;DOWN;${to};OK;RELEASE`;
const noAnswer = (to: string) => `SFORWARD;DOWN;DOWN;${to};OK;RELEASE`;

testFlows([
  ['a number is typed', '6001 SFORWARD;6003', 'idle idle idle idle', '6001 > 1 always off 6003'],
  ['… and switched on', '6001 SFORWARD;6003;OK', 'idle idle idle idle', '6001 > 1 always on 6003'],
  ['… key by key', '6001 SFORWARD;DOWN;*;6;0;POUND;OK', 'idle idle idle idle', '6001 > 2 busy on *60#'],
  ['another takes its place', '6001 SFORWARD;6003;OK;6004', 'idle idle idle idle', '6001 > 1 always on 6004'],
  ['… after UP and DOWN', '6001 SFORWARD;6003;DOWN;UP;6;0', 'idle idle idle idle', '6001 > 1 always off 60'],
  ['each row has its own', '6001 SFORWARD;6003;DOWN;6004', 'idle idle idle idle', '6001 > 2 busy off 6004'],
  ['on without a number', '6002 SFORWARD;OK | 6001 6002;DIAL', 'calling ringing idle idle'],
  ['a number that is off', '6002 SFORWARD;6003 | 6001 6002;DIAL', 'calling ringing idle idle'],
  [
    'always',
    `6002 ${always('6003')} | 6001 6002;DIAL`,
    'calling idle ringing idle',
    '6001 Calling 6003',
    '6003 Incoming call 6001',
  ],
  ['always, answered', `6002 ${always('6003')} | 6001 6002;DIAL | 6003 ANSWER`, 'talking idle talking idle'],
  ['always comes before DND', `6002 DND_ON;${always('6003')} | 6001 6002;DIAL`, 'calling idle ringing idle'],
  ['who forwards can call', `6002 ${always('6003')};6001;DIAL`, 'ringing calling idle idle'],
  ['gone after a new start', `6002 ${always('6003')};REBOOT | 6001 6002;DIAL`, 'calling ringing idle idle'],
  ['busy, and idle', `6002 ${busy('6003')} | 6001 6002;DIAL`, 'calling ringing idle idle'],
  ['busy: DND', `6002 ${busy('6003')};DND_ON | 6001 6002;DIAL`, 'calling idle ringing idle'],
  ['busy: dialling', `6002 ${busy('6003')};6 | 6001 6002;DIAL`, 'calling dialling ringing idle'],
  ['busy: in a call', `6002 ${busy('6003')} | ${CALL} | 6004 6002;DIAL`, 'talking talking ringing calling'],
  [
    'a rejected call is not forwarded',
    `6002 ${busy('6003')} | 6001 6002;DIAL | 6002 REJECT`,
    'idle idle idle idle',
  ],
  [
    'busy with call waiting: it rings',
    `6002 ${busy('6003')};MENU;OK | ${CALL} | 6004 6002;DIAL`,
    'talking ringing idle calling',
  ],
  [
    'no answer',
    `6002 ${noAnswer('6003')} | 6001 6002;DIAL | 6002 ~`,
    'calling idle ringing idle',
    '6002 Idle',
  ],
  ['no answer, before', `6002 ${noAnswer('6003')} | 6001 6002;DIAL`, 'calling ringing idle idle'],
  [
    'no answer while asking where to forward',
    `6002 ${noAnswer('6003')} | 6001 6002;DIAL | 6002 FORWARD;60;~`,
    'calling idle ringing idle',
  ],
  [
    'no answer of a waiting call',
    `6002 ${noAnswer('6003')};MENU;OK | ${CALL} | 6004 6002;DIAL | 6002 ~`,
    'talking talking ringing calling',
  ],
  [
    'from phone to phone',
    `6002 ${always('6003')} | 6003 ${always('6004')} | 6001 6002;DIAL`,
    'calling idle idle ringing',
  ],
  [
    'in a ring',
    `6002 ${always('6003')} | 6003 ${always('6002')} | 6001 6002;DIAL`,
    'idle idle idle idle',
    '6001 Busy 6002',
  ],
  [
    'in a ring, each after a while',
    `6002 ${noAnswer('6003')} | 6003 ${noAnswer('6002')} | 6001 6002;DIAL | 6002 ~ | 6003 ~`,
    'idle idle idle idle',
    '6001 Busy 6002',
  ],
  ['to itself', `6002 ${always('6002')} | 6001 6002;DIAL`, 'idle idle idle idle', '6001 Busy 6002'],
  ['to the caller', `6002 ${always('6001')} | 6001 6002;DIAL`, 'idle idle idle idle', '6001 Busy 6001'],
  ['to nobody', `6002 ${always('6999')} | 6001 6002;DIAL`, 'idle idle idle idle', '6001 Not Found 6999'],
  [
    'to a busy phone',
    `6002 ${always('6003')} | 6003 DND_ON | 6001 6002;DIAL`,
    'idle idle idle idle',
    '6001 Busy 6003',
  ],
  [
    'FORWARD to a phone that forwards',
    `6003 ${always('6004')} | 6001 6002;DIAL | 6002 FORWARD;6003;SEND`,
    'calling idle idle ringing',
  ],
  [
    'FORWARD there and back',
    '6001 6002;DIAL | 6002 FORWARD;6003;SEND | 6003 FORWARD;6002;SEND',
    'calling ringing idle idle',
  ],
  [
    'transfer to a phone that forwards',
    `6003 ${always('6004')} | ${CALL} | 6001 TRANSFER;6003;SEND;TRANSFER`,
    'transfer calling idle ringing',
  ],
  [
    'transfer forwarded to who waits for it',
    `6003 ${always('6002')} | ${CALL} | 6001 TRANSFER;6003;BLIND`,
    'held talking idle idle',
    '6001 Transfer failed 6003',
  ],
  [
    'transfer forwarded after a while',
    `6003 ${noAnswer('6004')} | ${CALL} | 6001 TRANSFER;6003;SEND;TRANSFER | 6003 ~ | 6004 ANSWER`,
    'idle talking idle talking',
  ],
  [
    'forwarded before the transfer',
    `6003 ${noAnswer('6004')} | ${CALL} | 6001 TRANSFER;6003;SEND | 6003 ~ | 6001 TRANSFER`,
    'transfer calling idle ringing',
  ],
  ['REDIAL', `6002 ${always('6003')} | 6001 6002;DIAL;ENDCALL;REDIAL`, 'calling idle ringing idle'],
]);

testReports([
  ['a number', '6001 SFORWARD | 6001 6003', ['6001 digits']],
  ['on', '6001 SFORWARD;6003 | 6001 OK', ['6001 openAlwaysForward']],
  ['off', '6001 SFORWARD;6003;OK | 6001 OK', ['6001 closeAlwaysForward']],
  [
    'always',
    `6002 ${always('6003')} | 6001 6002 | 6001 DIAL`,
    [
      '6001 offHook',
      '6001 idleToBusy',
      '6001 outgoingCall 6002',
      '6002 forwardIncomingCall 6003',
      '6003 idleToBusy',
      '6003 incomingCall 6001',
    ],
  ],
  [
    'busy',
    `6002 ${busy('6003')} | ${CALL} | 6004 LINEKEY1;6002 | 6004 DIAL`,
    ['6004 outgoingCall 6002', '6002 forwardIncomingCall 6003', '6003 idleToBusy', '6003 incomingCall 6004'],
  ],
  [
    'no answer',
    `6002 ${noAnswer('6003')} | 6001 6002;DIAL | 6002 ~`,
    ['6002 forwardIncomingCall 6003', '6002 busyToIdle', '6003 idleToBusy', '6003 incomingCall 6001'],
  ],
  [
    'no answer, and there is nobody',
    `6002 ${noAnswer('6999')} | 6001 6002;DIAL | 6002 ~`,
    [
      '6002 forwardIncomingCall 6999',
      '6002 busyToIdle',
      '6001 remoteBusy 6999',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
  [
    'in a ring',
    `6002 ${always('6003')} | 6003 ${always('6002')} | 6001 LINEKEY1;6002 | 6001 DIAL`,
    [
      '6001 outgoingCall 6002',
      '6002 forwardIncomingCall 6003',
      '6003 forwardIncomingCall 6002',
      '6001 remoteBusy 6002',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
  [
    'blind transfer',
    `6003 ${always('6004')} | ${CALL} | 6001 TRANSFER;6003 | 6001 BLIND`,
    [
      '6001 transferCall 6002',
      '6001 blindTransfer 6002',
      '6002 outgoingCall 6003',
      '6003 forwardIncomingCall 6004',
      '6004 idleToBusy',
      '6004 incomingCall 6002',
    ],
  ],
]);

it('forwards so many times and no more', () => {
  const bench = newBench(9);
  for (const from of [6002, 6003, 6004, 6005, 6006, 6007]) bench.play(`${from} ${always(String(from + 1))}`);
  expect(bench.play('6001 6003;DIAL').at(-1)).toMatchObject({ phone: '6008', kind: 'incomingCall' });
  bench.play('6001 ENDCALL');
  expect(bench.play('6001 6002;DIAL')).toContainEqual(
    expect.objectContaining({ phone: '6001', kind: 'remoteBusy', remote: '6008' }),
  );
});

it('names a call that is forwarded at once by one id', () => {
  const bench = newBench();
  bench.play(`6003 ${always('6004')}`);
  const ids = (script: string) =>
    bench.play(script).flatMap(({ kind, call }) => (/forward|incoming|outgoing/i.test(kind) ? [call] : []));
  expect(new Set(ids('6001 6003;DIAL')).size).toBe(1);
  bench.play('6001 ENDCALL');
  bench.play(CALL);
  expect(new Set(ids('6001 TRANSFER;6003;BLIND')).size).toBe(1);
});
