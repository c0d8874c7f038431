import { isInUse, type PhoneState } from '../../receiver/index.ts';

/** What is known about one phone: an entry of `results`. */
export interface StatusResult {
  readonly phone: string;
  readonly host: string;
  readonly state: PhoneState;
  /** Whether its web server responds. */
  readonly web: 'answers' | 'silent' | 'unasked';
  /** Whether an approval by the phone is remembered; null if approvals cannot be remembered. */
  readonly approved: boolean | null;
}

const TESTS: Readonly<Record<string, (result: StatusResult) => boolean>> = {
  unreachable: ({ web }) => web === 'silent',
  unapproved: ({ approved }) => approved === false,
  unregistered: ({ state }) => state.registered === false,
  dnd: ({ state }) => state.dnd === true,
  // A phone that is in use but does not report how is still shown as in use.
  unknown: ({ state }) => state.call === 'unknown' && isInUse(state) === null,
};

/** Whether a phone matches `--only`, by its own state or that of one of its calls. */
export function isWanted(result: StatusResult, only: readonly string[] = []): boolean {
  if (only.length === 0) return true;
  const { call, calls } = result.state;
  return only.some(
    (word) => TESTS[word]?.(result) ?? (call === word || calls.some(({ state }) => state === word)),
  );
}
