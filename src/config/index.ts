export { type FileAccount, readAccounts } from './accounts.ts';
export { applyEnvironment } from './environment.ts';
export { readPassword, readPlainFile } from './files.ts';
export { loadConfig } from './load.ts';
export { type ConfigPlaces, findConfig } from './places.ts';
export { stateFolder } from './state-folder.ts';
export { parseTimeout } from './timeout.ts';
export type { Config, ConfigContext, ConfigFile, Environment } from './types.ts';
