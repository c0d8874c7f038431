import { visible } from '../../errors/visible.ts';
import { doingOf, sidesOf, WORDS } from '../../monitor/words.ts';
import type { StateChange } from '../../receiver/index.ts';
import type { Paint } from '../output/output.ts';
import type { Taken } from './sinks/sink.ts';

/** A state change as one line of JSON. */
export function changeDocument({ phone, event: { time, event }, state }: StateChange) {
  return { time, phone, event, state };
}

/** `10:00:00  reception  talking  6002`, in local time. */
export function changeText({ event: { time, phone }, state }: Taken, paint: Paint): string {
  const clock = new Date(time).toTimeString().slice(0, 8);
  const sides = visible(sidesOf(state, new Map()).join(', '));
  const parts = [paint('dim', clock), visible(phone), paint('bold', WORDS[doingOf(state)]), sides];
  return parts.join('  ').trimEnd();
}
