import { resolve } from 'node:path';
import { type Covered, changeTrust, OTHER_STATE_FOLDER } from '../../config/index.ts';
import { replaceFile } from '../../files/replace.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { foldNodeset } from '../../targets/fold.ts';
import type { Context } from '../context.ts';
import { count, visible } from '../output/text.ts';
import { everyProfile } from './every-profile.ts';

/**
 * Trusts a config file, or stops trusting it. A trusted file is used although others can write it, and passwords
 * of this user are sent to the addresses in it.
 *
 * @throws {AtcomError} `unreadable-file`, `invalid-config`, `unwritable-file`
 */
export async function trustConfig(
  { output, configContext }: Context,
  given: string,
  revoke: boolean,
): Promise<void> {
  const file = resolve(configContext.cwd, given);
  // What is trusted is read first: if the file changes while it is read, what is shown is not trusted.
  const { store, text } = changeTrust(file, !revoke, configContext);
  const covered = revoke ? undefined : await coveredBy(configContext, file);
  await replaceFile(store, text, OTHER_STATE_FOLDER);
  const value = { file, trusted: !revoke, ...covered };
  output.result({ ...documentHead('config trust'), ...value }, () =>
    covered === undefined ? `${visible(file)} is no longer trusted` : textOf(file, covered),
  );
}

function textOf(file: string, { hosts, accounts }: Covered): string {
  const phones =
    hosts.length === 0 ? 'no phones' : `${count(hosts.length, 'phone')}: ${visible(foldNodeset(hosts))}`;
  return [
    `${visible(file)} is trusted; ${phones}`,
    ...accounts.map(({ name, passwordFile, uri, proxy }) => {
      const by = proxy === undefined ? '' : ` by way of ${visible(proxy)}`;
      return `account ${visible(name)}: the password in ${visible(passwordFile)} goes to ${visible(uri)}${by}`;
    }),
  ].join('\n');
}

/** What is being trusted, in all profiles. A file that is wrong cannot be trusted. */
async function coveredBy(context: Context['configContext'], file: string): Promise<Covered> {
  const env = { ...context.env, ATCOM_PROFILE: undefined };
  const configs = await everyProfile({ ...context, env, file, profile: undefined });
  const all = await Promise.all(configs.map((config) => config.covered(file)));
  const hosts = [...new Set(all.flatMap(({ hosts }) => hosts))];
  // Profiles have no accounts of their own.
  return { hosts, accounts: all[0]?.accounts ?? [] };
}
