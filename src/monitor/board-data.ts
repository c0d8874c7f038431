import type { PhoneState } from '../receiver/index.ts';

/** A phone of the config, or one that reported something. */
export interface BoardPhone {
  readonly name: string;
  /** Its address; empty if unknown. */
  readonly host: string;
  /** Its own number, so that calls with it show its name. */
  readonly extension?: string | undefined;
}

/** Phones that are shown together. */
export interface BoardGroup {
  readonly name: string;
  readonly phones: readonly string[];
}

/** The phones that exist, in the order of the config. */
export interface Roster {
  readonly phones: readonly BoardPhone[];
  readonly groups: readonly BoardGroup[];
}

/**
 * Everything a page needs at first: the `states` message of the stream. Before it comes `time`, the listener's clock,
 * because the page's clock may be wrong.
 */
export interface BoardSnapshot extends Roster {
  /** When the listener started. */
  readonly started: string;
  readonly states: Readonly<Record<string, PhoneState>>;
}

/** A phone reported something: the `state` message of the stream. */
export interface BoardUpdate {
  readonly phone: string;
  readonly state: PhoneState;
}
