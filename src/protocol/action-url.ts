import { EVENT_DEFINITIONS, type EventName, findEvent } from './events.ts';
import type { Variable } from './variables.ts';

/** What one request of a phone says. */
export interface ActionRequest {
  readonly event: EventName;
  readonly path: string;
  /** The parameters of the query by name, in the order they came; the first of a name counts. */
  readonly values: Readonly<Record<string, string>>;
}

/** No field of the phone's page takes a longer URL. */
export const LONGEST_ACTION_URL = 511;

/**
 * The URL to enter on the phone's page for an event: `<listener>/<event>Url.xml?mac=$mac&…`, as in the document's own
 * examples. `mac` and `ip` come first: they name the phone, and what a caller puts into a display name cannot come
 * before them.
 *
 * @param listener - where the receiver is reached from the phone, such as `http://172.16.0.184:8088`
 * @param variables - by default mac, ip and those that matter to the event
 * @example
 * ```ts
 * import { actionUrl } from 'atcom';
 * actionUrl('http://172.16.0.184:8088', 'openDND'); // 'http://172.16.0.184:8088/openDNDUrl.xml?mac=$mac&ip=$ip'
 * ```
 */
export function actionUrl(listener: string, event: EventName, variables?: readonly Variable[]): string {
  const row = EVENT_DEFINITIONS.find((definition) => definition.event === event);
  const chosen = variables ?? ['mac', 'ip', ...(row?.variables ?? [])];
  const query = chosen.map((name) => `${name}=$${name}`).join('&');
  return `${listener.replace(/\/+$/, '')}/${event}Url.xml${query === '' ? '' : `?${query}`}`;
}

/**
 * Reads the target of a phone's request, such as `/incomingCallUrl.xml?remote=sip:+4930@pbx`; undefined when its path
 * names no event. Any folders before the last part of the path are allowed.
 *
 * Phones put values in as they are, so nothing here is a form: `+` stays, and `:` `@` `;` and blanks are letters.
 */
export function parseActionRequest(target: string): ActionRequest | undefined {
  const [path = '', query = ''] = splitOnce(target, '?');
  const event = findEvent(path.slice(path.lastIndexOf('/') + 1));
  return event === undefined ? undefined : { event, path, values: parseActionQuery(query) };
}

/**
 * Reads a query as phones write it. Only an `&` that begins another `name=` separates: the one in `Smith & Sons` or
 * `AT&T` is part of the value.
 */
export function parseActionQuery(query: string): Readonly<Record<string, string>> {
  const values = new Map<string, string>();
  for (const part of query.split(/&(?=[a-z_][\w.-]*=)/i)) {
    const [name, value] = splitOnce(part, '=');
    if (name !== '' && value !== undefined && !values.has(name)) values.set(name, decode(value));
  }
  return Object.fromEntries(values);
}

function splitOnce(text: string, separator: string): [string, string?] {
  const index = text.indexOf(separator);
  return index < 0 ? [text] : [text.slice(0, index), text.slice(index + 1)];
}

/** Decodes `%XX`; a broken `%` stays, and bytes that are no UTF-8 are read as Latin-1. */
function decode(value: string): string {
  if (!value.includes('%')) return value;
  return value.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    try {
      return decodeURIComponent(escapes);
    } catch {
      return escapes.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
    }
  });
}
