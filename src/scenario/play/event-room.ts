/** How many events are kept at most, and how many characters of JSON they take. */
export interface RoomSize {
  readonly events: number;
  readonly characters: number;
}

/** For a phone in one attempt. A day of calls is less. */
export const OF_PHONE: RoomSize = { events: 20_000, characters: 20_000_000 };

/** For what the results of an attempt's steps repeat of its events. */
export const OF_STEPS: RoomSize = { events: 20_000, characters: 5_000_000 };

/** For all attempts of a run, because its reports have all of them. */
export const OF_RUN: RoomSize = { events: 1_000_000, characters: 300_000_000 };

/**
 * Room for events in memory, traces and reports. Anyone who reaches a listener can report without end, and nothing of it
 * may be left out in silence: whoever gets no more room says so.
 */
export class EventRoom {
  #events: number;
  #characters: number;
  /** The larger room that this one is in. */
  readonly #around: EventRoom | undefined;

  constructor({ events, characters }: RoomSize, around?: EventRoom) {
    this.#events = events;
    this.#characters = characters;
    this.#around = around;
  }

  /** Whether all of it was taken. */
  get isFull(): boolean {
    return this.#events <= 0;
  }

  /** Takes room for an event; false if there is too little. From then on there is none. */
  take(event: object): boolean {
    return this.#events > 0 && this.#give(writtenLength(event));
  }

  #give(length: number): boolean {
    this.#events -= 1;
    this.#characters -= length;
    const around = this.#around === undefined || this.#around.#give(length);
    if (!around || this.#characters < 0) this.#events = 0;
    return around && this.#events >= 0 && this.#characters >= 0;
  }
}

/** How many characters reports write for it, at most: what neither JSON nor a page can show as it is takes six. */
function writtenLength(event: object): number {
  return JSON.stringify(event).replace(/[^ -~]|[&<>'`]/g, '\\u0000').length;
}
