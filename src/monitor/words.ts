import { ageText, clockText } from '../protocol/ages.ts';
import type { PhoneCall, PhoneState } from '../receiver/index.ts';

/** What people read of a phone: a state, or that a phone is in use and does not tell how. */
export type Doing = PhoneState['call'] | 'busy';

/** In the order of what wants attention. */
export const DOINGS: readonly Doing[] = [
  'ringing',
  'calling',
  'talking',
  'conference',
  'held',
  'dialling',
  'busy',
  'idle',
  'unknown',
];

export const WORDS: Readonly<Record<Doing, string>> = {
  ringing: 'ringing',
  calling: 'calling',
  talking: 'talking',
  conference: 'conference',
  held: 'on hold',
  dialling: 'dialling',
  busy: 'in use',
  idle: 'idle',
  unknown: 'unknown',
};

export function doingOf({ call, busy }: PhoneState): Doing {
  return call === 'unknown' && busy === true ? 'busy' : call;
}

/** Who the other side is: the name of a phone that has the number, the name that it shows, the number itself. */
export function sideOf({ peer, display }: PhoneCall, names: ReadonlyMap<string, string>): string {
  const name = names.get(peer ?? '') ?? display;
  if (name === null) return peer ?? 'somebody';
  return peer === null || peer === name ? name : `${name} (${peer})`;
}

/** With whom, a call after the other; where there are several, with what each does. */
export function sidesOf({ calls }: PhoneState, names: ReadonlyMap<string, string>): readonly string[] {
  return calls.map((call) => {
    const side = sideOf(call, names);
    return calls.length > 1 ? `${WORDS[call.state]}: ${side}` : side;
  });
}

/** For how long it has been so, at a time in milliseconds. A call that was held meanwhile has been up since it was answered. */
export function howLong({ call, calls, since }: PhoneState, now: number): string {
  const up = call === 'talking' ? calls.find(({ state }) => state === 'talking')?.answered : undefined;
  const from = up ?? since;
  if (from === null) return '';
  return call === 'idle' || call === 'unknown'
    ? ageText(now - Date.parse(from))
    : clockText(now - Date.parse(from));
}

/** What is set on a phone, and worth a look. */
export function marksOf({ dnd, muted, registered, forwards }: PhoneState): readonly string[] {
  const marks: [unknown, string][] = [
    [dnd, 'DND'],
    [muted, 'muted'],
    [registered === false, 'not registered'],
    [forwards.always, 'forwards all'],
    [forwards.busy, 'forwards when busy'],
    [forwards.noAnswer, 'forwards unanswered'],
  ];
  return marks.flatMap(([is, mark]) => (is === true ? [mark] : []));
}
