import { describe, expect, it } from 'vitest';
import type { ReportedEvent } from '../../../src/receiver/index.ts';
import { nextState } from '../../../src/receiver/states/next.ts';
import {
  CALL_STATES,
  type PhoneCallState,
  type PhoneState,
  UNHEARD,
} from '../../../src/receiver/states/state.ts';
import type { Handset } from '../../../src/simulator/handset/state.ts';
import { newBench } from '../../simulator/helpers.ts';
import { randomOf } from '../../support/random.ts';
import { EXTENSIONS, type Pressed, randomPresses } from './presses.ts';
import { callsOf, doingOf, newReporter, type TrueCall, Untold } from './virtual.ts';

/** Each presses other keys. */
const SEEDS = [2, 5, 6, 9, 15];
/** So many with each, 10,000 in all. */
const PRESSES = 2000;

/** How often an event comes: of five one is lost, and one comes twice. */
const LUCK = [0, 2, 1, 1, 1];

/** Where the state that was told of a phone differs from its own. Null was not told, and contradicts nothing. */
function disagreements({ state: told, phone, untold: { ids: untold } }: Watched): readonly string[] {
  const truth = callsOf(phone);
  const switches = [
    ['dnd', told.dnd, phone.dnd],
    ['callWaiting', told.callWaiting, phone.callWaiting],
    ...Object.entries(told.forwards).map(
      ([kind, on]) => [kind, on, phone.forwards.some((forward) => forward === kind)] as const,
    ),
    ...(untold.size === 0 ? ([['muted', told.muted, phone.muted]] as const) : []),
  ] as const;
  return [
    ...switches.flatMap(([what, is, own]) => (is === null || is === own ? [] : [`${what} is ${own}`])),
    ...(untold.size > 0 || told.call === doingOf(phone) ? [] : [`is ${doingOf(phone)}, not ${told.call}`]),
    ...told.calls.flatMap(({ id }) =>
      untold.has(id ?? '') || truth.some((call) => call.id === id) ? [] : [`${id} is over`],
    ),
    ...truth.flatMap(({ id, state, peer, direction }) => {
      const call = told.calls.find((one) => one.id === id);
      if (untold.has(id)) return [];
      const agrees =
        call?.state === state &&
        [direction, null].includes(call.direction) &&
        // Until somebody answers, it is whom the phone called.
        (state === 'calling' || call.peer === peer);
      return agrees ? [] : [`${id} is ${state} ${direction} ${peer}, not ${JSON.stringify(call)}`];
    }),
  ];
}

/** A phone, and what its events told of it so far. */
class Watched {
  readonly phone: Handset;
  readonly untold = new Untold();
  state: PhoneState = UNHEARD;
  #calls: readonly TrueCall[] = [];

  constructor(phone: Handset) {
    this.phone = phone;
  }

  hear(reports: readonly ReportedEvent[]): void {
    this.state = reports.reduce(nextState, this.state);
    const before = this.#calls;
    this.#calls = callsOf(this.phone);
    this.untold.note(before, this.#calls, reports);
  }
}

function trailOf({ key, happenings }: Pressed): string {
  return `${key}: ${happenings.map(({ phone, kind, call = '' }) => `${phone} ${kind} ${call}`).join(', ')}`;
}

describe('states of virtual phones, from their events', () => {
  it.each(SEEDS)(`agree with the phones themselves after each of ${PRESSES} random keys, seed %i`, (seed) => {
    const bench = newBench(EXTENSIONS.length);
    const report = newReporter();
    const phones = EXTENSIONS.map((extension) => new Watched(bench.phone(extension)));
    for (const each of phones) each.hear(report([{ phone: each.phone.extension, kind: 'setupCompleted' }]));
    const seen: PhoneCallState[] = [];
    const trail: string[] = [];
    let compared = 0;
    for (const pressed of randomPresses(bench, randomOf(seed), PRESSES)) {
      trail.push(trailOf(pressed));
      for (const each of phones) {
        const { phone, untold } = each;
        each.hear(report(pressed.happenings.filter((one) => one.phone === phone.extension)));
        seen.push(each.state.call);
        if (untold.ids.size === 0) compared += 1;
        const differ = disagreements(each);
        if (differ.length > 0) {
          expect.fail(`${phone.extension}: ${differ.join('; ')}, after\n${trail.slice(-15).join('\n')}`);
        }
      }
    }
    // Each state came about, and little of what the phones did was kept from the events.
    expect(CALL_STATES.filter((state) => !seen.includes(state))).toEqual(['unknown']);
    expect(compared / seen.length).toBeGreaterThan(0.9);
  });

  it.each(SEEDS)('recover at the next idle where events were dropped and doubled, seed %i', (seed) => {
    const bench = newBench(EXTENSIONS.length);
    const report = newReporter();
    const random = randomOf(seed);
    const states = new Map<string, PhoneState>(EXTENSIONS.map((extension) => [extension, UNHEARD]));
    const hear = (event: ReportedEvent, times: number): readonly [PhoneState, PhoneState] => {
      const before = states.get(event.phone) ?? UNHEARD;
      const after = Array<ReportedEvent>(times).fill(event).reduce(nextState, before);
      states.set(event.phone, after);
      return [before, after];
    };
    const all = [...randomPresses(bench, randomOf(seed), PRESSES)];
    const idles = all
      .flatMap(({ happenings }) => report(happenings))
      .map((event) => ({ event, idle: event.event === 'busyToIdle' }))
      .map(({ event, idle }) => ({ idle, states: hear(event, idle ? 1 : random.of(LUCK)) }))
      .flatMap(({ idle, states }) => (idle ? [states] : []));
    for (const [, after] of idles)
      expect([after.call, after.calls, after.muted]).toEqual(['idle', [], false]);
    const recovered = idles.filter(([before]) => before.calls.length > 0).length;
    expect(recovered).toBeGreaterThan(2);
  });
});
