import { AtcomError } from '../errors.ts';
import { checkDialPlan } from '../protocol/dial-plan.ts';
import { LONGEST_DELAY } from '../protocol/duration.ts';
import { EVENTS } from '../protocol/events.ts';
import { parseModel } from '../protocol/models.ts';
import type { ApprovalSettings } from '../protocol/reply.ts';
import type { PhoneSettings, TlsSettings } from '../protocol/settings.ts';
import type { VerbProof } from '../protocol/verb-events.ts';
import { VERB_FORMS, type VerbCall } from '../protocol/verbs.ts';
import type { EventSource } from './await-events.ts';
import type { ConfirmOptions } from './prove.ts';
import type { SendOptions } from './send.ts';

type Options = SendOptions & ConfirmOptions;

/** A rule for one setting or option, and what to give instead. Options that are left out are not checked. */
type Rule = readonly [fits: (value: unknown) => boolean, wanted: string];

const within = (least: number, most: number) => (value: unknown) =>
  typeof value === 'number' && value >= least && value <= most;
const whole = (least: number, most: number) => (value: unknown) =>
  Number.isInteger(value) && within(least, most)(value);
const oneOf = (...values: readonly string[]): Rule => [
  (value) => values.includes(value as string),
  values.join(' or '),
];
const isText = (value: unknown) => typeof value === 'string';
const isObject = (value: unknown) => typeof value === 'object' && value !== null;
const isFunction = (value: unknown) => typeof value === 'function';
const TEXT: Rule = [isText, 'a string'];
const FLAG: Rule = [(value) => typeof value === 'boolean', 'true or false'];
const TEXTS: Rule = [
  (value) =>
    isObject(value) && Object.values(value as object).every((one) => one === undefined || isText(one)),
  'an object of strings',
];
const OBJECT: Rule = [(value) => isObject(value) && !Array.isArray(value), 'an object'];
const FUNCTION: Rule = [isFunction, 'a function'];
const EVENT_LIST: Rule = [
  (value) => Array.isArray(value) && value.every((name) => EVENTS.some(({ event }) => event === name)),
  "a list of events such as ['hold']",
];
const WAIT: Rule = [within(0, LONGEST_DELAY), `milliseconds, from 0 to ${LONGEST_DELAY}`];
// By its members: a test environment such as jsdom has a class of its own.
const SIGNAL: Rule = [
  (value) => isObject(value) && 'aborted' in (value as object) && 'addEventListener' in (value as object),
  'the signal of an AbortController',
];

const SETTINGS: { readonly [Name in keyof PhoneSettings]?: Rule } = {
  name: TEXT,
  scheme: oneOf('http', 'https'),
  port: [whole(1, 65_535), 'a number from 1 to 65535'],
  path: [(value) => isText(value) && String(value).startsWith('/'), 'a path such as /servlet'],
  timeout: [within(1, LONGEST_DELAY), `milliseconds, from 1 to ${LONGEST_DELAY}`],
  delay: WAIT,
  digits: oneOf('grouped', 'single'),
  dialPrefix: TEXT,
  dialPlan: OBJECT,
  letters: FLAG,
  approval: OBJECT,
  verbs: TEXTS,
  macros: TEXTS,
  tls: OBJECT,
  auth: oneOf('none', 'basic', 'digest'),
  user: TEXT,
  password: TEXT,
  mac: TEXT,
  extension: TEXT,
  events: [Array.isArray, 'a list of events'],
};

const APPROVAL: { readonly [Name in keyof ApprovalSettings]?: Rule } = {
  status: [
    (value) => Array.isArray(value) && value.every((code) => code !== 200 && whole(100, 599)(code)),
    'a list of status codes such as [403], and not 200, which a phone also answers when it has pressed the key',
  ],
  body: [(value) => isText(value) && value !== '', 'a text that is not empty'],
};

const TLS: { readonly [Name in keyof TlsSettings]?: Rule } = {
  ca: TEXT,
  fingerprint: TEXT,
  insecure: FLAG,
  legacy: FLAG,
};

const OPTIONS: { readonly [Name in keyof Options]?: Rule } = {
  retry: [whole(0, LONGEST_DELAY), 'a whole number'],
  waitApproval: WAIT,
  within: WAIT,
  orAlready: FLAG,
  afterAnswer: TEXT,
  signal: SIGNAL,
  stop: SIGNAL,
  beforeSend: FUNCTION,
  onSend: FUNCTION,
  onLeave: FUNCTION,
  onRequest: FUNCTION,
  confirm: [
    (value) => isObject(value) && isFunction((value as EventSource).waitFor),
    'where its events come in: receiver.hub',
  ],
  wait: [(value) => isText(value) || OBJECT[0](value), "an event such as 'hold', or { events: ['hold'] }"],
};

const PROOF: { readonly [Name in keyof VerbProof]?: Rule } = {
  events: EVENT_LIST,
  followedBy: EVENT_LIST,
  contrary: EVENT_LIST,
  endedBy: EVENT_LIST,
  direction: [(value) => value === 'incoming' || value === 'outgoing', "'incoming' or 'outgoing'"],
  state: OBJECT,
  restarts: FLAG,
  within: WAIT,
};

/**
 * Refuses settings that types alone cannot exclude, before anything is sent: a timeout that ends every request at once
 * would press every key and learn no outcome.
 *
 * @throws {AtcomError} `usage`, `unknown-model`
 */
export function checkSettings(settings: PhoneSettings): void {
  if (!isObject(settings)) throw wrong('settings', settings, 'an object, such as { host: "172.16.0.57" }');
  const { host, model } = settings;
  if (!isText(host) || host === '') {
    throw wrong('host', host, 'the address of the phone, such as 172.16.0.57');
  }
  if (model !== undefined) parseModel(String(model));
  checkEach(settings, SETTINGS);
  checkEach(settings.approval ?? {}, APPROVAL, 'approval.');
  checkEach(settings.tls ?? {}, TLS, 'tls.');
  if (settings.dialPlan !== undefined) checkDialPlan(settings.dialPlan);
}

/**
 * Refuses keys and options that would fail only after a key was pressed, or press something else than was meant.
 *
 * @throws {AtcomError} `usage`
 */
export function checkPressing(sequence: unknown, options: Options): void {
  if (!Array.isArray(sequence)) throw wrong('the sequence', sequence, 'what parseSequence returns');
  if (!isObject(options)) throw wrong('options', options, 'an object, such as { retry: 2 }');
  checkEach(options, OPTIONS);
  const { wait } = options;
  if (typeof wait !== 'object') return;
  checkEach(wait, PROOF, 'wait.');
  // Nothing would ever prove it.
  if (wait.events === undefined || wait.events.length === 0)
    throw wrong('wait.events', wait.events, EVENT_LIST[1]);
}

/**
 * Refuses what is no list of words.
 *
 * @throws {AtcomError} `usage`
 */
export function checkWords(words: unknown): void {
  if (!Array.isArray(words) || !words.every(isText)) {
    throw wrong('words', words, "a list of keys, such as ['HOLD', 'MUTE']");
  }
}

function checkEach<T extends object>(given: T, rules: { readonly [Name in keyof T]?: Rule }, of = ''): void {
  for (const [name, rule] of Object.entries<Rule | undefined>(rules)) {
    const value: unknown = given[name as keyof T];
    if (value === undefined || rule === undefined || rule[0](value)) continue;
    // Secrets must not appear in messages.
    throw wrong(`${of}${name}`, name === 'password' || name === 'afterAnswer' ? '…' : value, rule[1]);
  }
}

/**
 * Refuses a verb that there is not, and a number that is not a string: JavaScript reads `0049` as another number.
 *
 * @throws {AtcomError} `usage`, `invalid-number`
 */
export function checkCall(call: VerbCall): void {
  if (!VERB_FORMS.includes(call?.form)) {
    const reason = `there is no verb ${JSON.stringify(call?.form)}`;
    throw new AtcomError('usage', { reason, hint: `give one of ${VERB_FORMS.join(', ')}` });
  }
  if ('n' in call && !whole(1, 99)(call.n)) throw wrong('times or line', call.n, 'a whole number from 1 on');
  if (!('number' in call) || typeof call.number === 'string') return;
  const [input, hint] = [String(call.number), 'give it as a string, such as "6002"'];
  throw new AtcomError('invalid-number', { input, reason: 'it is not a string', hint });
}

function wrong(setting: string, value: unknown, wanted: string): AtcomError {
  const hint = `give ${wanted}`;
  return new AtcomError('usage', { reason: `${setting}: ${String(value)} is not usable`, hint });
}
