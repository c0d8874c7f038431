import { expect, it } from 'vitest';
import { DigitLog } from '../../../src/scenario/play/digit-log.ts';

/** `1 outgoingCall`, `1 toneHeard 12#`: what happens in calls. */
function logOf(...happenings: readonly string[]): DigitLog {
  const log = new DigitLog();
  for (const happening of happenings) {
    const [call = '', kind = '', detail = ''] = happening.split(' ');
    log.note({ phone: '6001', kind: kind as 'toneHeard', call, detail });
  }
  return log;
}

it.each([
  [['1 outgoingCall', '1 toneHeard 1', '1 established', '1 toneHeard 2'], '12'],
  // A menu may hang up after its digits.
  [['1 established', '1 toneHeard 12', '1 terminated', ' busyToIdle'], '12'],
  [['1 established', '1 toneHeard 12', '1 terminated', ' busyToIdle', '2 outgoingCall'], ''],
  [
    ['1 established', '1 toneHeard 12', '1 terminated', ' busyToIdle', '2 incomingCall', '2 toneHeard 3'],
    '3',
  ],
  [['1 outgoingCall', '1 toneHeard 12', '1 remoteBusy', '2 established'], ''],
  [['1 outgoingCall', '1 toneHeard 12', '1 cancelCallOut', '2 established'], ''],
  [['1 outgoingCall', '1 toneHeard 12', '1 callRemoteCanceled', '2 established'], ''],
  [['1 established', '1 toneHeard 12', ' busyToIdle', '2 outgoingCall'], ''],
  // Another call rings, or is up, too.
  [['1 established', '1 toneHeard 12', '2 incomingCall', '2 established', '2 toneHeard 3'], '123'],
  [['1 established', '2 incomingCall', '1 toneHeard 12', '1 terminated'], '12'],
  [['1 established', '2 incomingCall', '1 toneHeard 12', '1 terminated', '2 established'], ''],
  [['1 established', '2 established', '2 toneHeard 12', '2 terminated', '1 toneHeard 3'], '123'],
  [['1 established', '2 established', '2 toneHeard 12', '1 toneHeard 3', '2 terminated', '1 unHold'], '3'],
])('digits begin anew with each call: %j', (happenings, unread) => {
  expect(logOf(...happenings).unread).toBe(unread);
});
