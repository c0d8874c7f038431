import { AtcomError } from '../../errors.ts';
import { type EventName, parseEvent } from '../../protocol/events.ts';
import type { Happening } from './happenings.ts';
import type { Handset } from './state.ts';

/**
 * What happens to a phone without a key: provisioning, the network, the PBX. Call waiting is included because the
 * document names it but shows no key for it; that the menu toggles it as well is our choice.
 */
const OUTSIDE: readonly EventName[] = [
  'registered',
  'unregistered',
  'registerFailed',
  'IPChanged',
  'autopFinish',
  'openCallWaiting',
  'closeCallWaiting',
];

/**
 * Parses an event that can happen without a key. The others come from keys alone, so that no report contradicts the
 * phone's state.
 *
 * @throws {AtcomError} `unknown-event`, `usage`
 */
export function parseOutside(name: string): EventName {
  const event = parseEvent(name);
  if (OUTSIDE.includes(event)) return event;
  throw new AtcomError('usage', {
    reason: `${event} comes from keys`,
    hint: `from outside come ${OUTSIDE.join(', ')}`,
  });
}

/**
 * Makes an event happen to a phone, which reports it. Call waiting is toggled; anything else does not affect the phone.
 */
export function undergo(phone: Handset, event: EventName): Happening {
  if (event === 'openCallWaiting') phone.callWaiting = true;
  if (event === 'closeCallWaiting') phone.callWaiting = false;
  return { phone: phone.extension, kind: event };
}
