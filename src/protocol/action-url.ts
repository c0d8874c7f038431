import { type EventPaths, newEventFinder, pathOf } from './event-paths.ts';
import { EVENT_DEFINITIONS, type EventName } from './events.ts';
import { withoutSlashes } from './slashes.ts';
import { TOKEN } from './token.ts';
import { newValueDecoder } from './value-decoder.ts';
import type { Variable } from './variables.ts';

/** The contents of one request of a phone. */
export interface ActionRequest {
  readonly event: EventName;
  readonly path: string;
  /** The first 100 query parameters by name, in order; of duplicates, the first counts. */
  readonly values: Readonly<Record<string, string>>;
}

/** The maximum length of a URL in a field of the phone's page. */
export const LONGEST_ACTION_URL = 511;

/** Settings of a listener for the Action URLs of its phones, in addition to the document. */
export interface ActionUrlRules {
  /** Custom paths by event, such as `{ incomingCall: '/api/ring' }`. */
  readonly events?: EventPaths | undefined;
  /** The encoding of values that are not UTF-8, as a WHATWG label; `windows-1252` by default. */
  readonly encoding?: string | undefined;
}

/** How the Action URLs of a listener differ from those of the document. */
export interface OwnUrls {
  /** Its secret. */
  readonly token?: string | undefined;
  /** The user's own paths. */
  readonly events?: EventPaths | undefined;
}

/**
 * The URL to enter on the phone's page for an event: `<listener>/<event>Url.xml?mac=$mac&…`, as in the document's own
 * examples. `mac` and `ip` come first because they identify the phone: text that a caller puts into a display name
 * cannot precede them.
 *
 * @param listener - the address of the receiver as the phone sees it, such as `http://172.16.0.184:8088`
 * @param variables - by default mac, ip and the variables relevant to the event
 * @param own - the listener's secret, and custom paths
 * @example
 * ```ts
 * import { actionUrl } from 'atcom';
 * actionUrl('http://172.16.0.184:8088', 'openDND'); // 'http://172.16.0.184:8088/openDNDUrl.xml?mac=$mac&ip=$ip'
 * ```
 */
export function actionUrl(
  listener: string,
  event: EventName,
  variables?: readonly Variable[],
  { token, events }: OwnUrls = {},
): string {
  const row = EVENT_DEFINITIONS.find((definition) => definition.event === event);
  const chosen = variables ?? ['mac', 'ip', ...(row?.variables ?? [])];
  // First, because text that a caller puts into a display name must not precede it.
  const secret = token === undefined ? [] : [`${TOKEN}=${token}`];
  const query = [...secret, ...chosen.map((name) => `${name}=$${name}`)].join('&');
  const path = pathOf(events, event) ?? `/${event}Url.xml`;
  return `${withoutSlashes(listener)}${path}${query === '' ? '' : `?${query}`}`;
}

/** The URL of {@link actionUrl} for each event. */
export function actionUrls(listener: string, own: OwnUrls = {}): Readonly<Record<EventName, string>> {
  const urls = EVENT_DEFINITIONS.map(({ event }) => [event, actionUrl(listener, event, undefined, own)]);
  return Object.fromEntries(urls);
}

/** Parses a request target; undefined if it names no event. */
export type ActionReader = (target: string) => ActionRequest | undefined;

/**
 * Creates a parser of request targets; {@link parseActionRequest} is the one with the default rules.
 *
 * @throws {AtcomError} `usage` for an invalid encoding or path, `unknown-event`
 */
export function newActionReader({ events, encoding }: ActionUrlRules = {}): ActionReader {
  const eventOf = newEventFinder(events);
  const decode = newValueDecoder(encoding);
  return (target) => {
    const [path = '', query = ''] = splitOnce(target, '?');
    const values = parseQuery(query, decode);
    const event = eventOf(path, values);
    return event === undefined ? undefined : { event, path, values };
  };
}

/**
 * Parses the target of a phone's request, such as `/incomingCallUrl.xml?remote=sip:+4930@pbx`; undefined if neither its
 * path nor `event=` in its query names an event. Any folders before the last part of the path are allowed.
 *
 * Phones insert values unescaped, so this is not form encoding: `+` stays, and `:` `@` `;` and spaces are ordinary
 * characters. A character up to `\xff` is treated as a byte, because Node passes URLs that way.
 */
export function parseActionRequest(target: string): ActionRequest | undefined {
  plainReader ??= newActionReader();
  return plainReader(target);
}

let plainReader: ActionReader | undefined;

/**
 * The separator of two parameters: an `&` only if another `name=` follows. The one in `Smith & Sons` or `AT&T` is part
 * of the value. The XML spellings count too, because URLs are copied from XML.
 */
const SEPARATOR = /&(?:amp;|#0*38;|#x0*26;)*(?=[a-z_][\w.-]*=)/i;

/** More than any phone can send. Each takes many times the memory of its letters, and whoever reaches a listener may make them up. */
const MOST_VALUES = 100;

function parseQuery(query: string, decode: (value: string) => string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const part of query.split(SEPARATOR, MOST_VALUES)) {
    const [name, value] = splitOnce(part, '=');
    if (name === '' || value === undefined || Object.hasOwn(values, name)) continue;
    // A name such as `__proto__` would set what every object has; of all ways, this is the fastest for the others.
    if (name in values) Object.defineProperty(values, name, { ...OWN, value: decode(value) });
    else values[name] = decode(value);
  }
  return values;
}

const OWN = { configurable: true, enumerable: true, writable: true } as const;

function splitOnce(text: string, separator: string): [string, string?] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}
