import { isAtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import { mayBeAddress } from '../protocol/command-url.ts';
import { MODEL_NAMES } from '../protocol/models.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import type { Looks } from '../targets/effort.ts';
import { parseTarget } from '../targets/expression.ts';
import { trustedNow } from './as-found.ts';
import { type Named, selectedBy, targetsIn } from './named-addresses.ts';
import type { WrittenFile } from './reader.ts';
import type { FileSettings } from './schema.ts';
import type { Covered } from './types.ts';

/** What trust in a file covers, with the phones of one profile; the targets are those of all profiles. */
export async function coveredBy(
  file: WrittenFile,
  named: Named,
  looks: Looks,
  signal?: AbortSignal,
): Promise<Covered> {
  const { inventory, fileOf } = named;
  // A target may also mean a phone of another file, by its name or exactly its address.
  const isTheirs = ({ name = '', host }: PhoneSettings) =>
    (fileOf(name) ?? file) === file || inventory.phones.get(name)?.host !== host;
  const phones = new Set(inventory.phones.values());
  const targets = targetsIn(file).flatMap((target) => [target, ...addressesOf(target)]);
  for await (const selected of selectedBy(targets, { ...inventory, looks }, signal))
    for (const phone of selected) phones.add(phone);
  const accounts = Object.entries(file.settings.simulator?.accounts ?? {});
  const certificates = certificatesOf(file.settings).map((path) => pathIn(file.folder, path));
  const { url, trustedProxies } = file.settings.listener ?? {};
  return {
    hosts: [...new Set([...phones].filter(isTheirs).map(({ host }) => host))],
    accounts: accounts.flatMap(([name, { uri, proxy, passwordFile }]) =>
      passwordFile === undefined
        ? []
        : [
            {
              name,
              passwordFile: pathIn(file.folder, passwordFile),
              uri,
              ...(proxy === undefined ? {} : { proxy }),
            },
          ],
    ),
    listener: {
      ...(url === undefined ? {} : { url }),
      ...(trustedProxies === undefined ? {} : { trustedProxies }),
    },
    trusted: trustedNow(file.found, certificates),
  };
}

/**
 * The addresses in a target, each as a target of its own: whatever else is in it may select nothing today, or be refused
 * as no address (`1.2.3.400`), but select something once another file has a phone of that name.
 */
function addressesOf(target: string): readonly string[] {
  try {
    return parseTarget(target)
      .filter(({ operator, term }) => operator !== '!' && term.kind === 'names' && mayBeAddress(term.text))
      .map(({ term }) => term.text);
  } catch (error) {
    if (!isAtcomError(error)) throw error;
    return [];
  }
}

/** The PEM files that a file names, in all profiles. */
function certificatesOf({ phones, profiles, defaults, models, simulator }: FileSettings): readonly string[] {
  const ofProfiles = valuesOf(profiles).flatMap((profile) => valuesOf(profile.phones));
  const entries = [
    defaults,
    ...MODEL_NAMES.map((model) => models?.[model]),
    ...valuesOf(phones),
    ...ofProfiles,
  ];
  const tls = entries.map((entry) => (typeof entry === 'object' ? entry.tls : undefined));
  return [...tls, ...valuesOf(simulator?.accounts)].flatMap((entry) => entry?.ca ?? []);
}

function valuesOf<T>(table: Readonly<Record<string, T>> | undefined): readonly T[] {
  return Object.values(table ?? {});
}
