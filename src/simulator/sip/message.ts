import { canonicalHost } from '../../protocol/command-url.ts';
import { isContact } from './sipjs.ts';

/** What a transport needs to know of a message: enough to retransmit it, and to show it on one line. */
export interface MessageHead {
  /** The first line. */
  readonly line: string;
  /** The status code of a response. */
  readonly status: number | undefined;
  /** The method of the request, or of the request it answers. */
  readonly method: string;
  readonly branch: string;
  readonly callId: string;
  /** Part of a dialog. */
  readonly inDialog: boolean;
}

/** The head of a message, each header on one line (RFC 3261, 7.3.1). */
export function headOf(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  return (end < 0 ? message : message.slice(0, end)).replace(/\r\n[ \t]+/g, ' ');
}

/** The values of a header, by its long or short name. A line ends with CRLF alone. */
export function headersOf(message: string, name: string, short = name): readonly string[] {
  const pattern = new RegExp(`(?:^|\\r\\n)(?:${name}|${short})[ \\t]*:([^\\r]*)`, 'gi');
  return [...headOf(message).matchAll(pattern)].map(([, value = '']) => value.trim());
}

/** The first of them. */
export function headerOf(message: string, name: string, short = name): string {
  return headersOf(message, name, short)[0] ?? '';
}

export function readHead(message: string): MessageHead {
  const line = message.slice(0, Math.max(0, message.indexOf('\r\n'))).slice(0, 256);
  const status = /^SIP\/\d+\.\d+ (\d{3})/i.exec(line)?.[1];
  const named = status === undefined ? line : headerOf(message, 'cseq').replace(/^\d+\s+/, '');
  const [method = ''] = /^\w+/.exec(named) ?? [];
  const [, branch = ''] = /;\s*branch=([^;,\s]+)/i.exec(headerOf(message, 'via', 'v')) ?? [];
  return {
    line: copyOf(line),
    status: status === undefined ? undefined : Number(status),
    method,
    branch: copyOf(branch),
    callId: copyOf(headerOf(message, 'call-id', 'i')),
    inDialog: /;\s*tag=/i.test(headerOf(message, 'to', 't')),
  };
}

/** A part of a message in memory of its own. V8 would keep the whole message for as long as any part of it. */
function copyOf(part: string): string {
  return Buffer.from(part).toString();
}

/** A number of seconds from the network; undefined where it is none, or too large to be meant. */
export function secondsOf(text = ''): number | undefined {
  const [, seconds] = /^\s*(\d{1,9})(?![\w.])/.exec(text) ?? [];
  return seconds === undefined ? undefined : Number(seconds);
}

/** The destination of a SIP address. */
export interface Hop {
  readonly host: string;
  readonly port: number;
}

/** The longest address that is looked at, in characters: these expressions take the square of its length. */
export const LONGEST_ADDRESS = 500;

/** The host, in one spelling, and port of `sip:6001@10.0.0.1:5070;lr`, also between `<>`; undefined if it has none. */
export function hopOf(uri: string, defaultPort = 5060): Hop | undefined {
  const match = /<?sips?:(?:[^@>;?]*@)?(\[[^\]]+\]|[^:;>?\s]+)(?::(\d{1,5}))?/i.exec(
    uri.slice(0, LONGEST_ADDRESS),
  );
  if (match === null) return undefined;
  const [, written = '', port] = match;
  const host = written.replace(/^\[|\]$/g, '');
  return {
    host: canonicalHost(host) ?? host.toLowerCase(),
    port: port === undefined ? defaultPort : Number(port),
  };
}

/** One message on the wire as it may be shown: never with credentials. */
export interface WireLine {
  readonly time: string;
  readonly sent: boolean;
  readonly line: string;
  /** The method of the request, or of the request it answers. */
  readonly method: string;
  readonly callId: string;
}

/** What looks at every message between sip.js and its transport. */
export interface MessageGate {
  /** A message passed. */
  readonly onMessage: (head: MessageHead, sent: boolean) => void;
  /** Of what comes in, the answer to what sip.js cannot answer; it never sees that. */
  readonly receive?: (head: MessageHead, message: string) => string | undefined;
  /** Whether there is a call with this Call-ID. Over UDP, others than the PBX are heard in calls alone. */
  readonly isOfCall?: (callId: string) => boolean;
  /** What goes out, with what sip.js does not say. */
  readonly send?: (head: MessageHead, message: string) => string;
}

/** More of headers is hostile. */
export const LONGEST_HEAD = 32 * 1024;

/** No first line or header of a PBX is longer. sip.js takes up to 8 µs for each of their characters. */
const LONGEST_LINE = 4096;

/** Whether a message may be read at all. */
export function isBearable(message: string): boolean {
  if (message.indexOf('\r\n\r\n') > LONGEST_HEAD || message.indexOf('\r\n') > LONGEST_LINE) return false;
  return hasOneHead(message) && isClear(message) && hasOneBranch(message);
}

/** Whether everybody finds the same lines in its head. */
function hasOneHead(message: string): boolean {
  const end = message.indexOf('\r\n\r\n');
  if (end < 1) return false;
  const [first = '', ...headers] = message.slice(0, end).split('\r\n');
  return !isOdd(first) && headers.every(isHeader);
}

/** Whether a text has what ends a line to some, and to others is part of it, or blank. No PBX writes it. */
export function isOdd(text: string): boolean {
  return /(?!\t)[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

/**
 * A message as it leaves, whichever way.
 *
 * @throws where others may read another message than was meant
 */
export function outgoing({ send }: MessageGate, head: MessageHead, plain: string): string {
  const message = send?.(head, plain) ?? plain;
  if (hasOneHead(message)) return message;
  throw new Error('a message with control characters is not sent');
}

/**
 * Whether sip.js finds the same header in a line. It takes a name with any blanks around it, a folded first header for one
 * that is not folded, and the next colon where a line has none. What was looked up here would be of another header.
 */
function isHeader(line: string, index: number): boolean {
  return !isOdd(line) && (/^[!-9;-~]+[ \t]*:/.test(line) || (index > 0 && /^[ \t]/.test(line)));
}

/** Of these, sip.js reads the last, and the first is read here. */
function isClear(message: string): boolean {
  const values = [
    headersOf(message, 'to', 't'),
    headersOf(message, 'call-id', 'i'),
    headersOf(message, 'cseq'),
  ];
  return values.every(({ length }) => length < 2);
}

/**
 * Whether its transaction is told by one branch: of two, sip.js reads the last, and who may ask for a password is looked up
 * by the first. An answer has one Via (RFC 3261, 8.1.3.3).
 */
function hasOneBranch(message: string): boolean {
  const [top = '', ...others] = headersOf(message, 'via', 'v');
  if (top.includes('"')) return false;
  const [first = '', ...more] = top.split(',');
  const isAnswer = /^SIP\//i.test(message);
  if (isAnswer && others.length + more.length > 0) return false;
  const branches = first.match(/;\s*branch\s*=\s*/gi) ?? [];
  return branches.length < 2 && branches.every((one) => /branch=$/i.test(one));
}

/** Hands on what is bearable. sip.js throws at some that nobody could read, and a stranger must not end the process. */
export function deliver(message: string, take: ((message: string) => void) | undefined): void {
  try {
    take?.(withoutOddExpires(withoutOddContacts(withViasApart(withoutOddHeaders(message)))));
  } catch {
    // It was no message for this phone.
  }
}

/**
 * Each header on one line, as none is repeated otherwise, and without those that are too long. Only Contact may be long: some registrars list all phones of a number in one. Nor with
 * those that have `_` in their name, which is `-` to sip.js: `Call_ID` is nobody's Call-ID.
 */
function withoutOddHeaders(message: string): string {
  const end = message.indexOf('\r\n\r\n');
  const [first = '', ...headers] = headOf(message).split('\r\n');
  const read = headers.filter(
    (header) =>
      !/^[^:]*_/.test(header) && (header.length <= LONGEST_LINE || /^(?:contact|m)[ \t]*:/i.test(header)),
  );
  return [first, ...read].join('\r\n') + message.slice(end);
}

/** Each Via in a header of its own, which is the same (RFC 3261, 7.3.1): of several in the first, sip.js reads the last. */
function withViasApart(message: string): string {
  const end = message.indexOf('\r\n\r\n') + 2;
  const head = message.slice(0, end).replace(/^(?:via|v)[ \t]*:.*/im, (via) => via.replace(/,/g, '\r\nVia:'));
  return head + message.slice(end);
}

/** A registrar lists all phones of a number, and sip.js reads no answer in which it cannot read one of them. */
function withoutOddContacts(message: string): string {
  const { status, method } = readHead(message);
  if (status === undefined || method !== 'REGISTER') return message;
  return withoutHeader(message, 'contact|m', (value) => !isContact(value));
}

/** A timer takes no longer time, in seconds. */
const LONGEST_EXPIRES = 2_000_000;

/** sip.js sets a timer of any length that the network gives, and one that is too long would end a call at once. */
function withoutOddExpires(message: string): string {
  return withoutHeader(
    message,
    'expires',
    (value) => !/^\d+$/.test(value) || Number(value) > LONGEST_EXPIRES,
  );
}

function withoutHeader(message: string, name: string, isWrong: (value: string) => boolean): string {
  const end = message.indexOf('\r\n\r\n') + 2;
  const header = new RegExp(`^(?:${name})[ \\t]*:(.*\\r\\n)`, 'gim');
  const head = message
    .slice(0, end)
    .replace(header, (line, value: string) => (isWrong(value.trim()) ? '' : line));
  return head + message.slice(end);
}
