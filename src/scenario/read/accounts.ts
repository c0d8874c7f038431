import type { Role, RoleAccount } from '../scenario.ts';

/** A PBX of the config, with the accounts that `--sip-pbx` may use. */
export interface PbxAccounts {
  readonly name: string;
  readonly accounts: readonly RoleAccount[];
}

/** The account of each role; or why it has none. */
export type Accounts = ReadonlyMap<string, RoleAccount | string>;

/**
 * Gives each role an account of a PBX: those that name one of its accounts have that, the others the next free one, in
 * the order of the file.
 *
 * @param wanted - each role, and the account that the file names for it
 */
export function accountsAt(
  { name, accounts }: PbxAccounts,
  wanted: readonly (readonly [role: string, account: string | undefined])[],
): Accounts {
  const named = new Set(wanted.map(([, account]) => account));
  const free = accounts.filter((account) => !named.has(account.name)).values();
  const byName = new Map<string | undefined, RoleAccount>(accounts.map((account) => [account.name, account]));
  return new Map(
    wanted.map(([role, account]) => [
      role,
      byName.get(account) ??
        free.next().value ??
        `${name} has ${accounts.length} accounts in the config, and this scenario ${wanted.length} phones; add some to simulator: { pbxes }`,
    ]),
  );
}

/** A virtual phone on an account; its number is the user part of the address, if that can be dialled. */
export function atPbx(role: Role, account: RoleAccount, extension: string | undefined): Role {
  const user = /^sips?:([0-9*]+)@/.exec(account.uri)?.[1];
  return { ...role, account, settings: { ...role.settings, extension: extension ?? user } };
}

/** A placeholder for an account that a check does not know. */
export function unknownAccount(name: string): RoleAccount {
  const uri = `sip:0@${name}`;
  return { name, uri, read: () => ({ uri, password: '' }) };
}
