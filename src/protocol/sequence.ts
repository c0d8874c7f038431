import { append } from '../append.ts';
import { AtcomError } from '../errors.ts';
import { formatDuration, parseDuration } from './duration.ts';
import { findKey, type KeySpelling, type KeyToken, parseKey } from './keys.ts';
import type { Model } from './models.ts';
import { asDialString, type DialString, type NumberSettings, parseNumber } from './numbers.ts';

declare const checked: unique symbol;

/** A token that is in no table; only its characters are checked. */
export type RawToken = string & { readonly [checked]: true };

/** One step of a sequence. A pause separates requests; everything else is a token on the wire. */
export type SequenceStep =
  | { readonly kind: 'key'; readonly key: KeyToken }
  | { readonly kind: 'digits'; readonly digits: DialString }
  | { readonly kind: 'raw'; readonly token: RawToken }
  | { readonly kind: 'pause'; readonly ms: number };

/** Keys in the order in which they are pressed. Only a parser creates this type, so it is safe to send. */
export type Sequence = readonly SequenceStep[];

/** A word that presses something on a phone of a model: a key, digits, or a pause. */
export type Word<M extends Model = Model> =
  | KeySpelling<M>
  | `${KeySpelling<M>}*${number}`
  | `${number}`
  | `wait:${number}${'ms' | 's' | 'm'}`;

/** How words are parsed for one phone. */
export interface SequenceSettings extends NumberSettings {
  readonly model?: Model | undefined;
  /** Accept every token, known or not; only its characters are checked. */
  readonly raw?: boolean | undefined;
}

/** How a sequence is sent to one phone. */
export interface WireSettings {
  /** `6040` as one token, or as `6;0;4;0` for firmware that needs it. */
  readonly digits?: 'grouped' | 'single' | undefined;
  /** Milliseconds between keys; each key then becomes a separate request. */
  readonly delay?: number | undefined;
}

/** One GET: the value of `key=`, and how long to wait before it, in milliseconds. */
export interface WireRequest {
  readonly after: number;
  readonly key: string;
}

/** More repetitions than this are assumed to be a typing mistake. */
const MOST_REPEATS = 100;

/** More keys than this are no work for a phone, and repetitions make them of few words. */
const MOST_STEPS = 1000;

/**
 * Parses words as they are typed: keys, numbers, `VOLUME_UP*3`, `wait:500ms`, or a whole `LINEKEY2;6040;SEND`.
 *
 * @throws {AtcomError} `unknown-key`, `key-not-on-model`, `invalid-number`, `invalid-duration`, `invalid-sequence`
 * @example
 * ```ts
 * import { formatSequence, parseSequence } from 'atcom';
 * formatSequence(parseSequence(['lk2', '*72#', 'send'])); // 'LINEKEY2;*72;POUND;SEND'
 * ```
 */
export function parseSequence(words: readonly string[], settings: SequenceSettings = {}): Sequence {
  return pressable(words.flatMap(splitWord), (part) => parseWord(part, settings));
}

/**
 * Parses a sequence in which `{number}` stands for steps that are already parsed.
 *
 * @throws {AtcomError} as {@link parseSequence}
 */
export function fillSequence(template: string, number: Sequence, settings: SequenceSettings = {}): Sequence {
  return pressable(splitWord(template), (part) =>
    part === '{number}' && number.length > 0
      ? number
      : splitWord(part.replaceAll('{number}', formatSequence(number))).flatMap((word) =>
          parseWord(word, settings),
        ),
  );
}

/** The steps of all parts together, counted as they are read: some kilobytes of repetitions are millions of keys. */
function pressable(parts: readonly string[], read: (part: string) => Sequence): Sequence {
  const steps: SequenceStep[] = [];
  for (const part of parts) {
    append(steps, read(part));
    if (steps.length > MOST_STEPS) {
      throw new AtcomError('invalid-sequence', {
        reason: `it has more than ${MOST_STEPS} keys and pauses`,
        hint: 'press them by several commands, such as the lines of atcom run',
      });
    }
  }
  if (steps.at(-1)?.kind === 'pause') {
    throw new AtcomError('invalid-sequence', {
      reason: 'it ends with a pause',
      hint: 'put a key after the pause',
    });
  }
  if (steps.length === 0) {
    throw new AtcomError('invalid-sequence', {
      reason: 'it is empty',
      hint: 'name at least one key; see atcom keys',
    });
  }
  return steps;
}

/** `A;B;` is `A` and `B`: some of the document's examples end with a `;`. */
function splitWord(word: string): string[] {
  return word
    .trim()
    .replace(/;$/, '')
    .split(';')
    .map((part) => part.trim());
}

function parseWord(word: string, settings: SequenceSettings): readonly SequenceStep[] {
  if (word === '') {
    throw new AtcomError('invalid-sequence', {
      reason: 'a key is empty',
      hint: 'remove the extra ; or space',
    });
  }
  if (/^wait:/i.test(word)) return [{ kind: 'pause', ms: parseDuration(word.slice('wait:'.length)) }];
  // `5*3` is three keys of the keypad, `MUTE*3` is one key three times.
  const repeat = /^([a-z]\w*)\*(\d+)$/i.exec(word);
  if (repeat?.[1] === undefined || repeat[2] === undefined) return parseToken(word, settings);
  const times = Number(repeat[2]);
  if (times < 1 || times > MOST_REPEATS) {
    throw new AtcomError('invalid-sequence', {
      reason: `${word} repeats a key ${repeat[2]} times`,
      hint: `repeat a key 1 to ${MOST_REPEATS} times`,
    });
  }
  const steps = parseToken(repeat[1], settings);
  return Array.from({ length: times }, () => steps).flat();
}

function parseToken(word: string, settings: SequenceSettings): readonly SequenceStep[] {
  if (settings.raw === true) return [{ kind: 'raw', token: parseRaw(word) }];
  const digits = asDialString(word);
  if (digits !== undefined) return [{ kind: 'digits', digits }];
  // A word that starts like a number is a number; anything else is the name of a key.
  if (/^([+#(\d*]|(uri|tel|callto|sips?):)/i.test(word)) return numberSteps(word, settings);
  return [{ kind: 'key', key: parseKey(word, settings.model) }];
}

/** Rejects characters that have a meaning in a URL or a request line: CR, LF, space, `&`, `#`, `%`, `;`. */
function parseRaw(word: string): RawToken {
  if (!/^[A-Za-z0-9_*]+$/.test(word)) {
    throw new AtcomError('invalid-sequence', {
      reason: `${JSON.stringify(word)} contains a character that no key has`,
      hint: 'a raw key is made of letters, digits, _ and *',
    });
  }
  return word as RawToken;
}

/** The steps that dial a number, such as `*72#`. */
export function numberSteps(text: string, settings: NumberSettings = {}): readonly SequenceStep[] {
  return parseNumber(text, settings).map((token) =>
    token.kind === 'pound' ? { kind: 'key', key: 'POUND' } : token,
  );
}

/** The text of a step as it is typed; except for a pause, it is also what is sent. */
function formatStep(step: SequenceStep): string {
  switch (step.kind) {
    case 'key':
      return step.key;
    case 'digits':
      return step.digits;
    case 'raw':
      return step.token;
    case 'pause':
      return `wait:${formatDuration(step.ms)}`;
  }
}

/** The text of a sequence; {@link parseSequence} reads it back. */
export function formatSequence(sequence: Sequence): string {
  return sequence.map(formatStep).join(';');
}

/** The tokens that are sent for a step. */
function wireTokens(step: SequenceStep, digits: WireSettings['digits']): readonly string[] {
  return step.kind === 'digits' && digits === 'single' ? [...step.digits] : [formatStep(step)];
}

/** The requests that press a sequence: one, unless pauses or `delay` split it. */
export function wireRequests(
  sequence: Sequence,
  { digits, delay }: WireSettings = {},
): readonly WireRequest[] {
  const first = { after: 0, tokens: [] as string[] };
  const groups = [first];
  let group = first;
  for (const step of sequence) {
    if (step.kind !== 'pause') append(group.tokens, wireTokens(step, digits));
    else if (group.tokens.length === 0) group.after += step.ms;
    else {
      group = { after: step.ms, tokens: [] };
      groups.push(group);
    }
  }
  const requests = groups.flatMap(({ after, tokens }) =>
    delay === undefined
      ? [{ after, key: tokens.join(';') }]
      : tokens.map((key, index) => ({ after: index === 0 ? Math.max(after, delay) : delay, key })),
  );
  return requests.map((request, index) => (index === 0 ? { ...request, after: first.after } : request));
}

/** The keys of a sequence that take a phone out of service, including raw tokens. */
export function destructiveKeys(sequence: Sequence): readonly string[] {
  return sequence
    .filter((step) => step.kind === 'key' || step.kind === 'raw')
    .map(formatStep)
    .filter((token) => findKey(token)?.definition.destructive === true);
}
