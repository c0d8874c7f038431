import { dirname } from 'node:path';
import { AtcomError } from '../errors.ts';
import type { Model } from '../protocol/models.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { closest } from '../protocol/suggest.ts';
import { applyEnvironment } from './environment.ts';
import { type ModelSettings, phoneFrom, type WrittenPhone } from './phone.ts';
import { findConfig, variable } from './places.ts';
import { expandPhones } from './ranges.ts';
import type { WrittenFile } from './reader.ts';
import type { Config, ConfigContext, Environment } from './types.ts';

/** A phone or a profile, with the file that defines it. */
interface Placed<T> {
  readonly file: WrittenFile;
  readonly written: T;
}

type WrittenProfile = NonNullable<WrittenFile['settings']['profiles']>[string];

/**
 * Reads the project file, the user file and the environment.
 *
 * @throws {AtcomError} `invalid-config`, `unreadable-file`, `unknown-profile`, `usage` for a wrong `ATCOM_…` value
 */
export async function loadConfig(context: ConfigContext): Promise<Config> {
  const files = await filesOf(context);
  const profiles = merge(files, ({ profiles }) => profiles);
  const name = context.profile ?? variable(context.env, 'ATCOM_PROFILE');
  const profile = name === undefined ? undefined : chosen(profiles, name);
  const phones = phonesOf(files, profile);
  const defaultTarget = defaultOf(files, profile);
  const models = merge(files, ({ models }) => models as Readonly<Record<string, ModelSettings>> | undefined);
  const listener = files.map(({ settings }) => settings.listener).find((given) => given !== undefined);
  return {
    files: files.map(({ path, kind }) => ({ path, kind })),
    ...(defaultTarget === undefined ? {} : { defaultTarget }),
    phones: ready(phones, context.env, (model) => models.get(model)?.written),
    groups: texts(merge(files, ({ groups }) => groups)),
    macros: texts(merge(files, ({ macros }) => macros)),
    ...(listener === undefined ? {} : { listener }),
    ...(name === undefined ? {} : { profile: name }),
    profiles: [...profiles.keys()],
    origin: new Map([...phones].map(([phone, { file }]) => [phone, file.kind])),
  };
}

function texts(placed: ReadonlyMap<string, Placed<string>>): ReadonlyMap<string, string> {
  return new Map([...placed].map(([name, { written }]) => [name, written]));
}

async function filesOf(context: ConfigContext): Promise<readonly WrittenFile[]> {
  const places = findConfig(context);
  if (places.found.length === 0) return [];
  const { readFiles } = await import('./reader.ts');
  return readFiles(places, context.cwd);
}

/** An entry of the project replaces the whole user entry of the same name, so that no password goes to another host. */
function merge<T>(
  files: readonly WrittenFile[],
  entries: (settings: WrittenFile['settings']) => Readonly<Record<string, T>> | undefined,
): ReadonlyMap<string, Placed<T>> {
  const merged = new Map<string, Placed<T>>();
  for (const file of files) {
    for (const [name, written] of Object.entries(entries(file.settings) ?? {})) {
      if (!merged.has(name)) merged.set(name, { file, written });
    }
  }
  return merged;
}

function chosen(profiles: ReadonlyMap<string, Placed<WrittenProfile>>, name: string): Placed<WrittenProfile> {
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  const names = [...profiles.keys()];
  throw new AtcomError('unknown-profile', { input: name, suggestions: closest(name, names), names });
}

function phonesOf(
  files: readonly WrittenFile[],
  profile: Placed<WrittenProfile> | undefined,
): ReadonlyMap<string, Placed<WrittenPhone>> {
  const own = profile?.written.phones;
  if (profile === undefined || own === undefined)
    return merge(files, ({ phones }) => phones && expandPhones(phones));
  return new Map(
    Object.entries(expandPhones(own)).map(([name, written]) => [name, { file: profile.file, written }]),
  );
}

/** A profile with its own phones does not inherit a default that was meant for other phones. */
function defaultOf(files: readonly WrittenFile[], profile?: Placed<WrittenProfile>): string | undefined {
  if (profile?.written.default !== undefined || profile?.written.phones !== undefined) {
    return profile.written.default;
  }
  return files.map(({ settings }) => settings.default).find((target) => target !== undefined);
}

function ready(
  phones: ReadonlyMap<string, Placed<WrittenPhone>>,
  env: Environment,
  ofModel: (model: Model) => ModelSettings | undefined,
): ReadonlyMap<string, PhoneSettings> {
  const settings = ([name, { file, written }]: [string, Placed<WrittenPhone>]): [string, PhoneSettings] => [
    name,
    applyEnvironment(phoneFrom(name, written, dirname(file.path), ofModel), env),
  ];
  return new Map([...phones].map(settings));
}
