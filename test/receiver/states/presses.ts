import { keysOf } from '../../../src/protocol/keys.ts';
import type { Happening } from '../../../src/simulator/handset/happenings.ts';
import type { Bench } from '../../simulator/helpers.ts';
import type { Random } from '../../support/random.ts';

export const EXTENSIONS = ['6001', '6002', '6003', '6004'] as const;

/** What people do; `?` is the number of a phone, perhaps their own. What begins with `!`, and `~`, is no key. */
const DOINGS: readonly string[] = [
  ...['?;DIAL', '?;DIAL', '?;DIAL', 'SPEAKER;?;SEND', 'LINEKEY2;?;SEND', 'HOLD;?;DIAL', 'NEWCALL;?;DIAL'],
  ...['ANSWER', 'ANSWER', 'ANSWER', 'ANSWER', 'ANSWER', 'REJECT', 'HOLD', 'RESUME', 'FCALL', 'MUTE'],
  ...['TRANSFER;?;SEND;TRANSFER', 'TRANSFER;?;SEND', 'TRANSFER', 'TRANSFER;?;BLIND', 'FORWARD;?;SEND'],
  ...['CONFERENCE;?;SEND', 'CONFERENCE', 'CONFERENCE', 'JOIN', 'SPLIT', 'MENU;OK;RELEASE'],
  ...[
    'ENDCALL',
    'ENDCALL',
    'CANCEL',
    'RELEASE',
    'DND',
    'DND_OFF',
    'DND_OFF',
    'REDIAL',
    'SFORWARD;OK;RELEASE',
  ],
  ...['', 'DOWN;', 'DOWN;DOWN;'].map((row) => `SFORWARD;${row}?;OK;RELEASE`),
  ...['!registered', '!unregistered', '~'],
];

/** Single keys disturb what people do, anywhere. */
const KEYS: readonly string[] = keysOf('A48').filter((key) => !/^(\d|\*|POUND)$/.test(key));

/** One key, and what came of it. */
export interface Pressed {
  readonly key: string;
  readonly happenings: readonly Happening[];
}

/** Presses so many random keys on the phones of a bench. */
export function* randomPresses(bench: Bench, random: Random, count: number): Generator<Pressed> {
  let pressed = 0;
  while (pressed < count) {
    const who = random.of(EXTENSIONS);
    const doing = random.below(10) === 0 ? random.of(KEYS) : random.of(DOINGS);
    for (const key of doing.replace('?', random.of(EXTENSIONS)).split(';')) {
      pressed += 1;
      yield { key: `${who} ${key}`, happenings: bench.play(`${who} ${key}`) };
    }
  }
}
