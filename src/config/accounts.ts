import { dirname } from 'node:path';
import * as v from 'valibot';
import { AtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import { readContent } from '../files/read.ts';
import { checkSecret } from '../files/secret.ts';
import { readDocument } from '../yaml/document.ts';
import { report } from '../yaml/report.ts';
import { mapping } from '../yaml/rules.ts';
import { validate } from '../yaml/validate.ts';
import { accountSchema } from './account-schema.ts';
import { asFound } from './as-found.ts';
import { secretReader } from './secrets.ts';
import { accountFrom } from './simulator.ts';
import type { ConfigContext, FileAccount } from './types.ts';

const ACCOUNTS = mapping({
  accounts: v.pipe(
    v.array(
      v.pipe(
        accountSchema(),
        v.check(
          ({ password, passwordFile }) => (password === undefined) !== (passwordFile === undefined),
          'needs either a password or a passwordFile',
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
 * @throws {AtcomError} `unreadable-file`, `invalid-config`; the reason of the signal
 */
export async function readAccounts(path: string, context: ConfigContext): Promise<readonly FileAccount[]> {
  const { cwd, signal } = context;
  const file = pathIn(cwd, path);
  const { text: source, stats } = await readContent(file, { signal });
  const document = readDocument(source, { plainQuotes: true });
  const { settings, problems } =
    document.problems.length > 0
      ? { settings: undefined, problems: document.problems }
      : validate(document.value ?? {}, ACCOUNTS);
  if (settings === undefined) {
    throw new AtcomError('invalid-config', { file, problems: report(file, document, problems, cwd) });
  }
  if (settings.accounts.some(({ password }) => password !== undefined)) {
    checkSecret(file, stats, context);
  }
  const read = secretReader(context);
  const folder = dirname(file);
  const found = asFound(source, folder);
  return Promise.all(settings.accounts.map((account) => accountFrom(account, folder, found, read)));
}
