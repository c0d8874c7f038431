import { OTHER_EXIT_CODES, OUTCOMES } from '../../protocol/outcomes.ts';
import { VERB_EVENTS, type VerbProof } from '../../protocol/verb-events.ts';
import { columns } from '../output/text.ts';

/** One page of `atcom help <topic>`. */
export interface Topic {
  readonly name: string;
  readonly summary: string;
  readonly text: () => string;
}

/** The environment variables that are read, and their purpose. */
export const ENVIRONMENT = [
  ['ATCOM_TO', 'the target of commands without --to'],
  ['ATCOM_PROFILE', 'the profile of commands without --profile'],
  ['ATCOM_CONFIG', 'this file instead of the project file that would be found, as --config'],
  ['ATCOM_TIMEOUT', 'for one request, such as 5s; over every config'],
  ['ATCOM_DELAY', 'between keys, such as 300ms; over every config'],
  ['ATCOM_USER', 'the user for phones with auth: basic or digest'],
  ['ATCOM_PASSWORD_FILE', 'a file whose first line is the password'],
  ['ATCOM_PASSWORD', 'the password itself; a file is harder to leak'],
  ['ATCOM_OFFLINE', 'set to 1: no phone is contacted, but virtual ones of the same process'],
  ['ATCOM_LISTENER_TOKEN', 'the secret that every Action URL must have as token=, as listener: { token }'],
  ['ATCOM_BOARD_TOKEN', 'what atcom listen --board-host asks other computers for'],
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

/** Each verb with the events that prove it; forms with the same ones, such as dial.line, share a row. */
function proofRows(): readonly (readonly [string, string])[] {
  const rows = Object.entries<VerbProof>(VERB_EVENTS).map(
    ([form, proof]) => [form, proofText(proof)] as const,
  );
  return rows.filter(
    ([form, text]) => !rows.some(([other, same]) => form.startsWith(`${other}.`) && same === text),
  );
}

function proofText({ events, followedBy = [], contrary = [] }: VerbProof): string {
  return [
    [events.join(' or '), ...followedBy].join(', then '),
    ...contrary.map((event) => `not ${event} right after it`),
  ].join(', ');
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

Order: flags, then ATCOM_*, then the project's config file, then the user's, then defaults.
User and password go to phones with auth: basic or digest; to those of a project file that was found only once
atcom config trust FILE said that its addresses are right.
atcom listen --exec runs its command with the values of the event: ATCOM_EVENT, ATCOM_PHONE, ATCOM_REMOTE, …,
and ATCOM_STATE, what the phone does after it.`,
  },
  {
    name: 'targets',
    summary: 'how to say which phones',
    text: () => `--to takes phones, and can be repeated; where a command takes no other words, they stand without it, too:
  reception                 a phone of the config
  172.16.0.57               an address
  172.16.0.57:8080          an address with a port
  https://phone.example     an address with a scheme; a host name needs a dot or a scheme
  [fe80::1]:8080            an IPv6 address
  lab-[01-12,20]            a range, with the zeros as written; [0-10/2] takes every second
  10.0.0.[5-9]              a range of addresses
  lab-*                     names of the config: * any text, ? one character
  @floor1                   a group of the config
  @model:A48                the phones of the config with this model
  @all                      every phone of the config, as --all
  virtual                   a virtual phone for this one command
Between them, from left to right, none binding tighter:
  lobby,reception           both
  lab-*!lab-[05-09]         the first without the second; in quotes, as the shell reads * ! & [
  lab-*&@floor1             what is in both
--exclude takes the same and always wins. --targets-file FILE and --to - read targets, a line each, # comments.
Without any: ATCOM_TO, then the config's default.
A phone whose name or address is given twice is pressed once. What matches nothing is an error before anything is sent.
Try a target: atcom phones 'lab-*!lab-[05-09]' --fold

A config file, such as atcom.config.yaml:
  default: reception
  phones:
    reception: { host: 172.16.0.57, model: A48 }
    lobby: 172.16.0.37
    lab-[01-12]: { host: "10.0.0.[101-112]", model: A41 }
    office: { host: 172.16.0.60, scheme: https, auth: digest, tls: { insecure: true } }
  groups:
    floor1: reception,lobby
  defaults: { timeout: 3s }                                 # of all phones; models: for those of a model
  dialPlan: { country: "49", outside: "0", internal: 4 }    # +49 30 1 is dialled 00301
Passwords stand in your own file, for phones that stand elsewhere:
  credentials: { "@floor1": { user: admin, passwordFile: floor1 } }
Settings of a phone: atcom config schema. Where files are looked for: atcom config path.
User and password are read from your own file or the environment, never from a project file, and go to addresses that
only a project file names once atcom config trust FILE said so. The nearest project file decides, also when it is empty.`,
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
  events      where confirmed: the events that proved it, as atcom listen writes them
  seen        where not: names of the events that came instead
  number      in a dry run: written, dialled and why, where the command takes a number
  error       code, message, hint, retryable; at the top where no phone was reached for
retryable says that nothing was delivered or done, so that sending again presses no key twice.
--ndjson writes a result a line, as each phone finishes, and nothing around them.
test writes summary: scenarios, passed, failed, errors, skipped, flaky, ms; and results, one for each scenario: name,
file, line, tags, status, ms, phones, error; attempts, each with verdict, started, ms, steps and trace; at a PBX audio,
one for each call: role, remote, callId, codec, heard, sent, received, lost, jitter. Times in an attempt are milliseconds
since it began.
listen writes an event a line: time, event, phone, source (its address), path, values (what the URL carried).
sim --json writes one document a line; the first says where each phone listens.`,
  },
  {
    name: 'scenarios',
    summary: 'what a scenario file is',
    text: () => `A scenario says who calls whom, and what the phones must report. atcom test runs it:
  name: basic call
  phones:
    a: { phone: reception }                # a phone of the config, or an address
    b: { virtual: A48 }                    # a virtual phone; their numbers are 6001, 6002, … in the order of the file
                                           # c: { sip: lab-6003 } is one at a PBX, on that account of the config
  setup:
    - [a, b]: idle                         # takes keys, and is in no call
  steps:
    - a: dial $b --line 1                  # the words of atcom; $b is the number of b
    - b: { expect: incomingCall, where: { remote: "*$a*" }, within: 3s }
    - b: answer
    - [a, b]: { expect: established }      # side by side
  cleanup:
    - [a, b]: hangup                       # always, with time of its own

What a step can wait for:
  { expect: hold }                         one that came before the step counts, unless it was expected already
  { never: incomingCall, during: 1s }      fails as soon as it comes, also if it came before
  { any: [established, remoteBusy] }       the first of them
  { all: [hold, { expect: unHold }] }      each of them, in any order
Of virtual phones at a PBX, which have audio and each a tone of its own:
  { hears: a }                             exactly the tone of a, for 300 ms; or [a, c], 1004Hz, silence
  { heard: { dtmf: "12#" } }               exactly these digits come next
  { says: menu.wav }                       a recording instead of its tone: 8000 Hz, mono, 16 bits
  { expect: registered }
Other steps:
  parallel: [ { a: hold }, { b: { expect: established } } ]
  any: [ { b: { expect: incomingCall } }, { c: { expect: incomingCall } } ]
  pause: 500ms

At the top, besides: tags, timeout (60s), cleanupTimeout (10s), defaults: { within: 5s, during: 1s },
needs: { line: 2, softkey: 4, memory: 8 } (else it is skipped), simulator: { ring: 60s, latency: 0ms, pbx: b2bua },
with: { line: [1, 2] } (runs once for each combination; $line is its value).
Phones at a PBX and real ones call each other; virtual ones without an account only each other. --simulate makes all of
them such, --sip-pbx lab gives each an account of simulator: { pbxes: { lab: [lab-6001, lab-6002] } } in the config.
Real phones need extension: in the config or beside phone:, where $name is used, and report to the listener
(atcom action-url list). atcom test --check finds mistakes without a phone, --schema is for editors.
passed   every expectation was met                              exit 0
failed   one was not                                            6
error    a phone was out of reach, its answer lost, …           as of its outcome (atcom help exit-codes)
flaky    passed, but not at once (--retries)                    0, or 6 with --fail-on-flaky
skipped  a phone has not what it needs                          0
Several classes in one run: 1. A file is wrong, or a phone is in a call or in another run: 2.
--retries repeats a scenario after an expectation that was not met, or where nothing was done; never after an answer
that was lost, because its keys may have been pressed.`,
  },
  {
    name: 'confirm',
    summary: 'which event proves that a verb worked',
    text: () => `--confirm waits for the event of the verb; a phone reports it where its Action URL is set:
${columns(proofRows().map(([form, events]) => [`  ${form}`, events]))}

confirmed    the phone took the keys, and reported the event
unconfirmed  it took the keys, and did not report it within 5s: exit 6, with what it reported instead
unknown      no whole answer came, and no event either; where the event came, it is confirmed
After reboot the answer of its web page counts, too; that takes up to 6 minutes.
--wait established:15s waits for any event, for 5s or as long as written. What counts begins when the keys are sent.
dial --then '1234#' waits for established, and presses these digits in the call; without it, none of them.`,
  },
];
