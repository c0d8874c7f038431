import { closeSync, openSync } from 'node:fs';
import { devNull } from 'node:os';
import { AtcomError } from '../../errors.ts';
import { scarcityOf } from '../../phone/index.ts';
import type { Scenario } from '../scenario.ts';

/** A virtual phone listens, receives a request and sends a report; both ends of each connection are in this process. */
const OF_A_VIRTUAL_PHONE = 5;
/** A request, and a report. */
const OF_A_REAL_PHONE = 3;
/** The listener, a lock, a trace. */
const OF_A_SCENARIO = 4;

/** The maximum number of file handles that a scenario has open at once. */
export function handlesOf({ roles }: Scenario): number {
  const virtual = roles.filter((role) => role.virtual).length;
  return OF_A_SCENARIO + virtual * OF_A_VIRTUAL_PHONE + (roles.length - virtual) * OF_A_REAL_PHONE;
}

/**
 * How many file handles this process can open before its limit, counted up to a number. Without a file to count with, as
 * in a bare chroot, there are assumed to be enough.
 */
export function freeHandles(most: number, file = devNull): number {
  const opened: number[] = [];
  try {
    while (opened.length < most) opened.push(openSync(file, 'r'));
  } catch (error) {
    if (scarcityOf(error) === undefined) return most;
  } finally {
    for (const each of opened) closeSync(each);
  }
  return opened.length;
}

/** The file handles available for concurrent scenarios. */
export class Room {
  readonly #free: number;
  #taken = 0;

  /** @param jobs - the maximum number of concurrent scenarios */
  constructor(scenarios: readonly Scenario[], jobs: number, count: (most: number) => number = freeHandles) {
    const needs = scenarios.map(handlesOf).sort((a, b) => b - a);
    this.#free = count(needs.slice(0, jobs).reduce((sum, need) => sum + need, 0));
  }

  /** Whether a scenario can run next to those that are running. */
  has(scenario: Scenario): boolean {
    return this.#taken + handlesOf(scenario) <= this.#free;
  }

  /** @throws {AtcomError} `too-few-handles` if there are not enough handles even for this scenario alone */
  async within<T>(scenario: Scenario, run: () => Promise<T>): Promise<T> {
    const needs = handlesOf(scenario);
    if (needs > this.#free) throw new AtcomError('too-few-handles', { needs, free: this.#free });
    this.#taken += needs;
    return run().finally(() => {
      this.#taken -= needs;
    });
  }
}
