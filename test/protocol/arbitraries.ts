import fc from 'fast-check';
import { keysOf, parseKey } from '../../src/protocol/keys.ts';
import { asDialString } from '../../src/protocol/numbers.ts';
import { parseSequence, type Sequence, type SequenceStep } from '../../src/protocol/sequence.ts';

/** Every key that can travel, the second spellings too. */
const SENT = [...keysOf(), ...['SEND', 'SFK1', 'SFK2', 'SFK3', 'SFK4'].map((text) => parseKey(text))];

const key: fc.Arbitrary<SequenceStep> = fc
  .constantFrom(...SENT)
  .map((token) => ({ kind: 'key', key: token }));

const digits: fc.Arbitrary<SequenceStep> = fc.stringMatching(/^[0-9*]{1,20}$/).map((text) => {
  const dialled = asDialString(text);
  if (dialled === undefined) throw new Error(`${text} is no dial string`);
  return { kind: 'digits', digits: dialled };
});

const pause: fc.Arbitrary<SequenceStep> = fc
  .integer({ min: 0, max: 86_400_000 })
  .map((ms) => ({ kind: 'pause', ms }));

/** A sequence as a parser makes it: it does not end with a pause. */
export const sequence: fc.Arbitrary<Sequence> = fc
  .tuple(fc.array(fc.oneof(key, digits, pause), { maxLength: 12 }), fc.oneof(key, digits))
  .map(([steps, last]) => [...steps, last]);

/** A sequence of raw tokens and pauses; `F*2` is no raw token, because it reads as `F` twice. */
export const rawSequence: fc.Arbitrary<Sequence> = fc
  .array(fc.oneof(fc.stringMatching(/^[A-Za-z0-9_]{1,12}$/), fc.stringMatching(/^[0-9*]{1,12}$/)), {
    minLength: 1,
    maxLength: 8,
  })
  .chain((tokens) =>
    fc.tuple(fc.constant(parseSequence(tokens, { raw: true })), fc.array(pause, { maxLength: 3 })),
  )
  .map(([steps, pauses]) => [...pauses, ...steps]);

/** What a user may type by right. */
const VALID = [
  ...['HOLD', 'hold', 'LK2', 'SEND', 'sfk1', 'MUTE', 'VOLUME_UP*3', 'wait:1s', 'DIAL;', 'REBOOT', 'A', '_'],
  ...['6040', '0', '*72#', '#', '*', '+49', '(030) 12-34', 'tel:+49-30', 'tel:%2B49', 'sip:6040@pbx', ';'],
];

/** What means something to a URL, a request line, a template or a regular expression. */
const DANGEROUS = [
  ...[
    '\r',
    '\n',
    '\r\nHost: x\r\n',
    ' ',
    '\t',
    '\0',
    '&',
    '&x=1',
    '#',
    '%',
    '%0d%0a',
    '%26',
    '%3B',
    ';',
    ';;',
  ],
  ...['?', '=', '/', '\\', '"', "'", '<', '+', '@', ':', '$&', '$1', '{number}', '{n}', '..', '-'],
  ...[
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u212a',
    'ſ',
    'ı',
    'ß',
    '٣',
    '６',
    '😀',
    '\ud800',
    '\u202e',
    'tel:',
    'sip:',
  ],
];

/** Text as an attacker or a cat would type it: valid pieces, dangerous ones, and any Unicode. */
export const text: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...VALID) },
      { weight: 3, arbitrary: fc.constantFrom(...DANGEROUS) },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 5 }) },
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((pieces) => pieces.join(''));
