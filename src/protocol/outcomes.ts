/** What is known after a request, and the exit code of a command with this outcome. */
export interface OutcomeDefinition {
  readonly exitCode: number;
  /** What is known. */
  readonly fact: string;
}

/** Every outcome. `unreachable` and `unknown` are derived from what the socket did, never from the text of an error. */
export const OUTCOMES = {
  ok: { exitCode: 0, fact: 'the phone answered 200: it took the keys' },
  confirmed: { exitCode: 0, fact: '200, and the awaited event came from that phone' },
  unconfirmed: { exitCode: 6, fact: '200, and the awaited event did not come in time' },
  approval: {
    exitCode: 4,
    fact: 'the phone asks "Allow Remote Control?", or this address is not on its allow list; nothing was done',
  },
  unauthorized: { exitCode: 4, fact: 'the phone answered 401: credentials' },
  refused: { exitCode: 5, fact: 'the phone gave any other HTTP answer' },
  busy: { exitCode: 5, fact: 'atcom setup: the phone is in a call, and changed nothing' },
  unreachable: {
    exitCode: 3,
    fact: 'nothing was delivered: name, route, connection refused, connect timeout, TLS',
  },
  partial: {
    exitCode: 7,
    fact: 'the first keys were pressed, the rest were not: a later request was not carried out',
  },
  unknown: {
    exitCode: 7,
    fact: 'the request left and no whole answer came: the keys may have been pressed',
  },
  skipped: { exitCode: 1, fact: 'not sent: an earlier step failed or the run was stopped' },
} as const satisfies Readonly<Record<string, OutcomeDefinition>>;

/** The name of an outcome. */
export type Outcome = keyof typeof OUTCOMES;

/** Exit codes that do not belong to an outcome. */
export const OTHER_EXIT_CODES = [
  {
    exitCode: 1,
    fact: 'several of these in one run; a mistake found after keys were pressed; or a bug in atcom',
  },
  {
    exitCode: 2,
    fact: 'usage, config or target wrong; atcom test: a phone is in a call or in use. Nothing was sent',
  },
  { exitCode: 6, fact: 'atcom expect, atcom test: an expectation was not met' },
  { exitCode: 130, fact: 'interrupted by Ctrl-C (143 SIGTERM, 129 SIGHUP, 131 SIGQUIT), after a summary' },
] as const;

/** The fields at the start of every JSON document of the command line. */
export interface DocumentHead {
  readonly schema: 'atcom/1';
  readonly command: string;
  readonly ok: boolean;
  readonly exitCode: number;
}

/** The head of a command's JSON document. */
export function documentHead(command: string, exitCode = 0): DocumentHead {
  return { schema: 'atcom/1', command, ok: exitCode === 0, exitCode };
}
