import { expect, it } from 'vitest';
import { CALL, newBench } from './helpers.ts';
import { testFlows, testReports } from './tables.ts';

testFlows([
  [
    'nobody answers',
    '6001 6002;DIAL | 6002 ~',
    'idle idle idle idle',
    '6001 No answer 6002',
    '6002 Missed call 6001',
  ],
  [
    'the next key takes the notice away',
    '6001 6002;DIAL | 6002 ~;MENU;CANCEL',
    'idle idle idle idle',
    '6002 ',
  ],
  ['it can be called again', '6001 6002;DIAL | 6002 ~ | 6001 REDIAL', 'calling ringing idle idle'],
  ['and calls back', '6001 6002;DIAL | 6002 ~;CALL_RETURN', 'ringing calling idle idle'],
  ['while asking where to forward', '6001 6002;DIAL | 6002 FORWARD;60;~', 'idle idle idle idle'],
  [
    'after FORWARD',
    '6001 6002;DIAL | 6002 FORWARD;6003;SEND | 6003 ~',
    'idle idle idle idle',
    '6001 No answer 6003',
  ],
  [
    'the second call',
    `${CALL} | 6001 HOLD;6003;DIAL | 6003 ~`,
    'held talking idle idle',
    '6001 No answer 6003',
  ],
  ['before a transfer', `${CALL} | 6001 TRANSFER;6003;SEND | 6003 ~`, 'held talking idle idle'],
  [
    'after a transfer',
    `${CALL} | 6001 TRANSFER;6003;SEND;TRANSFER | 6003 ~`,
    'held talking idle idle',
    '6002 No answer 6003',
  ],
  ['an invitation', `${CALL} | 6001 CONFERENCE;6003;SEND | 6003 ~`, 'held talking idle idle'],
]);

testReports([
  [
    'nobody answers',
    '6001 6002;DIAL | 6002 ~',
    [
      '6002 callRemoteCanceled 6001',
      '6002 missedCall 6001',
      '6002 busyToIdle',
      '6001 callRemoteCanceled 6002',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
  [
    'the second call',
    `${CALL} | 6001 HOLD;6003;DIAL | 6003 ~`,
    [
      '6003 callRemoteCanceled 6001',
      '6003 missedCall 6001',
      '6003 busyToIdle',
      '6001 callRemoteCanceled 6003',
    ],
  ],
  [
    'before a transfer',
    `${CALL} | 6001 TRANSFER;6003;SEND | 6003 ~`,
    [
      '6003 callRemoteCanceled 6001',
      '6003 missedCall 6001',
      '6003 busyToIdle',
      '6001 callRemoteCanceled 6003',
    ],
  ],
  [
    'after a blind transfer',
    `${CALL} | 6001 TRANSFER;6003;BLIND | 6003 ~`,
    [
      '6003 callRemoteCanceled 6002',
      '6003 missedCall 6002',
      '6003 busyToIdle',
      '6002 callRemoteCanceled 6003',
      '6001 transferFailed 6002',
    ],
  ],
  ['nothing rings', `${CALL} | 6002 ~`, []],
]);

it('has an end for what rings and for nothing else', () => {
  const { station, play, states } = newBench();
  const ringing = (extension: string) => station(extension).ringing()?.leg.id;
  play('6001 6002;DIAL | 6003 6004;DIAL');
  expect([ringing('6001'), ringing('6002'), ringing('6004')]).toEqual([undefined, 'call-1', 'call-2']);
  play('6002 ANSWER');
  expect(ringing('6002')).toBeUndefined();
  station('6002').ringOver('call-1');
  station('6004').ringOver('call-9');
  expect(states()).toBe('talking talking calling ringing');
});
