import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAtcomError } from '../../src/errors.ts';
import { commandUrl, DEFAULT_PATH, parseAddress } from '../../src/protocol/command-url.ts';
import { formatDuration, parseDuration } from '../../src/protocol/duration.ts';
import { parseModel } from '../../src/protocol/models.ts';
import { formatSequence, parseSequence, type Sequence, wireRequests } from '../../src/protocol/sequence.ts';
import { VERB_FORMS, verbSequence } from '../../src/protocol/verbs.ts';
import { rawSequence, sequence, text } from './arbitraries.ts';

const RUNS = { numRuns: 1000 };

/** The value of a call, or undefined for an expected failure; a bug is thrown on. */
function outcomeOf<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (isAtcomError(error)) return undefined;
    throw error;
  }
}

/** Checks whatever of many inputs is accepted, and that enough of them are: a parser that refuses all is not safe. */
function accepted<I, T>(inputs: fc.Arbitrary<I>, read: (input: I) => T, check: (value: T) => void): void {
  let count = 0;
  const judge = (input: I) => {
    const value = outcomeOf(() => read(input));
    if (value === undefined) return;
    count += 1;
    check(value);
  };
  fc.assert(fc.property(inputs, judge), RUNS);
  expect(count).toBeGreaterThan(20);
}

/** Whatever the settings of the wire: tokens of its alphabet, one `;` between two, none empty. */
function expectSafe(steps: Sequence): void {
  for (const digits of ['grouped', 'single'] as const) {
    for (const delay of [undefined, 300]) {
      const requests = wireRequests(steps, { digits, delay });
      expect(requests.length).toBeGreaterThan(0);
      for (const { key } of requests) expect(key).toMatch(/^[A-Za-z0-9_*]+(;[A-Za-z0-9_*]+)*$/);
    }
  }
}

describe('parse(format(x)) = x', () => {
  it('for sequences of keys, digits and pauses', () => {
    fc.assert(
      fc.property(sequence, (steps) => {
        expect(parseSequence([formatSequence(steps)])).toEqual(steps);
      }),
      RUNS,
    );
  });

  it('for raw sequences', () => {
    fc.assert(
      fc.property(rawSequence, (steps) => {
        expect(parseSequence([formatSequence(steps)], { raw: true })).toEqual(steps);
      }),
      RUNS,
    );
  });

  it.each([{}, { raw: true }])('for whatever text is accepted with %j', (settings) => {
    accepted(
      fc.array(text, { minLength: 1, maxLength: 2 }),
      (words) => parseSequence(words, settings),
      (steps) => expect(parseSequence([formatSequence(steps)], settings)).toEqual(steps),
    );
  });

  it('for durations', () => {
    const ms = fc.oneof(
      fc.integer({ min: 0, max: 86_400_000 }),
      fc.integer({ min: 0, max: 86_400 }).map((seconds) => seconds * 1000),
      fc.integer({ min: 0, max: 1440 }).map((minutes) => minutes * 60_000),
    );
    fc.assert(
      fc.property(ms, (value) => {
        expect(parseDuration(formatDuration(value))).toBe(value);
      }),
      RUNS,
    );
  });
});

describe('no text puts anything but tokens on the wire', () => {
  it.each([{}, { raw: true }, { dialPrefix: '00' }, { model: 'A21' as const }])(
    'as a word with %j',
    (settings) => {
      accepted(text, (word) => parseSequence([word], settings), expectSafe);
    },
  );

  it('as several words', () => {
    accepted(fc.array(text, { maxLength: 2 }), (words) => parseSequence(words), expectSafe);
  });

  it('as the number of a verb', () => {
    const calls = fc.record({ form: fc.constantFrom(...VERB_FORMS), number: text });
    accepted(calls, (call) => verbSequence(call, { dialPrefix: '00' }), expectSafe);
  });

  it('as the number that is dialled', () => {
    accepted(text, (number) => verbSequence({ form: 'dial', number }, { dialPrefix: '00' }), expectSafe);
  });

  it('as the prefix of a number', () => {
    accepted(text, (dialPrefix) => verbSequence({ form: 'dial', number: '+49' }, { dialPrefix }), expectSafe);
  });

  it('as the count of a verb', () => {
    const counts = fc.oneof(fc.integer({ min: -2, max: 110 }), fc.double());
    accepted(counts, (n) => verbSequence({ form: 'volume.up', n }), expectSafe);
  });

  it('as the keys that a phone wants for a verb', () => {
    const calls = fc.record({ override: text, number: fc.constantFrom('6040', '*72#') });
    accepted(
      calls,
      ({ override, number }) => verbSequence({ form: 'dial', number }, { verbs: { dial: override } }),
      expectSafe,
    );
  });
});

describe('no text names anything but a host', () => {
  const hosts = fc
    .array(
      fc.constantFrom(
        '172.16.0.57',
        'phone',
        'http://',
        'https://',
        '[::1]',
        '::1',
        ':80',
        ':8443',
        '/',
        '-',
      ),
      {
        maxLength: 3,
      },
    )
    .map((pieces) => pieces.join(''));
  const addresses = fc.oneof(
    { weight: 2, arbitrary: hosts },
    { weight: 1, arbitrary: fc.tuple(hosts, text).map((pieces) => pieces.join('')) },
    { weight: 1, arbitrary: text },
  );

  it('as an address', () => {
    accepted(addresses, parseAddress, ({ scheme = 'http', host, port }) => {
      expect(host).toMatch(/^([A-Za-z0-9_.-]+|[A-Fa-f0-9:.]+)$/);
      const url = new URL(commandUrl({ scheme, host, port, path: DEFAULT_PATH }, 'HOLD;*;SEND'));
      expect([url.protocol, url.username, url.password]).toEqual([`${scheme}:`, '', '']);
      expect(url.pathname + url.search + url.hash).toBe(`${DEFAULT_PATH}?key=HOLD;*;SEND`);
    });
  });

  it('as a model', () => {
    const models = fc
      .tuple(
        fc.constantFrom('A', 'a', 'B'),
        fc.constantFrom('1', '21', '4x', '48', '68w'),
        fc.constantFrom('', ' ', '\n', '0'),
      )
      .map((pieces) => pieces.join(''));
    accepted(models, parseModel, (model) => expect(model).toMatch(/^A\d[\dx]$/));
  });
});
