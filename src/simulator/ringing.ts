import type { Station } from './handset/station.ts';

/** The time that calls may ring: one timer for each. Stations themselves have no clock. */
export interface Ringing {
  /** Looks which calls ring: starts the time of new ones, forgets those that ring no more. */
  look(): void;
  /** No call's time is over any more, and nothing keeps a process alive. */
  close(): void;
}

/** More than a timer can count would be over at once. */
const LONGEST = 2 ** 31 - 1;

/** @param limit - milliseconds that an unanswered call rings */
export function newRinging(stations: () => Iterable<Station>, limit: number): Ringing {
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;
  const over = (key: string, station: Station, id: string) => {
    timers.delete(key);
    station.ringOver(id);
    // It may ring elsewhere now, for as long again.
    look();
  };
  const look = () => {
    const ringing = ringingAt(closed ? [] : stations());
    for (const [key, { station, id }] of ringing) {
      if (!timers.has(key)) timers.set(key, setTimeout(over, Math.min(limit, LONGEST), key, station, id));
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

/** One call may ring at one phone only, but its id is also that of the next phone it goes to. */
function ringingAt(stations: Iterable<Station>) {
  const ringing = new Map<string, { readonly station: Station; readonly id: string }>();
  for (const station of stations) {
    const id = station.ringing()?.leg.id;
    if (id !== undefined) ringing.set(`${station.handset.extension} ${id}`, { station, id });
  }
  return ringing;
}
