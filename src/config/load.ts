import { hearSignal } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { pathIn } from '../files/links.ts';
import { closest } from '../protocol/suggest.ts';
import { checkFiles } from './checked.ts';
import { environmentTimes } from './environment.ts';
import { type Judged, judged } from './judged.ts';
import { type Inherited, inheritance } from './layers.ts';
import { asAddressed, over, type Shared, settingsFrom, type WrittenPhone } from './phone.ts';
import { absenceOf, type ConfigPlaces, findConfig, variable } from './places.ts';
import { type Expanded, expandPhones } from './ranges.ts';
import type { WrittenFile } from './reader.ts';
import { saidByNames } from './said-by-names.ts';
import type { Placed } from './same-phone.ts';
import { type PasswordIn, passwordsOf, type ReadSecret, secretReader } from './secrets.ts';
import type { Config, ConfigContext } from './types.ts';

/** An entry and its file. */
interface InFile<T> {
  readonly file: WrittenFile;
  readonly written: T;
}

type WrittenProfile = NonNullable<WrittenFile['settings']['profiles']>[string];

/** What the files say whatever the profile, read once for all of them. */
interface Written {
  readonly files: readonly WrittenFile[];
  readonly profiles: ReadonlyMap<string, InFile<WrittenProfile>>;
  readonly inherited: Inherited;
  readonly read: ReadSecret;
  /** What is the same with every profile. */
  readonly common: Common;
}

type Common = Omit<Config, 'defaultTarget' | 'phones' | 'profile' | 'origin' | keyof Judged>;

/**
 * Reads the project file, the user file and the environment.
 *
 * @throws {AtcomError} `invalid-config`, `unreadable-file`, `untrusted-config`, `unknown-profile`, `usage` for a wrong
 *   `ATCOM_…` value; the reason of the context's signal
 */
export async function loadConfig(context: ConfigContext): Promise<Config> {
  return configOf(await writtenIn(context), context);
}

/**
 * The config, and unless a profile is chosen also as each of its profiles makes it. One at a time, because each has all
 * its phones.
 *
 * @throws what {@link loadConfig} throws
 */
export async function* everyProfile(context: ConfigContext): AsyncGenerator<Config, void> {
  const written = await writtenIn(context);
  const config = await configOf(written, context);
  yield config;
  if (config.profile !== undefined) return;
  for (const [name, profile] of written.profiles) {
    await hearSignal(context.signal);
    // Few have phones of their own; those of the files need not be found again.
    yield profile.written.phones === undefined
      ? { ...config, ...choice(written, name, profile) }
      : await configOf(written, { ...context, profile: name });
  }
}

async function writtenIn(context: ConfigContext): Promise<Written> {
  const places = findConfig(context);
  const files = await filesOf(context, places);
  const profiles = merge(files, ({ settings: { profiles = {} } }) => Object.entries(profiles));
  const read = secretReader(context);
  const absence = absenceOf(places);
  const common = {
    files: files.map(({ path, kind }) => ({ path, kind })),
    groups: texts(merge(files, ({ settings: { groups = {} } }) => Object.entries(groups))),
    macros: texts(merge(files, ({ settings: { macros = {} } }) => Object.entries(macros))),
    ...(await receiving(files, context.env)),
    ...(await virtualPhones(files, read)),
    profiles: [...profiles.keys()],
    ...(absence === undefined ? {} : { absence }),
    ...(places.closed === undefined ? {} : { closed: places.closed }),
  };
  return { files, profiles, inherited: inheritance(files), read, common };
}

async function configOf(written: Written, context: ConfigContext): Promise<Config> {
  const { files, profiles, read, common } = written;
  const name = context.profile ?? variable(context.env, 'ATCOM_PROFILE');
  const profile = name === undefined ? undefined : chosen(profiles, name);
  const placed = phonesOf(written, name, profile, await passwordsOf(files, name, read));
  const times = environmentTimes(context.env);
  const said = saidByNames([...placed.values()].map(({ settings }) => settings));
  const phones = new Map(
    [...placed].map(([phone, { settings }]) => [phone, { ...settings, ...said(settings), ...times }]),
  );
  return {
    ...common,
    ...choice(written, name, profile),
    phones,
    origin: new Map([...placed].map(([phone, { file }]) => [phone, file.kind])),
    ...(await judged(context, files, placed, { phones, groups: common.groups }, read)),
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
  return readFiles(found, places.user ?? 'set HOME to have one', context);
}

/** An entry of the project replaces the whole user entry of the same name, so that no password goes to another host. */
function merge<T>(
  files: readonly WrittenFile[],
  entries: (file: WrittenFile) => Iterable<readonly [string, T]>,
): ReadonlyMap<string, InFile<T>> {
  const merged = new Map<string, InFile<T>>();
  for (const file of files) {
    for (const [name, written] of entries(file)) {
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
  { files, inherited }: Written,
  name: string | undefined,
  profile: InFile<WrittenProfile> | undefined,
  passwordIn: PasswordIn,
): ReadonlyMap<string, Placed> {
  const own = profile?.written.phones;
  const above = own === undefined || name === undefined ? [] : ['profiles', name];
  const phones: ReadonlyMap<string, InFile<Expanded<WrittenPhone>>> = merge(
    profile === undefined || own === undefined ? files : [profile.file],
    ({ settings, entriesAt }) => expandPhones(entriesAt([...above, 'phones'], own ?? settings.phones ?? {})),
  );
  const entries = new Map<
    string,
    Omit<Placed, 'settings'> & { readonly shared: Shared; readonly near: Shared }
  >();
  /** What all phones of an entry have, read once: there may be thousands of both. */
  const entryOf = (file: WrittenFile, entry: string, given: WrittenPhone) => {
    const key = `${file.kind} ${entry}`;
    const known = entries.get(key);
    if (known !== undefined) return known;
    const settings = typeof given === 'string' ? { host: given } : given;
    const { passwordFile, alias = false } = settings;
    const secret =
      passwordFile === undefined ? {} : { password: passwordIn(pathIn(file.folder, passwordFile)) };
    const near = { name: entry, ...settingsFrom(settings, file.found), ...secret };
    const shared = over(near, inherited(file, near.model));
    const read = { file, path: [...above, 'phones', entry], alias, shared, near };
    entries.set(key, read);
    return read;
  };
  return new Map(
    [...phones].map(([phone, { file, written }]) => {
      const { shared, near, ...place } = entryOf(file, written.entry, written.written);
      return [phone, { ...place, settings: asAddressed({ ...shared, name: phone, ...written.own }, near) }];
    }),
  );
}

/** The profile, and its target. One with its own phones does not inherit a default meant for other phones. */
function choice(
  { files }: Written,
  name: string | undefined,
  profile: InFile<WrittenProfile> | undefined,
): Pick<Config, 'profile' | 'defaultTarget'> {
  const { phones, default: own } = profile?.written ?? {};
  const others = phones === undefined ? files.map(({ settings }) => settings.default) : [];
  const defaultTarget = [own, ...others].find((target) => target !== undefined);
  return {
    ...(name === undefined ? {} : { profile: name }),
    ...(defaultTarget === undefined ? {} : { defaultTarget }),
  };
}
