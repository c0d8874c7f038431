import { resolve } from 'node:path';
import type { PhoneSettings } from '../protocol/settings.ts';
import { type Named, selectedBy, targetsIn } from './named-addresses.ts';
import type { WrittenFile } from './reader.ts';
import type { Covered } from './types.ts';

/** What trust in a file covers, with the phones of one profile; the targets are those of all profiles. */
export function coveredBy(file: WrittenFile, named: Named): Covered {
  const { inventory, fileOf } = named;
  // A target may also mean a phone of another file, by its name or exactly its address.
  const isTheirs = ({ name = '', host }: PhoneSettings) =>
    (fileOf(name) ?? file) === file || inventory.phones.get(name)?.host !== host;
  const phones = [
    ...inventory.phones.values(),
    ...targetsIn(file).flatMap((target) => selectedBy(target, inventory)),
  ];
  const accounts = Object.entries(file.settings.simulator?.accounts ?? {});
  return {
    hosts: [...new Set(phones.filter(isTheirs).map(({ host }) => host))],
    accounts: accounts.flatMap(([name, { uri, proxy, passwordFile }]) =>
      passwordFile === undefined
        ? []
        : [
            {
              name,
              passwordFile: resolve(file.folder, passwordFile),
              uri,
              ...(proxy === undefined ? {} : { proxy }),
            },
          ],
    ),
  };
}
