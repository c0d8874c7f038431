import { resolve } from 'node:path';
import { parseDuration } from '../protocol/duration.ts';
import { parseEvent } from '../protocol/events.ts';
import { type Model, parseModel } from '../protocol/models.ts';
import type { ApprovalSettings } from '../protocol/reply.ts';
import type { PhoneSettings, TlsSettings } from '../protocol/settings.ts';
import { readPassword, readPlainFile, unusable } from './files.ts';
import type { FileSettings } from './schema.ts';

/** A phone as a file writes it: an address, or settings. */
export type WrittenPhone = NonNullable<FileSettings['phones']>[string];

/** The settings of a model in a file. */
export type ModelSettings = NonNullable<NonNullable<FileSettings['models']>[Model]>;

type WrittenSettings = Exclude<WrittenPhone, string>;

/**
 * Converts the settings of a phone to the form that the program uses.
 *
 * @param folder - the folder of the config file, to which its paths are relative
 * @throws {AtcomError} `unreadable-file`
 */
export function phoneFrom(
  name: string,
  written: WrittenPhone,
  folder: string,
  ofModel: (model: Model) => ModelSettings | undefined,
): PhoneSettings {
  if (typeof written === 'string') return { name, host: written };
  const { host, scheme, port, path, digits, dialPrefix, auth, user } = written;
  const { timeout, delay, approval, tls, mac, extension, events } = written;
  const model = map(written.model, parseModel);
  const shared = map(model, ofModel);
  return defined({
    name,
    host,
    model,
    scheme,
    port,
    path,
    timeout: map(timeout, parseDuration),
    delay: map(delay, parseDuration),
    digits,
    dialPrefix,
    approval: map(approval, approvalFrom),
    verbs: both(shared?.verbs, written.verbs),
    macros: both(shared?.macros, written.macros),
    tls: map(tls, (settings) => tlsFrom(settings, folder)),
    auth,
    user,
    password: map(written.passwordFile, (file) => readPassword(resolve(folder, file))) ?? written.password,
    mac: map(mac, (text) => hexBytes(text)),
    extension,
    events: map(events, (names) => names.map(parseEvent)),
  });
}

/** A phone's own entries override those of its model. */
function both<T extends object>(shared: T | undefined, own: T | undefined): T | undefined {
  return shared === undefined && own === undefined ? undefined : ({ ...shared, ...own } as T);
}

function approvalFrom(written: NonNullable<WrittenSettings['approval']>): ApprovalSettings {
  if (typeof written === 'number') return { status: [written] };
  if (Array.isArray(written)) return { status: written };
  const { status, body } = written;
  return defined({ status: typeof status === 'number' ? [status] : status, body });
}

function tlsFrom(written: NonNullable<WrittenSettings['tls']>, folder: string): TlsSettings {
  const { ca, fingerprint, insecure, legacy } = written;
  return defined({
    ca: map(ca, (file) => readCertificates(resolve(folder, file))),
    fingerprint: map(fingerprint, hexBytes),
    insecure,
    legacy,
  });
}

function readCertificates(path: string): string {
  const pem = readPlainFile(path);
  // OpenSSL would silently trust nothing.
  if (!pem.includes('-----BEGIN CERTIFICATE-----')) throw unusable(path, 'it holds no certificate (PEM)');
  return pem;
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
