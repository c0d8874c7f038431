import { describe, expect, it } from 'vitest';
import { renderLcd } from '../../src/simulator/handset/lcd.ts';
import type { Pbx } from '../../src/simulator/switchboard/pbx.ts';
import { newBench } from './helpers.ts';

/** Who presses what; then the states of 6001 to 6004, and a line on somebody's display. */
export type Flow = readonly [title: string, script: string, states: string, ...lcd: string[]];

/** What the last turn of a script reports: `phone kind [remote]`. */
export type Reports = readonly [title: string, script: string, events: readonly string[]];

export function testFlows(flows: readonly Flow[]): void {
  describe('who presses what, and where all phones are then', () => {
    it.each(flows)('%s', (_title, script, states, ...lcd) => {
      const bench = newBench();
      bench.play(script);
      expect(bench.states()).toBe(states);
      for (const line of lcd) {
        const [extension = '', ...words] = line.split(' ');
        expect(renderLcd(bench.phone(extension))).toContain(words.join(' '));
      }
    });
  });
}

export function testReports(reports: readonly Reports[], pbx: Pbx = 'proxy'): void {
  describe(`what is reported, in which order, behind a ${pbx}`, () => {
    it.each(reports)('%s', (_title, script, events) => {
      const bench = newBench(4, { pbx });
      const turns = script.split(' | ');
      if (turns.length > 1) bench.play(turns.slice(0, -1).join(' | '));
      const happenings = bench.play(turns.at(-1) ?? '');
      expect(
        happenings.map(({ phone, kind, remote }) => [phone, kind, remote].filter(Boolean).join(' ')),
      ).toEqual(events);
    });
  });
}
