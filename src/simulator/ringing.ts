import { LONGEST_DELAY } from '../protocol/duration.ts';
import type { Station } from './handset/station.ts';

/** The limit on how long calls ring: a timer for each. Stations themselves have no clock. */
export interface Ringing {
  /** Starts timers for newly ringing calls, and forgets those that no longer ring. */
  look(): void;
  /** Stops all timers, so that they do not keep the process alive. */
  close(): void;
}

/** @param limit - how long an unanswered call rings, in milliseconds */
export function newRinging(stations: () => Iterable<Station>, limit: number): Ringing {
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;
  const over = (key: string, station: Station, id: string) => {
    timers.delete(key);
    station.ringOver(id);
    // It may now ring elsewhere, for the same time again.
    look();
  };
  const look = () => {
    const ringing = ringingAt(closed ? [] : stations());
    for (const [key, { station, id }] of ringing) {
      if (!timers.has(key))
        timers.set(key, setTimeout(over, Math.min(limit, LONGEST_DELAY), key, station, id));
    }
    for (const [key, timer] of timers) {
      if (ringing.has(key)) continue;
      clearTimeout(timer);
      timers.delete(key);
    }
  };
  return {
    look,
    close() {
      closed = true;
      look();
    },
  };
}

/** A call rings at one phone only, but keeps its id when it moves to another phone. */
function ringingAt(stations: Iterable<Station>) {
  const ringing = new Map<string, { readonly station: Station; readonly id: string }>();
  for (const station of stations) {
    const id = station.ringing()?.leg.id;
    if (id !== undefined) ringing.set(`${station.handset.extension} ${id}`, { station, id });
  }
  return ringing;
}
