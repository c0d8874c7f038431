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
  'no-target': { names: readonly string[]; absence?: string | undefined };
  'nothing-matched': { expression: string; names: readonly string[]; absence?: string | undefined };
  'not-confirmed': { what: string };
  'invalid-config': { file: string; problems: readonly string[] };
  'untrusted-config': { file: string; reason: string; trust: string };
  'unreadable-file': { file: string; reason: string };
  'unwritable-file': { file: string; reason: string; hint?: string };
  'no-event': {
    /** Digits for after the answer that were not pressed. */
    unpressed?: string;
    events: readonly string[];
    within: string;
    seen: readonly string[];
    /** Requests that came meanwhile and were no event, in words. */
    refused?: readonly string[];
  };
  'receiver-closed': { events: readonly string[] };
  unconfirmed: { event: string; contrary: string; unpressed?: string };
  already: { events: readonly string[]; since: string | undefined };
  'never-away': { within: string };
  batch: {
    file: string;
    line: number;
    text: string;
    reason: string;
    hint: string | undefined;
    /** The messages of the other lines that are wrong. */
    others?: readonly string[];
  };
  /** `begun`: while phones were being pressed. */
  journal: { file: string; reason: string; hint: string; begun?: boolean };
  'port-unavailable': { address: string; reason: string };
  'invalid-scenario': { file: string; problems: readonly string[] };
  unmet: { role: string; phone: string; what: string; within: string; silence: Silence };
  unwanted: { role: string; phone: string; event: string; early: boolean };
  unheard: { role: string; phone: string; what: string; heard: string; within: string };
  'not-registered': { role: string; phone: string; reason: string };
  'scenario-timeout': { what: 'the scenario' | 'its cleanup'; timeout: string };
  'phone-in-call': { phone: string };
  'phone-in-use': { phone: string; owner: string };
  'wrong-phone': {
    phones: readonly {
      readonly phone: string;
      readonly host: string;
      /** As in the config. */
      readonly mac: string;
      /** As it is, and what tells that. */
      readonly found: string;
      readonly where: string;
    }[];
  };
  'no-reports': { phone: string; reason: string; hint: string };
  approval: { host: string };
  /** `page`: its web page asks, not the one that presses keys; `locked`: it says so. */
  unauthorized: {
    host: string;
    status: number;
    gaveCredentials: boolean;
    scheme?: string | undefined;
    page?: true;
    locked?: boolean;
  };
  refused: { host: string; status: number };
  busy: { host: string };
  'unrecognised-page': { host: string; page: string; reason: string; names: readonly string[] };
  'page-refused': { host: string; page: string; reason: string; hint?: string };
  'not-kept': { host: string; page: string; fields: readonly string[] };
  unreachable: { host: string; reason: string };
  'no-network': { addresses: number; isolated: boolean };
  'no-handles': { host: string; code: string };
  offline: { host: string };
  'tls-untrusted': { host: string; reason: string; fingerprint: string; pinned: boolean };
  'tls-failed': { host: string; reason: string; scheme: 'http' | 'https' };
  /** `effect`: what may be so now, where no keys were sent. */
  unknown: { host: string; reason: string; unpressed?: string; effect?: string };
  'partly-sent': { done: number; total: number; reason: string };
  skipped: { reason: string };
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
export type Silence = 'other' | 'quiet' | 'still' | 'mute' | 'gone';

export type ErrorCode = keyof ErrorDetails;

/** The words for a code, and what it means for a run. */
export interface ErrorRow<C extends ErrorCode> {
  readonly exitCode: number;
  readonly message: (details: ErrorDetails[C]) => string;
  readonly hint?: (details: ErrorDetails[C]) => string | undefined;
  /** Whether the same request may be sent again without pressing a key twice. */
  readonly retryable?: true;
}

/** A row for each of some codes. */
export type ErrorRows<C extends ErrorCode> = { readonly [Code in C]: ErrorRow<Code> };
