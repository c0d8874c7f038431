import type { ConfigContext, FileAccount } from './types.ts';

export { accountOf, accountsOfPbx } from './account-of.ts';
export { asFound } from './as-found.ts';
export { checkToken } from './check-token.ts';
export { broughtAlong, isChosen } from './checked.ts';
export { everyProfile, loadConfig } from './load.ts';
export { type ConfigPlaces, findConfig, PROJECT_FILES, variable } from './places.ts';
export { configStamp } from './stamp.ts';
export { OTHER_STATE_FOLDER, stateFolder, stateIfAny } from './state-folder.ts';
export { parseTimeout } from './timeout.ts';
export { changeTrust, strangerIn, type Trust, type TrustChange, trustIn } from './trust.ts';
export type {
  AccountSettings,
  Config,
  ConfigContext,
  ConfigFile,
  Covered,
  Environment,
  FileAccount,
  ListenerSettings,
  SimulatorSettings,
} from './types.ts';

/**
 * The accounts in a file, for virtual phones that register. The YAML reader is loaded only for that.
 *
 * @throws {AtcomError} `unreadable-file`, `invalid-config`
 */
export async function readAccounts(path: string, context: ConfigContext): Promise<readonly FileAccount[]> {
  const accounts = await import('./accounts.ts');
  return accounts.readAccounts(path, context);
}
