import { isInUse, type PhoneState } from '../../receiver/index.ts';

/** What is known of one phone: an entry of `results`. */
export interface StatusResult {
  readonly phone: string;
  readonly host: string;
  readonly state: PhoneState;
  /** Whether its web server answers. */
  readonly web: 'answers' | 'silent' | 'unasked';
  /** Whether it is remembered that the phone lets this computer press its keys; null where nothing can be remembered. */
  readonly approved: boolean | null;
}

const TESTS: Readonly<Record<string, (result: StatusResult) => boolean>> = {
  unreachable: ({ web }) => web === 'silent',
  unapproved: ({ approved }) => approved === false,
  unregistered: ({ state }) => state.registered === false,
  dnd: ({ state }) => state.dnd === true,
  // A phone that is in use and does not tell how is not unknown to people.
  unknown: ({ state }) => state.call === 'unknown' && isInUse(state) === null,
};

/** Whether a phone is one of those that `--only` names: what it does, or what one of its calls does. */
export function isWanted(result: StatusResult, only: readonly string[] = []): boolean {
  if (only.length === 0) return true;
  const { call, calls } = result.state;
  return only.some(
    (word) => TESTS[word]?.(result) ?? (call === word || calls.some(({ state }) => state === word)),
  );
}
