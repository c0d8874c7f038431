/** The details of each error by its code. Codes are API: scripts may compare them. The wording may change. */
export interface ErrorDetails {
  usage: { reason: string; hint?: string };
  'unknown-key': { input: string; suggestions: readonly string[] };
  'key-not-on-model': { key: string; model: string | undefined; has: string };
  'unknown-model': { input: string; suggestions: readonly string[]; has: readonly string[] };
  'unknown-event': { input: string; suggestions: readonly string[] };
  'invalid-number': { input: string; reason: string; hint: string };
  'invalid-duration': { input: string };
  'invalid-sequence': { reason: string; hint: string };
  'invalid-address': { input: string };
  'unknown-phone': {
    input: string;
    suggestions: readonly string[];
    names: readonly string[];
    absence?: string | undefined;
  };
  'unknown-group': {
    input: string;
    suggestions: readonly string[];
    names: readonly string[];
    absence?: string | undefined;
  };
  'unknown-profile': { input: string; suggestions: readonly string[]; names: readonly string[] };
  /** `empty`: a file, or stdin, that should have named phones. */
  'no-target': { names: readonly string[]; absence?: string | undefined; empty?: string | undefined };
  /** `before`: how many phones it selected before `--exclude` took all of them away. */
  'nothing-matched': {
    expression: string;
    names: readonly string[];
    absence?: string | undefined;
    before?: number;
  };
  /** `undone`: what was not done, if not `sent`. */
  'not-confirmed': { what: string; undone?: 'written' | 'removed' };
  'invalid-config': { file: string; problems: readonly string[] };
  /** `trust`: the command that trusts it; undefined where only naming it helps. */
  'untrusted-config': { file: string; reason: string; trust?: string };
  /** `begun`: lines that came before have pressed keys; then the exit code is 1. */
  'unreadable-file': { file: string; reason: string; hint?: string; begun?: boolean };
  'unwritable-file': { file: string; reason: string; hint?: string };
  'no-event': {
    /** Digits meant for after the answer, which were not pressed. */
    unpressed?: string;
    events: readonly string[];
    within: string;
    seen: readonly string[];
    /** Requests that arrived in the meantime and were not events, described. */
    refused?: readonly string[];
    /** What was waited for, reported by what may be this phone or another one at its address. */
    shared?: readonly string[];
  };
  'receiver-closed': { events: readonly string[] };
  /** `reason`: why the events were not waited for to the end; `keyless`: no keys were pressed for them. */
  unwatched: { events: readonly string[]; reason: string; keyless?: true };
  unconfirmed: { event: string; contrary: string; unpressed?: string };
  already: { events: readonly string[]; since: string | undefined };
  'never-away': { within: string };
  batch: {
    file: string;
    line: number;
    text: string;
    reason: string;
    hint: string | undefined;
    /** The messages of the other invalid lines. */
    others?: readonly string[];
    /** Whether lines before it have pressed keys; then the exit code is 1. */
    begun?: boolean;
  };
  /**
   * `begun`: the journal failed after phones had been pressed; then the exit code is 1. `gone`: the file is no longer the
   * one that the run wrote to, and must not be continued.
   */
  journal: { file: string; reason: string; hint: string; begun?: boolean; gone?: boolean };
  'port-unavailable': { address: string; reason: string; hint?: string };
  'invalid-scenario': { file: string; problems: readonly string[] };
  unmet: { role: string; phone: string; what: string; within: string; silence: Silence; target?: string };
  /** Of the phone of which most was reported; `sources`: the addresses that its reports came from. */
  'too-many-events': {
    role: string;
    phone: string;
    count: number;
    sources: readonly string[];
    ofRun?: boolean;
  };
  unwanted: {
    role: string;
    phone: string;
    event: string;
    early: boolean;
    /** The value that it does not tell, and by which it may be the unwanted one. */
    untold?: string | undefined;
    isShared?: boolean;
  };
  /** `refused`: a request of its that the listener refused; without one, the phone was never heard. */
  unproven: {
    role: string;
    phone: string;
    what: string;
    refused?: string;
    isShared?: boolean;
    target?: string;
  };
  unheard: { role: string; phone: string; what: string; heard: string; within: string };
  'not-registered': { role: string; phone: string; reason: string };
  'scenario-timeout': { what: 'the scenario' | 'its cleanup'; timeout: string };
  'phone-in-call': { phone: string };
  'phone-in-use': { phone: string; owner: string; undone?: string };
  'wrong-phone': {
    phones: readonly {
      readonly phone: string;
      readonly host: string;
      /** As in the config. */
      readonly mac: string;
      /** What tells another MAC address, and which, such as `its events say 80:…`. */
      readonly found: string;
      /** Whether reports contradict each other, so that it may be the right phone. */
      readonly unsure?: boolean;
    }[];
  };
  /** `others`: how many phones beside it cannot, either. */
  'no-reports': { phone: string; others?: number; reason: string; hint: string };
  approval: { host: string };
  /**
   * `page`: the web page asked for a password, not the interface that presses keys; `locked`: the page says it is
   * locked; `withheld`: the credentials were not sent, because the phone did not accept them before.
   */
  unauthorized: {
    host: string;
    status: number;
    gaveCredentials: boolean;
    scheme?: string | undefined;
    page?: true;
    locked?: boolean;
    withheld?: boolean | undefined;
  };
  refused: { host: string; status: number };
  busy: { host: string };
  'unrecognised-page': { host: string; page: string; reason: string; names: readonly string[] };
  /** `unsent`: it was not even sent. */
  'page-refused': { host: string; page: string; reason: string; hint?: string; unsent?: boolean };
  'not-kept': { host: string; page: string; fields: readonly string[] };
  unreachable: { host: string; reason: string };
  'no-network': { addresses: number; isolated: boolean };
  'too-few-handles': { needs: number; free: number };
  'no-handles': { host: string; code: string };
  offline: { host: string };
  'tls-untrusted': { host: string; reason: string; fingerprint: string; pinned: boolean };
  'tls-failed': { host: string; reason: string; scheme: 'http' | 'https' };
  /** `effect`: what may have happened if no keys were sent. */
  unknown: { host: string; reason: string; unpressed?: string; effect?: string };
  /** `isUnsure`: the next request may have been carried out as well. */
  partial: { done: number; total: number; reason: string; isUnsure?: boolean };
  /** `untried`: by an earlier run, which `--resume` continues. */
  skipped: { reason: string; untried?: true };
  'unwritable-output': { reason: string };
  'no-folder': Record<never, never>;
  'hung-up': Record<never, never>;
  quit: Record<never, never>;
  interrupted: Record<never, never>;
  terminated: Record<never, never>;
  bug: { stack: string };
}

/**
 * Why an expectation was not met, as far as anybody can tell: the phone reported other events (`other`), nothing more
 * (`quiet`; `still` for a virtual phone), nothing ever (`mute`), or does not even answer (`gone`).
 */
export type Silence = 'other' | 'quiet' | 'still' | 'mute' | 'shared' | 'gone';

export type ErrorCode = keyof ErrorDetails;

/** The texts of an error code, and what it means for a run. */
export interface ErrorRow<C extends ErrorCode> {
  /** Depends on the details where keys may have been pressed before: 2 promises that nothing was sent. */
  readonly exitCode: number | ((details: ErrorDetails[C]) => number);
  readonly message: (details: ErrorDetails[C]) => string;
  readonly hint?: (details: ErrorDetails[C]) => string | undefined;
  /** Whether the same request may be sent again without pressing a key twice. */
  readonly retryable?: true;
}

/** Rows for a subset of the codes. */
export type ErrorRows<C extends ErrorCode> = { readonly [Code in C]: ErrorRow<Code> };
