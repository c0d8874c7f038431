import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY_DEFINITIONS, keysOf } from '../../src/protocol/keys.ts';
import { MODEL_NAMES, MODELS } from '../../src/protocol/models.ts';
import type { Happening } from '../../src/simulator/happenings.ts';
import { renderLcd } from '../../src/simulator/lcd.ts';
import { readPress } from '../../src/simulator/press.ts';
import {
  busy,
  type Call,
  type Handset,
  incomingCall,
  LOUDEST,
  MOST_CALLS,
  offHook,
  otherEnd,
  stateOf,
} from '../../src/simulator/state.ts';
import { newSwitchboard } from '../../src/simulator/switchboard.ts';
import { EVERYWHERE, SOFT_KEYS, TABLE } from '../../src/simulator/table.ts';
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

/** What one key did, or what is none. */
function step(bench: Bench, extension: string, key: string): readonly Happening[] {
  const unpressed: readonly string[] = UNPRESSED;
  return unpressed.includes(key) ? bench.play(`${extension} ${key}`) : bench.press(extension, key).happenings;
}

/** All that happens while a script is played on a bench. */
function playOn(bench: Bench, turns: readonly (readonly [string, string])[]): readonly Happening[] {
  return turns.flatMap(([extension, sequence]) =>
    sequence.split(';').flatMap((key) => step(bench, extension, key)),
  );
}

function expectSoundCall(call: Call, phone: Handset): void {
  const other = otherEnd(call, phone);
  expect(other).not.toBe(phone);
  expect(other.calls.filter((same) => same === call)).toHaveLength(1);
  expect([call.caller, call.callee]).toContain(phone);
  expect([...call.heldBy].every((end) => end === phone || end === other)).toBe(true);
  // What rings comes first; behind it there may be the call that is on.
  if (!call.answered) expect(call.callee.calls[0]).toBe(call);
  if (call.answered) expect(stateOf(other)).not.toBe('idle');
  if (call.answered && stateOf(other) === 'ringing') expect(other.calls[1]).toBe(call);
  expect(call.via).not.toContain(call.callee);
  expect(new Set(call.via).size).toBe(call.via.length);
}

function expectSound(phone: Handset): void {
  const state = stateOf(phone);
  expect(phone.calls.length).toBeLessThanOrEqual(MOST_CALLS);
  for (const call of phone.calls) expectSoundCall(call, phone);
  if (state === 'idle') expect(phone.calls).toHaveLength(0);
  if (state === 'conference') expect(phone.calls).toHaveLength(2);
  if (state === 'transfer') expect(phone.calls).not.toHaveLength(0);
  if (!phone.conference && incomingCall(phone) === undefined)
    expect(phone.calls.slice(1).every((call) => call.heldBy.has(phone))).toBe(true);
  if (phone.entry?.purpose === 'forward') expect(incomingCall(phone)).toBeDefined();
  if (phone.dnd) expect(phone.calls.every((call) => call.answered || call.caller === phone)).toBe(true);
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
            for (const phone of bench.switchboard.phones.values()) expectSound(phone);
          }
        }
      }),
      { numRuns: 150 },
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
        for (const phone of bench.switchboard.phones.values()) {
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
        for (const { extension, calls } of bench.switchboard.phones.values()) {
          const ids = (wanted: Happening['kind']) =>
            happenings.flatMap(({ phone, kind, call = '' }) =>
              phone === extension && kind === wanted ? [call] : [],
            );
          const on = calls.filter(({ answered }) => answered).map(({ id }) => id);
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
          for (const id of bench.switchboard.ringing()) bench.switchboard.ringOver(id);
        expect(bench.switchboard.ringing()).toEqual([]);
        for (const phone of bench.switchboard.phones.values()) expectSound(phone);
      }),
    );
  });
});

describe('the keys of every model', () => {
  it.each(MODEL_NAMES)('%s takes each of its own, in every spelling', (model) => {
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
    const [phone] = newSwitchboard(['A21']).phones.values();
    expect(phone === undefined ? '' : readPress('LINEKEY3', phone.model)).toBe('A21 has no such key');
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
