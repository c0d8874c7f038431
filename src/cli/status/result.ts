import { statesByName } from '../../monitor/shown-names.ts';
import { doingOf } from '../../monitor/words.ts';
import { type EventHub, isInUse, type PhoneState, UNHEARD } from '../../receiver/index.ts';
import { type Chosen, identityOf } from './phones.ts';

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

/** What is known about the chosen phones, and about those that only the listener knows. */
export function resultsOf(
  { settings, shown, strangers }: Chosen,
  hub: EventHub | undefined,
  learnt: (host: string, index: number) => Partial<StatusResult> = () => ({}),
): readonly StatusResult[] {
  const states = statesByName(hub, shown);
  const unasked = { web: 'unasked', approved: null } as const;
  const known = settings.map((one, index): StatusResult => {
    const { phone, host } = identityOf(one);
    const state = states.get(phone) ?? UNHEARD;
    return { phone, host, state, ...unasked, ...learnt(host, index) };
  });
  const names = new Set(known.map(({ phone }) => phone));
  const others = [...(strangers ? states : [])].filter(([phone]) => !names.has(phone));
  return [...known, ...others.map(([phone, state]) => ({ phone, host: phone, state, ...unasked }))];
}

const TESTS: Readonly<Record<string, (result: StatusResult) => boolean>> = {
  unreachable: ({ web }) => web === 'silent',
  unapproved: ({ approved }) => approved === false,
  unregistered: ({ state }) => state.registered === false,
  dnd: ({ state }) => state.dnd === true,
  busy: ({ state }) => doingOf(state) === 'busy',
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
