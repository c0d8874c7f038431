import type { CallState } from './handset/state.ts';

/** One key that a phone was sent. */
export interface LogEntry {
  readonly time: string;
  /** As it stood on the wire. */
  readonly key: string;
  /** The state it met. */
  readonly state: CallState;
  readonly ignored: boolean;
  /** What it did, such as `outgoingCall 6002`; or why it was ignored. */
  readonly did: readonly string[];
}

/** What was pressed on a phone since it started. */
export interface PressLog {
  /** Tokens that arrived after approval, also those that were ignored. */
  readonly presses: number;
  /** How often each known key was pressed; a digit counts as a key. */
  readonly keys: Readonly<Record<string, number>>;
  /** The last {@link LONGEST_LOG}. */
  readonly entries: readonly LogEntry[];
  /** @param keys - the known keys that the token pressed; none when it is not one of the phone's */
  add(entry: LogEntry, keys: readonly string[]): void;
}

/** Nothing that arrives may grow without end: so many entries, of so many characters. */
const LONGEST_LOG = 200;
const LONGEST_KEY = 40;

export function newPressLog(): PressLog {
  const entries: LogEntry[] = [];
  const counts = new Map<string, number>();
  let presses = 0;
  return {
    get presses() {
      return presses;
    },
    get keys() {
      return Object.fromEntries(counts);
    },
    get entries() {
      return [...entries];
    },
    add(entry, keys) {
      presses += 1;
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      entries.push({ ...entry, key: entry.key.slice(0, LONGEST_KEY) });
      if (entries.length > LONGEST_LOG) entries.shift();
    },
  };
}
