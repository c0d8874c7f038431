import { pathIn } from '../files/links.ts';
import { parseDuration } from '../protocol/duration.ts';
import type { WrittenAccount } from './account-schema.ts';
import type { AsFound } from './as-found.ts';
import type { WrittenFile } from './reader.ts';
import type { ReadSecret } from './secrets.ts';
import type { FileAccount, SimulatorSettings } from './types.ts';

/**
 * Completes an account. One without a password belongs to a PBX that asks for none.
 *
 * @param folder - the folder that the path of its password is relative to
 * @param found - the file that it is in, which may name a PEM file
 * @throws {AtcomError} `unreadable-file`
 */
export async function accountFrom(
  { password, passwordFile, register, ca, ...account }: WrittenAccount,
  folder: string,
  found: AsFound,
  read: ReadSecret,
): Promise<FileAccount> {
  const secret = passwordFile === undefined ? '' : await read(pathIn(folder, passwordFile));
  return {
    ...account,
    password: password ?? secret,
    register: register === undefined ? undefined : Math.max(1, Math.round(parseDuration(register) / 1000)),
    ca: ca === undefined ? undefined : found.certificate(ca),
  };
}

/** The settings of virtual phones; a project's entry replaces the user's entry of the same name. */
export function simulatorOf(files: readonly WrittenFile[], read: ReadSecret): SimulatorSettings {
  const written = files.map(({ folder, found, settings: { simulator = {} } }) => ({
    folder,
    found,
    simulator,
  }));
  const pbx = written.map(({ simulator }) => simulator.pbx).find((given) => given !== undefined);
  // The project's file comes first, and the last entry of a name counts.
  const far = written.toReversed();
  return {
    ...(pbx === undefined ? {} : { pbx }),
    accounts: new Map(
      far.flatMap(({ folder, found, simulator: { accounts = {} } }) =>
        Object.entries(accounts).map(([name, account]) => [
          name,
          { name, uri: account.uri, read: () => accountFrom(account, folder, found, read) },
        ]),
      ),
    ),
    pbxes: new Map(far.flatMap(({ simulator: { pbxes = {} } }) => Object.entries(pbxes))),
  };
}
