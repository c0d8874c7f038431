import { EVENT_DEFINITIONS, type EventName } from './events.ts';
import { type Effect, effectOf } from './meaning.ts';

const EFFECTS: ReadonlyMap<EventName, Effect> = new Map(
  EVENT_DEFINITIONS.map(({ event, means }) => [event, effectOf(means)]),
);

/** How an event changes the state of the phone that reports it. */
export function effectOfEvent(event: EventName): Effect {
  return EFFECTS.get(event) ?? { nothing: true };
}

/** What is over with an event: the call that it is of, one that may only have rung, or every call but one that rings. */
export type End = 'call' | 'perhaps one that rang' | 'every call';

/** What an event ends; undefined if nothing. */
export function endOf(event: EventName): End | undefined {
  const effect = effectOfEvent(event);
  if ('handedOver' in effect) return 'call';
  if ('call' in effect && effect.call === 'over') {
    return effect.from.includes('ringing') ? 'perhaps one that rang' : 'call';
  }
  const isIdle =
    'started' in effect ||
    ('line' in effect && effect.line === 'closed') ||
    ('lamp' in effect && effect.lamp === 'idle');
  return isIdle ? 'every call' : undefined;
}
