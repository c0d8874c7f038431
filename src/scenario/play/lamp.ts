import type { EventName } from '../../protocol/events.ts';

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

/** What ends every call. */
const IDLE: readonly EventName[] = ['busyToIdle', 'setupCompleted'];

/**
 * Whether a phone is in use, by what it reported, oldest first: the newest sign decides. `terminated` and its like end
 * one call, and a phone may have another; so where a phone reports its lamp (`idleToBusy`, `busyToIdle`) only that ends
 * them. It errs towards busy: a phone that is spared for nothing does less harm than somebody's call that is ended.
 */
export function lampOf(events: readonly EventName[]): Lamp {
  const hasLamp = events.some((event) => event === 'idleToBusy' || event === 'busyToIdle');
  const ends = (event: EventName) =>
    IDLE.includes(event) || (!hasLamp && (ENDED.includes(event) || event === 'onHook'));
  const begins = (event: EventName) => event === 'idleToBusy' || BUSY.includes(event);
  const sign = events.findLast((event) => begins(event) || ends(event));
  if (sign === undefined) return 'unknown';
  return begins(sign) ? 'busy' : 'idle';
}
