export { applyEnvironment } from './environment.ts';
export { loadConfig } from './load.ts';
export { type ConfigPlaces, findConfig } from './places.ts';
export { stateFolder } from './state-folder.ts';
export type { Config, ConfigContext, ConfigFile } from './types.ts';

/** The JSON Schema of a config file, for editors. */
export async function configJsonSchema(): Promise<object> {
  const { makeJsonSchema } = await import('./json-schema.ts');
  return makeJsonSchema();
}
