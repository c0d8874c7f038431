import { constants } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type Config,
  type Covered,
  changeTrust,
  everyProfile,
  OTHER_STATE_FOLDER,
  stateFolder,
  type TrustChange,
} from '../../config/index.ts';
import { visible } from '../../errors/visible.ts';
import { pathIn, realPath } from '../../files/links.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { checkPlainFile } from '../../files/plain.ts';
import { replaceFile } from '../../files/replace.ts';
import { openLocked } from '../../fleet/lock.ts';
import { documentHead } from '../../protocol/outcomes.ts';
import { foldNodeset } from '../../targets/fold.ts';
import type { Context } from '../context.ts';
import { count } from '../output/text.ts';

/** The interval between two attempts to change the list, in milliseconds. */
const LOOK_AGAIN = 20;

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
  const file = pathIn(configContext.cwd, given);
  if (!revoke) checkPlainFile(file);
  const known = revoke ? undefined : await coveredBy(configContext, file);
  const change = await inTurn(configContext, async () => {
    const changed = changeTrust(file, known?.trusted, configContext);
    await replaceFile(changed.store, changed.text, { hint: OTHER_STATE_FOLDER });
    return changed;
  });
  const covered = known === undefined ? undefined : shown(known);
  const value = { file, trusted: !revoke, ...covered };
  output.result({ ...documentHead('config trust'), ...value }, () =>
    covered === undefined ? revoked(file, change) : textOf(file, covered),
  );
}

function revoked(file: string, { wasTrusted, others }: TrustChange): string {
  if (wasTrusted) return `${visible(file)} is no longer trusted`;
  const rest = others.length === 0 ? 'no file is' : `trusted: ${others.map(visible).join(', ')}`;
  return `${visible(file)} was not trusted; ${rest}`;
}

function shown({ hosts, accounts, listener, trusted }: Covered) {
  return { hosts, accounts, listener, certificates: Object.keys(trusted.certificates) };
}

function textOf(file: string, { hosts, accounts, listener, certificates }: ReturnType<typeof shown>): string {
  const { url, trustedProxies = [] } = listener;
  const phones =
    hosts.length === 0 ? 'no phones' : `${count(hosts.length, 'phone')}: ${visible(foldNodeset(hosts))}`;
  return [
    `${visible(file)} is trusted; ${phones}`,
    ...accounts.map(({ name, passwordFile, uri, proxy }) => {
      const by = proxy === undefined ? '' : ` by way of ${visible(proxy)}`;
      return `account ${visible(name)}: the password in ${visible(passwordFile)} goes to ${visible(uri)}${by}`;
    }),
    ...(url === undefined ? [] : [`listener: phones are told to report to ${visible(url)}`]),
    ...trustedProxies.map(
      (proxy) => `listener: ${visible(proxy)} is believed when it says who sent an event`,
    ),
    ...certificates.map((path) => `certificates are judged by ${visible(path)}, as it is now`),
  ].join('\n');
}

/**
 * Changes the list of trusted files while no other process does, or trust that was withdrawn meanwhile would come back.
 * The kernel's lock is on the folder itself. Where there are no such locks, it is done without.
 */
async function inTurn<T>(person: Context['configContext'], change: () => Promise<T>): Promise<T> {
  const folder = stateFolder(person);
  // What is wrong with it is said when the list is written.
  await makeFolder(folder).catch(() => undefined);
  const lock = () => openLocked(folder, constants.O_RDONLY).catch(() => 'none' as const);
  let held = await lock();
  for (; held === undefined; held = await lock())
    await sleep(LOOK_AGAIN, undefined, { signal: person.signal });
  try {
    return await change();
  } finally {
    if (held !== 'none') await held.close();
  }
}

/** What is being trusted, in all profiles. A file that is wrong cannot be trusted. */
async function coveredBy(context: Context['configContext'], given: string): Promise<Covered> {
  const env = { ...context.env, ATCOM_PROFILE: undefined };
  // Where it is found, a link to it means what is beside the file itself.
  const file = realPath(given);
  let whole: Covered | undefined;
  const hosts = new Set<string>();
  const known = new Set<Config['phones']>();
  const looks = { count: 0 };
  for await (const { phones, covered } of everyProfile({ ...context, env, file, profile: undefined })) {
    // The targets are those of all profiles, so one adds nothing without phones of its own.
    if (known.has(phones)) continue;
    known.add(phones);
    const found = await covered(file, looks);
    // Profiles have no accounts of their own.
    whole ??= found;
    for (const host of found.hosts) hosts.add(host);
  }
  return { ...(whole as Covered), hosts: [...hosts] };
}
