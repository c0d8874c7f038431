import { CALL } from './helpers.ts';
import { testFlows, testReports } from './tables.ts';

/** 6002 talks to 6001, and 6003 calls it. */
const WAITING = `6002 MENU;OK;RELEASE | ${CALL} | 6003 6002;DIAL`;
/** 6002 has answered it. */
const BOTH = `${WAITING} | 6002 ANSWER`;

testFlows([
  ['the menu', '6001 MENU', 'idle idle idle idle', '6001 Menu', '6001 > 1 call waiting off'],
  ['on', '6001 MENU;OK', 'idle idle idle idle', '6001 > 1 call waiting on'],
  ['off again', '6001 MENU;OK;OK', 'idle idle idle idle', '6001 > 1 call waiting off'],
  ['from outside', '6001 !openCallWaiting;MENU', 'idle idle idle idle', '6001 > 1 call waiting on'],
  ['gone after a new start', '6001 MENU;OK;REBOOT;MENU', 'idle idle idle idle', '6001 > 1 call waiting off'],
  ['a call waits', WAITING, 'talking ringing calling idle', '6002 Incoming call 6003', '6002 Talking 6001'],
  [
    'switched on by an event',
    `${CALL} | 6002 !openCallWaiting | 6003 6002;DIAL`,
    'talking ringing calling idle',
  ],
  [
    'switched off while it waits',
    `${WAITING} | 6002 !closeCallWaiting;ANSWER`,
    'talking talking talking idle',
  ],
  ['ANSWER', BOTH, 'talking talking talking idle', '6002 Talking 6003', '6002 Held 6001'],
  ['SPEAKER', `${WAITING} | 6002 SPEAKER`, 'talking talking talking idle', '6002 Line 2 speaker vol 5'],
  ['HEADSET', `${WAITING} | 6002 HEADSET`, 'talking talking talking idle', '6002 Line 2 headset vol 5'],
  ['OK', `${WAITING} | 6002 OK`, 'talking talking talking idle', '6002 Held 6001'],
  ['the first soft key', `${WAITING} | 6002 SFK1`, 'talking talking talking idle', '6002 Held 6001'],
  ['REJECT', `${WAITING} | 6002 REJECT`, 'talking talking idle idle', '6002 Talking 6001', '6003 Busy 6002'],
  ['CANCEL', `${WAITING} | 6002 CANCEL`, 'talking talking idle idle', '6002 Talking 6001'],
  ['DND while it waits', `${WAITING} | 6002 DND_ON`, 'talking talking idle idle', '6003 Busy 6002'],
  [
    'ENDCALL ends the first',
    `${WAITING} | 6002 ENDCALL`,
    'idle ringing calling idle',
    '6002 Incoming call 6003',
  ],
  ['… and the second rejects', `${WAITING} | 6002 ENDCALL;ENDCALL`, 'idle idle idle idle'],
  [
    'on hold',
    `6002 MENU;OK | ${CALL} | 6002 HOLD | 6003 6002;DIAL`,
    'talking ringing calling idle',
    '6002 Held 6001',
  ],
  [
    'on hold, ENDCALL rejects',
    `6002 MENU;OK | ${CALL} | 6002 HOLD | 6003 6002;DIAL | 6002 ENDCALL`,
    'talking held idle idle',
  ],
  ['FORWARD', `${WAITING} | 6002 FORWARD;6004;SEND`, 'talking talking calling ringing', '6003 Calling 6004'],
  [
    'while asking where to forward',
    `${WAITING} | 6002 FORWARD;60`,
    'talking dialling calling idle',
    '6002 Forward to: 60',
    '6002 Talking 6001',
  ],
  ['… the first call ends', `${WAITING} | 6002 FORWARD;60 | 6001 ENDCALL`, 'idle dialling calling idle'],
  ['… the second is given up', `${WAITING} | 6002 FORWARD;60 | 6003 ENDCALL`, 'talking talking idle idle'],
  [
    'the caller gives up',
    `${WAITING} | 6003 ENDCALL`,
    'talking talking idle idle',
    '6002 Talking 6001',
    '6002 Missed call 6003',
  ],
  ['nobody answers', `${WAITING} | 6002 ~`, 'talking talking idle idle', '6003 No answer 6002'],
  ['the first ends', `${WAITING} | 6001 ENDCALL`, 'idle ringing calling idle'],
  ['REBOOT', `${WAITING} | 6002 REBOOT`, 'idle idle idle idle', '6003 Busy 6002'],
  ['there is no third call', `${WAITING} | 6004 6002;DIAL`, 'talking ringing calling idle', '6004 Busy 6002'],
  ['… nor after the answer', `${BOTH} | 6004 6002;DIAL`, 'talking talking talking idle', '6004 Busy 6002'],
  [
    'DND refuses',
    `6002 MENU;OK;DND_ON;DND_OFF | ${CALL} | 6002 DND_ON | 6003 6002;DIAL`,
    'talking talking idle idle',
    '6003 Busy 6002',
  ],
  [
    'not while dialling',
    '6002 MENU;OK;RELEASE;6 | 6003 6002;DIAL',
    'idle dialling idle idle',
    '6003 Busy 6002',
  ],
  [
    'not while calling',
    '6002 MENU;OK;6004;DIAL | 6003 6002;DIAL',
    'idle calling idle ringing',
    '6003 Busy 6002',
  ],
  [
    'not while transferring',
    `6002 MENU;OK | ${CALL} | 6002 TRANSFER;60 | 6003 6002;DIAL`,
    'talking transfer idle idle',
    '6003 Busy 6002',
  ],
  [
    'FLASH_CALL',
    `${BOTH} | 6002 FLASH_CALL`,
    'talking talking talking idle',
    '6002 Talking 6001',
    '6002 Held 6003',
  ],
  ['TRANSFER', `${BOTH} | 6002 TRANSFER`, 'talking idle talking idle', '6001 Talking 6003'],
  ['CONFERENCE', `${BOTH} | 6002 CONFERENCE`, 'talking conference talking idle', '6002 Conference 6003 6001'],
  ['JOIN', `${BOTH} | 6002 JOIN`, 'talking conference talking idle'],
  ['the second ends', `${BOTH} | 6003 ENDCALL`, 'talking held idle idle'],
  [
    'a transfer finished while it waits',
    `6003 MENU;OK | 6003 6004;DIAL | 6004 ANSWER | ${CALL} | 6001 TRANSFER;6003;SEND;TRANSFER`,
    'transfer calling ringing talking',
    '6003 Incoming call 6002',
    '6003 Talking 6004',
  ],
  [
    'the first call is transferred while another waits',
    `${WAITING} | 6001 TRANSFER;6004;BLIND`,
    'transfer ringing calling ringing',
    '6002 Calling 6004',
  ],
  [
    '… and rings held after the answer',
    `${WAITING} | 6001 TRANSFER;6004;BLIND | 6002 ANSWER`,
    'transfer talking talking ringing',
    '6002 Talking 6003',
  ],
  [
    'who talks to it calls again',
    `6002 MENU;OK | ${CALL} | 6001 HOLD;6002;DIAL`,
    'calling ringing idle idle',
    '6001 Held 6002',
    '6002 Talking 6001',
  ],
  [
    '… and cannot connect the phone with itself',
    `6002 MENU;OK | ${CALL} | 6001 HOLD;6002;DIAL | 6002 ANSWER | 6001 TRANSFER`,
    'talking talking idle idle',
    '6001 Transfer failed',
  ],
  [
    '… nor blind',
    `6002 MENU;OK | ${CALL} | 6001 TRANSFER;6002;BLIND`,
    'held talking idle idle',
    '6001 Transfer failed 6002',
  ],
]);

testReports([
  ['on', '6001 MENU | 6001 OK', ['6001 openCallWaiting']],
  ['off', '6001 MENU;OK | 6001 OK', ['6001 closeCallWaiting']],
  [
    'a call waits',
    `6002 MENU;OK | ${CALL} | 6003 LINEKEY1;6002 | 6003 SEND`,
    ['6003 outgoingCall 6002', '6002 incomingCall 6003'],
  ],
  [
    'it is answered',
    `${WAITING} | 6002 ANSWER`,
    ['6002 hold 6001', '6002 answerNewIncomingCall 6003', '6003 established 6002', '6002 established 6003'],
  ],
  [
    '… on the speaker',
    `${WAITING} | 6002 SPEAKER`,
    [
      '6002 handfree',
      '6002 hold 6001',
      '6002 answerNewIncomingCall 6003',
      '6003 established 6002',
      '6002 established 6003',
    ],
  ],
  [
    '… with the first on hold already',
    `6002 MENU;OK | ${CALL} | 6002 HOLD | 6003 6002;DIAL | 6002 ANSWER`,
    ['6002 answerNewIncomingCall 6003', '6003 established 6002', '6002 established 6003'],
  ],
  [
    'it is rejected',
    `${WAITING} | 6002 REJECT`,
    ['6002 rejectIncomingCall 6003', '6003 remoteBusy 6002', '6003 onHook', '6003 busyToIdle'],
  ],
  [
    'it is forwarded',
    `${WAITING} | 6002 FORWARD;6004 | 6002 SEND`,
    ['6002 forwardIncomingCall 6004', '6004 idleToBusy', '6004 incomingCall 6003'],
  ],
  [
    'its caller gives up',
    `${WAITING} | 6003 ENDCALL`,
    [
      '6003 cancelCallOut 6002',
      '6003 onHook',
      '6003 busyToIdle',
      '6002 callRemoteCanceled 6003',
      '6002 missedCall 6003',
    ],
  ],
  [
    'nobody answers it',
    `${WAITING} | 6002 ~`,
    [
      '6002 callRemoteCanceled 6003',
      '6002 missedCall 6003',
      '6003 callRemoteCanceled 6002',
      '6003 onHook',
      '6003 busyToIdle',
    ],
  ],
  [
    'the first ends, and the phone hangs up until it answers',
    `${WAITING} | 6002 ENDCALL`,
    ['6002 terminated 6001', '6002 onHook', '6001 terminated 6002', '6001 onHook', '6001 busyToIdle'],
  ],
  [
    '… and answers',
    `${WAITING} | 6002 ENDCALL | 6002 ANSWER`,
    ['6002 offHook', '6002 answerNewIncomingCall 6003', '6003 established 6002', '6002 established 6003'],
  ],
]);
