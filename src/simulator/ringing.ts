import type { Happening } from './happenings.ts';
import type { Switchboard } from './switchboard.ts';

/** The time that calls may ring: one timer for each. The switchboard itself has no clock. */
export interface Ringing {
  /** Looks which calls ring: starts the time of new ones, forgets those that ring no more. */
  look(): void;
  /** No call's time is over any more, and nothing keeps a process alive. */
  close(): void;
}

/** More than a timer can count would be over at once. */
const LONGEST = 2 ** 31 - 1;

/**
 * @param limit - milliseconds that an unanswered call rings
 * @param happened - called with whatever happens when they are over
 */
export function newRinging(
  switchboard: Switchboard,
  limit: number,
  happened: (happening: Happening) => void,
): Ringing {
  const timers = new Map<string, NodeJS.Timeout>();
  let closed = false;
  const forget = (id: string) => {
    clearTimeout(timers.get(id));
    timers.delete(id);
  };
  const look = () => {
    const ringing = closed ? [] : switchboard.ringing();
    for (const id of timers.keys()) if (!ringing.includes(id)) forget(id);
    for (const id of ringing) {
      if (!timers.has(id)) timers.set(id, setTimeout(over, Math.min(limit, LONGEST), id));
    }
  };
  const over = (id: string) => {
    timers.delete(id);
    const happenings = switchboard.ringOver(id);
    // It may ring elsewhere now, for as long again.
    look();
    for (const happening of happenings) happened(happening);
  };
  return {
    look,
    close() {
      closed = true;
      look();
    },
  };
}
