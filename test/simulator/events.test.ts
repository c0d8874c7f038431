import { describe, expect, it } from 'vitest';
import { CALL, CONFERENCE, newBench, SECOND } from './helpers.ts';
import { testReports } from './tables.ts';

testReports([
  [
    'a call goes out',
    '6001 6002 | 6001 DIAL',
    [
      '6001 offHook',
      '6001 idleToBusy',
      '6001 outgoingCall 6002',
      '6002 idleToBusy',
      '6002 incomingCall 6001',
    ],
  ],
  [
    'it is answered',
    '6001 6002;DIAL | 6002 ANSWER',
    ['6002 offHook', '6002 answerNewIncomingCall 6001', '6001 established 6002', '6002 established 6001'],
  ],
  [
    'a line is opened',
    '6001 SPEAKER',
    ['6001 offHook', '6001 idleToBusy', '6001 handfree', '6001 lineOpened'],
  ],
  [
    'it ends',
    `${CALL} | 6001 ENDCALL`,
    [
      '6001 terminated 6002',
      '6001 onHook',
      '6001 busyToIdle',
      '6002 terminated 6001',
      '6002 onHook',
      '6002 busyToIdle',
    ],
  ],
  [
    'the caller cancels',
    '6001 6002;DIAL | 6001 ENDCALL',
    [
      '6001 cancelCallOut 6002',
      '6001 onHook',
      '6001 busyToIdle',
      '6002 callRemoteCanceled 6001',
      '6002 missedCall 6001',
      '6002 busyToIdle',
    ],
  ],
  [
    'the callee rejects',
    '6001 6002;DIAL | 6002 REJECT',
    [
      '6002 rejectIncomingCall 6001',
      '6002 busyToIdle',
      '6001 remoteBusy 6002',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
  [
    'busy',
    '6002 DND_ON | 6001 6002 | 6001 DIAL',
    [
      '6001 offHook',
      '6001 idleToBusy',
      '6001 outgoingCall 6002',
      '6001 remoteBusy 6002',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
  [
    'busy on an open line',
    '6002 DND_ON | 6001 LINEKEY1;6002 | 6001 SEND',
    ['6001 outgoingCall 6002', '6001 remoteBusy 6002', '6001 onHook', '6001 busyToIdle'],
  ],
  [
    'nobody',
    '6001 6999 | 6001 DIAL',
    [
      '6001 offHook',
      '6001 idleToBusy',
      '6001 outgoingCall 6999',
      '6001 remoteBusy 6999',
      '6001 onHook',
      '6001 busyToIdle',
    ],
  ],
  ['digits with the line closed', '6001 6002', ['6001 digits']],
  ['… dropped', '6001 6002 | 6001 UN_DIAL', ['6001 cleared']],
  [
    'blind transfer',
    `${CALL} | 6001 TRANSFER;6003 | 6001 BLIND`,
    [
      '6001 transferCall 6002',
      '6001 blindTransfer 6002',
      '6002 outgoingCall 6003',
      '6003 idleToBusy',
      '6003 incomingCall 6002',
    ],
  ],
  [
    'attended transfer',
    `${SECOND} | 6001 TRANSFER`,
    [
      '6001 transferCall 6002',
      '6001 attendedTransfer 6002',
      '6002 outgoingCall 6003',
      '6003 terminated 6001',
      '6001 terminated 6003',
      '6002 established 6003',
      '6003 established 6002',
      '6001 transferFinished 6002',
      '6001 terminated 6002',
      '6001 onHook',
      '6001 busyToIdle',
      '6002 terminated 6001',
    ],
  ],
  [
    'a transfer fails',
    `${CALL} | 6001 TRANSFER;6999 | 6001 BLIND`,
    [
      '6001 transferCall 6002',
      '6001 blindTransfer 6002',
      '6002 outgoingCall 6999',
      '6002 remoteBusy 6999',
      '6001 transferFailed 6002',
    ],
  ],
  [
    'blind transfer to a busy phone',
    `${CALL} | 6003 DND_ON | 6001 TRANSFER;6003 | 6001 BLIND`,
    [
      '6001 transferCall 6002',
      '6001 blindTransfer 6002',
      '6002 outgoingCall 6003',
      '6002 remoteBusy 6003',
      '6001 transferFailed 6002',
    ],
  ],
  [
    'the target of a blind transfer rejects',
    `${CALL} | 6001 TRANSFER;6003;BLIND | 6003 REJECT`,
    ['6003 rejectIncomingCall 6002', '6003 busyToIdle', '6002 remoteBusy 6003', '6001 transferFailed 6002'],
  ],
  [
    'the transfer is finished while the target rings',
    `${CALL} | 6001 TRANSFER;6003;SEND | 6001 TRANSFER`,
    [
      '6001 cancelCallOut 6003',
      '6001 transferCall 6002',
      '6001 attendedTransfer 6002',
      '6003 callRemoteCanceled 6001',
      '6003 missedCall 6001',
      '6003 busyToIdle',
      '6002 outgoingCall 6003',
      '6003 idleToBusy',
      '6003 incomingCall 6002',
    ],
  ],
  [
    'the target rejects before the transfer',
    `${CALL} | 6001 TRANSFER;6003;SEND | 6003 REJECT`,
    ['6003 rejectIncomingCall 6001', '6003 busyToIdle', '6001 remoteBusy 6003'],
  ],
  [
    'the target of an attended transfer is busy',
    `${CALL} | 6003 DND_ON | 6001 TRANSFER;6003 | 6001 SEND`,
    ['6001 outgoingCall 6003', '6001 remoteBusy 6003'],
  ],
  [
    '… and it cannot be finished',
    `${CALL} | 6003 DND_ON | 6001 TRANSFER;6003;SEND | 6001 TRANSFER`,
    ['6001 digits'],
  ],
  [
    'a conference is joined',
    `${CALL} | 6001 CONFERENCE;6003;SEND | 6003 ANSWER | 6001 CONFERENCE`,
    ['6001 unHold 6002', '6001 joined'],
  ],
  ['a conference is split', `${CONFERENCE} | 6001 SPLIT`, ['6001 hold 6002', '6001 split']],
  [
    'one leaves a conference',
    `${CONFERENCE} | 6003 ENDCALL`,
    ['6003 terminated 6001', '6003 onHook', '6003 busyToIdle', '6001 terminated 6003'],
  ],
  [
    'the host ends a conference',
    `${CONFERENCE} | 6001 ENDCALL`,
    [
      '6001 terminated 6003',
      '6001 terminated 6002',
      '6001 onHook',
      '6001 busyToIdle',
      '6003 terminated 6001',
      '6003 onHook',
      '6003 busyToIdle',
      '6002 terminated 6001',
      '6002 onHook',
      '6002 busyToIdle',
    ],
  ],
  [
    'forward',
    '6001 6002;DIAL | 6002 FORWARD;6003 | 6002 SEND',
    ['6002 forwardIncomingCall 6003', '6002 busyToIdle', '6003 idleToBusy', '6003 incomingCall 6001'],
  ],
  ['hold', `${CALL} | 6001 HOLD`, ['6001 hold 6002']],
  ['resume', `${CALL} | 6001 HOLD | 6001 RESUME`, ['6001 unHold 6002']],
  ['swap', `${SECOND} | 6001 FCALL`, ['6001 hold 6003', '6001 unHold 6002', '6001 swapped']],
  ['mute', `${CALL} | 6001 MUTE`, ['6001 mute 6002']],
  ['unmute', `${CALL} | 6001 MUTE | 6001 MUTE`, ['6001 unMute 6002']],
  ['DND', '6001 DND', ['6001 openDND']],
  ['DND off', '6001 DND | 6001 DND_OFF', ['6001 closeDND']],
  ['reboot', '6001 REBOOT', ['6001 unregistered', '6001 setupCompleted', '6001 registered']],
  [
    'reboot in a call',
    `${CALL} | 6001 REBOOT`,
    [
      '6001 terminated 6002',
      '6001 onHook',
      '6001 busyToIdle',
      '6001 unregistered',
      '6001 setupCompleted',
      '6001 registered',
      '6002 terminated 6001',
      '6002 onHook',
      '6002 busyToIdle',
    ],
  ],
  ['forward on', '6001 STATIC_FORWARD | 6001 OK', ['6001 openAlwaysForward']],
  ['forward off', '6001 SFORWARD;DOWN;OK | 6001 OK', ['6001 closeBusyForward']],
  ['the last row', '6001 SFORWARD;DOWN;DOWN;DOWN;DOWN | 6001 OK', ['6001 openNoAnswerForward']],
  ['OK elsewhere', '6001 STATUS | 6001 OK', ['6001 ignored']],
  ['OK on a row that switches nothing', '6001 MENU;DOWN | 6001 OK', ['6001 ignored']],
  ['a key that makes no sense', '6001 HOLD', ['6001 ignored']],
  ['no such key', '6001 HOLDD', ['6001 ignored']],
]);

describe('a call', () => {
  it('names one call by one id at both ends, and another by another', () => {
    const bench = newBench();
    const ids = (script: string) => new Set(bench.play(script).flatMap(({ call }) => call ?? []));
    const first = ids(`${CALL} | 6001 ENDCALL`);
    expect([...first]).toHaveLength(1);
    expect(ids(CALL)).not.toEqual(first);
  });
});
