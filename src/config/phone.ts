import { parseDuration } from '../protocol/duration.ts';
import { parseEvent } from '../protocol/events.ts';
import { parseModel } from '../protocol/models.ts';
import type { ApprovalSettings } from '../protocol/reply.ts';
import type { PhoneSettings, TlsSettings } from '../protocol/settings.ts';
import type { AsFound } from './as-found.ts';
import { saidByHost } from './said-by-host.ts';
import type { FileSettings } from './schema.ts';

/** A phone in a file: an address, or settings. */
export type WrittenPhone = NonNullable<FileSettings['phones']>[string];

type WrittenSettings = Exclude<WrittenPhone, string>;

/** Settings that a phone can inherit. */
export type Shared = Partial<PhoneSettings>;

/**
 * Converts settings of a file to those of the program, but for a password file, which takes time to read.
 *
 * @param found - the config file, which may name PEM files
 * @throws {AtcomError} `unreadable-file`
 */
export function settingsFrom(written: Partial<WrittenSettings>, found: AsFound): Shared {
  const { alias: _, passwordFile: __, ...rest } = written;
  const { model, timeout, delay, approval, tls, mac, events } = rest;
  return defined({
    ...rest,
    model: map(model, parseModel),
    timeout: map(timeout, parseDuration),
    delay: map(delay, parseDuration),
    approval: map(approval, approvalFrom),
    tls: map(tls, (settings) => tlsFrom(settings, found)),
    mac: map(mac, (text) => hexBytes(text)),
    events: map(events, (names) => names.map(parseEvent)),
  });
}

/** Merges settings: those nearer to the phone win; verbs, macros and TLS are merged entry by entry. */
export function over(near: Shared, far: Shared): Shared {
  // Both decide what becomes of a +.
  const { dialPlan: _, ...withoutPlan } = far;
  return defined({
    ...(near.dialPrefix === undefined ? far : withoutPlan),
    ...near,
    verbs: both(far.verbs, near.verbs),
    macros: both(far.macros, near.macros),
    tls: both(far.tls, near.tls),
  });
}

/**
 * The settings of a phone, without a scheme or a port that its address says itself, or that are for phones of another
 * scheme: https://10.0.0.9 is at 443, where phones with http have 8080.
 *
 * @param own - what the phone does not inherit
 */
export function asAddressed(settings: PhoneSettings, own: Shared): PhoneSettings {
  const { scheme: written, port: at } = saidByHost(settings.host);
  if (written === undefined && at === undefined) return settings;
  const { scheme, port, ...others } = settings;
  const isMeant = at === undefined && (own.port !== undefined || written === (scheme ?? 'http'));
  return defined({
    ...others,
    scheme: written === undefined ? scheme : undefined,
    port: isMeant ? port : undefined,
  });
}

function both<T extends object>(far: T | undefined, near: T | undefined): T | undefined {
  return far === undefined && near === undefined ? undefined : ({ ...far, ...near } as T);
}

function approvalFrom(written: NonNullable<WrittenSettings['approval']>): ApprovalSettings {
  if (typeof written === 'number') return { status: [written] };
  if (Array.isArray(written)) return { status: written };
  const { status, body } = written;
  return defined({ status: typeof status === 'number' ? [status] : status, body });
}

function tlsFrom(written: NonNullable<WrittenSettings['tls']>, found: AsFound): TlsSettings {
  const { ca, fingerprint, insecure, legacy } = written;
  return defined({
    ca: map(ca, found.certificate),
    fingerprint: map(fingerprint, hexBytes),
    insecure,
    legacy,
  });
}

/** `AB:CD:EF`, the notation of Node and of phones. */
function hexBytes(text: string): string {
  return (text.toUpperCase().match(/[0-9A-F]{2}/g) ?? []).join(':');
}

function map<T, U>(value: T | undefined, change: (value: T) => U): U | undefined {
  return value === undefined ? undefined : change(value);
}

/** Removes undefined settings, so that a printed config only shows what is set. */
function defined<T extends object>(settings: T): T {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as T;
}
