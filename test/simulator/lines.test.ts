import { expect, it } from 'vitest';
import { CALL, CONFERENCE, newBench } from './helpers.ts';
import { testFlows, testReports } from './tables.ts';

testFlows([
  [
    'a line key in a call holds it and opens its line',
    `${CALL} | 6001 LINEKEY2;6003;SEND`,
    'calling talking ringing idle',
    '6001 Line 2 handset vol 5',
    '6001 Held 6002',
  ],
  [
    'the key of the held call resumes it',
    `${CALL} | 6001 LINEKEY2;6003;SEND | 6003 ANSWER | 6001 LINEKEY1`,
    'talking talking talking idle',
    '6001 Talking 6002',
    '6001 Held 6003',
    '6001 Line 1 handset vol 5',
  ],
  ['the key of the call that is on does nothing', `${CALL} | 6001 LINEKEY1`, 'talking talking idle idle'],
  ['the key of a held call resumes it', `${CALL} | 6001 HOLD;LINEKEY1`, 'talking talking idle idle'],
  ['the key of a call that rings answers it', '6001 6002;DIAL | 6002 LINEKEY1', 'talking talking idle idle'],
  [
    'a line key opens no other line while a call rings',
    '6001 6002;DIAL | 6002 LINEKEY2;6003;SEND',
    'calling ringing idle idle',
  ],
  [
    'a line key takes one call out of a conference on hold',
    `${CONFERENCE} | 6001 HOLD;LINEKEY1`,
    'talking talking talking idle',
    '6001 Talking 6002',
    '6001 Held 6003',
  ],
  [
    'digits sent after the other side has handed its call over put the new one on hold',
    `${CALL} | 6002 CONFERENCE | 6001 TRANSFER;6003;BLIND | 6003 ANSWER | 6002 6004;SEND | 6004 ANSWER`,
    'idle talking talking talking',
    '6002 Talking 6004',
    '6002 Held 6003',
  ],
  [
    'a waiting call is on the next line',
    `6002 MENU;OK;RELEASE | ${CALL} | 6003 6002;DIAL | 6002 LINEKEY2`,
    'talking talking talking idle',
    '6002 Talking 6003',
    '6002 Line 2 handset vol 5',
  ],
  [
    'INTERCOM: the other side answers by itself',
    '6001 INTERCOM;6002;SEND',
    'talking talking idle idle',
    '6002 Line 1 speaker vol 5',
  ],
  [
    '… but not in a call',
    `6002 MENU;OK;RELEASE | ${CALL} | 6003 INTERCOM;6002;SEND`,
    'talking ringing calling idle',
  ],
  ['INTERCOM after the digits', '6001 6002;INTERCOM;SEND', 'talking talking idle idle'],
  [
    'DIRECT_PICKUP takes the call that rings elsewhere',
    '6001 6002;DIAL | 6003 DPICKUP;6002;SEND',
    'talking idle talking idle',
    '6003 Talking 6001',
    '6001 Talking 6003',
  ],
  ['… and none where nothing rings', '6003 DPICKUP;6002;SEND', 'idle idle idle idle', '6003 Not Found 6002'],
]);

testReports([
  ['a line key while a call rings', '6001 6002;DIAL | 6002 LINEKEY2', ['6002 ignored']],
  ['a line key in a call', `${CALL} | 6001 LINEKEY2`, ['6001 hold 6002', '6001 lineOpened']],
  [
    'back to the first line',
    `${CALL} | 6001 LINEKEY2;6003;SEND | 6003 ANSWER | 6001 LINEKEY1`,
    ['6001 hold 6003', '6001 unHold 6002'],
  ],
  [
    'a call is picked up',
    '6001 6002;DIAL | 6003 DPICKUP;6002 | 6003 SEND',
    [
      '6003 outgoingCall 6002',
      '6002 callRemoteCanceled 6001',
      '6002 busyToIdle',
      '6001 established 6003',
      '6003 established 6001',
    ],
  ],
]);

it('a phone hears the tones of the other', () => {
  const bench = newBench(2);
  bench.play(`${CALL} | 6001 12;POUND`);
  expect(bench.phone('6002').heard).toBe('12#');
  expect(bench.phone('6001').heard).toBe('');
});

it('says which key it ignored, and why', () => {
  const bench = newBench(2);
  const [ignored] = bench.play('6001 PARK');
  expect(ignored).toEqual({ phone: '6001', kind: 'ignored', detail: 'PARK does nothing in state idle' });
});
