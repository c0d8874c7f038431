import { expect, it } from 'vitest';
import type { EventName } from '../../../src/protocol/events.ts';
import { lampOf } from '../../../src/scenario/play/lamp.ts';

it.each([
  ['', 'unknown'],
  ['registered openDND', 'unknown'],
  ['idleToBusy', 'busy'],
  ['idleToBusy terminated', 'busy'],
  ['idleToBusy terminated busyToIdle', 'idle'],
  ['busyToIdle openDND', 'idle'],
  ['idleToBusy setupCompleted', 'idle'],
  // The newest sign decides, also where the page names no URL for the begin of a call.
  ['setupCompleted incomingCall established', 'busy'],
  ['busyToIdle incomingCall established', 'busy'],
  ['idleToBusy established terminated onHook', 'busy'],
  // Without the lamp, the begin and the end of calls have to do.
  ['incomingCall', 'busy'],
  ['incomingCall missedCall', 'idle'],
  ['outgoingCall remoteBusy', 'idle'],
  ['outgoingCall established', 'busy'],
  ['established terminated', 'idle'],
  ['established hold', 'busy'],
  ['offHook onHook', 'idle'],
  ['outgoingCall cancelCallOut', 'idle'],
  ['incomingCall forwardIncomingCall', 'idle'],
  ['terminated unHold', 'busy'],
])('%s: %s', (events, lamp) => {
  expect(lampOf(events.split(' ').filter(Boolean) as EventName[])).toBe(lamp);
});
