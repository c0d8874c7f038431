import { withoutPassword } from '../errors/passwords.ts';
import { AtcomError } from '../errors.ts';

/** The address of a phone's web server. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** A name, an IPv4 address, or an IPv6 address without brackets, in canonical form; see {@link canonicalHost}. */
  readonly host: string;
  /** The default port of the scheme if omitted. */
  readonly port?: number | undefined;
  readonly path: string;
}

/** The parts of an endpoint that an address contains; the rest comes from the settings. */
export type Address = Pick<Endpoint, 'host'> & {
  readonly scheme?: Endpoint['scheme'];
  readonly port?: number;
};

/** Every example of the document uses this path; its prose says `/servlet`, so the path is a setting. */
export const DEFAULT_PATH = '/cgi-bin/server.cgi';

/** Letters, digits, `.`, `-`, `_`: everything that DNS and hosts files contain, and nothing with a meaning in a URL. */
const HOST = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?$/i;
const IPV6 = /^[0-9a-f]*:[0-9a-f:.]*$/i;

/** What most phones have, and has no other form. */
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/**
 * Parses `host`, `host:port`, `[v6]:port` or `http(s)://host:port`. The host is returned in canonical form.
 *
 * @throws {AtcomError} `invalid-address`; the message does not repeat a password in a URL
 */
export function parseAddress(text: string): Address {
  const match = /^(?:(https?):\/\/)?(?:\[([^\]]+)\]|([^:/?#@[\]]+))(?::(\d{1,5}))?\/?$/i.exec(text);
  const name = match?.[3];
  const written = name ?? match?.[2] ?? text;
  const port = match?.[4] === undefined ? undefined : Number(match[4]);
  const host = (name === undefined ? IPV6 : HOST).test(written) ? canonicalHost(written) : undefined;
  if (host === undefined || (port !== undefined && (port < 1 || port > 65_535))) {
    throw new AtcomError('invalid-address', { input: withoutPassword(text) });
  }
  const scheme = match?.[1]?.toLowerCase() as Endpoint['scheme'] | undefined;
  return { host, ...(scheme === undefined ? {} : { scheme }), ...(port === undefined ? {} : { port }) };
}

/**
 * The canonical form of a host, so that one phone is not taken for two: names in lower case without the trailing dot,
 * IPv6 in its shortest form, IPv4-mapped IPv6 as IPv4. Undefined for hosts that no HTTP client can connect to, such as
 * `999.1.1.1`, for `127.1`, `010.0.0.1` and `2130706433`, which nobody writes on purpose, and for `0.0.0.0`, which is
 * not an address of a host.
 */
export function canonicalHost(written: string): string | undefined {
  if (IPV4.test(written)) return written === '0.0.0.0' ? undefined : written;
  const isName = !written.includes(':');
  const host = written.toLowerCase().replace(/\.$/, '');
  const origin = originOf({ scheme: 'http', host });
  if (!URL.canParse(origin)) return undefined;
  const { hostname } = new URL(origin);
  if (isName && /(^|\.)(\d+|0x[\da-f]*)$/.test(host) && hostname !== host) return undefined;
  const plain = isName ? host : withoutMapping(hostname.slice(1, -1));
  return plain === '0.0.0.0' || plain === '::' ? undefined : plain;
}

/**
 * `::ffff:ac10:39` is the IPv6-mapped form of 172.16.0.57: a socket connects to the same host. Other forms that contain
 * an IPv4 address are addresses of their own: where NAT64 (`64:ff9b::`) leads depends on the network, and `::ac10:39` is
 * deprecated and never routed as IPv4 (RFC 4291, 2.5.5.1).
 */
function withoutMapping(address: string): string {
  const [, high, low] = /^::ffff:([\da-f]+):([\da-f]+)$/.exec(address) ?? [];
  if (high === undefined || low === undefined) return address;
  const bytes = [high, low]
    .map((part) => Number.parseInt(part, 16))
    .flatMap((part) => [part >> 8, part & 255]);
  return bytes.join('.');
}

/** A word without dot, colon or slash is a name. A mistyped name must not become a DNS lookup. */
export function mayBeAddress(word: string): boolean {
  return /[.:/]/.test(word) || word === 'localhost';
}

/** Whether a host in canonical form is a name, and no address. */
export function isHostName(host: string): boolean {
  return !/^[\d.]+$|:/.test(host);
}

/** `host`, or `host:port` if the port is not the default of the scheme; IPv6 in brackets. */
export function hostText({ scheme, host, port }: Omit<Endpoint, 'path'>): string {
  const name = host.includes(':') ? `[${host}]` : host;
  return port === undefined || port === (scheme === 'https' ? 443 : 80) ? name : `${name}:${port}`;
}

/** The origin of a phone, such as `http://172.16.0.57`. */
export function originOf(endpoint: Omit<Endpoint, 'path'>): string {
  return `${endpoint.scheme}://${hostText(endpoint)}`;
}

/**
 * Identifies the web server behind an endpoint, however it is written. Ports 80 and 443 belong to the same server,
 * whichever of them an address names.
 */
export function webServerOf(endpoint: Omit<Endpoint, 'path'>): string {
  const port = portOf(endpoint);
  return hostText({ scheme: 'http', host: endpoint.host, port: port === 443 ? 80 : port });
}

/** The port of an endpoint, or the default port of its scheme. */
export function portOf({ scheme, port }: Omit<Endpoint, 'path'>): number {
  return port ?? (scheme === 'https' ? 443 : 80);
}

/**
 * The path and query that press keys. They are joined as text, because `URL` would encode the `;` that the document
 * sends raw. `key` is the only parameter.
 */
export function commandPath(path: string, key: string): string {
  return `${path}?key=${key}`;
}

/**
 * The URL that presses keys.
 *
 * @param key - a value from {@link wireRequests}
 * @example
 * ```ts
 * import { commandUrl, DEFAULT_PATH } from 'atcom';
 * commandUrl({ scheme: 'http', host: '172.16.0.57', path: DEFAULT_PATH }, 'LINEKEY2;6040;SEND');
 * // 'http://172.16.0.57/cgi-bin/server.cgi?key=LINEKEY2;6040;SEND'
 * ```
 */
export function commandUrl(endpoint: Endpoint, key: string): string {
  return originOf(endpoint) + commandPath(endpoint.path, key);
}
