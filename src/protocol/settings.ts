import {
  type Address,
  DEFAULT_PATH,
  type Endpoint,
  hostText,
  mayBeAddress,
  originOf,
  parseAddress,
  webServerOf,
} from './command-url.ts';
import type { DialPlan } from './dial-plan.ts';
import type { EventName } from './events.ts';
import type { Model } from './models.ts';
import type { ApprovalSettings } from './reply.ts';
import type { VerbOverrides } from './verbs.ts';

/** How the certificate of a phone is verified. Phones ship with self-signed certificates. */
export interface TlsSettings {
  /** Certificates to trust, as PEM text. */
  readonly ca?: string | undefined;
  /** The SHA-256 fingerprint that the phone's certificate must have. Nothing else is verified then. */
  readonly fingerprint?: string | undefined;
  /** Trust any certificate, unless `fingerprint` is set. */
  readonly insecure?: boolean | undefined;
  /** Allow TLS 1.0 and old ciphers. */
  readonly legacy?: boolean | undefined;
}

/** The settings of one phone. Everything except `host` has a default. Durations are milliseconds. */
export interface PhoneSettings<M extends Model = Model> {
  readonly name?: string | undefined;
  /** `host`, `host:port` or `http(s)://host:port`. */
  readonly host: string;
  readonly model?: M | undefined;
  readonly scheme?: 'http' | 'https' | undefined;
  readonly port?: number | undefined;
  /** `/cgi-bin/server.cgi` by default. */
  readonly path?: string | undefined;
  /** The timeout for one request, from connecting to the complete response; 5000 by default. */
  readonly timeout?: number | undefined;
  /** The delay between keys; each key then becomes a separate request. */
  readonly delay?: number | undefined;
  readonly digits?: 'grouped' | 'single' | undefined;
  /** What replaces the leading `+` of a number, such as `00`, if there is no dial plan. */
  readonly dialPrefix?: string | undefined;
  /** The dialling rules at the phone's location. */
  readonly dialPlan?: DialPlan | undefined;
  /** Letters are dialled as on a keypad. */
  readonly letters?: boolean | undefined;
  readonly approval?: ApprovalSettings | undefined;
  readonly verbs?: VerbOverrides | undefined;
  /** The phone's own macros: sequences by name. */
  readonly macros?: Readonly<Record<string, string>> | undefined;
  readonly tls?: TlsSettings | undefined;
  readonly auth?: 'none' | 'basic' | 'digest' | undefined;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly mac?: string | undefined;
  /** The phone's own number: the value of `$name` in scenarios. */
  readonly extension?: string | undefined;
  /** The events whose Action URLs are entered on the phone's page; all events by default. */
  readonly events?: readonly EventName[] | undefined;
}

/** The default timeout of one request, in milliseconds. */
export const DEFAULT_TIMEOUT = 5000;

/** Endpoints, each with what it was made of: a caller may change its settings, and mean another phone. */
const endpoints = new WeakMap<
  PhoneSettings,
  { readonly of: Pick<PhoneSettings, Place>; readonly endpoint: Endpoint }
>();

/** The settings that make an endpoint. */
type Place = 'host' | 'scheme' | 'port' | 'path';

/**
 * The endpoint of a phone: its settings override its address, which overrides the defaults. It is kept, because with
 * thousands of phones, parsing the addresses again would take most of the time.
 *
 * @throws {AtcomError} `invalid-address`
 */
export function endpointOf(settings: PhoneSettings): Endpoint {
  const known = endpoints.get(settings);
  const { host, scheme, port, path } = settings;
  const of = known?.of;
  if (
    known !== undefined &&
    of?.host === host &&
    of.scheme === scheme &&
    of.port === port &&
    of.path === path
  ) {
    return known.endpoint;
  }
  const address: Address = parseAddress(settings.host);
  const endpoint: Endpoint = {
    scheme: settings.scheme ?? address.scheme ?? 'http',
    host: address.host,
    port: settings.port ?? address.port,
    path: settings.path ?? DEFAULT_PATH,
  };
  endpoints.set(settings, { of: { host, scheme, port, path }, endpoint });
  return endpoint;
}

/** From where a phone may report. Names are not looked up: they may move, and a silent name server takes long. */
export function addressesOf(phone: PhoneSettings): readonly string[] {
  const { host } = endpointOf(phone);
  return host === 'localhost' ? [host, '127.0.0.1', '::1'] : [host];
}

/** A copy that stays what it is when its owner changes the original, one level deep. */
export function copySettings<M extends Model>(settings: PhoneSettings<M>): PhoneSettings<M> {
  const isGroup = (value: unknown) => Object.prototype.toString.call(value) === '[object Object]';
  const copies = Object.entries(settings).map(([name, value]) => [
    name,
    isGroup(value) ? { ...value } : value,
  ]);
  return Object.freeze(Object.fromEntries(copies));
}

/** What a phone is called: its name, or else the address by which `--to` finds it again. */
export function nameOf(settings: PhoneSettings): string {
  if (settings.name !== undefined) return settings.name;
  const endpoint = endpointOf(settings);
  const host = hostText(endpoint);
  return endpoint.scheme === 'https' || !mayBeAddress(host) ? originOf(endpoint) : host;
}

/**
 * What events call a phone: its name, or its host where the listener does not know that name. A phone that is called by
 * its URL has a host that is the name of another phone.
 */
export function eventNamesOf(settings: PhoneSettings): readonly [string, string] {
  const [name, endpoint] = [nameOf(settings), endpointOf(settings)];
  return [name, settings.name === originOf(endpoint) ? name : hostText(endpoint)];
}

/** Identifies a phone: one web server is one phone, whose keys are pressed once. */
export function phoneKey(settings: PhoneSettings): string {
  return webServerOf(endpointOf(settings));
}
