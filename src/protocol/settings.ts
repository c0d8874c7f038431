import {
  type Address,
  DEFAULT_PATH,
  type Endpoint,
  hostText,
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

/** Settings never change. With thousands of phones, parsing the addresses again would take most of the time. */
const endpoints = new WeakMap<PhoneSettings, Endpoint>();

/**
 * The endpoint of a phone: its settings override its address, which overrides the defaults.
 *
 * @throws {AtcomError} `invalid-address`
 */
export function endpointOf(settings: PhoneSettings): Endpoint {
  const known = endpoints.get(settings);
  if (known !== undefined) return known;
  const address: Address = parseAddress(settings.host);
  const endpoint: Endpoint = {
    scheme: settings.scheme ?? address.scheme ?? 'http',
    host: address.host,
    port: settings.port ?? address.port,
    path: settings.path ?? DEFAULT_PATH,
  };
  endpoints.set(settings, endpoint);
  return endpoint;
}

/** What a phone is called: its name, or else the address by which `--to` finds it again. */
export function nameOf(settings: PhoneSettings): string {
  if (settings.name !== undefined) return settings.name;
  const endpoint = endpointOf(settings);
  return endpoint.scheme === 'https' ? originOf(endpoint) : hostText(endpoint);
}

/** Identifies a phone: one web server is one phone, whose keys are pressed once. */
export function phoneKey(settings: PhoneSettings): string {
  return webServerOf(endpointOf(settings));
}
