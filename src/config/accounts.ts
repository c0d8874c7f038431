import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { AtcomError } from '../errors.ts';
import { parseDuration } from '../protocol/duration.ts';
import { readDocument } from '../yaml/document.ts';
import { report } from '../yaml/report.ts';
import { like, mapping, oneOf, optional, parsedBy, text } from '../yaml/rules.ts';
import { validate } from '../yaml/validate.ts';
import { readPassword, readPlainFile, unusable } from './files.ts';

/** An account at a PBX, as a file of accounts writes it. */
export interface FileAccount {
  readonly uri: string;
  readonly password: string;
  readonly user?: string | undefined;
  readonly proxy?: string | undefined;
  readonly transport?: 'udp' | 'tcp' | 'tls' | undefined;
  readonly register?: number | undefined;
  readonly refuse?: number | undefined;
  readonly ca?: string | undefined;
}

const ACCOUNTS = mapping({
  accounts: v.pipe(
    v.array(
      v.pipe(
        mapping({
          uri: like(
            /^sips?:[^@:;>\s"<]+@\S+$/i,
            'an account such as "sip:6001@127.0.0.1:5060", no password in it',
          ),
          user: optional('Name for authentication, the number by default', text('text')),
          password: optional('Only in a file that nobody else can read', text('text')),
          passwordFile: optional('File with the password in its first line', text('the path of a file')),
          proxy: optional(
            'Where the PBX is, if not at the address of the account',
            text('a host, or host:port'),
          ),
          transport: optional('udp by default', oneOf(['udp', 'tcp', 'tls'])),
          register: optional(
            'How long a registration lasts',
            v.pipe(text('a duration such as 60s'), parsedBy(parseDuration)),
          ),
          refuse: optional(
            'How it says that it is busy',
            v.picklist([404, 480, 486, 603], 'must be 404, 480, 486 or 603'),
          ),
          ca: optional('PEM file of certificates to trust', text('the path of a PEM file')),
        }),
        v.check(
          ({ password, passwordFile }) => (password === undefined) !== (passwordFile === undefined),
          'needs a password or a passwordFile, and not both',
        ),
      ),
      'must be a list of accounts',
    ),
    v.nonEmpty('must name at least one account'),
  ),
});

/**
 * Reads a file of SIP accounts. Paths in it start at its folder.
 *
 * @throws {AtcomError} `unreadable-file`, `invalid-config`
 */
export function readAccounts(path: string, cwd: string): readonly FileAccount[] {
  const file = resolve(cwd, path);
  const source = readPlainFile(file);
  const document = readDocument(source, { plainQuotes: true });
  const { settings, problems } =
    document.problems.length > 0
      ? { settings: undefined, problems: document.problems }
      : validate(document.value ?? {}, ACCOUNTS);
  if (settings === undefined) {
    throw new AtcomError('invalid-config', { file, problems: report(file, document, problems, cwd) });
  }
  if (settings.accounts.some(({ password }) => password !== undefined)) checkPrivate(file);
  const folder = dirname(file);
  return settings.accounts.map(({ password, passwordFile, register, ca, ...account }) => ({
    ...account,
    password: password ?? readPassword(resolve(folder, passwordFile ?? '')),
    register: register === undefined ? undefined : Math.max(1, Math.round(parseDuration(register) / 1000)),
    ca: ca === undefined ? undefined : readPlainFile(resolve(folder, ca)),
  }));
}

/** Passwords that others can read are no secrets. */
function checkPrivate(file: string): void {
  if ((statSync(file).mode & 0o077) !== 0) {
    throw unusable(file, 'it holds passwords and others can read it: chmod 600, or use passwordFile');
  }
}
