import { platform, userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { attempt } from './attempt.ts';
import type { Person } from './secret.ts';

/**
 * The user's home: the one of the environment, or else that of the account. Undefined for a user who has none, such as a
 * container's that is only a number: nothing is read or kept anywhere else instead.
 */
export function homeOf(env: Person['env']): string | undefined {
  return [env['HOME'], env['USERPROFILE']].find(isPlace) ?? homeOfAccount();
}

/** As the system has it, whatever HOME says. */
export function homeOfAccount(): string | undefined {
  return [attempt(() => userInfo().homedir)].find(isPlace);
}

/** An empty or a relative one would be in the current folder, where a project could have brought it along. */
function isPlace(path: string | undefined): path is string {
  return path !== undefined && isAbsolute(path);
}

type Kind = 'config' | 'state' | 'cache';

/** The variable that names the folder of a kind, and that folder in a home. */
const UNIX: Readonly<Record<Kind, readonly [variable: string, inHome: string]>> = {
  config: ['XDG_CONFIG_HOME', '.config'],
  state: ['XDG_STATE_HOME', '.local/state'],
  cache: ['XDG_CACHE_HOME', '.cache'],
};
const WINDOWS: typeof UNIX = {
  config: ['APPDATA', 'AppData/Roaming'],
  state: ['LOCALAPPDATA', 'AppData/Local'],
  cache: ['LOCALAPPDATA', 'AppData/Local'],
};
const MACOS: Readonly<Record<Kind, string>> = {
  config: 'Library/Preferences',
  state: 'Library/Application Support',
  cache: 'Library/Caches',
};

/** The program's folder of a kind, in a home or where the environment says; `bin/load.js` knows that of the cache, too. */
export function ownFolder(kind: Kind, env: Person['env'], system = platform()): string | undefined {
  return chosenFolder(kind, env, system) ?? folderIn(homeOf(env), kind, system);
}

/** What {@link ownFolder} is in: the home, or the folder of all programs that the environment names. */
export function baseOf(kind: Kind, env: Person['env'], system = platform()): string | undefined {
  return chosenBase(kind, env, system) ?? homeOf(env);
}

/** The program's folder that the environment names, if any. */
export function chosenFolder(kind: Kind, env: Person['env'], system: NodeJS.Platform): string | undefined {
  const base = chosenBase(kind, env, system);
  return base === undefined ? undefined : join(base, nameOf(kind, system));
}

function chosenBase(kind: Kind, env: Person['env'], system: NodeJS.Platform): string | undefined {
  if (system === 'darwin') return undefined;
  const [variable] = (system === 'win32' ? WINDOWS : UNIX)[kind];
  return [env[variable]].find(isPlace);
}

/** The program's folder in a home. */
export function folderIn(home: string | undefined, kind: Kind, system: NodeJS.Platform): string | undefined {
  if (home === undefined) return undefined;
  const inHome = system === 'darwin' ? MACOS[kind] : (system === 'win32' ? WINDOWS : UNIX)[kind][1];
  return join(home, inHome, nameOf(kind, system));
}

/** On Windows, the state has the same folder around it. */
function nameOf(kind: Kind, system: NodeJS.Platform): string {
  return system === 'win32' && kind === 'config' ? join('atcom', 'Config') : 'atcom';
}
