import { resolve } from 'node:path';
import { changeTrust, loadConfig, OTHER_STATE_FOLDER } from '../../config/index.ts';
import { replaceFile } from '../../files/replace.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { foldNodeset } from '../../targets/fold.ts';
import type { Context } from '../context.ts';
import { count, visible } from '../output/text.ts';

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
  const hosts = revoke ? [] : await hostsIn(configContext, file);
  const { store, text } = changeTrust(file, !revoke, configContext);
  await replaceFile(store, text, OTHER_STATE_FOLDER);
  const value = { file, trusted: !revoke, ...(revoke ? {} : { hosts }) };
  output.result({ ...documentHead('config trust'), ...value }, () => {
    if (revoke) return `${visible(file)} is no longer trusted`;
    const phones =
      hosts.length === 0 ? 'no phones' : `${count(hosts.length, 'phone')}: ${visible(foldNodeset(hosts))}`;
    return `${visible(file)} is trusted; ${phones}`;
  });
}

/** The hosts of the file's phones, to show what is being trusted. A file that is wrong cannot be trusted. */
async function hostsIn(context: Context['configContext'], file: string): Promise<readonly string[]> {
  const { phones, origin } = await loadConfig({ ...context, file, profile: undefined });
  return [...phones].filter(([name]) => origin.get(name) === 'project').map(([, { host }]) => host);
}
