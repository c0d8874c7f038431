import { test as base, expect, vi } from 'vitest';
import { AtcomError } from '../errors.ts';
import type { ProvenReport } from '../phone/index.ts';
import type { EventName } from '../protocol/events.ts';
import type { Outcome } from '../protocol/outcomes.ts';
import { findUnproven } from '../scenario/index.ts';
import { checkAwaited, noticed } from './matcher.ts';
import { type ReachOptions, toHaveOutcome, toReach } from './matchers.ts';
import { closeAll, openPhones, type PhoneSet, type Phones, type TestPhone } from './phones.ts';
import { type HearOptions, toHear, toHearDtmf, type WantedSound } from './sound-matchers.ts';

export type { Phones, PhonesOptions, TestPhone, Wanted } from './phones.ts';
export { expect, type HearOptions, type ReachOptions, type WantedSound };

declare module 'vitest' {
  interface Matchers<T> {
    /**
     * Waits until the phone reports an event. An event before this call also counts, if it came after the last awaited
     * one. With `not`, it watches, and fails as soon as the event arrives. The silence of a real phone of which nothing is
     * heard until the end of the test proves nothing, and fails it.
     *
     * @param event - a name that `atcom events` lists
     * @example
     * ```ts
     * import { expect, test } from 'atcom/vitest';
     *
     * test('b rings', async ({ phones }) => {
     *   const { a, b } = await phones({ a: 'virtual', b: 'virtual' });
     *   await a.dial(b.extension);
     *   await expect(b).toReach('incomingCall', { within: '2s', where: { remote: `*${a.extension}*` } });
     *   await expect(b).not.toReach('established', { during: '100ms' });
     * });
     * ```
     */
    toReach: T extends TestPhone ? (event: EventName, options?: ReachOptions) => Promise<void> : never;
    /**
     * Waits until a phone at a PBX (`{ sip: 'lab-6001' }`) hears exactly what is wanted for 300 ms, all of it after
     * this call: another phone, which sends its own tone, as in `expect(b).toHear(a)`; several; `1004Hz`; or `silence`.
     */
    toHear: T extends TestPhone ? (wanted: WantedSound, options?: HearOptions) => Promise<void> : never;
    /**
     * Waits until a virtual phone receives exactly these digits next, from the other party of its call.
     *
     * @example
     * ```ts
     * import { expect, test } from 'atcom/vitest';
     *
     * test('digits arrive', async ({ phones }) => {
     *   const { a, b } = await phones({ a: 'virtual', b: 'virtual' });
     *   await a.dial(b.extension);
     *   await b.answer();
     *   await expect(a).toReach('established');
     *   await a.dtmf('12#');
     *   await expect(b).toHearDtmf('12#');
     * });
     * ```
     */
    toHearDtmf: T extends TestPhone ? (dtmf: string, options?: HearOptions) => Promise<void> : never;
    /** Compares the outcome of a report, or of the promise of a report. */
    toHaveOutcome: T extends ProvenReport | Promise<ProvenReport>
      ? (outcome: Outcome) => Promise<void>
      : never;
  }
}

expect.extend({
  toReach: noticed('toReach', toReach),
  toHear: noticed('toHear', toHear),
  toHearDtmf: noticed('toHearDtmf', toHearDtmf),
  toHaveOutcome,
});

/**
 * Vitest's `test` with a fixture that provides phones: virtual ones, or those of the config in the current folder. At
 * the end of the test, calls are hung up and the phones released. A matcher of theirs that was not awaited fails the
 * test, unless it has failed anyway.
 *
 * @example
 * ```ts
 * import { expect, test } from 'atcom/vitest';
 *
 * test('a call is answered', async ({ phones }) => {
 *   const { a, b } = await phones({ a: { virtual: 'A48' }, b: { virtual: 'A21' } });
 *   await expect(a.dial(b.extension, { line: 2 })).toHaveOutcome('ok');
 *   await expect(b).toReach('incomingCall');
 *   await b.answer();
 *   await expect(a).toReach('established', { within: '2s' });
 * });
 * ```
 */
export const test = base.extend<{ phones: Phones }>({
  phones: async ({ signal, task }, use) => {
    // A test may forget to await them, and end before they are ready.
    const casts: Promise<PhoneSet>[] = [];
    const over = new AbortController();
    const phones = async (wanted: Parameters<Phones>[0], options: Parameters<Phones>[1] = {}) => {
      // One that has reached its time limit goes on.
      over.signal.throwIfAborted();
      const cast = openPhones(wanted, options, AbortSignal.any([signal, over.signal]));
      casts.push(cast);
      return Object.fromEntries((await cast).actors);
    };
    await use(phones as Phones);
    // With them, no wait would end, and no phone be hung up.
    if (vi.isFakeTimers()) vi.useRealTimers();
    over.abort(new AtcomError('skipped', { reason: 'the test is over' }));
    const settled = await Promise.allSettled(casts);
    const opened = settled.flatMap((cast) => (cast.status === 'fulfilled' ? [cast.value] : []));
    const check = async () => {
      // One that has failed may not have come to the await.
      if (task.result?.state !== 'pass') return;
      for (const { actors } of opened) {
        checkAwaited(actors.values());
        const doubt = findUnproven(actors.values(), {});
        if (doubt !== undefined) throw doubt;
      }
    };
    await closeAll([check, ...opened.reverse().map((cast) => () => cast.close())]);
  },
});
