import { OTHER_EXIT_CODES, OUTCOMES } from '../protocol/outcomes.ts';
import { columns } from './text.ts';

/** One page of `atcom help <topic>`. */
export interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly text: () => string;
}

/** The environment variables that are read, and what each is for. */
export const ENVIRONMENT = [
  ['ATCOM_TO', 'the target of commands without --to'],
  ['ATCOM_PROFILE', 'the profile of commands without --profile'],
  ['ATCOM_CONFIG', 'this file instead of the project file that would be found'],
  ['ATCOM_TIMEOUT', 'for one request, such as 5s; over every config'],
  ['ATCOM_DELAY', 'between keys, such as 300ms; over every config'],
  ['ATCOM_USER', 'the user for phones with auth: basic or digest'],
  ['ATCOM_PASSWORD_FILE', 'a file whose first line is the password'],
  ['ATCOM_PASSWORD', 'the password itself; a file is harder to leak'],
  ['NO_COLOR', 'no colour; --color wins over it'],
  ['FORCE_COLOR', 'colour even without a terminal'],
] as const;

/** Outcomes and exit codes as rows, for help and for the README. */
export function exitCodeRows(): readonly (readonly [string, string, string])[] {
  const outcomes = Object.entries(OUTCOMES).map(
    ([outcome, { exitCode, fact }]) => [String(exitCode), outcome, fact] as const,
  );
  const others = OTHER_EXIT_CODES.map(({ exitCode, fact }) => [String(exitCode), '', fact] as const);
  return [...outcomes, ...others];
}

/** The topics: one row each. */
export const TOPICS: readonly Topic[] = [
  {
    name: 'exit-codes',
    summary: 'what each exit code says',
    text: () =>
      `${columns([['exit', 'outcome', 'known fact'], ...exitCodeRows()])}

A key press is sent at most once. Only unreachable is tried again (--retry), because nothing arrived, and only
approval is resent (--wait-approval), because the phone did nothing. Never unknown.
A phone that was skipped gives the exit code of the cause; a phone where all was skipped gives 1.`,
  },
  {
    name: 'environment',
    summary: 'the environment variables',
    text: () => `${columns(ENVIRONMENT)}

Order: flags, then ATCOM_*, then the project's config file, then the user's, then defaults.`,
  },
  {
    name: 'targets',
    summary: 'how to say which phones',
    text: () => `--to takes a comma list and can be repeated:
  reception                 a phone of the config
  172.16.0.57               an address
  172.16.0.57:8080          an address with a port
  https://phone.example     an address with a scheme; a host name needs a dot or a scheme
  [fe80::1]:8080            an IPv6 address
  virtual                   a virtual phone for this one command
--all takes every phone of the config. Without either: ATCOM_TO, then the config's default.
A phone that is named twice is pressed once. A name that matches nothing is an error before anything is sent.

A config file, such as atcom.config.yaml:
  default: reception
  phones:
    reception: { host: 172.16.0.57, model: A48 }
    lobby: 172.16.0.37
    lab: { host: 172.16.0.60, scheme: https, auth: digest, tls: { insecure: true } }
Settings of a phone: atcom config schema. Where files are looked for: atcom config path.
User and password are read from the user's own config file or the environment, never from a project file.`,
  },
  {
    name: 'json',
    summary: 'the fields of --json',
    text: () => `One document on stdout, also when a command fails before any phone; nothing else is written there.
  schema      "atcom/1"
  command     "dial"
  ok          whether exitCode is 0
  exitCode    as in atcom help exit-codes
  dryRun      true with --dry-run and --curl: nothing was sent
  summary     phones, ok, failed, skipped, ms
  results     one for each phone: phone, host, outcome, ms, requests; error where it failed
  requests    url, outcome, status (where the phone answered), ms
  error       code, message, hint, retryable; at the top where no phone was reached for
retryable says that nothing was delivered or done, so that sending again presses no key twice.
sim --json writes one document a line; the first says where each phone listens.`,
  },
];
