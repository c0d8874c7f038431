import { hearSignal } from '../abort.ts';
import { AtcomError } from '../errors.ts';
import { attempt } from '../files/attempt.ts';
import { pathIn } from '../files/links.ts';
import type { PhoneSettings } from '../protocol/settings.ts';
import { closest } from '../protocol/suggest.ts';
import type { Looks } from '../targets/effort.ts';
import { keyOf, type WhatIsTold, withSaid } from '../targets/known.ts';
import { checkFiles } from './checked.ts';
import { environmentTimes } from './environment.ts';
import { type Judged, judged } from './judged.ts';
import { type Inherited, inheritance } from './layers.ts';
import { asAddressed, over, type Shared, settingsFrom, type WrittenPhone } from './phone.ts';
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

/** What the files say whatever the profile, read once for all of them. */
interface Written {
  readonly files: readonly WrittenFile[];
  readonly profiles: ReadonlyMap<string, InFile<WrittenProfile>>;
  readonly inherited: Inherited;
  readonly read: ReadSecret;
  /** The project file, if it was merely found. */
  readonly found: WrittenFile | undefined;
  /** The phones of a file that a profile with its own replaces, found once for all of them. */
  readonly replaced: Map<WrittenFile, readonly PhoneSettings[]>;
  /** Why files of a phone that was replaced cannot be read, by the identity of the phone. */
  readonly unread: Map<string, unknown>;
  /** What the targets of `credentials` examine with all profiles. */
  readonly looks: Looks;
  /** What is the same with every profile. */
  readonly common: Common;
}

type Common = Omit<Config, 'defaultTarget' | 'phones' | 'told' | 'profile' | 'origin' | keyof Judged>;

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
  // Whatever keeps its trust from being known is told where trust is needed.
  const found = files.find(({ needsTrust, trust }) => needsTrust && attempt(trust) !== 'given');
  return {
    files,
    profiles,
    inherited: inheritance(files),
    read,
    found,
    replaced: new Map(),
    unread: new Map(),
    looks: { count: 0 },
    common,
  };
}

async function configOf(written: Written, context: ConfigContext): Promise<Config> {
  const { files, profiles, read, common } = written;
  const name = context.profile ?? variable(context.env, 'ATCOM_PROFILE');
  const profile = name === undefined ? undefined : chosen(profiles, name);
  const { placed, replaced, own } = phonesOf(written, name, profile, await passwordsOf(files, name, read));
  const told = toldBy(written, placed, replaced);
  const times = environmentTimes(context.env);
  const phones = new Map(
    [...placed].map(([phone, { settings, file }]) => [
      phone,
      { ...withSaid(settings, told, file === written.found), ...times },
    ]),
  );
  return {
    ...common,
    ...choice(written, name, profile),
    phones,
    told,
    origin: new Map([...placed].map(([phone, { file }]) => [phone, file.kind])),
    ...(await judged(context, { ...written, own }, placed, { phones, told, groups: common.groups })),
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

/**
 * An entry of the project replaces the whole user entry of the same name, so that no password goes to another host.
 *
 * @param replace - is told what is replaced
 */
function merge<T>(
  files: readonly WrittenFile[],
  entries: (file: WrittenFile) => Iterable<readonly [string, T]>,
  replace?: (name: string, entry: InFile<T>) => void,
): ReadonlyMap<string, InFile<T>> {
  const merged = new Map<string, InFile<T>>();
  for (const file of files) {
    for (const [name, written] of entries(file)) {
      if (merged.has(name)) replace?.(name, { file, written });
      else merged.set(name, { file, written });
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

type InSection = InFile<Expanded<WrittenPhone>>;

/** The phones by their names, and those of the user that an entry or a profile replaces. */
interface Phones {
  readonly placed: ReadonlyMap<string, Placed>;
  readonly replaced: WhatIsTold['replaced'];
  /** What names mean without the project file that was merely found. */
  readonly own: () => Config['phones'];
}

function phonesOf(
  written: Written,
  name: string | undefined,
  profile: InFile<WrittenProfile> | undefined,
  passwordIn: PasswordIn,
): Phones {
  const { files, found } = written;
  const chosen = profile?.written.phones === undefined ? undefined : name;
  const replaced: [string, InSection][] = [];
  const phones = merge(
    profile === undefined || chosen === undefined ? files : [profile.file],
    (file) => expandedIn(file, chosen),
    (phone, entry) => replaced.push([phone, entry]),
  );
  const read = phoneReader(written, passwordIn);
  const placed = new Map([...phones].map(([phone, entry]) => [phone, read(phone, entry, chosen)]));
  // On its own, because a reader keeps what all phones of an entry have.
  const readPlain = phoneReader(written, passwordIn);
  const anyway = (entries: Iterable<readonly [string, InSection]>, section?: string) =>
    [...entries].map(([phone, entry]) => {
      try {
        return read(phone, entry, section).settings;
      } catch (error) {
        const { settings } = readPlain(phone, withoutFiles(entry), section);
        written.unread.set(keyOf(settings), error);
        return settings;
      }
    });
  const own = files.filter((file) => file !== found);
  const inProfile = name === undefined ? [] : own.filter((file) => file !== profile?.file);
  const before = (file: WrittenFile) => {
    const known = written.replaced.get(file) ?? anyway(inFile(file));
    written.replaced.set(file, known);
    return known;
  };
  const lists = [
    // Of each file on its own, in which no two have one name.
    ...own.map((file) => anyway(replaced.filter(([, entry]) => entry.file === file))),
    ...inProfile.map((file) => anyway(inFile(file, name), name)),
    ...(chosen === undefined ? [] : own.map(before)),
  ];
  let meant: Config['phones'] | undefined;
  const named = () => {
    const its = own.find(
      ({ settings: { profiles = {} } }) => name !== undefined && Object.hasOwn(profiles, name),
    );
    const section = its?.settings.profiles?.[name ?? '']?.phones && name;
    const entries = merge(its && section !== undefined ? [its] : own, (file) => expandedIn(file, section));
    return new Map(anyway(entries, section).map((phone) => [phone.name ?? '', phone]));
  };
  return {
    placed,
    replaced: lists.filter((list) => list.length > 0),
    own() {
      meant ??= named();
      return meant;
    },
  };
}

/** The phones of a file, or of a profile in it. */
function expandedIn({ settings, entriesAt }: WrittenFile, profile: string | undefined) {
  const { phones = {} } = (profile === undefined ? settings : settings.profiles?.[profile]) ?? {};
  return expandPhones(entriesAt(pathOf(profile), phones));
}

function inFile(file: WrittenFile, profile?: string): readonly (readonly [string, InSection])[] {
  return [...expandedIn(file, profile)].map(([phone, written]) => [phone, { file, written }]);
}

function pathOf(profile: string | undefined): readonly string[] {
  return [...(profile === undefined ? [] : ['profiles', profile]), 'phones'];
}

type ReadPhone = (phone: string, entry: InSection, profile: string | undefined) => Placed;

function phoneReader({ inherited }: Written, passwordIn: PasswordIn): ReadPhone {
  const entries = new Map<
    string,
    Omit<Placed, 'settings'> & { readonly shared: Shared; readonly near: Shared }
  >();
  /** What all phones of an entry have, read once: there may be thousands of both. */
  const entryOf = (file: WrittenFile, entry: string, given: WrittenPhone, profile: string | undefined) => {
    const path = [...pathOf(profile), entry];
    const key = `${file.kind} ${path.join(' ')}`;
    const known = entries.get(key);
    if (known !== undefined) return known;
    const settings = typeof given === 'string' ? { host: given } : given;
    const { passwordFile, alias = false } = settings;
    const secret =
      passwordFile === undefined ? {} : { password: passwordIn(pathIn(file.folder, passwordFile)) };
    const near = { name: entry, ...settingsFrom(settings, file.found), ...secret };
    const shared = over(near, inherited(file, near.model));
    const read = { file, path, alias, shared, near };
    entries.set(key, read);
    return read;
  };
  return (phone, { file, written }, profile) => {
    const { shared, near, ...place } = entryOf(file, written.entry, written.written, profile);
    return { ...place, settings: asAddressed({ ...shared, name: phone, ...written.own }, near) };
  };
}

/** What is replaced need not be complete: a file of it that is not there is no reason to do nothing. */
function withoutFiles({ file, written }: InSection): InSection {
  return { file, written: { ...written, written: plain(written.written) } };
}

function plain(written: WrittenPhone): WrittenPhone {
  if (typeof written === 'string') return written;
  const { passwordFile: _, tls: { ca: __, ...tls } = {}, ...others } = written;
  return { ...others, tls };
}

function toldBy(
  { found }: Written,
  placed: ReadonlyMap<string, Placed>,
  replaced: WhatIsTold['replaced'],
): WhatIsTold {
  const all = [...placed.values()];
  const settingsIn = (isIt: (file: WrittenFile) => boolean) =>
    all.filter(({ file }) => isIt(file)).map(({ settings }) => settings);
  return {
    own: settingsIn(({ kind }) => kind !== 'project'),
    replaced,
    trusted: settingsIn((file) => file.kind === 'project' && file !== found),
    found: settingsIn((file) => file === found),
  };
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
