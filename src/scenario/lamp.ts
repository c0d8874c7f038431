import type { EventName } from '../protocol/events.ts';

/** What a phone's own reports say of it. */
export type Lamp = 'busy' | 'idle' | 'unknown';

/** What only happens to a phone that is in use. */
const BUSY: readonly EventName[] = [
  'incomingCall',
  'outgoingCall',
  'established',
  'offHook',
  'hold',
  'unHold',
  'answerNewIncomingCall',
];

/** What ends a call; the phone may have another one. */
const ENDED: readonly EventName[] = [
  'terminated',
  'missedCall',
  'rejectIncomingCall',
  'forwardIncomingCall',
  'cancelCallOut',
  'remoteBusy',
  'callRemoteCanceled',
];

/**
 * Whether a phone is in use, by what it reported, oldest first. `idleToBusy` and `busyToIdle` say it; of a phone whose
 * page names no URL for them, the begin and the end of calls do, as far as one call at a time goes.
 */
export function lampOf(events: readonly EventName[]): Lamp {
  const told = events.findLast((event) => /^(idleToBusy|busyToIdle|setupCompleted)$/.test(event));
  if (told !== undefined) return told === 'idleToBusy' ? 'busy' : 'idle';
  const sign = events.findLast(
    (event) => BUSY.includes(event) || ENDED.includes(event) || event === 'onHook',
  );
  if (sign === undefined) return 'unknown';
  return BUSY.includes(sign) ? 'busy' : 'idle';
}
