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
  ['ATCOM_TO', 'target for commands without --to'],
  ['ATCOM_PROFILE', 'profile for commands without --profile'],
  [
    'ATCOM_CONFIG',
    'full path of a config file to use instead of searching for a project file, like --config',
  ],
  ['ATCOM_TIMEOUT', 'time limit of one request, such as 5s; overrides every config'],
  ['ATCOM_DELAY', 'pause between keys, such as 300ms; overrides every config'],
  ['ATCOM_USER', 'user for phones with auth: basic or digest'],
  ['ATCOM_PASSWORD_FILE', 'file with the password in its first line'],
  ['ATCOM_PASSWORD', 'the password itself; a file is less likely to leak'],
  ['ATCOM_OFFLINE', 'set to 1 to contact no PBX, and no phone except virtual ones of the same process'],
  ['ATCOM_LISTENER_TOKEN', 'secret that every Action URL must contain as token=, like listener: { token }'],
  ['ATCOM_BOARD_TOKEN', 'password that atcom listen requires for the board and metrics'],
  ['NO_COLOR', 'no colour; --color overrides it'],
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
  return rows
    .filter(([form, text]) => !rows.some(([other, same]) => form.startsWith(`${other}.`) && same === text))
    .map(([form, text]) => [typed(form), text]);
}

/** A form of a verb as it is typed: `dnd on`, `conference NUMBER`, `hold --dial`. */
function typed(form: string): string {
  const [verb = '', kind = ''] = form.split('.');
  if (kind === '') return verb;
  return `${verb} ${{ on: 'on', off: 'off', number: 'NUMBER' }[kind] ?? `--${kind}`}`;
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
    summary: 'what each exit code means',
    text: () =>
      `${columns([['exit', 'outcome', 'known fact'], ...exitCodeRows()])}

A key press is sent at most once. Only unreachable is tried again (--retry), because nothing arrived, and only
approval is resent (--wait-approval), because the phone did nothing. Never unknown.
A skipped phone gives the exit code of the cause; a phone for which everything was skipped gives 1.`,
  },
  {
    name: 'environment',
    summary: 'the environment variables',
    text: () => `${columns(ENVIRONMENT)}

Precedence: flags, ATCOM_*, the project's config file, the user's config file, defaults.
User and password go to phones with auth: basic or digest; to those in a project file that was merely found, or that a
relative ATCOM_CONFIG names, only after atcom config trust FILE.
atcom listen --exec runs its command with the event's values in ATCOM_EVENT, ATCOM_PHONE, ATCOM_REMOTE, …,
and in ATCOM_STATE what the phone is doing after it.`,
  },
  {
    name: 'targets',
    summary: 'how to select phones',
    text: () => `--to selects phones, and can be repeated; a command without other arguments takes them without --to as well:
  reception                 a phone in the config
  172.16.0.57               an address
  172.16.0.57:8080          an address with a port
  https://phone.example     an address with a scheme; a host name needs a dot or a scheme
  [fe80::1]:8080            an IPv6 address
  lab-[01-12,20]            a range, with leading zeros as written; [0-10/2] takes every second
  10.0.0.[5-9]              a range of addresses
  lab-*                     names in the config: * any text, ? one character
  @floor1                   a group in the config
  @model:A48                the phones in the config with this model; @model:A4x: of the whole series
  @all                      every phone in the config, like --all
  virtual                   a virtual phone for this command only
Operators, all of the same precedence, from left to right:
  lobby,reception           both
  lab-*!lab-[05-09]         the first without the second; quote it, because of * ! & [
  lab-*&@floor1             phones in both
--exclude takes targets, too, and always wins. --targets-file FILE and --to - read targets, one per line, # comments.
Without a target: ATCOM_TO, then the config's default.
A phone given twice, by name or address, gets its keys once. A target that matches nothing is an error; nothing is sent.
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
  defaults: { timeout: 3s }                                 # for all phones; models: for those of a model
  dialPlan: { country: "49", outside: "0", internal: 4 }    # +49 30 1 is dialled 00301
Passwords go in your own file, even for phones that are defined elsewhere:
  credentials: { "@floor1": { user: admin, passwordFile: floor1 } }
All settings of a phone: atcom config schema. Where atcom looks for files: atcom config path.
User and password are read from your own file or the environment, never from a project file. They go to addresses that
only a project file names after atcom config trust FILE. Only the nearest project file is used, even if it is empty.`,
  },
  {
    name: 'json',
    summary: 'the fields of --json',
    text: () => `One document on stdout, even if a command fails before it contacts a phone, and nothing else.
  schema      "atcom/1"
  command     "dial"
  ok          whether exitCode is 0
  exitCode    as in atcom help exit-codes
  dryRun      true with --dry-run and --curl: nothing was sent
  summary     phones, ok, failed, skipped, ms
  results     one for each phone: phone, host, outcome, ms, requests; error if it failed
  requests    url, outcome, status (if the phone answered), ms
  events      if confirmed: the events that proved it, as atcom listen writes them
  seen        if not: names of the events that came instead
  earlier     with --resume and --retry-failed, if an earlier run came to the phone: when that run began
  number      in a dry run: written, dialled and why, if the command takes a number
  error       code, message, hint, retryable; at the top level if no phone was contacted
retryable means that nothing was delivered or done, so that sending again presses no key twice.
--ndjson writes one result per line, as each phone finishes, without a surrounding document.
test writes summary: scenarios, passed, failed, errors, skipped, flaky, ms; and results, one for each scenario: name,
file, line, tags, status, ms, phones, error; attempts, each with verdict, started, ms, steps and trace; on a PBX audio,
one for each call: role, remote, callId, codec, heard, sent, received, lost, jitter. Times in an attempt are in
milliseconds since it began.
listen writes one event per line: time, event, phone, source (its address), path, values (from the URL).
sim --json writes one document per line; the first says where each phone listens.`,
  },
  {
    name: 'scenarios',
    summary: 'how to write a scenario file',
    text: () => `A scenario says who calls whom, and what the phones must report. atcom test runs it:
  name: basic call
  phones:
    a: { phone: reception }                # a phone in the config, or an address
    b: { virtual: A48 }                    # a virtual phone; their numbers are 6001, 6002, … in the order of the file
                                           # c: { sip: lab-6003 } is one on a PBX, on that account in the config
  setup:
    - [a, b]: idle                         # accepts keys, and is in no call that a listener heard of
  steps:
    - a: dial $b --line 1                  # as on the command line; $b is b's number
    - b: { expect: incomingCall, where: { remote: "*$a*" }, within: 3s }
    - b: answer
    - [a, b]: { expect: established }      # at the same time
  cleanup:
    - [a, b]: hangup                       # always runs, with its own time limit

What a step can wait for:
  { expect: hold }                         one from before the step counts, unless an earlier step expected it
  { never: incomingCall, during: 1s }      fails as soon as it comes, or if it came before
  { any: [established, remoteBusy] }       whichever comes first
  { all: [hold, { expect: unHold }] }      all of them, in any order
For virtual phones on a PBX, which have audio, each with its own tone:
  { hears: a }                             exactly a's tone, for 300 ms; or [a, c], 1004Hz, silence
  { heard: { dtmf: "12#" } }               exactly these digits come next
  { says: menu.wav }                       plays a recording instead of its tone: 8000 Hz, mono, 16 bits
  { expect: registered }
Other steps:
  parallel: [ { a: hold }, { b: { expect: established } } ]
  any: [ { b: { expect: incomingCall } }, { c: { expect: incomingCall } } ]   of one phone each
  pause: 500ms

Also at the top level: tags, timeout (60s), cleanupTimeout (10s), defaults: { within: 5s, during: 1s },
needs: { line: 2, softkey: 4, memory: 8 } (otherwise skipped), simulator: { ring: 60s, latency: 0ms, pbx: b2bua },
with: { line: [1, 2] } (runs once for each combination; $line is its value).
Phones on a PBX and real phones can call each other; virtual ones without an account only each other. --simulate makes
all such, --sip-pbx lab gives each an account of simulator: { pbxes: { lab: [lab-6001, lab-6002] } } in the config.
Real phones need extension: in the config or beside phone: if $name is used, and must report to the listener
(atcom action-url list). atcom test --check finds mistakes without phones; --schema is for editors.
passed   every expectation was met                              exit 0
failed   an expectation was not met                             6
error    a phone was unreachable, its response lost, …          that of the outcome (atcom help exit-codes)
flaky    passed, but not on the first try (--retries)           0, or 6 with --fail-on-flaky
skipped  a phone lacks what it needs                            0
Several of these exit codes in one run: 1. A file is wrong, or a phone is in a call or in use by another run: 2.
--retries repeats a scenario, with all its keys, if an expectation was not met, or a phone was not reached or asked for
permission, but never after a lost response, because nobody knows what its keys did.`,
  },
  {
    name: 'confirm',
    summary: 'which event proves that a command worked',
    text: () => `--confirm waits for the event that proves the command; a phone reports it if its Action URL is set:
${columns(proofRows().map(([form, events]) => [`  ${form}`, events]))}

confirmed    the phone accepted the keys and reported the event
unconfirmed  it accepted the keys, but did not report the event within 5s: exit 6, with what it reported instead
unknown      neither a whole response nor the event came; with the event, it is confirmed
After a reboot, a response from the phone's web page also counts; that takes up to 6 minutes.
--wait established:15s waits for any event, for 5s by default. Events count from when the keys are sent.
dial --then '1234#' waits for established, then presses these digits in the call. Without the event, it presses none.`,
  },
];
