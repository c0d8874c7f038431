import type { CallState } from './handset/state.ts';

/** One token that was sent to a phone. */
export interface LogEntry {
  readonly time: string;
  /** The raw token. */
  readonly key: string;
  /** The state before. */
  readonly state: CallState;
  readonly ignored: boolean;
  /** The effects, such as `outgoingCall 6002`, or why it was ignored. */
  readonly did: readonly string[];
}

/** What was pressed on a phone since it started. */
export interface PressLog {
  /** Tokens that arrived after approval, including ignored ones. */
  readonly presses: number;
  /** How often each known key was pressed; each digit counts as a key. */
  readonly keys: Readonly<Record<string, number>>;
  /** The latest {@link LONGEST_LOG} entries. */
  readonly entries: readonly LogEntry[];
  /** @param keys - the known keys that the token pressed; empty if the phone has none of them */
  add(entry: LogEntry, keys: readonly string[]): void;
}

/** The maximum number of entries, and of characters in each, so that requests cannot fill the memory. */
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
