import { visibleLines } from '../errors/visible.ts';
import { formatDuration } from '../protocol/duration.ts';
import {
  AUDIBLE,
  type HeardStep,
  type HearsStep,
  isAudible,
  MOST_TONES,
  SHORTEST_HEARING,
  type WantedTone,
} from '../scenario/index.ts';
import {
  checkOptions,
  duration,
  found,
  type MatcherResult,
  type MatcherState,
  NOWHERE,
  phoneOf,
  WITHIN,
  wrong,
} from './matcher.ts';
import { TestPhone } from './phones.ts';

/** What a phone should hear: other phones, a frequency such as `1004Hz`, or silence. */
export type WantedSound = TestPhone | `${number}Hz` | 'silence' | readonly (TestPhone | `${number}Hz`)[];

/** The options of `toHear` and `toHearDtmf`. */
export interface HearOptions {
  /** How long to wait, in milliseconds or as `3s`; 3 seconds by default. */
  readonly within?: number | string;
}

/** `expect(b).toHear(a)`: exactly that, for 300 ms. */
export async function toHear(
  this: MatcherState,
  subject: unknown,
  wanted: WantedSound,
  options: HearOptions = {},
): Promise<MatcherResult> {
  const phone = atPbx(phoneOf('toHear', subject));
  checkOptions('toHear', options, ['within']);
  const sounds = Array.isArray(wanted) ? wanted : [wanted];
  if (sounds.length === 0 || (sounds.length > 1 && sounds.includes('silence')))
    throw wrong('toHear needs what to hear', "either phones or 'silence'");
  if (sounds.length > MOST_TONES)
    throw wrong(`toHear can tell ${MOST_TONES} sounds apart, not ${sounds.length}`, 'give fewer at once');
  const tones = sounds.filter((sound) => sound !== 'silence').map((sound) => toneOf(sound, phone));
  const what = sounds.map((sound) => (typeof sound === 'string' ? sound : sound.role)).join(' and ');
  const within = duration('within', options, WITHIN);
  if (within < SHORTEST_HEARING)
    throw wrong(`within is less than ${SHORTEST_HEARING}ms`, '300 ms of a sound prove it');
  const text = `${phone.role}: hears ${what} within ${formatDuration(within)}`;
  return run(phone, { kind: 'hears', role: phone.role, tones, what, within, place: NOWHERE, text });
}

/** `expect(a).toHearDtmf('12#')`: exactly these digits come next. */
export async function toHearDtmf(
  this: MatcherState,
  subject: unknown,
  dtmf: string,
  options: HearOptions = {},
): Promise<MatcherResult> {
  const phone = phoneOf('toHearDtmf', subject);
  checkOptions('toHearDtmf', options, ['within']);
  if (!phone.virtual)
    throw wrong(`${phone.name} is a real phone`, 'the digits it hears are not available here');
  if (!/^[0-9*#A-D]+$/.test(dtmf))
    throw wrong(`${JSON.stringify(dtmf)} are no digits`, "give some such as '12#'");
  const within = duration('within', options, WITHIN);
  const text = `${phone.role}: heard the digits ${dtmf} within ${formatDuration(within)}`;
  return run(phone, { kind: 'heard', role: phone.role, dtmf, within, place: NOWHERE, text });
}

function toneOf(sound: unknown, by: TestPhone): WantedTone {
  if (sound instanceof TestPhone) {
    if (atPbx(sound).pbx?.tones === by.pbx?.tones) return { role: sound.role };
    throw wrong(`${sound.role} is of another cast than ${by.role}`, 'take both from one call of phones');
  }
  const hertz = Number(/^(\d{3,4})Hz$/.exec(String(sound))?.[1]);
  if (isAudible(hertz)) return { hertz };
  throw wrong(
    'toHear needs what to hear',
    `a phone, 'silence', or a frequency from ${AUDIBLE.lowest}Hz to ${AUDIBLE.highest}Hz`,
  );
}

function atPbx(phone: TestPhone): TestPhone {
  if (phone.pbx !== undefined) return phone;
  throw wrong(`${phone.role} has no audio`, "take a phone at a PBX: { sip: 'lab-6001' }");
}

async function run(phone: TestPhone, leaf: HearsStep | HeardStep): Promise<MatcherResult> {
  const performed = await found(leaf, phone);
  if (performed.status === 'failed')
    return { pass: false, message: () => visibleLines(performed.error.message) };
  const { sound } = performed;
  return { pass: true, message: () => `${leaf.text}; ${phone.role} ${sound ?? 'heard them'}` };
}
