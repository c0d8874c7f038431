import type { ErrorCode, ErrorRows, Silence } from './details.ts';
import { seenText } from './seen.ts';

/** How to learn which of two phones at an address reported something. */
const TELL_APART =
  'the Action URLs with mac=$mac&ip=$ip (atcom action-url list), and the right mac: of each in the config, tell phones at one address apart';

/** Where to look after requests that were refused. */
const RIGHT_URLS =
  'atcom action-url list prints the right URLs, atcom action-url lint says what is wrong with one';

/** What to say about a phone that reported nothing, and how to fix it. */
const SILENCE: Readonly<
  Record<Silence, { readonly what: string; readonly hint: (target: string) => string | undefined }>
> = {
  other: { what: '', hint: () => undefined },
  quiet: {
    what: '; it reported nothing more',
    hint: () => 'nothing caused the event, or the phone has no URL for it on its page Phone – Action URL',
  },
  still: {
    what: '; it reported nothing more',
    hint: () => 'nothing caused the event: look at what the other phones reported',
  },
  mute: {
    what: '; it has reported nothing at all',
    hint: (target) =>
      `its page Phone – Action URL may not have the address of this listener (atcom action-url list); atcom doctor ${target} --events checks it`,
  },
  shared: {
    what: '; only what may be of it or of another phone at its address was reported',
    hint: () => TELL_APART,
  },
  gone: {
    what: ', and no longer responds',
    hint: (target) => `it is switched off, restarting or unreachable: atcom doctor ${target}`,
  },
};

/** `b (lobby)`; one name where both are the same. */
function cast(role: string, phone: string): string {
  return role === phone ? role : `${role} (${phone})`;
}

/** The first few requests that arrived instead of an event. */
function refusedText(refused: readonly string[] = []): string {
  if (refused.length === 0) return '';
  const more = refused.length > 3 ? `; and ${refused.length - 3} more were refused` : '';
  return `; refused meanwhile: ${refused.slice(-3).join('; ')}${more}`;
}

/** Mentions digits that were waiting for an answer. */
function unpressedText(digits: string | undefined): string {
  return digits === undefined ? '' : `; ${digits} was not pressed`;
}

/** Errors that occur while something runs. */
export const RUN_ROWS = {
  'no-event': {
    exitCode: 6,
    message: ({ events, within, seen, refused, unpressed, shared = [] }) =>
      `${events.join(' or ')} was not reported within ${within}; ${shared.length > 0 ? `${shared.join(', ')} may be of this phone or of another one at its address` : seen.length === 0 ? 'nothing was reported at all' : seenText(seen)}${refusedText(refused)}${unpressedText(unpressed)}`,
    hint: ({ seen, refused = [], unpressed, shared = [] }) => {
      if (shared.length > 0) return TELL_APART;
      if (refused.length > 0) {
        return RIGHT_URLS;
      }
      if (seen.length === 0) {
        return 'perhaps nothing happened on the phone, or its page Phone – Action URL does not have the address of this listener (atcom action-url list)';
      }
      const over = seen.some((event) => / ?(remoteBusy|busyToIdle|cancelCallOut|terminated)$/.test(event));
      return unpressed === undefined || over
        ? undefined
        : 'give the other side more time: --wait established:30s';
    },
  },
  'receiver-closed': {
    exitCode: 6,
    message: ({ events }) =>
      `the receiver closed, or did not hear everything, while waiting for ${events.join(' or ')}`,
  },
  unwatched: {
    exitCode: 6,
    message: ({ events, reason, keyless }) =>
      `${keyless === true ? '' : 'the keys were accepted, but '}${events.join(' or ')} was not waited for to the end: ${reason}`,
    hint: ({ keyless }) =>
      keyless === true
        ? 'look at the phone: it may have reported this'
        : 'look at the phone before you press these keys again',
  },
  unconfirmed: {
    exitCode: 6,
    message: ({ event, contrary, unpressed }) =>
      `${event} was reported, and right after it ${contrary}${unpressedText(unpressed)}`,
    hint: ({ contrary }) =>
      contrary === 'transferFailed'
        ? 'the number may not exist; the caller may still be on hold: atcom resume takes the call back'
        : 'the number may not exist, or the other side may be busy or on do-not-disturb; --wait established waits until the call is answered',
  },
  already: {
    exitCode: 6,
    message: ({ events, since }) => {
      const known =
        since === undefined
          ? 'earlier events reported it, and none ended it'
          : `it was reported at ${since} and has not ended`;
      return `${events.join(' or ')} was not reported; ${known}: the phone may already be in this state`;
    },
    hint: () => 'accept that with --or-already',
  },
  'never-away': {
    exitCode: 6,
    message: ({ within }) => `its web page never went away within ${within}, and it reported no startup`,
    hint: () => 'it may not have restarted: check the phone, or wait for an event: --wait setupCompleted:6m',
  },
  unmet: {
    exitCode: 6,
    message: ({ role, phone, what, within, silence }) =>
      `${cast(role, phone)} did not report ${what} within ${within}${SILENCE[silence].what}`,
    hint: ({ phone, silence, target = phone }) => SILENCE[silence].hint(target),
  },
  unwanted: {
    exitCode: 6,
    message: ({ role, phone, event, early, untold, isShared = false }) =>
      `${cast(role, phone)} ${isShared ? 'or another phone at its address ' : ''}reported ${event}${untold === undefined ? ', which it must not report' : ` without ${untold}, which may be the one that it must not report`}${early ? '; it did so before this step began' : ''}`,
    hint: ({ untold, isShared = false }) => {
      if (isShared) return TELL_APART;
      return untold && `its Action URL must have ${untold}=$${untold}: atcom action-url list`;
    },
  },
  unproven: {
    exitCode: 6,
    message: ({ role, phone, what, refused, isShared = false }) =>
      `nobody knows whether ${cast(role, phone)} reported ${what}${refused === undefined ? SILENCE[isShared ? 'shared' : 'mute'].what : `: ${refused}`}`,
    hint: ({ phone, target = phone, refused, isShared = false }) => {
      if (refused !== undefined) return RIGHT_URLS;
      return isShared
        ? TELL_APART
        : `silence proves something of a phone that was heard: keep atcom listen running, or let the phone report anything in the same scenario; atcom doctor ${target} --events shows whether it can`;
    },
  },
  'too-many-events': {
    exitCode: 6,
    message: ({ role, phone, count, sources: [first = '', ...others], ofRun = false }) =>
      ofRun
        ? 'more events were reported than all scenarios of a run can take, most of them in those before this one'
        : `more events were reported than a test can take: ${count} as ${cast(role, phone)}, from ${first}${others.length === 0 ? '' : ` and ${others.length} other address${others.length === 1 ? '' : 'es'}`}`,
    hint: () =>
      'find out what reports so much: atcom listen shows it; listener: { token } in your own config keeps strangers out',
  },
  unheard: {
    exitCode: 6,
    message: ({ role, phone, what, heard, within }) =>
      `${cast(role, phone)} did not hear ${what} within ${within}; ${role} ${heard}`,
  },
  'not-registered': {
    exitCode: 3,
    message: ({ role, phone, reason }) =>
      `${cast(role, phone)} is not registered with its PBX: ${reason}; no key was pressed`,
    hint: () => 'check uri, user and password of the account in the config, and that the PBX is running',
    retryable: true,
  },
  'scenario-timeout': {
    exitCode: 6,
    message: ({ what, timeout }) => `${what} took longer than ${timeout}`,
    hint: ({ what }) =>
      `the step marked as stopped was running then; ${what === 'its cleanup' ? 'cleanupTimeout' : 'timeout'}: in the file sets the limit`,
  },
  'phone-in-call': {
    exitCode: 2,
    message: ({ phone }) => `${phone} is in a call that this scenario did not make; it was not touched`,
    hint: () => 'wait until the call is over, or use --force, which may end it',
  },
  'phone-in-use': {
    exitCode: 2,
    message: ({ phone, owner, undone = 'sent' }) =>
      `another run of atcom is using ${phone} (${owner}); nothing was ${undone}`,
    hint: ({ undone }) =>
      `try again when it has ended${undone === undefined ? ', or use --wait-phones 5m' : ''}`,
  },
  'no-reports': {
    exitCode: 2,
    message: ({ phone, others = 0, reason }) =>
      `${phone}${others === 0 ? '' : others === 1 ? ' and another phone' : ` and ${others} other phones`} cannot report events: ${reason}; nothing was sent`,
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
    message: ({ host, status, gaveCredentials, locked = false, withheld = false }) => {
      if (locked) return `${host} has locked its web page after wrong passwords (${status})`;
      if (status === 200) return `${host} answered with a page that asks for a password; no key was pressed`;
      if (withheld) return `${host} has not accepted the credentials before, so they were not sent again`;
      return gaveCredentials
        ? `${host} did not accept the credentials`
        : `${host} asks for a user and a password (${status})`;
    },
    hint: ({ gaveCredentials, scheme, page, locked = false }) => {
      if (locked) return 'wait three minutes, and check user and password before you try again';
      if (!gaveCredentials && page)
        return 'set ATCOM_PASSWORD_FILE to a file with the password of its web page, or credentials in your own config; the user is admin unless ATCOM_USER says otherwise';
      return gaveCredentials
        ? `check user and password${scheme === undefined ? '' : `; the phone asks for ${scheme}`}; after several wrong attempts the phone locks its page for minutes`
        : `set auth: ${scheme ?? 'digest'} for the phone, and ATCOM_USER and ATCOM_PASSWORD_FILE`;
    },
  },
  refused: {
    exitCode: 5,
    message: ({ host, status }) => `${host} answered ${status}`,
    hint: ({ status }) =>
      status === 404
        ? 'the path may differ on this firmware: set path, such as /servlet'
        : status >= 300 && status < 400
          ? 'redirects are not followed: set scheme, host and port to where the phone really is'
          : 'look at the phone; --debug shows the request and the answer',
  },
  busy: {
    exitCode: 5,
    message: ({ host }) => `${host} is in a call, and changed nothing`,
    hint: () => 'run the same command again when the call is over, or use --retry 10',
    retryable: true,
  },
  'unrecognised-page': {
    exitCode: 5,
    message: ({ host, page, reason }) =>
      `the page ${page} of ${host} is not in a known form: ${reason}; nothing was changed`,
    hint: ({ names }) =>
      names.length === 0
        ? 'its firmware may differ: enter the values by hand, as atcom action-url list prints them; --debug shows the response'
        : `its firmware may differ: enter the values by hand; the fields that were there: ${names.join(', ')}`,
  },
  'page-refused': {
    exitCode: 5,
    message: ({ host, page, reason, unsent = false }) =>
      unsent
        ? `the page ${page} of ${host} was left as it is: ${reason}`
        : `${host} did not accept its page ${page}: ${reason}`,
    hint: ({ hint = 'run the same command again: it reads first, and writes only what differs' }) => hint,
  },
  'not-kept': {
    exitCode: 6,
    message: ({ host, page, fields }) =>
      `${host} was sent its page ${page}, but when read again it has other values in ${fields.join(', ')}`,
    hint: () => 'look at that page on the phone; run the same command again to see how it differs',
  },
  unreachable: {
    exitCode: 3,
    message: ({ host, reason }) => `${host} was not reached: ${reason}; nothing was sent`,
    hint: () => 'check the address and the network, and that the phone is switched on',
    retryable: true,
  },
  'no-network': {
    exitCode: 3,
    message: ({ addresses, isolated }) =>
      `${addresses === 1 ? 'the address was' : `all ${addresses} addresses were`} out of reach: this computer has ${isolated ? 'no network but itself' : 'no route there'}; nothing was sent`,
    hint: () => 'check the addresses, and the cable, WLAN, VPN or container network of this computer',
    retryable: true,
  },
  'too-few-handles': {
    exitCode: 3,
    message: ({ needs, free }) =>
      `this computer lets atcom open too few files: the run needs up to ${needs}, ${free} are left; nothing was sent`,
    hint: () => 'raise the limit (ulimit -n 4096), or run fewer at the same time: --jobs 1',
    retryable: true,
  },
  'no-handles': {
    exitCode: 3,
    message: ({ host, code }) =>
      `this computer has no socket left to reach ${host} (${code}); nothing was sent`,
    hint: () => 'raise the limit (ulimit -n 4096), or serve fewer phones at the same time: --jobs 16',
    retryable: true,
  },
  offline: {
    exitCode: 3,
    message: ({ host }) => `${host} was not contacted: ATCOM_OFFLINE is set; nothing was sent`,
    hint: () =>
      'unset it to reach real phones and PBXes; virtual phones of the same process can still be reached',
    retryable: true,
  },
  'tls-untrusted': {
    exitCode: 3,
    message: ({ host, reason }) => `the certificate of ${host} is not trusted: ${reason}; nothing was sent`,
    hint: ({ fingerprint, pinned }) =>
      pinned
        ? `it has a new certificate, or something else answers in its place: pin ${fingerprint} only if the phone itself shows the same`
        : `compare its fingerprint with the phone's and pin it, tls: { fingerprint: "${fingerprint}" }; or set ca to its authority; or trust any certificate: tls: { insecure: true }`,
    retryable: true,
  },
  'tls-failed': {
    exitCode: 3,
    message: ({ host, reason }) => `no TLS connection to ${host}: ${reason}; nothing was sent`,
    hint: ({ scheme }) =>
      scheme === 'http'
        ? 'set scheme: https, or remove tls: { fingerprint: … } to use http'
        : 'firmware of 2017 speaks only TLS 1.0: try tls: { legacy: true }; or scheme: http',
    retryable: true,
  },
  unknown: {
    exitCode: 7,
    message: ({ host, reason, unpressed, effect = 'the keys may have been pressed' }) =>
      `${host} ${reason}; ${effect}${unpressedText(unpressed)}`,
    hint: ({ effect }) =>
      effect === undefined
        ? 'look at the phone before sending again; atcom never presses twice by itself'
        : 'run the same command again: it reads first, and writes only what differs',
  },
  partial: {
    exitCode: 7,
    message: ({ done, total, reason, isUnsure = false }) =>
      `only ${done} of ${total} requests were carried out; the next ${isUnsure ? 'may have been' : 'was not'}: ${reason}`,
    hint: ({ isUnsure = false }) =>
      isUnsure
        ? 'look at the phone before you send the rest; --json lists every request'
        : 'the first keys were pressed, so send only the rest; --json lists every request',
  },
  skipped: {
    exitCode: 1,
    message: ({ reason }) => `not sent: ${reason}`,
    hint: ({ untried }) => (untried ? 'go on with --resume and the same journal' : undefined),
  },
  'unwritable-output': {
    exitCode: 1,
    message: ({ reason }) => `the output could not be written: ${reason}`,
    hint: () => 'make room, or write it elsewhere; what the command did before that is done',
  },
  // 128 plus the number of the signal: what a shell reports for a process killed by it.
  'hung-up': { exitCode: 129, message: () => 'the terminal was closed' },
  quit: { exitCode: 131, message: () => 'interrupted by SIGQUIT' },
  interrupted: { exitCode: 130, message: () => 'interrupted' },
  terminated: { exitCode: 143, message: () => 'terminated' },
  bug: {
    exitCode: 1,
    message: ({ stack }) => `this is a bug in atcom\n${stack}`,
    hint: () => 'please report it with the command you ran and the lines above',
  },
} satisfies Partial<ErrorRows<ErrorCode>>;
