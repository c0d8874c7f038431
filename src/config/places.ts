import { homedir, platform } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { isFile, isThere, readPlainFile } from './files.ts';
import type { ConfigContext, ConfigFile } from './types.ts';

/** The names of project files, best first. None of them is a program: a config is data. */
export const PROJECT_FILES = [
  '.atcomrc',
  '.atcomrc.yaml',
  '.atcomrc.yml',
  '.atcomrc.json',
  '.config/atcomrc',
  '.config/atcomrc.yaml',
  '.config/atcomrc.yml',
  '.config/atcomrc.json',
  'atcom.config.yaml',
  'atcom.config.yml',
  'atcom.config.json',
  'package.json',
] as const;

const USER_FILES = ['config.yaml', 'config.yml', 'config.json'] as const;

/** A config file that decides, whether it can be read or not. */
export interface FoundFile extends ConfigFile {
  /** Named by `--config` or `ATCOM_CONFIG`; otherwise it was found where files of this name are looked for. */
  readonly named: boolean;
}

/** Where the config was looked for, and what is there. */
export interface ConfigPlaces {
  /** The files that decide, the project's first. */
  readonly found: readonly FoundFile[];
  /** Files that are there, and do not count because one beside them does. */
  readonly ignored: readonly string[];
  /** Every path that was looked at, in order, up to the file that decided. */
  readonly searched: readonly string[];
  /** The user's file: the one there is, or the one to create. */
  readonly user: string;
}

/**
 * Looks for files with the file system alone: most runs have none, and should pay for none. The nearest file of a name
 * decides whatever is in it: if an empty or a broken one were passed over, a folder further up would decide which
 * phones are meant.
 *
 * @throws {AtcomError} `unreadable-file` where it cannot even be seen whether there is a file
 */
export function findConfig(context: ConfigContext): ConfigPlaces {
  const user = lookIn(userFolder(context), USER_FILES);
  const userPath = user.there[0] ?? join(userFolder(context), USER_FILES[0]);
  const named = namedFile(context);
  const project = named === undefined ? searchProject(context) : { searched: [named], there: [named] };
  const decides = project.there[0];
  // The user's own file stays the user's own when it is named once more.
  const twice = decides === userPath;
  return {
    found: [
      ...(decides === undefined || twice
        ? []
        : [{ path: decides, kind: 'project' as const, named: named !== undefined }]),
      ...(user.there.length > 0 || twice ? [{ path: userPath, kind: 'user' as const, named: twice }] : []),
    ],
    ignored: [...project.there.slice(1), ...user.there.slice(1)],
    searched: [...project.searched, ...user.searched],
    user: userPath,
  };
}

/** A value of the environment; an empty one counts as not set, as CI systems give for a missing secret. */
export function variable(env: ConfigContext['env'], name: `ATCOM_${string}`): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

function namedFile({ cwd, env, file }: ConfigContext): string | undefined {
  const path = file ?? variable(env, 'ATCOM_CONFIG');
  return path === undefined ? undefined : resolve(cwd, path);
}

/** Paths that were looked at, and those at which there is something. */
interface Looked {
  readonly searched: readonly string[];
  readonly there: readonly string[];
}

function lookIn(folder: string, names: readonly string[]): Looked {
  const searched = names.map((name) => join(folder, name));
  return { searched, there: searched.filter((path) => isThere(path) && !isOthersPackage(path)) };
}

function searchProject(context: ConfigContext): Looked {
  const searched: string[] = [];
  for (const folder of folders(context)) {
    const here = lookIn(folder, PROJECT_FILES);
    searched.push(...here.searched);
    if (here.there.length > 0) return { searched, there: here.there };
  }
  return { searched, there: [] };
}

/** From the current folder up to the home folder, or to the root when the home folder is not above. */
function folders({ cwd, env }: ConfigContext): readonly string[] {
  const home = resolve(env['HOME'] || homedir());
  const all = [resolve(cwd)];
  for (let folder = resolve(cwd); folder !== home && folder !== dirname(folder); ) {
    folder = dirname(folder);
    all.push(folder);
  }
  return all;
}

/** Nearly every package.json is none of ours: the word is looked for before anything is parsed. */
function isOthersPackage(path: string): boolean {
  if (!path.endsWith('package.json')) return false;
  if (!isFile(path)) return true;
  let text: string;
  try {
    text = readPlainFile(path);
  } catch {
    return true;
  }
  if (!text.includes('"atcom"')) return true;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    // Projects that merely depend on atcom have the word too.
    return typeof value !== 'object' || value === null || !Object.hasOwn(value, 'atcom');
  } catch {
    // The reader says where it is broken.
    return false;
  }
}

/** env-paths looks at the process's environment only; elsewhere than on Linux and BSD it has no variable of its own. */
function userFolder({ env, userFolder }: ConfigContext): string {
  if (userFolder !== undefined) return userFolder;
  const base = env['XDG_CONFIG_HOME'];
  // The specification wants a relative path to be ignored; it would follow the current folder.
  const honoured = base !== undefined && isAbsolute(base) && !['darwin', 'win32'].includes(platform());
  return honoured ? join(base, 'atcom') : envPaths('atcom', { suffix: '' }).config;
}
