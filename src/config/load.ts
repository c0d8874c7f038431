import { resolve } from 'node:path';
import { AtcomError } from '../errors.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { closest } from '../protocol/suggest.ts';
import { checkFiles } from './checked.ts';
import { environmentTimes } from './environment.ts';
import { judged } from './judged.ts';
import { inheritance } from './layers.ts';
import { over, settingsFrom, type WrittenPhone } from './phone.ts';
import { absenceOf, type ConfigPlaces, findConfig, variable } from './places.ts';
import { type Expanded, expandPhones } from './ranges.ts';
import type { WrittenFile } from './reader.ts';
import type { Placed } from './same-phone.ts';
import { type PasswordIn, passwordsOf, type ReadSecret, secretReader } from './secrets.ts';
import type { Config, ConfigContext } from './types.ts';

/** An entry and its file. */
interface InFile<T> {
  readonly file: WrittenFile;
  readonly written: T;
}

type WrittenProfile = NonNullable<WrittenFile['settings']['profiles']>[string];

/**
 * Reads the project file, the user file and the environment.
 *
 * @throws {AtcomError} `invalid-config`, `unreadable-file`, `untrusted-config`, `unknown-profile`, `usage` for a wrong
 *   `ATCOM_…` value; the reason of the context's signal
 */
export async function loadConfig(context: ConfigContext): Promise<Config> {
  const places = findConfig(context);
  const files = await filesOf(context, places);
  const profiles = merge(files, ({ profiles = {} }) => Object.entries(profiles));
  const name = context.profile ?? variable(context.env, 'ATCOM_PROFILE');
  const profile = name === undefined ? undefined : chosen(profiles, name);
  const read = secretReader(context);
  const placed = phonesOf(files, name, profile, await passwordsOf(files, name, read));
  const times = environmentTimes(context.env);
  const phones = new Map([...placed].map(([phone, { settings }]) => [phone, { ...settings, ...times }]));
  const groups = texts(merge(files, ({ groups = {} }) => Object.entries(groups)));
  const defaultTarget = defaultOf(files, profile);
  const absence = absenceOf(places);
  return {
    files: files.map(({ path, kind }) => ({ path, kind })),
    ...(defaultTarget === undefined ? {} : { defaultTarget }),
    phones,
    groups,
    macros: texts(merge(files, ({ macros = {} }) => Object.entries(macros))),
    ...(await receiving(files, context.env)),
    ...(await virtualPhones(files, read)),
    ...(name === undefined ? {} : { profile: name }),
    profiles: [...profiles.keys()],
    origin: new Map([...placed].map(([phone, { file }]) => [phone, file.kind])),
    ...(absence === undefined ? {} : { absence }),
    ...(await judged(context, files, placed, { phones, groups }, read)),
  };
}

/** How events are received; what knows the rules of that is loaded only where something is said of it. */
async function receiving(
  files: readonly WrittenFile[],
  env: ConfigContext['env'],
): Promise<Pick<Config, 'listener' | 'events'>> {
  const written = files.some(({ settings: { listener, events } }) => (listener ?? events) !== undefined);
  if (!written && variable(env, 'ATCOM_LISTENER_TOKEN') === undefined) return {};
  return (await import('./listener.ts')).listenerOf(files, env);
}

/** The reader of accounts is loaded only if there are any. */
async function virtualPhones(
  files: readonly WrittenFile[],
  read: ReadSecret,
): Promise<Pick<Config, 'simulator'>> {
  if (files.every(({ settings }) => settings.simulator === undefined)) return {};
  const { simulatorOf } = await import('./simulator.ts');
  return { simulator: simulatorOf(files, read) };
}

function texts(entries: ReadonlyMap<string, InFile<string>>): ReadonlyMap<string, string> {
  return new Map([...entries].map(([name, { written }]) => [name, written]));
}

async function filesOf(context: ConfigContext, places: ConfigPlaces): Promise<readonly WrittenFile[]> {
  const found = checkFiles(context, places);
  if (found.length === 0) return [];
  const { readFiles } = await import('./reader.ts');
  return readFiles(found, places.user, context);
}

/** An entry of the project replaces the whole user entry of the same name, so that no password goes to another host. */
function merge<T>(
  files: readonly WrittenFile[],
  entries: (settings: WrittenFile['settings']) => Iterable<[string, T]>,
): ReadonlyMap<string, InFile<T>> {
  const merged = new Map<string, InFile<T>>();
  for (const file of files) {
    for (const [name, written] of entries(file.settings)) {
      if (!merged.has(name)) merged.set(name, { file, written });
    }
  }
  return merged;
}

function chosen(profiles: ReadonlyMap<string, InFile<WrittenProfile>>, name: string): InFile<WrittenProfile> {
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  const names = [...profiles.keys()];
  throw new AtcomError('unknown-profile', { input: name, suggestions: closest(name, names), names });
}

function phonesOf(
  files: readonly WrittenFile[],
  name: string | undefined,
  profile: InFile<WrittenProfile> | undefined,
  passwordIn: PasswordIn,
): ReadonlyMap<string, Placed> {
  const inherited = inheritance(files);
  const own = profile?.written.phones;
  const written: ReadonlyMap<string, InFile<Expanded<WrittenPhone>>> = profile === undefined ||
  own === undefined
    ? merge(files, ({ phones = {} }) => expandPhones(phones))
    : merge([profile.file], () => expandPhones(own));
  const above = own === undefined || name === undefined ? [] : ['profiles', name];
  const paths = new Map<string, readonly string[]>();
  const pathOf = (file: WrittenFile, entry: string) => {
    const key = `${file.kind} ${entry}`;
    const path = paths.get(key) ?? [...above, 'phones', entry];
    paths.set(key, path);
    return path;
  };
  return new Map(
    [...written].map(
      ([
        phone,
        {
          file,
          written: { entry, phone: given },
        },
      ]) => {
        const settings = typeof given === 'string' ? { host: given } : given;
        const { folder } = file;
        const { passwordFile } = settings;
        const secret =
          passwordFile === undefined ? {} : { password: passwordIn(resolve(folder, passwordFile)) };
        const near = { name: phone, ...settingsFrom(settings, folder), ...secret };
        const alias = typeof given !== 'string' && given.alias === true;
        const all = over(near, inherited(file, near.model)) as PhoneSettings;
        return [phone, { file, path: pathOf(file, entry), alias, settings: all }];
      },
    ),
  );
}

/** A profile with its own phones does not inherit a default meant for other phones. */
function defaultOf(files: readonly WrittenFile[], profile?: InFile<WrittenProfile>): string | undefined {
  if (profile?.written.default !== undefined || profile?.written.phones !== undefined) {
    return profile.written.default;
  }
  return files.map(({ settings }) => settings.default).find((target) => target !== undefined);
}
