/** What each code knows. A code is API: scripts may compare it; the wording may change. */
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
  'unknown-phone': { input: string; suggestions: readonly string[]; names: readonly string[] };
  'unknown-group': { input: string; suggestions: readonly string[]; names: readonly string[] };
  'unknown-profile': { input: string; suggestions: readonly string[]; names: readonly string[] };
  'no-target': { names: readonly string[] };
  'nothing-matched': { expression: string; names: readonly string[] };
  'not-confirmed': { what: string };
  'invalid-config': { file: string; problems: readonly string[] };
  'unreadable-file': { file: string; reason: string };
  'unwritable-file': { file: string; reason: string };
  'no-event': { events: readonly string[]; within: string; seen: readonly string[] };
  unconfirmed: { event: string; contrary: string };
  batch: { file: string; line: number; text: string; reason: string; hint: string | undefined };
  journal: { file: string; reason: string; hint: string };
  'port-unavailable': { address: string; reason: string };
  'invalid-scenario': { file: string; problems: readonly string[] };
  unmet: { role: string; phone: string; what: string; within: string; silence: Silence };
  unwanted: { role: string; phone: string; event: string; early: boolean };
  'scenario-timeout': { what: 'the scenario' | 'its cleanup'; timeout: string };
  'phone-in-call': { phone: string };
  'phone-in-use': { phone: string; owner: string };
  'no-reports': { phone: string; reason: string; hint: string };
  approval: { host: string };
  unauthorized: { host: string; gaveCredentials: boolean; scheme?: string | undefined };
  refused: { host: string; status: number };
  unreachable: { host: string; reason: string };
  'tls-untrusted': { host: string; reason: string; fingerprint: string };
  'tls-failed': { host: string; reason: string };
  unknown: { host: string; reason: string };
  'partly-sent': { done: number; total: number; reason: string };
  skipped: { reason: string };
  interrupted: Record<never, never>;
  terminated: Record<never, never>;
  bug: { stack: string };
}

/**
 * Why an expectation was not met, as far as that can be told: other events came, none more, none more of a virtual phone,
 * none ever, or the phone does not even answer.
 */
export type Silence = 'other' | 'quiet' | 'still' | 'mute' | 'gone';

export type ErrorCode = keyof ErrorDetails;

interface ErrorRow<C extends ErrorCode> {
  readonly exitCode: number;
  readonly message: (details: ErrorDetails[C]) => string;
  readonly hint?: (details: ErrorDetails[C]) => string | undefined;
  /** Whether the same request may be sent again without pressing a key twice. */
  readonly retryable?: true;
}

/** `did you mean …?`, or what there is to choose from. */
function suggestion(suggestions: readonly string[], otherwise: string): string {
  return suggestions.length > 0 ? `did you mean ${suggestions.join(' or ')}?` : otherwise;
}

function nameList(names: readonly string[], none: string): string {
  if (names.length === 0) return none;
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown} … (${names.length}; see atcom phones)` : shown;
}

/** What is said of a silent phone, and what to do about it. */
const SILENCE: Readonly<
  Record<Silence, { readonly what: string; readonly hint: (phone: string) => string | undefined }>
> = {
  other: { what: '', hint: () => undefined },
  quiet: {
    what: '; it reported nothing more',
    hint: () =>
      'what should have caused it did not happen; or its page Phone – Action URL names no URL for this event',
  },
  still: {
    what: '; it reported nothing more',
    hint: () => 'what should have caused it did not happen: see what the other phones reported',
  },
  mute: {
    what: '; it has reported nothing at all',
    hint: (phone) =>
      `its page Phone – Action URL may not name this listener: atcom action-url list; atcom doctor ${phone} --events proves it`,
  },
  gone: {
    what: ', and does not answer any more',
    hint: (phone) => `it is off, restarting or out of reach: atcom doctor ${phone}`,
  },
};

/** `b (lobby)`; one name where both are the same. */
function cast(role: string, phone: string): string {
  return role === phone ? role : `${role} (${phone})`;
}

/** Every expected failure: its exit code, its words and its remedy. */
const ROWS: { readonly [C in ErrorCode]: ErrorRow<C> } = {
  usage: { exitCode: 2, message: ({ reason }) => reason, hint: ({ hint }) => hint },
  'unknown-key': {
    exitCode: 2,
    message: ({ input }) => `there is no key ${quote(input)}`,
    hint: ({ suggestions }) =>
      suggestion(suggestions, 'atcom keys lists them; --raw sends a token that is in no table'),
  },
  'key-not-on-model': {
    exitCode: 2,
    message: ({ key, model, has }) =>
      model === undefined
        ? `no phone has a key ${quote(key)}; there is ${has}`
        : `${model} has no key ${quote(key)}; it has ${has}`,
    hint: ({ model }) => `atcom keys${model === undefined ? '' : ` --model ${model}`}`,
  },
  'unknown-model': {
    exitCode: 2,
    message: ({ input }) => `there is no model ${quote(input)}`,
    hint: ({ suggestions, has }) => suggestion(suggestions, `use one of ${has.join(', ')}`),
  },
  'unknown-event': {
    exitCode: 2,
    message: ({ input }) => `there is no event ${quote(input)}`,
    hint: ({ suggestions }) => suggestion(suggestions, 'atcom events lists them'),
  },
  'invalid-number': {
    exitCode: 2,
    message: ({ input, reason }) => `${quote(input)} cannot be dialled: ${reason}`,
    hint: ({ hint }) => hint,
  },
  'invalid-duration': {
    exitCode: 2,
    message: ({ input }) => `${quote(input)} is no duration`,
    hint: () => 'write it with a unit, at most a day: 500ms, 5s, 2m',
  },
  'invalid-sequence': {
    exitCode: 2,
    message: ({ reason }) => `the sequence cannot be sent: ${reason}`,
    hint: ({ hint }) => hint,
  },
  'invalid-address': {
    exitCode: 2,
    message: ({ input }) => `${quote(input)} is no address of a phone`,
    hint: () =>
      'write host, host:port or http(s)://host:port; path, user and password are settings (atcom help targets)',
  },
  'unknown-phone': {
    exitCode: 2,
    message: ({ input }) => `no phone is called ${quote(input)}`,
    hint: ({ suggestions, names }) =>
      suggestion(
        suggestions,
        `${nameList(names, 'the config has no phones')}; a host name without a dot is written http://…`,
      ),
  },
  'unknown-group': {
    exitCode: 2,
    message: ({ input }) => `there is no group ${quote(`@${input}`)}`,
    hint: ({ suggestions, names }) =>
      suggestion(
        suggestions.map((name) => `@${name}`),
        nameList(
          names.map((name) => `@${name}`),
          'the config has no groups',
        ),
      ),
  },
  'unknown-profile': {
    exitCode: 2,
    message: ({ input }) => `there is no profile ${quote(input)}`,
    hint: ({ suggestions, names }) => suggestion(suggestions, nameList(names, 'the config has no profiles')),
  },
  'no-target': {
    exitCode: 2,
    message: () => 'no phone to send to',
    hint: ({ names }) =>
      names.length === 0
        ? 'name one: --to 172.16.0.57, or try --to virtual; a config file can hold a default (atcom help targets)'
        : `name one with --to: ${nameList(names, '')}`,
  },
  'nothing-matched': {
    exitCode: 2,
    message: ({ expression }) => `${quote(expression)} selects no phone`,
    hint: ({ names }) => nameList(names, 'the config has no phones'),
  },
  'not-confirmed': {
    exitCode: 2,
    message: ({ what }) => `${what}; nothing was sent`,
    hint: () => 'add --yes if that is meant',
  },
  'invalid-config': {
    exitCode: 2,
    message: ({ file, problems }) =>
      `${file} has ${count(problems.length, 'problem')}\n${problems.join('\n')}`,
    hint: () => 'atcom config schema shows what is allowed; atcom config validate checks again',
  },
  'unreadable-file': {
    exitCode: 2,
    message: ({ file, reason }) => `${file} cannot be read: ${reason}`,
    hint: () => 'check the path and its permissions',
  },
  'unwritable-file': {
    exitCode: 2,
    message: ({ file, reason }) => `${file} cannot be written: ${reason}`,
    hint: () => 'check its folder and its permissions',
  },
  'no-event': {
    exitCode: 6,
    message: ({ events, within, seen }) =>
      `${events.join(' or ')} was not reported within ${within}; ${seen.length === 0 ? 'nothing was reported at all' : `seen: ${seen.join(', ')}`}`,
    hint: ({ seen }) =>
      seen.length === 0
        ? 'the phone may have had nothing to do; or its page Phone – Action URL does not name this listener: atcom action-url list'
        : undefined,
  },
  unconfirmed: {
    exitCode: 6,
    message: ({ event, contrary }) => `${event} was reported, and right after it ${contrary}`,
    hint: () =>
      'the other side may be busy or on do-not-disturb; --wait established waits for the call to be up',
  },
  batch: {
    exitCode: 2,
    message: ({ file, line, text, reason }) => `${file}:${line}: ${reason}\n  ${text}`,
    hint: ({ hint }) => hint,
  },
  journal: {
    exitCode: 2,
    message: ({ file, reason }) => `the journal ${file} cannot be used: ${reason}; nothing was sent`,
    hint: ({ hint }) => hint,
  },
  'port-unavailable': {
    exitCode: 2,
    message: ({ address, reason }) => `cannot listen on ${address}: ${reason}`,
    hint: () =>
      'choose another port, or 0 for any free one: --port 0; the address must be one of this computer',
  },
  'invalid-scenario': {
    exitCode: 2,
    message: ({ file, problems }) =>
      `${file} has ${count(problems.length, 'problem')}; nothing was sent\n${problems.join('\n')}`,
    hint: () => 'atcom test --check checks again without a phone; atcom help scenarios shows what is allowed',
  },
  unmet: {
    exitCode: 6,
    message: ({ role, phone, what, within, silence }) =>
      `${cast(role, phone)} did not report ${what} within ${within}${SILENCE[silence].what}`,
    hint: ({ phone, silence }) => SILENCE[silence].hint(phone),
  },
  unwanted: {
    exitCode: 6,
    message: ({ role, phone, event, early }) =>
      `${cast(role, phone)} reported ${event}, which must not come${early ? '; it had come before this step began' : ''}`,
  },
  'scenario-timeout': {
    exitCode: 6,
    message: ({ what, timeout }) => `${what} took longer than ${timeout}`,
    hint: ({ what }) =>
      `the step marked as stopped waited then; ${what === 'its cleanup' ? 'cleanupTimeout' : 'timeout'}: in the file sets the limit`,
  },
  'phone-in-call': {
    exitCode: 2,
    message: ({ phone }) => `${phone} is in a call that is not of this scenario; it was not touched`,
    hint: () => 'wait until it is over, or give --force, which may end it',
  },
  'phone-in-use': {
    exitCode: 2,
    message: ({ phone, owner }) => `another run of atcom has ${phone} (process ${owner}); nothing was sent`,
    hint: () => 'run it afterwards, or with --wait-phones 5m',
  },
  'no-reports': {
    exitCode: 2,
    message: ({ phone, reason }) => `${phone} cannot report events: ${reason}; nothing was sent`,
    hint: ({ hint }) => hint,
  },
  approval: {
    exitCode: 4,
    message: ({ host }) =>
      `${host} asks "Allow Remote Control?", or this computer is not on its allow list; no key was pressed`,
    hint: () =>
      'press Save on the phone and run the command again; the list is on its page Phone – Remote Control, "Action URI allow IP list"',
    retryable: true,
  },
  unauthorized: {
    exitCode: 4,
    message: ({ host, gaveCredentials }) =>
      gaveCredentials ? `${host} did not accept the credentials` : `${host} wants credentials (401)`,
    hint: ({ gaveCredentials, scheme }) =>
      gaveCredentials
        ? `check user and password${scheme === undefined ? '' : `; the phone asks for ${scheme}`}; the page locks for minutes after wrong ones`
        : `set auth: ${scheme ?? 'digest'} for the phone, and ATCOM_USER and ATCOM_PASSWORD_FILE`,
  },
  refused: {
    exitCode: 5,
    message: ({ host, status }) => `${host} answered ${status}`,
    hint: ({ status }) =>
      status === 404
        ? 'the path may differ on this firmware: set path, such as /servlet'
        : status >= 300 && status < 400
          ? 'redirects are not followed: set scheme, host and port to where the phone really is'
          : 'look at the phone; --debug shows the exchange',
  },
  unreachable: {
    exitCode: 3,
    message: ({ host, reason }) => `${host} was not reached: ${reason}; nothing was sent`,
    hint: () => 'check the address, the network and that the phone is on',
    retryable: true,
  },
  'tls-untrusted': {
    exitCode: 3,
    message: ({ host, reason }) => `the certificate of ${host} is not trusted: ${reason}; nothing was sent`,
    hint: ({ fingerprint }) =>
      `compare its fingerprint with the phone's and pin it, tls: { fingerprint: "${fingerprint}" }; or give its ca; or accept any: tls: { insecure: true }`,
    retryable: true,
  },
  'tls-failed': {
    exitCode: 3,
    message: ({ host, reason }) => `no TLS connection to ${host}: ${reason}; nothing was sent`,
    hint: () => 'firmware of 2017 speaks only TLS 1.0: try tls: { legacy: true }; or scheme: http',
    retryable: true,
  },
  unknown: {
    exitCode: 7,
    message: ({ host, reason }) => `${host} ${reason}; the keys may have been pressed`,
    hint: () => 'look at the phone before sending again; atcom never presses twice by itself',
  },
  'partly-sent': {
    exitCode: 1,
    message: ({ done, total, reason }) => `only ${done} of ${total} requests were carried out: ${reason}`,
    hint: () => 'the first keys were pressed, so send only the rest; --json lists every request',
  },
  skipped: { exitCode: 1, message: ({ reason }) => `not sent: ${reason}` },
  // 128 + 2 and 128 + 15, as a shell reports a process that SIGINT or SIGTERM ended.
  interrupted: { exitCode: 130, message: () => 'interrupted' },
  terminated: { exitCode: 143, message: () => 'terminated' },
  bug: {
    exitCode: 1,
    message: ({ stack }) => `this is a bug in atcom\n${stack}`,
    hint: () => 'please report it with the command you ran and the lines above',
  },
};

/** An expected failure: bad input, bad config, or a request that did not succeed. Anything else thrown is a bug. */
export class AtcomError<C extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'AtcomError';
  readonly code: C;
  readonly details: ErrorDetails[C];

  constructor(code: C, details: ErrorDetails[C], options?: ErrorOptions) {
    super(ROWS[code].message(details), options);
    this.code = code;
    this.details = details;
  }

  /** What to do about it. */
  get hint(): string | undefined {
    return ROWS[this.code].hint?.(this.details);
  }

  /** The exit code of the command line for it. */
  get exitCode(): number {
    return ROWS[this.code].exitCode;
  }

  /** Whether nothing was delivered or done, so that sending again presses no key twice. */
  get retryable(): boolean {
    return ROWS[this.code].retryable === true;
  }

  /** As in `--json`. */
  toJSON(): ErrorJson {
    const { code, message, hint, retryable } = this;
    return hint === undefined ? { code, message, retryable } : { code, message, hint, retryable };
  }
}

/** An error in `--json`. */
export interface ErrorJson {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
  readonly retryable: boolean;
}

/** Every {@link AtcomError} by code, so that `switch (error.code)` narrows `error.details`. */
export type AnyAtcomError = { [C in ErrorCode]: AtcomError<C> }[ErrorCode];

/**
 * Narrows a caught value. By name, not by class: the command line and a library can each hold a copy of this module.
 *
 * @example
 * ```ts
 * import { isAtcomError, parseKey } from 'atcom';
 * try {
 *   parseKey('HOLDD');
 * } catch (error) {
 *   if (isAtcomError(error) && error.code === 'unknown-key') console.log(error.details.suggestions); // ['HOLD']
 * }
 * ```
 */
export function isAtcomError(error: unknown): error is AnyAtcomError {
  return error instanceof Error && error.name === 'AtcomError';
}

function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
