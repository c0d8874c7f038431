import { describe, expect, it } from 'vitest';
import { AtcomError } from '../../src/errors.ts';
import {
  findKey,
  KEY_DEFINITIONS,
  KEYS,
  type KeyDefinition,
  keysOf,
  parseKey,
  rangeText,
} from '../../src/protocol/keys.ts';
import { MODEL_NAMES, MOST_KEYS, type Model } from '../../src/protocol/models.ts';
import { formatSequence, parseSequence } from '../../src/protocol/sequence.ts';
import { DOCUMENT, SLIPS } from './document.ts';
import { codeOf, failure } from './failure.ts';

const namesOf = ({ token, alsoSent, aliases = [] }: KeyDefinition): readonly string[] => [
  token,
  ...(alsoSent === undefined ? [] : [alsoSent]),
  ...aliases,
];
const numbersOf = ({ family }: KeyDefinition): readonly (number | '')[] =>
  family === undefined ? [''] : Array.from({ length: MOST_KEYS[family] }, (_, index) => index + 1);
const spellingsOf = (row: KeyDefinition): readonly string[] =>
  namesOf(row).flatMap((name) => numbersOf(row).map((number) => `${name}${number}`));
const SPELLINGS = KEY_DEFINITIONS.flatMap(spellingsOf);
const row = (token: string): KeyDefinition =>
  KEY_DEFINITIONS.find((definition) => definition.token === token) ?? expect.fail(`no row ${token}`);

describe('every row', () => {
  it('has spellings that no other row has', () => {
    expect(SPELLINGS.filter((spelling, index) => SPELLINGS.indexOf(spelling) !== index)).toEqual([]);
  });

  it("has no name that could be mistaken for another row's family", () => {
    expect(KEY_DEFINITIONS.flatMap(namesOf).filter((name) => /\d/.test(name))).toEqual([]);
  });

  it('is spelled in the alphabet of the wire and never like a number', () => {
    expect(SPELLINGS.filter((spelling) => !/^[A-Z][A-Z0-9_]*$/.test(spelling))).toEqual([]);
  });

  it('is described in one sentence without a full stop', () => {
    const bad = KEY_DEFINITIONS.filter(({ description }) => !/^[A-Z].{5,}[^.\s]$/.test(description));
    expect(bad.map(({ token }) => token)).toEqual([]);
  });

  it('is next to its group, so that help lists each group once', () => {
    const groups = KEY_DEFINITIONS.map(({ group }) => group);
    const starts = KEY_DEFINITIONS.filter(({ group }, index) => group !== groups[index - 1]);
    const again = starts.filter(({ group }, index) => starts.findIndex((one) => one.group === group) < index);
    expect(again.map(({ token }) => token)).toEqual([]);
  });

  it('is read in any case, alone and as a word of a sequence', () => {
    const bad = SPELLINGS.filter((spelling) => {
      const sent = parseKey(spelling);
      const cased = [spelling.toLowerCase(), `${spelling.charAt(0)}${spelling.slice(1).toLowerCase()}`];
      return cased.some((text) => parseKey(text) !== sent || formatSequence(parseSequence([text])) !== sent);
    });
    expect(bad).toEqual([]);
  });

  it('is found with its row and number', () => {
    const bad = KEY_DEFINITIONS.flatMap((definition) =>
      numbersOf(definition)
        .filter((number) => {
          const match = findKey(`${definition.token}${number}`);
          return match?.definition !== definition || match.number !== (number === '' ? undefined : number);
        })
        .map((number) => `${definition.token}${number}`),
    );
    expect(bad).toEqual([]);
  });
});

describe('the table and the document', () => {
  it.each(DOCUMENT)('%s is sent as %s', (spelling, sent) => {
    expect(parseKey(spelling)).toBe(sent);
  });

  it('hold the same spellings', () => {
    expect(SPELLINGS.toSorted()).toEqual([...DOCUMENT.map(([spelling]) => spelling), ...SLIPS].toSorted());
  });

  it('send only spellings of the document', () => {
    const sent = new Set(DOCUMENT.map(([, token]) => token));
    expect(SPELLINGS.filter((spelling) => !sent.has(parseKey(spelling)))).toEqual([]);
  });

  it('agree that only DIAL and the soft keys have a second spelling that is sent', () => {
    const twice = KEY_DEFINITIONS.filter(({ alsoSent }) => alsoSent !== undefined);
    expect(twice.map(({ token, alsoSent }) => [token, alsoSent])).toEqual([
      ['SOFTKEY', 'SFK'],
      ['DIAL', 'SEND'],
    ]);
  });

  it('agree that only REBOOT is destructive, and REBOOK is a book', () => {
    const destructive = SPELLINGS.filter((spelling) => findKey(spelling)?.definition.destructive);
    expect(destructive).toEqual(['REBOOT']);
    expect(parseKey('REBOOK')).toBe('REMOTEPHONEBOOK');
  });
});

describe('the keys of a model', () => {
  // [model, line keys, soft keys, memory keys]; a series is limited only where the document limits it
  const LIMITS: readonly (readonly [Model, number, number, number])[] = [
    ['A11', 1, 3, 0],
    ['A21', 2, 3, 0],
    ['A41', 4, 4, 8],
    ['A48', 4, 4, 8],
    ['A68', 6, 4, 20],
    ['A1x', 1, 4, 20],
    ['A2x', 2, 4, 20],
    ['A4x', 4, 4, 20],
    ['A6x', 6, 4, 20],
  ];
  const accepted = (name: string, model?: Model) =>
    Array.from({ length: 30 }, (_, number) => `${name}${number}`).filter((text) => {
      try {
        return parseKey(text, model) !== undefined;
      } catch (error) {
        if (error instanceof AtcomError && error.code === 'key-not-on-model') return false;
        throw error;
      }
    });
  const firstOf = (name: string, count: number) =>
    Array.from({ length: count }, (_, index) => `${name}${index + 1}`);

  it('are limited for every model', () => {
    expect(LIMITS.map(([model]) => model).sort()).toEqual([...MODEL_NAMES].sort());
  });

  it.each(LIMITS)('%s has %i line keys, %i soft keys, %i memory keys', (model, lines, soft, memory) => {
    for (const name of ['LINEKEY', 'LK', 'LIKEKEY']) {
      expect(accepted(name, model)).toEqual(firstOf(name, lines));
    }
    for (const name of ['SOFTKEY', 'SFK']) expect(accepted(name, model)).toEqual(firstOf(name, soft));
    for (const name of ['MEMORY_KEY', 'MK']) expect(accepted(name, model)).toEqual(firstOf(name, memory));
    const plain = KEY_DEFINITIONS.filter(({ family }) => family === undefined).map(({ token }) => token);
    const numbered = [
      ...firstOf('SOFTKEY', soft),
      ...firstOf('LINEKEY', lines),
      ...firstOf('MEMORY_KEY', memory),
    ];
    expect(keysOf(model).toSorted()).toEqual([...plain, ...numbered].toSorted());
  });

  it('are all keys there are when no model is given', () => {
    expect(accepted('LINEKEY')).toEqual(firstOf('LINEKEY', 6));
    expect(accepted('SOFTKEY')).toEqual(firstOf('SOFTKEY', 4));
    expect(accepted('MEMORY_KEY')).toEqual(firstOf('MEMORY_KEY', 20));
    expect(keysOf()).toHaveLength(KEYS.length - 3 + 6 + 4 + 20);
  });

  it.each<[string, Model | undefined, string]>([
    ['LINEKEY3', 'A21', 'A21 has no key "LINEKEY3"; it has LINEKEY1–2'],
    ['lk2', 'A11', 'A11 has no key "LK2"; it has LINEKEY1'],
    ['SFK4', 'A11', 'A11 has no key "SFK4"; it has SOFTKEY1–3'],
    ['MK1', 'A21', 'A21 has no key "MK1"; it has no MEMORY_KEY'],
    ['MEMORY_KEY9', 'A48', 'A48 has no key "MEMORY_KEY9"; it has MEMORY_KEY1–8'],
    ['LINEKEY7', undefined, 'no phone has a key "LINEKEY7"; there is LINEKEY1–6'],
    ['LINEKEY0', undefined, 'no phone has a key "LINEKEY0"; there is LINEKEY1–6'],
    ['LINEKEY01', undefined, 'no phone has a key "LINEKEY01"; there is LINEKEY1–6'],
    ['LINEKEY', undefined, 'no phone has a key "LINEKEY"; there is LINEKEY1–6'],
    ['sfk', 'A21', 'A21 has no key "SFK"; it has SOFTKEY1–3'],
  ])('%s on %s is an error that says what there is', (text, model, message) => {
    const error = failure(() => parseKey(text, model));
    expect(error.code).toBe('key-not-on-model');
    expect(error.message).toBe(message);
  });

  it('are named by their range', () => {
    expect(rangeText(row('LINEKEY'))).toBe('LINEKEY1–6');
    expect(rangeText(row('LINEKEY'), 'A1x')).toBe('LINEKEY1');
    expect(rangeText(row('MEMORY_KEY'), 'A11')).toBe('no MEMORY_KEY');
    expect(rangeText(row('HOLD'), 'A11')).toBe('HOLD');
  });
});

describe('a word that is no key', () => {
  it.each<[string, readonly string[], Model?]>([
    ['HOLDD', ['HOLD']],
    ['trasnfer', ['TRANSFER']],
    ['ENDCAL', ['ENDCALL']],
    ['DFORWARD', ['SFORWARD', 'DFOWARD', 'FORWARD']],
    ['REBOO', ['REBOOK', 'REBOOT']],
    ['LINKEY2', ['LINEKEY2']],
    ['LINEKY', ['LINEKEY1', 'LINEKEY2', 'LINEKEY3']],
    ['LINEKY', ['LINEKEY1', 'LINEKEY2'], 'A21'],
    ['MK-1', ['MK1', 'MK11']],
    ['MK-1', [], 'A21'],
    ['ABRACADABRA', []],
  ])('%s: did you mean %j', (text, suggestions, model) => {
    const error = failure(() => parseKey(text, model));
    expect(error.code).toBe('unknown-key');
    expect(error.details).toEqual({ input: text, suggestions });
  });

  it.each(['6040', '*', '#', '+', '', ' HOLD', 'HOLD;', 'WAIT'])('%j is not a key either', (text) => {
    expect(findKey(text)).toBeUndefined();
    expect(codeOf(() => parseKey(text))).toBe('unknown-key');
  });
});
