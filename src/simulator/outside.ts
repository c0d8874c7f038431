import { AtcomError } from '../errors.ts';
import { type EventName, parseEvent } from '../protocol/events.ts';

/**
 * What happens to a phone without a key: provisioning, the network, the PBX. Call waiting is among it, because the
 * document names it and shows no key for it. A phone reports it, and goes on as before.
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
 * The event that happens to a phone. Others come from keys alone, so that no report contradicts the phone's state.
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
