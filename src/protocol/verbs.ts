import { AtcomError } from '../errors.ts';
import { readFlag } from './flag.ts';
import { fillSequence, numberSteps, type Sequence, type SequenceSettings } from './sequence.ts';

/**
 * What each verb sends: exactly the document's examples (section 2.3), with `{number}` and `{n}` for the user's values.
 * Models may need other keys, so a phone's `verbs` setting can override every row.
 *
 * `dial.headset`, `transfer.blind`, `volume.*` and `dtmf` are in no example: they follow from the table of keys.
 */
export const VERBS = {
  dial: '{number};DIAL',
  'dial.line': 'LINEKEY{n};{number};SEND',
  'dial.speaker': 'SPEAKER;{number};DIAL',
  'dial.headset': 'HEADSET;{number};DIAL',
  answer: 'ANSWER',
  'answer.speaker': 'SPEAKER',
  'answer.headset': 'HEADSET',
  'answer.softkey': 'SFK{n}',
  reject: 'REJECT',
  hangup: 'ENDCALL',
  hold: 'HOLD',
  'hold.dial': 'HOLD;{number};DIAL',
  resume: 'RESUME',
  redial: 'REDIAL',
  transfer: 'TRANSFER;{number};SEND;TRANSFER',
  'transfer.blind': 'TRANSFER;{number};BLIND',
  forward: 'FORWARD;{number};SEND',
  conference: 'CONFERENCE',
  'conference.number': 'CONFERENCE;{number};SEND',
  split: 'SPLIT',
  dtmf: '{number}',
  mute: 'MUTE',
  'volume.up': 'VOLUME_UP*{n}',
  'volume.down': 'VOLUME_DOWN*{n}',
  'dnd.on': 'DND_ON',
  'dnd.off': 'DND_OFF',
  reboot: 'REBOOT',
} as const satisfies Readonly<Record<string, string>>;

/** A verb in one of its forms, such as `dial.line`. */
export type VerbForm = keyof typeof VERBS;

/** All forms, in table order. */
export const VERB_FORMS = Object.keys(VERBS) as readonly VerbForm[];

/** A phone's own sequences, which replace rows of {@link VERBS}. */
export type VerbOverrides = Readonly<Partial<Record<VerbForm, string>>>;

/** A verb with the user's values. */
export interface VerbCall {
  readonly form: VerbForm;
  /** A number as people write it; replaces `{number}`. */
  readonly number?: string;
  /** A line, a soft key or a count; replaces `{n}`. */
  readonly n?: number;
}

/** How to dial: on a line, hands-free, or on the headset. */
export interface DialVia {
  readonly line?: number | undefined;
  readonly speaker?: boolean | undefined;
  readonly headset?: boolean | undefined;
}

/** How to answer a call; with the answer key by default. */
export interface AnswerVia {
  readonly speaker?: boolean | undefined;
  readonly headset?: boolean | undefined;
  readonly softkey?: number | undefined;
}

/** The verb for `dial`. */
export function dialCall(number: string, { line, speaker = false, headset = false }: DialVia = {}): VerbCall {
  exclusive({ line, speaker: readFlag('speaker', speaker), headset: readFlag('headset', headset) });
  if (line !== undefined) return { form: 'dial.line', number, n: line };
  if (speaker) return { form: 'dial.speaker', number };
  return { form: headset ? 'dial.headset' : 'dial', number };
}

/** The verb for `answer`. */
export function answerCall({ softkey, speaker = false, headset = false }: AnswerVia = {}): VerbCall {
  exclusive({ softkey, speaker: readFlag('speaker', speaker), headset: readFlag('headset', headset) });
  if (softkey !== undefined) return { form: 'answer.softkey', n: softkey };
  if (speaker) return { form: 'answer.speaker' };
  return { form: headset ? 'answer.headset' : 'answer' };
}

/** Only one way is possible, so two are refused instead of silently picking one. */
function exclusive(ways: Readonly<Record<string, unknown>>): void {
  const given = Object.keys(ways).filter((name) => ways[name] !== undefined && ways[name] !== false);
  if (given.length > 1) {
    throw new AtcomError('invalid-sequence', {
      reason: `${given.join(' and ')} exclude each other`,
      hint: `give one of ${given.join(', ')}`,
    });
  }
}

/**
 * The keys that a verb presses on one phone.
 *
 * @throws {AtcomError} as `parseSequence`
 * @example
 * ```ts
 * import { dialCall, formatSequence, verbSequence } from 'atcom';
 * formatSequence(verbSequence(dialCall('6040', { line: 2 }))); // 'LINEKEY2;6040;SEND'
 * ```
 */
export function verbSequence(
  { form, number, n }: VerbCall,
  settings: SequenceSettings & { readonly verbs?: VerbOverrides | undefined } = {},
): Sequence {
  const template = (settings.verbs?.[form] ?? VERBS[form]).replaceAll('{n}', String(n ?? 1));
  const read = form === 'dtmf' ? touchTones : numberSteps;
  const steps = number === undefined ? [] : read(number, settings);
  return fillSequence(template, steps, { ...settings, raw: false });
}

/** The pause for a `,` in DTMF digits, as since the Hayes modem, in milliseconds; mobile phones write `p` or `w`. */
const COMMA = 2000;

/** Digits in a call are not a number, so no dial plan changes them. */
function touchTones(text: string, settings: SequenceSettings): Sequence {
  const plain = { ...settings, dialPlan: undefined };
  const parts = text.replace(/[pw](?=[\s\d*#,pw])/gi, ',').split(',');
  return parts.flatMap((digits, index): Sequence => {
    const pause = index === 0 ? [] : [{ kind: 'pause' as const, ms: COMMA }];
    const empty = digits.trim() === '' && parts.length > 1;
    return empty ? pause : [...pause, ...numberSteps(digits, plain)];
  });
}
