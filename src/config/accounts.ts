import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import * as v from 'valibot';
import { AtcomError } from '../errors.ts';
import { readDocument } from '../yaml/document.ts';
import { report } from '../yaml/report.ts';
import { mapping } from '../yaml/rules.ts';
import { validate } from '../yaml/validate.ts';
import { accountSchema } from './account-schema.ts';
import { readPlainFile, unusable } from './files.ts';
import { accountFrom } from './simulator.ts';
import type { FileAccount } from './types.ts';

const ACCOUNTS = mapping({
  accounts: v.pipe(
    v.array(
      v.pipe(
        accountSchema(),
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
 * Reads a file of SIP accounts. Its paths are relative to its folder.
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
  return settings.accounts.map((account) => accountFrom(account, file));
}

/** Refuses a file with passwords that others can read. */
function checkPrivate(file: string): void {
  if ((statSync(file).mode & 0o077) !== 0) {
    throw unusable(file, 'it holds passwords and others can read it: chmod 600, or use passwordFile');
  }
}
