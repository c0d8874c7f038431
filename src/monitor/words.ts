import { ageText, clockText } from '../protocol/ages.ts';
import type { PhoneCall, PhoneState } from '../receiver/index.ts';

/** The state shown to people: a call state, or "in use" for a phone that reports no details. */
export type Doing = PhoneState['call'] | 'busy';

/** In order of urgency. */
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

/** The other party: the name of the phone with that number, its display name, or the number. */
export function sideOf({ peer, display }: PhoneCall, names: ReadonlyMap<string, string>): string {
  const name = names.get(peer ?? '') ?? display;
  if (name === null) return peer ?? 'someone';
  return peer === null || peer === name ? name : `${name} (${peer})`;
}

/** The other parties, with the state of each call if there are several. */
export function sidesOf({ calls }: PhoneState, names: ReadonlyMap<string, string>): readonly string[] {
  return calls.map((call) => {
    const side = sideOf(call, names);
    return calls.length > 1 ? `${WORDS[call.state]}: ${side}` : side;
  });
}

/** How long the state has lasted, at a time in milliseconds. A call that was held in between counts from its answer. */
export function howLong({ call, calls, since }: PhoneState, now: number): string {
  const up = call === 'talking' ? calls.find(({ state }) => state === 'talking')?.answered : undefined;
  const from = up ?? since;
  if (from === null) return '';
  return call === 'idle' || call === 'unknown'
    ? ageText(now - Date.parse(from))
    : clockText(now - Date.parse(from));
}

/** Settings of a phone that deserve attention. */
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
