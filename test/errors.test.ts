import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AnyAtcomError,
  AtcomError,
  type ErrorCode,
  type ErrorDetails,
  isAtcomError,
} from '../src/errors.ts';
import { report } from '../src/yaml/report.ts';

interface Expected<C extends ErrorCode> {
  readonly exitCode: number;
  readonly retryable?: true;
  /** Details, and what message and hint must say of them; null where nothing can be done about it. */
  readonly samples: readonly (readonly [ErrorDetails[C], RegExp, RegExp | null])[];
}

const thirteen = Array.from({ length: 13 }, (_, index) => `p${index + 1}`);
const has = ['A41', 'A48'];
const host = '172.16.0.57';

/** Every code: one that is missing here does not compile. */
const EXPECTED: { readonly [C in ErrorCode]: Expected<C> } = {
  usage: {
    exitCode: 2,
    samples: [
      [{ reason: 'no such option', hint: 'see --help' }, /^no such option$/, /^see --help$/],
      [{ reason: 'no such option' }, /^no such option$/, null],
    ],
  },
  'unknown-key': {
    exitCode: 2,
    samples: [
      [{ input: 'HOLDD', suggestions: ['HOLD'] }, /no key "HOLDD"/, /^did you mean HOLD\?$/],
      [{ input: 'REBOO', suggestions: ['REBOOK', 'REBOOT'] }, /"REBOO"/, /mean REBOOK or REBOOT\?/],
      [{ input: 'Q\n', suggestions: [] }, /"Q\\n"/, /atcom keys.*--raw/],
      [{ input: 'x'.repeat(99), suggestions: [] }, /"x{60}…"$/, /atcom keys/],
    ],
  },
  'key-not-on-model': {
    exitCode: 2,
    samples: [
      [
        { key: 'LK3', model: 'A21', has: 'LINEKEY1–2' },
        /A21 has no key "LK3"; it has LINEKEY1–2/,
        /keys --model A21$/,
      ],
      [
        { key: 'LK7', model: undefined, has: 'LINEKEY1–6' },
        /no phone has a key "LK7"; there is LINEKEY1–6/,
        /keys$/,
      ],
    ],
  },
  'unknown-model': {
    exitCode: 2,
    samples: [
      [{ input: 'A4', suggestions: ['A41'], has }, /no model "A4"/, /did you mean A41\?/],
      [{ input: 'Z', suggestions: [], has }, /no model "Z"/, /use one of A41, A48/],
    ],
  },
  'unknown-event': {
    exitCode: 2,
    samples: [
      [{ input: 'hol', suggestions: ['hold'] }, /^there is no event "hol"$/, /^did you mean hold\?$/],
      [{ input: 'Z', suggestions: [] }, /"Z"/, /^atcom events lists them$/],
    ],
  },
  'invalid-number': {
    exitCode: 2,
    samples: [[{ input: '6a', reason: 'no', hint: 'digits' }, /^"6a" cannot be dialled: no$/, /^digits$/]],
  },
  'invalid-duration': {
    exitCode: 2,
    samples: [[{ input: '5' }, /^"5" is not a duration$/, /500ms, 5s, 2m/]],
  },
  'invalid-sequence': {
    exitCode: 2,
    samples: [[{ reason: 'it is empty', hint: 'name a key' }, /cannot be sent: it is empty/, /^name a key$/]],
  },
  'invalid-address': { exitCode: 2, samples: [[{ input: 'a b' }, /"a b" is not the address/, /host:port/]] },
  'unknown-phone': {
    exitCode: 2,
    samples: [
      [{ input: 'loby', suggestions: ['lobby'], names: ['lobby'] }, /called "loby"/, /mean lobby\?/],
      [
        { input: 'x', suggestions: [], names: ['lobby', 'lab'] },
        /called "x"/,
        /^there are lobby, lab; .*http:/,
      ],
      [
        { input: 'x', suggestions: [], names: thirteen },
        /"x"/,
        /^there are p1, .*p12 … \(13; see atcom phones\)/,
      ],
      [
        { input: 'x', suggestions: [], names: thirteen.slice(1) },
        /"x"/,
        /^there are p2, .*p13; write a host name without a dot as http:\/\/…$/,
      ],
      [{ input: 'x', suggestions: [], names: [] }, /"x"/, /^the config has no phones; .*http:\/\/…$/],
    ],
  },
  'unknown-group': {
    exitCode: 2,
    samples: [
      [{ input: 'flor1', suggestions: ['floor1'], names: [] }, /group "@flor1"/, /mean @floor1\?/],
      [{ input: 'x', suggestions: [], names: ['lab', 'all'] }, /group "@x"/, /^there are @lab, @all$/],
      [{ input: 'x', suggestions: [], names: [] }, /group "@x"/, /no groups/],
    ],
  },
  'unknown-profile': {
    exitCode: 2,
    samples: [
      [{ input: 'stagin', suggestions: ['staging'], names: [] }, /profile "stagin"/, /mean staging\?/],
      [{ input: 'x', suggestions: [], names: [] }, /profile "x"/, /no profiles/],
    ],
  },
  'no-target': {
    exitCode: 2,
    samples: [
      [{ names: [] }, /no phone/, /--to virtual/],
      [{ names: ['lobby'] }, /no phone/, /--to: lobby$/],
      [
        { names: ['lobby'], empty: 'f.txt' },
        /^f\.txt has no target, so no phone is selected$/,
        /one per line/,
      ],
    ],
  },
  'nothing-matched': {
    exitCode: 2,
    samples: [
      [
        { expression: 'lba-*', names: ['lobby', 'lab-01'] },
        /"lba-\*" selects no phone/,
        /^there are lobby, lab-01$/,
      ],
      [{ expression: '@all', names: [] }, /"@all" selects no phone/, /no phones/],
    ],
  },
  'not-confirmed': {
    exitCode: 2,
    samples: [
      [{ what: 'REBOOT on 1 phone' }, /^REBOOT on 1 phone; nothing was sent$/, /--yes/],
      [{ what: 'this writes', undone: 'written' }, /^this writes; nothing was written$/, /--yes/],
      [{ what: 'this removes a', undone: 'removed' }, /^this removes a; nothing was removed$/, /--yes/],
    ],
  },
  'invalid-config': {
    exitCode: 2,
    samples: [
      [{ file: 'a.yaml', problems: ['line 1'] }, /^a\.yaml has 1 problem\nline 1$/, /config schema/],
      [{ file: 'a.yaml', problems: ['x', 'y'] }, /^a\.yaml has 2 problems\nx\ny$/, /config validate/],
    ],
  },
  'untrusted-config': {
    exitCode: 2,
    samples: [
      [
        { file: 'a', reason: 'others can write it', trust: 'atcom config trust a' },
        /^a is not trusted: others can write it$/,
        /^check what is in it, then run: atcom config trust a$/,
      ],
      [
        { file: 'a', reason: 'it is in the checkout b' },
        /^a is not trusted: it is in the checkout b$/,
        /^check what is in it, then name it by its full path with --config or ATCOM_CONFIG; or keep /,
      ],
    ],
  },
  'unreadable-file': {
    exitCode: 2,
    samples: [
      [{ file: 'a', reason: 'gone' }, /^a cannot be read: gone$/, /path/],
      [{ file: 'a', reason: 'gone', begun: true }, /gone; the lines before it were run$/, /path/],
    ],
  },
  'unwritable-file': {
    exitCode: 2,
    samples: [[{ file: 'a', reason: 'full' }, /^a cannot be written: full$/, /folder/]],
  },
  journal: {
    exitCode: 2,
    samples: [
      [
        { file: 'run.jsonl', reason: 'it exists already', hint: 'use --resume' },
        /^the journal run\.jsonl .*exists already; nothing was sent$/,
        /^use --resume$/,
      ],
    ],
  },
  batch: {
    exitCode: 2,
    samples: [
      [
        { file: 'night', line: 3, text: 'hodl', reason: 'unknown command', hint: 'did you mean hold?' },
        /^night:3: unknown command\n {2}hodl$/,
        /hold/,
      ],
      [{ file: 'night', line: 3, text: 'x', reason: 'no', hint: undefined }, /^night:3: no/, null],
      [
        { file: 'stdin', line: 3, text: 'x', reason: 'no', hint: undefined, begun: true },
        /^stdin:3: no; the lines before it were run\n {2}x$/,
        null,
      ],
    ],
  },
  'invalid-scenario': {
    exitCode: 2,
    samples: [
      [
        { file: 'call.yaml', problems: ['call.yaml:3:5 steps: is missing'] },
        /^call\.yaml has 1 problem\ncall\.yaml:3:5 steps: is missing$/,
        /--check.*help scenarios/,
      ],
    ],
  },
  unwatched: {
    exitCode: 6,
    samples: [
      [
        { events: ['hold', 'unHold'], reason: 'the run was stopped' },
        /^the keys were accepted, but hold or unHold was not waited for to the end: the run was stopped$/,
        /^look at the phone/,
      ],
    ],
  },
  already: {
    exitCode: 6,
    samples: [
      [
        { events: ['openDND'], since: '2026-11-28T21:00:00.000Z' },
        /^openDND was not reported; it was reported at 2026-11-28T21:00:00\.000Z and has not ended/,
        /--or-already/,
      ],
      [{ events: ['openDND'], since: undefined }, /earlier events reported it/, /--or-already/],
    ],
  },
  'unwritable-output': {
    exitCode: 1,
    samples: [[{ reason: 'ENOSPC: no space left' }, /could not be written: ENOSPC/, /make room/]],
  },
  'no-folder': { exitCode: 2, samples: [[{}, /current folder was deleted/, /cd to/]] },
  'hung-up': { exitCode: 129, samples: [[{}, /terminal was closed/, null]] },
  quit: { exitCode: 131, samples: [[{}, /SIGQUIT/, null]] },
  'no-network': {
    exitCode: 3,
    retryable: true,
    samples: [
      [
        { addresses: 254, isolated: true },
        /^all 254 addresses were out of reach: this computer has no network but itself; nothing was sent$/,
        /cable/,
      ],
      [{ addresses: 1, isolated: false }, /^the address was out of reach: .* no route there;/, /VPN/],
    ],
  },
  'too-few-handles': {
    exitCode: 3,
    retryable: true,
    samples: [[{ needs: 19, free: 12 }, /up to 19, 12 are left; nothing was sent$/, /ulimit -n 4096/]],
  },
  'no-handles': {
    exitCode: 3,
    retryable: true,
    samples: [
      [{ host: '10.0.0.5', code: 'EMFILE' }, /no socket left to reach 10\.0\.0\.5 \(EMFILE\)/, /ulimit -n/],
    ],
  },
  'never-away': {
    exitCode: 6,
    samples: [[{ within: '60s' }, /never went away within 60s/, /--wait setupCompleted:6m/]],
  },
  unproven: {
    exitCode: 6,
    samples: [
      [
        { role: 'b', phone: 'lobby', what: 'hold' },
        /^nobody knows whether b \(lobby\) reported hold; it has reported nothing at all$/,
        /keep atcom listen running.*atcom doctor lobby --events/,
      ],
      [
        { role: 'b', phone: 'b', what: 'hold', isShared: true },
        /; only what may be of it or of another phone at its address was reported$/,
        /mac=\$mac&ip=\$ip/,
      ],
      [
        { role: 'b', phone: 'b', what: 'hold', refused: '10.0.0.7 asked for /x, which names no event' },
        /^nobody knows whether b reported hold: 10\.0\.0\.7 asked for \/x, which names no event$/,
        /atcom action-url list.*atcom action-url lint/,
      ],
    ],
  },
  unmet: {
    exitCode: 6,
    samples: [
      [
        { role: 'b', phone: 'lobby', what: 'hold', within: '3s', silence: 'other' },
        /^b \(lobby\) did not report hold within 3s$/,
        null,
      ],
      [
        { role: 'b', phone: 'b', what: 'hold', within: '3s', silence: 'shared' },
        /; only what may be of it or of another phone at its address was reported$/,
        /mac=\$mac&ip=\$ip/,
      ],
      [
        { role: 'b', phone: 'b', what: 'hold', within: '3s', silence: 'quiet' },
        /^b did not report hold within 3s; it reported nothing more$/,
        /Action URL/,
      ],
      [
        { role: 'b', phone: 'virtual 6002', what: 'hold', within: '3s', silence: 'still' },
        /^b \(virtual 6002\) did not report hold within 3s; it reported nothing more$/,
        /^nothing caused the event: look at /,
      ],
      [
        { role: 'b', phone: 'lobby', what: 'hold', within: '3s', silence: 'mute' },
        /nothing at all$/,
        /atcom action-url list.*atcom doctor lobby --events/,
      ],
      [
        { role: 'b', phone: 'lobby', what: 'hold', within: '3s', silence: 'gone' },
        /no longer responds$/,
        /atcom doctor lobby$/,
      ],
    ],
  },
  unheard: {
    exitCode: 6,
    samples: [
      [
        {
          role: 'b',
          phone: 'lab-6002',
          what: 'a',
          heard: "heard 1500 Hz, that is c's tone, 61 dB",
          within: '5s',
        },
        /^b \(lab-6002\) did not hear a within 5s; b heard 1500 Hz, that is c's tone, 61 dB$/,
        null,
      ],
    ],
  },
  'not-registered': {
    exitCode: 3,
    retryable: true,
    samples: [
      [
        { role: 'c', phone: 'lab-6003', reason: '401: wrong user or password' },
        /^c \(lab-6003\) is not registered with its PBX: 401: wrong user or password; no key was pressed$/,
        /password of the account/,
      ],
    ],
  },
  'too-many-events': {
    exitCode: 6,
    samples: [
      [
        { role: 'a', phone: 'lobby', count: 20000, sources: [host] },
        /^more events were reported than a test can take: 20000 as a \(lobby\), from 172\.16\.0\.57$/,
        /token/,
      ],
      [
        { role: 'a', phone: 'a', count: 9, sources: [host, '::1'] },
        /9 as a, from 172\.16\.0\.57 and 1 other address$/,
        /token/,
      ],
      [
        { role: 'a', phone: 'a', count: 0, sources: [], ofRun: true },
        /most of them in those before this one$/,
        /token/,
      ],
      [{ role: 'a', phone: 'a', count: 9, sources: has.concat(has) }, / and 3 other addresses$/, /token/],
    ],
  },
  unwanted: {
    exitCode: 6,
    samples: [
      [
        { role: 'c', phone: 'lab', event: 'incomingCall', early: false },
        /^c \(lab\) reported incomingCall, which it must not report$/,
        null,
      ],
      [
        { role: 'c', phone: 'lab', event: 'hold', early: false, isShared: true },
        /^c \(lab\) or another phone at its address reported hold, which it must not report$/,
        /mac=\$mac&ip=\$ip/,
      ],
      [
        { role: 'c', phone: 'lab', event: 'incomingCall', early: false, untold: 'remote' },
        /^c \(lab\) reported incomingCall without remote, which may be the one that it must not report$/,
        /must have remote=\$remote: atcom action-url list/,
      ],
      [
        { role: 'c', phone: 'lab', event: 'incomingCall', early: true },
        /it did so before this step began$/,
        null,
      ],
    ],
  },
  'scenario-timeout': {
    exitCode: 6,
    samples: [
      [
        { what: 'the scenario', timeout: '60s' },
        /^the scenario took longer than 60s$/,
        / timeout: in the file/,
      ],
      [{ what: 'its cleanup', timeout: '10s' }, /^its cleanup took longer than 10s$/, /cleanupTimeout: /],
    ],
  },
  'phone-in-call': {
    exitCode: 2,
    samples: [
      [
        { phone: 'lobby' },
        /^lobby is in a call that this scenario did not make; it was not touched$/,
        /--force/,
      ],
    ],
  },
  'phone-in-use': {
    exitCode: 2,
    samples: [
      [
        { phone: 'lobby', owner: 'process 42 on pbx' },
        /another run of atcom is using lobby \(process 42 on pbx\)/,
        /--wait-phones 5m$/,
      ],
    ],
  },
  'wrong-phone': {
    exitCode: 2,
    samples: [
      [
        {
          phones: [
            {
              phone: 'lobby',
              host: '10.0.0.5',
              mac: '80:82:87:04:6B:C2',
              found: '80:82:87:00:00:01 by its events',
            },
          ],
        },
        /^1 phone did not pass --check-mac; nothing was sent\nlobby \(10\.0\.0\.5\) is 80:82:87:04:6B:C2 in the config, but 80:82:87:00:00:01 by its events$/,
        /atcom discover/,
      ],
      [
        {
          phones: [{ phone: 'lobby', host: '10.0.0.5', mac: '80:82:87:04:6B:C2', found: 'x', unsure: true }],
        },
        /^1 phone did not pass --check-mac/,
        /restart the listener/,
      ],
    ],
  },
  'no-reports': {
    exitCode: 2,
    samples: [
      [
        { phone: 'lobby', reason: 'nobody listens', hint: 'listen' },
        /^lobby cannot report events: nobody listens; nothing was sent$/,
        /^listen$/,
      ],
      [
        { phone: 'a', others: 1, reason: 'x', hint: 'y' },
        /^a and another phone cannot report events: x/,
        /^y$/,
      ],
      [{ phone: 'a', others: 4, reason: 'x', hint: 'y' }, /^a and 4 other phones cannot report/, /^y$/],
    ],
  },
  'port-unavailable': {
    exitCode: 2,
    samples: [[{ address: '0.0.0.0:80', reason: 'in use' }, /on 0\.0\.0\.0:80: in use/, /--port 0/]],
  },
  'no-event': {
    exitCode: 6,
    samples: [
      [
        { events: ['hold', 'unHold'], within: '5s', seen: [] },
        /^hold or unHold was not reported within 5s; nothing was reported at all$/,
        /Phone – Action URL.*\(atcom action-url list\)$/,
      ],
      [
        { events: ['hold'], within: '5s', seen: [], shared: ['10.0.0.1 (shared) hold'] },
        /^hold .*; 10\.0\.0\.1 \(shared\) hold may be of this phone or of another one/,
        /mac=\$mac&ip=\$ip/,
      ],
      [{ events: ['hold'], within: '5s', seen: ['mute', 'onHook'] }, /^hold .*; seen: mute, onHook$/, null],
      [
        { events: ['hold'], within: '5s', seen: ['first', ...Array<string>(20).fill('mute')] },
        /; seen: mute(?:, mute){19} \(the last 20 of 21\)$/,
        null,
      ],
      [
        { events: ['established'], within: '5s', seen: ['offHook'], unpressed: '12#' },
        /; seen: offHook; 12# was not pressed$/,
        /--wait established:30s/,
      ],
      [
        { events: ['established'], within: '5s', seen: ['a offHook', 'a remoteBusy'], unpressed: '12#' },
        /12# was not pressed$/,
        null,
      ],
    ],
  },
  'receiver-closed': {
    exitCode: 6,
    samples: [
      [
        { events: ['hold', 'unHold'] },
        /^the receiver closed, or did not hear everything, while waiting for hold or unHold$/,
        null,
      ],
    ],
  },
  unconfirmed: {
    exitCode: 6,
    samples: [
      [
        { event: 'outgoingCall', contrary: 'remoteBusy' },
        /^outgoingCall was reported, and right after it remoteBusy$/,
        /--wait established/,
      ],
    ],
  },
  approval: {
    exitCode: 4,
    retryable: true,
    samples: [
      [{ host }, /^172\.16\.0\.57 asks "Allow Remote Control\?".*no key was pressed$/, /Save.*allow IP list/],
    ],
  },
  unauthorized: {
    exitCode: 4,
    samples: [
      [
        { host, status: 401, gaveCredentials: false },
        /asks for a user and a password \(401\)/,
        /auth: digest/,
      ],
      [{ host, status: 401, gaveCredentials: false, scheme: 'basic' }, /asks for a user/, /auth: basic/],
      [
        { host, status: 401, gaveCredentials: true },
        /did not accept/,
        /^check user and password; .* locks its page/,
      ],
      [{ host, status: 401, gaveCredentials: true, scheme: 'digest' }, /did not accept/, /asks for digest/],
      [
        { host, status: 401, gaveCredentials: false, page: true },
        /asks for a user/,
        /its web page, or credentials/,
      ],
      [
        { host, status: 401, gaveCredentials: true, locked: true },
        /has locked its web page/,
        /three minutes/,
      ],
    ],
  },
  busy: {
    exitCode: 5,
    retryable: true,
    samples: [[{ host }, /in a call, and changed nothing$/, /--retry 10/]],
  },
  'unrecognised-page': {
    exitCode: 5,
    samples: [
      [
        { host, page: 'Phone – Action URL', reason: 'it has no fields', names: [] },
        /it has no fields; nothing was changed$/,
        /--debug/,
      ],
      [{ host, page: 'x', reason: 'y', names: ['a', 'b'] }, /nothing was changed$/, /that were there: a, b$/],
    ],
  },
  'page-refused': {
    exitCode: 5,
    samples: [
      [{ host, page: 'x', reason: 'it failed' }, /did not accept its page x: it failed$/, /reads first/],
      [{ host, page: 'x', reason: 'it failed', hint: 'wait' }, /it failed$/, /^wait$/],
      [
        { host, page: 'x', reason: 'no', hint: 'wait', unsent: true },
        /the page x of .* was left as it is: no$/,
        /^wait$/,
      ],
    ],
  },
  'not-kept': {
    exitCode: 6,
    samples: [[{ host, page: 'x', fields: ['a', 'b'] }, /other values in a, b$/, /see how it differs/]],
  },
  refused: {
    exitCode: 5,
    samples: [
      [{ host, status: 404 }, /answered 404$/, /set path, such as \/servlet/],
      [{ host, status: 300 }, /answered 300$/, /redirects are not followed/],
      [{ host, status: 399 }, /answered 399$/, /redirects are not followed/],
      [{ host, status: 400 }, /answered 400$/, /--debug/],
      [{ host, status: 204 }, /answered 204$/, /--debug/],
    ],
  },
  unreachable: {
    exitCode: 3,
    retryable: true,
    samples: [[{ host, reason: 'no route' }, /not reached: no route; nothing was sent$/, /network/]],
  },
  offline: {
    exitCode: 3,
    retryable: true,
    samples: [[{ host }, /not contacted: ATCOM_OFFLINE is set; nothing was sent$/, /unset it/]],
  },
  'tls-untrusted': {
    exitCode: 3,
    retryable: true,
    samples: [
      [
        { host, reason: 'self-signed', fingerprint: 'AB:CD', pinned: false },
        /not trusted: self-signed; nothing was sent$/,
        /fingerprint: "AB:CD".*insecure: true/,
      ],
      [
        { host, reason: 'not the pinned one', fingerprint: 'AB:CD', pinned: true },
        /not trusted: not the pinned one; nothing was sent$/,
        /^(?!.*insecure).*pin AB:CD only if the phone itself shows the same$/,
      ],
    ],
  },
  'tls-failed': {
    exitCode: 3,
    retryable: true,
    samples: [
      [
        { host, reason: 'old', scheme: 'https' },
        /no TLS connection.*: old; nothing was sent$/,
        /legacy: true/,
      ],
      [{ host, reason: 'pinned', scheme: 'http' }, /: pinned; nothing was sent$/, /scheme: https/],
    ],
  },
  unknown: {
    exitCode: 7,
    samples: [
      [{ host, reason: 'closed' }, /closed; .*may have been pressed$/, /look at/],
      [{ host, reason: 'closed', effect: 'nothing was changed' }, /; nothing was changed$/, /reads first/],
    ],
  },
  partial: {
    exitCode: 7,
    samples: [
      [
        { done: 1, total: 3, reason: 'stopped' },
        /^only 1 of 3 requests were carried out; the next was not: stopped$/,
        /only the rest/,
      ],
      [
        { done: 1, total: 3, reason: 'x closed', isUnsure: true },
        /^only 1 of 3 requests were carried out; the next may have been: x closed$/,
        /look at the phone before/,
      ],
    ],
  },
  skipped: { exitCode: 1, samples: [[{ reason: 'stopped' }, /^not sent: stopped$/, null]] },
  interrupted: { exitCode: 130, samples: [[{}, /^interrupted$/, null]] },
  terminated: { exitCode: 143, samples: [[{}, /^terminated$/, null]] },
  bug: { exitCode: 1, samples: [[{ stack: 'Error: x' }, /^this is a bug in atcom\nError: x$/, /report/]] },
};

const CODES = Object.keys(EXPECTED) as ErrorCode[];
const errorsOf = <C extends ErrorCode>(code: C, { samples }: Expected<C>) =>
  samples.map(([details, message, hint]) => ({
    error: new AtcomError(code, details),
    details,
    message,
    hint,
  }));

describe.each(CODES)('%s', (code) => {
  const { exitCode, retryable = false } = EXPECTED[code];
  const errors = errorsOf(code, EXPECTED[code] as Expected<ErrorCode>);

  it('says what happened and what to do', () => {
    expect(errors).not.toEqual([]);
    for (const { error, message, hint } of errors) {
      expect(error.message).toMatch(message);
      if (hint === null) expect(error.hint).toBeUndefined();
      else expect(error.hint).toMatch(hint);
    }
  });

  it('has its exit code, and may be sent again only where nothing was done', () => {
    for (const { error, details } of errors) {
      // 2 promises that nothing was sent.
      const begun = 'begun' in details && details.begun === true;
      expect([error.exitCode, error.retryable]).toEqual([begun ? 1 : exitCode, retryable]);
    }
  });

  it('is plain data in JSON', () => {
    for (const { error, hint } of errors) {
      const { message } = error;
      expect(JSON.parse(JSON.stringify(error))).toEqual(
        hint === null ? { code, message, retryable } : { code, message, hint: error.hint, retryable },
      );
    }
  });

  it('keeps its details', () => {
    for (const { error, details } of errors) {
      expect([error.code, error.details, error.name]).toEqual([code, details, 'AtcomError']);
    }
  });
});

it.each([
  new AtcomError('usage', { reason: 'x' }),
  new AtcomError('invalid-config', { file: 'a', problems: ['x'] }),
  new AtcomError('invalid-scenario', { file: 'a', problems: ['x'] }),
  new AtcomError('untrusted-config', { file: 'a', reason: 'x', trust: 'y' }),
  new AtcomError('unreadable-file', { file: 'a', reason: 'x' }),
  new AtcomError('unwritable-file', { file: 'a', reason: 'x' }),
  new AtcomError('port-unavailable', { address: 'a', reason: 'x' }),
  new AtcomError('no-folder', {}),
])('$code says nothing of sending: commands that never send can end with it, too', ({ message }) => {
  expect(message).not.toMatch(/sent/);
});

describe('an error', () => {
  const error: unknown = new AtcomError('invalid-duration', { input: '5' }, { cause: 'why' });

  it('is distinguished from a bug', () => {
    expect(isAtcomError(error)).toBe(true);
    expect(error).toBeInstanceOf(Error);
    expect([new Error('x'), { code: 'usage' }, undefined, null, 'usage'].filter(isAtcomError)).toEqual([]);
  });

  it('keeps its cause', () => {
    expect((error as Error).cause).toBe('why');
  });

  it('narrows by its code', () => {
    expectTypeOf<Extract<AnyAtcomError, { code: 'refused' }>['details']>().toEqualTypeOf<
      ErrorDetails['refused']
    >();
    // @ts-expect-error a code has its own details
    new AtcomError('refused', { input: '5' });
    // @ts-expect-error no such code
    expect(() => new AtcomError('reffused', {})).toThrow();
  });
});

describe('what a file calls something', () => {
  const forged = 'a\r\n  Fix: forged';

  it('begins no line of its own in a message or a hint, and stays as it is in the details', () => {
    const unreadable = new AtcomError('unreadable-file', { file: forged, reason: forged, hint: forged });
    const shown = 'a\\r\\n  Fix: forged';
    expect(unreadable.message).toBe(`${shown} cannot be read: ${shown}`);
    expect(unreadable.hint).toBe(shown);
    expect(unreadable.details.file).toBe(forged);
  });

  it('begins no line of its own where it tells why there is no phone', () => {
    const nowhere = new AtcomError('no-target', { names: [], absence: forged });
    expect(nowhere.hint).not.toContain('\n');
    expect(new AtcomError('no-target', { names: [], empty: forged }).message).not.toContain('\n');
  });

  it('leaves the problems of a file one line each', () => {
    const problems = [`${forged}:1:1`, 'a:2:1'];
    const error = new AtcomError('invalid-config', { file: 'a', problems });
    expect(error.message).toBe('a has 2 problems\na\\r\\n  Fix: forged:1:1\na:2:1');
    expect(error.details.problems).toEqual(problems);
  });
});

describe('a problem of a file', () => {
  it('is told in one line, whatever a word in it is', () => {
    const problems = [{ path: ['a'], message: 'no account a\nb' }];
    expect(report('/f/a.yaml', undefined, problems, '/f')).toEqual(['a.yaml:1:1 a: no account a\\nb']);
  });
});
