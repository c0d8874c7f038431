import type { PhoneState } from '../receiver/index.ts';

/** A phone of the config, or one that reported something. */
export interface BoardPhone {
  readonly name: string;
  /** Its address; empty where it is not known. */
  readonly host: string;
  /** Its own number, so that its calls show its name. */
  readonly extension?: string | undefined;
}

/** Phones that are shown together. */
export interface BoardGroup {
  readonly name: string;
  readonly phones: readonly string[];
}

/** Which phones there are, in the order of the config. */
export interface Roster {
  readonly phones: readonly BoardPhone[];
  readonly groups: readonly BoardGroup[];
}

/** All that a page needs to begin: `states` on the stream. */
export interface BoardSnapshot extends Roster {
  /** The listener's own time: the clock of a page may be wrong. */
  readonly time: string;
  /** Since when the listener hears. */
  readonly started: string;
  readonly states: Readonly<Record<string, PhoneState>>;
}

/** A phone was heard: `state` on the stream. */
export interface BoardUpdate {
  readonly phone: string;
  readonly state: PhoneState;
}
