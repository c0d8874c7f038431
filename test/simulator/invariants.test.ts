import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_DEFINITIONS, keysOf } from '../../src/protocol/keys.ts';
import { MODEL_NAMES, MODELS } from '../../src/protocol/models.ts';
import type { Happening } from '../../src/simulator/handset/happenings.ts';
import { renderLcd } from '../../src/simulator/handset/lcd.ts';
import { readPress } from '../../src/simulator/handset/press.ts';
import {
  busy,
  type Call,
  type Handset,
  incomingCall,
  LOUDEST,
  MOST_CALLS,
  offHook,
  stateOf,
} from '../../src/simulator/handset/state.ts';
import { EVERYWHERE, SOFT_KEYS, TABLE } from '../../src/simulator/handset/table.ts';
import { type Bench, newBench } from './helpers.ts';

const EXTENSIONS = ['6001', '6002', '6003', '6004'] as const;

/** What is no key: the time, and events from outside. */
const UNPRESSED = ['~', '!openCallWaiting', '!closeCallWaiting'] as const;

const extension = fc.constantFrom(...EXTENSIONS);

/** What people do, of several keys. */
const actions = fc
  .tuple(
    fc.constantFrom(
      ...['?;DIAL', 'HOLD;?;DIAL', 'FORWARD;?;SEND', 'CONFERENCE;?;SEND'],
      ...['TRANSFER;?;SEND', 'TRANSFER;?;SEND;TRANSFER', 'TRANSFER;?;BLIND', 'MENU;OK;RELEASE'],
      ...['', 'DOWN;', 'DOWN;DOWN;'].map((row) => `SFORWARD;${row}?;OK;RELEASE`),
    ),
    extension,
  )
  .map(([keys, number]) => keys.replace('?', number));

/** Whole actions and single keys mixed, so that calls come about and are disturbed anywhere. */
const keys = fc.oneof(
  { weight: 3, arbitrary: actions },
  { weight: 3, arbitrary: fc.constantFrom('ANSWER', 'ANSWER', 'TRANSFER', 'CONFERENCE', 'ENDCALL', 'FCALL') },
  { weight: 1, arbitrary: fc.constantFrom(...UNPRESSED, 'BLIND', 'HOLD', 'FORWARD', 'SEND', ...EXTENSIONS) },
  { weight: 1, arbitrary: fc.constantFrom<string>(...keysOf('A48')) },
  { weight: 1, arbitrary: fc.string({ maxLength: 6 }) },
);
/** As long as it says: of itself fast-check makes short ones, in which hardly a call comes about. */
const script = fc.array(fc.tuple(extension, keys), { maxLength: 40, size: 'max' });

/** What the keys of one request did, or what is none. */
function step(bench: Bench, extension: string, keys: string): readonly Happening[] {
  const unpressed: readonly string[] = UNPRESSED;
  return unpressed.includes(keys) ? bench.play(`${extension} ${keys}`) : bench.press(extension, keys);
}

/** All that happens while a script is played on a bench. */
function playOn(bench: Bench, turns: readonly (readonly [string, string])[]): readonly Happening[] {
  return turns.flatMap(([extension, sequence]) =>
    sequence.split(';').flatMap((key) => step(bench, extension, key)),
  );
}

/** The phones of a bench. */
function handsets(bench: Bench): readonly Handset[] {
  return [...bench.switchboard.stations.values()].map(({ handset }) => handset);
}

/** All calls of a phone, those too that wait for what comes of a transfer. */
function allCalls({ calls }: Handset): readonly Call[] {
  return calls.flatMap((call) => [call, ...(call.instead === undefined ? [] : [call.instead])]);
}

/** Behind a proxy both ends name a call by one id, each its other end, and agree whether it was answered. */
function expectSoundCall(call: Call, phone: Handset, bench: Bench): void {
  const { id, remote } = call.leg;
  expect(remote).not.toBe(phone.extension);
  const there = allCalls(bench.phone(remote)).filter(({ leg }) => leg.id === id);
  expect(there).toHaveLength(1);
  // Whoever picks up a ringing call dials for it, so both ends may have placed a call that is up.
  const placedByBoth = call.answered && !call.incoming && there[0]?.incoming === false;
  expect(there[0]).toMatchObject({
    incoming: placedByBoth ? false : !call.incoming,
    answered: call.answered,
    heldByRemote: call.held,
  });
  expect(there[0]?.leg.remote).toBe(phone.extension);
  expect(call.established).toBe(call.answered);
  if (call.instead !== undefined) expect(call.instead.established && !call.incoming).toBe(true);
}

function expectSound(phone: Handset, bench: Bench): void {
  const state = stateOf(phone);
  expect(phone.calls.length).toBeLessThanOrEqual(MOST_CALLS);
  for (const call of allCalls(phone)) expectSoundCall(call, phone, bench);
  // What rings comes first; behind it there may be the call that is on.
  expect(phone.calls.slice(1).every(({ answered, incoming }) => answered || !incoming)).toBe(true);
  if (state === 'idle') expect(phone.calls).toHaveLength(0);
  if (state === 'conference') expect(phone.calls).toHaveLength(2);
  if (state === 'transfer') expect(phone.calls).not.toHaveLength(0);
  if (!phone.conference && incomingCall(phone) === undefined)
    expect(phone.calls.slice(1).every(({ held, answered }) => held || !answered)).toBe(true);
  if (phone.entry?.purpose === 'forward') expect(incomingCall(phone)).toBeDefined();
  if (phone.dnd) expect(phone.calls.every(({ answered, incoming }) => answered || !incoming)).toBe(true);
  expect(phone.volume).toBeGreaterThanOrEqual(0);
  expect(phone.volume).toBeLessThanOrEqual(LOUDEST);
  const lcd = renderLcd(phone);
  expect(lcd).toHaveLength(5);
  expect(lcd.every((line) => line.length <= 32)).toBe(true);
}

describe('any keys in any order', () => {
  it('leave the phones in agreement with each other', () => {
    fc.assert(
      fc.property(script, (turns) => {
        const bench = newBench(EXTENSIONS.length);
        for (const [extension, sequence] of turns) {
          for (const key of sequence.split(';')) {
            const happenings = step(bench, extension, key);
            expect(happenings.length > 0 || key === '~').toBe(true);
            for (const phone of handsets(bench)) expectSound(phone, bench);
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  it.each([
    ['idleToBusy', 'busyToIdle'],
    ['offHook', 'onHook'],
  ])('report %s and %s in turn', (on, off) => {
    fc.assert(
      fc.property(script, (turns) => {
        const bench = newBench(EXTENSIONS.length);
        const happenings = playOn(bench, turns);
        for (const phone of handsets(bench)) {
          const reports = happenings.filter(
            ({ phone: where, kind }) => where === phone.extension && (kind === on || kind === off),
          );
          expect(reports.map(({ kind }) => kind)).toEqual(
            reports.map((_, index) => (index % 2 === 0 ? on : off)),
          );
          const isOn = on === 'offHook' ? offHook(phone) : busy(phone);
          expect(reports.length % 2 === 1).toBe(isOn);
        }
      }),
    );
  });

  it('report every call that was established as terminated, once, on the same phone', () => {
    fc.assert(
      fc.property(script, (turns) => {
        const bench = newBench(EXTENSIONS.length);
        const happenings = playOn(bench, turns);
        for (const phone of handsets(bench)) {
          const { extension } = phone;
          const ids = (wanted: Happening['kind']) =>
            happenings.flatMap(({ phone: where, kind, call = '' }) =>
              where === extension && kind === wanted ? [call] : [],
            );
          const on = allCalls(phone).flatMap(({ established, leg }) => (established ? [leg.id] : []));
          expect([...ids('terminated'), ...on].sort()).toEqual([...ids('established')].sort());
        }
      }),
    );
  });

  it('leave no call that rings for ever, whatever is forwarded where', () => {
    fc.assert(
      fc.property(script, (turns) => {
        const bench = newBench(EXTENSIONS.length);
        playOn(bench, turns);
        for (let times = 0; times < EXTENSIONS.length; times += 1)
          for (const { extension } of handsets(bench)) bench.play(`${extension} ~`);
        expect(handsets(bench).map(incomingCall).filter(Boolean)).toEqual([]);
        for (const phone of handsets(bench)) expectSound(phone, bench);
      }),
    );
  });
});

describe('the keys of every model', () => {
  it.each(MODEL_NAMES)('%s accepts each of its keys, in every spelling', (model) => {
    const own = new Set<string>(keysOf(model));
    const wrong = KEY_DEFINITIONS.flatMap(({ token, alsoSent = token, aliases = [], family }) => {
      const numbers = family === undefined ? [''] : Array.from({ length: 22 }, (_, number) => number);
      return numbers.flatMap((number) =>
        [token, alsoSent, ...aliases]
          .map((spelling) => `${spelling}${number}`)
          .filter((key) => (typeof readPress(key, model) === 'object') !== own.has(`${token}${number}`)),
      );
    });
    expect(wrong).toEqual([]);
  });

  it.each(['%3B', 'HOLD%3BRESUME', 'hold', 'LINEKEY', 'LINEKEY0', '', ' ', 'SERVLET', '+49', '6040#'])(
    '%j is none',
    (token) => {
      expect(readPress(token, 'A48')).toBe('no such key');
    },
  );

  it('press nothing that another model has', () => {
    expect(readPress('LINEKEY3', 'A21')).toBe('A21 has no such key');
  });
});

describe('the table', () => {
  const rows = Object.entries(TABLE);

  it.each(rows)('%s has no key that works everywhere', (_state, row) => {
    expect(Object.keys(row).filter((key) => key in EVERYWHERE)).toEqual([]);
  });

  it.each(rows)('every soft key of %s presses a key that does something', (state, row) => {
    const dead = SOFT_KEYS[state as keyof typeof TABLE].filter(
      ([, key]) => !(key in row || key in EVERYWHERE),
    );
    expect(dead).toEqual([]);
  });

  it.each(Object.entries(SOFT_KEYS))('the soft keys of %s fit on the display', (_state, labels) => {
    expect(labels.map(([label]) => `[${label}]`).join(' ').length).toBeLessThanOrEqual(32);
    expect(labels.length).toBeLessThanOrEqual(
      Math.max(...MODEL_NAMES.map((model) => MODELS[model].softkeys)),
    );
  });
});
