import { AtcomError } from '../errors.ts';
import { type ActionReader, type ActionUrlRules, newActionReader } from '../protocol/action-url.ts';
import { BIND_ADDRESS, isLoopback, parseListener } from '../protocol/listener-url.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { isToken, TOKEN_RULE } from '../protocol/token.ts';
import { DEFAULT_ENCODING } from '../protocol/value-decoder.ts';
import type { PageHandler } from '../web/page.ts';
import type { ReceiverCounts } from './handler.ts';
import type { EventHub, SubscriberError } from './hub.ts';
import { Phonebook } from './phonebook.ts';
import { newSources, type Sources } from './source.ts';

/** What a page served on the same port can show. */
export interface Served {
  readonly hub: EventHub;
  readonly counts: Readonly<ReceiverCounts>;
}

/** The options of a receiver. */
export interface ReceiverOptions extends ActionUrlRules {
  /** The address to bind: `127.0.0.1` by default; phones reach only another one. */
  readonly host?: string | undefined;
  /** 8088 by default; 0 for any free one. */
  readonly port?: number | undefined;
  /** Where phones reach it, such as `http://172.16.0.184:8088`: what they may ask for besides its own address. */
  readonly url?: string | undefined;
  /** Phones to name in events, or a phonebook that can grow. One whose host is a name needs its `mac`. */
  readonly phones?: Iterable<PhoneSettings> | Phonebook | undefined;
  /** The secret that every Action URL must have as `token=`: 8 or more of the letters `A-Z a-z 0-9 . _ ~ -`. */
  readonly token?: string | undefined;
  /** Addresses or networks of proxies whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Where its events go; by default a hub of its own, which closes with it. */
  readonly hub?: EventHub | undefined;
  /** Called when a subscriber throws or its promise rejects; by default that is reported on stderr. */
  readonly onError?: SubscriberError | undefined;
  /** Called at most once a minute while so many connections are open that old ones are closed for new ones. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Serve https with this key and certificate, as PEM text. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
  /** Creates pages to serve on the same port, such as the board. */
  readonly pages?: ((receiver: Served) => PageHandler) | undefined;
  /** Other programs on this computer that know this secret can follow the same events. */
  readonly secret?: string | undefined;
}

/** The options that {@link rulesOf} is made from. */
export type ReadingRules = Pick<ReceiverOptions, 'events' | 'encoding' | 'trustedProxies'>;

/** The port of the document's and our own examples. */
export const DEFAULT_PORT = 8088;

/** Validated options, with defaults. */
export interface CheckedOptions {
  readonly host: string;
  readonly port: number;
  readonly phonebook: Phonebook;
  readonly read: ActionReader;
  readonly sources: Sources;
  /** Other host names of the receiver. */
  readonly hosts: ReadonlySet<string>;
}

/**
 * Validates all options before anything is opened.
 *
 * @throws {AtcomError} `usage`, `invalid-address`, `unknown-event`
 */
export function checkOptions(options: ReceiverOptions): CheckedOptions {
  if (typeof options !== 'object' || options === null) {
    throw wrong('options', options, 'an object, such as { port: 8088 }');
  }
  const { host = '127.0.0.1', port = DEFAULT_PORT, phones = [], token, trustedProxies = [], url } = options;
  if (typeof host !== 'string' || !BIND_ADDRESS.test(host))
    throw wrong('host', host, 'an address of this computer, without a zone');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw wrong('port', port, 'a whole number from 0 to 65535; 0 is any free one');
  }
  if (token !== undefined && !isToken(token)) {
    // The secret itself must not appear in the message.
    throw wrong('token', '…', TOKEN_RULE);
  }
  if (!Array.isArray(trustedProxies)) throw wrong('trustedProxies', trustedProxies, 'a list of addresses');
  return {
    host,
    port,
    phonebook: phonebookOf(phones),
    read: newActionReader(options),
    sources: newSources(trustedProxies),
    hosts: hostsOf(url),
  };
}

/** What decides whose an event is and what it says, in one spelling. A program can share no listener that decides otherwise. */
export function rulesOf({
  events = {},
  encoding = DEFAULT_ENCODING,
  trustedProxies = [],
}: ReadingRules): string {
  const paths = Object.entries(events).map(([event, written]) => [event, [written].flat()] as const);
  const proxies = trustedProxies.map((text) => text.replace(/^([\d.]+)$/, '$1/32'));
  paths.sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([paths, encoding.toLowerCase(), proxies.sort()]);
}

/**
 * The other host of a receiver. This computer is known without it, and some of its addresses, such as 0.0.0.0, must not
 * be: browsers do not say there which page a request comes from.
 */
function hostsOf(url: string | undefined): ReadonlySet<string> {
  const own = url === undefined ? undefined : new URL(parseListener(url));
  return new Set(own === undefined || isLoopback(own) ? [] : [own.host]);
}

function phonebookOf(phones: Iterable<PhoneSettings> | Phonebook): Phonebook {
  if (phones instanceof Phonebook) return phones;
  const isList = typeof phones === 'object' && phones !== null && Symbol.iterator in phones;
  if (!isList) throw wrong('phones', phones, 'a list of the settings of phones');
  return new Phonebook(phones);
}

function wrong(name: string, value: unknown, wanted: string): AtcomError<'usage'> {
  const written = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return new AtcomError('usage', { reason: `${name}: ${written} cannot be used`, hint: `give ${wanted}` });
}
