import { platform } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { append } from '../append.ts';
import { homeOf, ownFolder } from '../files/home.ts';
import { pathIn } from '../files/links.ts';
import { readPlainFile } from '../files/plain.ts';
import { isFile, isThere, readabilityOfRoots } from './files.ts';
import type { ConfigContext, ConfigFile } from './types.ts';

/** The names of project files, best first. None is a program: a config is data. */
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

/** The system-wide config, installed by the Debian package. */
const SYSTEM_FILE = '/etc/atcom/atcom.config.yaml';

const USER_FILES = ['config.yaml', 'config.yml', 'config.json'] as const;

/** A config file that is used, even if it cannot be read. */
export interface FoundFile extends ConfigFile {
  /** Whether `--config` or `ATCOM_CONFIG` named it; otherwise it was found by search. */
  readonly named: boolean;
}

/** The places where the config was searched, and the files found. */
export interface ConfigPlaces {
  /** The files that are used, the project file first. */
  readonly found: readonly FoundFile[];
  /** Files that are ignored, because a preferred one is beside them. */
  readonly ignored: readonly string[];
  /** All paths searched, in order, up to the file that is used. */
  readonly searched: readonly string[];
  /** The user file that exists, or the one to create; undefined for a user without a home. */
  readonly user: string | undefined;
  /** The computer's file, if it is there and this user may not read it. */
  readonly closed?: string;
}

/**
 * Searches for files without loading a library, because most runs have none. The nearest file counts, whatever is in it:
 * if an empty or broken one were skipped, a folder further up would decide which phones are meant.
 *
 * @throws {AtcomError} `unreadable-file` if it is unknown whether there is a file
 */
export function findConfig(context: ConfigContext): ConfigPlaces {
  const folder = context.userFolder ?? ownFolder('config', context.env);
  const user = folder === undefined ? NOWHERE : lookIn(folder, USER_FILES);
  const userPath = user.there[0] ?? user.searched[0];
  const named = namedFile(context);
  const system = lookAtSystem(context);
  const project = named === undefined ? searchProject(context) : { searched: [named], there: [named] };
  const decides = project.there[0];
  // The user file remains the user file even if it is named explicitly.
  const twice = decides !== undefined && decides === userPath;
  const own = twice ? decides : user.there[0];
  return {
    found: [
      ...(decides === undefined || twice
        ? []
        : [{ path: decides, kind: 'project' as const, named: named !== undefined }]),
      ...(own === undefined ? [] : [{ path: own, kind: 'user' as const, named: twice }]),
      ...system.there.map((path) => ({ path, kind: 'system' as const, named: false })),
    ],
    ignored: [...project.there.slice(1), ...user.there.slice(1)],
    searched: [...project.searched, ...user.searched, ...system.searched],
    user: userPath,
    ...(system.closed === undefined ? {} : { closed: system.closed }),
  };
}

/** Why there is no project file, and where it was searched; undefined if there is one. */
export function absenceOf({ found, searched, user, closed }: ConfigPlaces): string | undefined {
  if (found.some(({ kind }) => kind === 'project')) return undefined;
  const [last = ''] = PROJECT_FILES.slice(-1);
  const looked = searched.filter((path) => basename(path) === last).map((path) => dirname(path));
  const none = found.length === 0 ? `, ${user === undefined ? NO_HOME : `nor ${user}`}` : '';
  const unread = closed === undefined ? '' : `, and you may not read ${closed}`;
  return `no config file such as atcom.config.yaml was found in ${looked.join(', ')}${none}${unread}`;
}

/** Why a user has no file of their own. */
const NO_HOME = 'and this user has no home for a file of their own';

/** A value of the environment. An empty one counts as not set: CI systems use it for a missing secret. */
export function variable(env: ConfigContext['env'], name: `ATCOM_${string}`): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

function namedFile({ cwd, env, file }: ConfigContext): string | undefined {
  const path = file ?? variable(env, 'ATCOM_CONFIG');
  return path === undefined ? undefined : pathIn(cwd, path);
}

/** The paths searched, and those that exist. */
interface Looked {
  readonly searched: readonly string[];
  readonly there: readonly string[];
}

const NOWHERE: Looked = { searched: [], there: [] };

function lookIn(folder: string, names: readonly string[]): Looked {
  const searched = names.map((name) => join(folder, name));
  return { searched, there: searched.filter((path) => isThere(path) && !isOthersPackage(path)) };
}

/**
 * Whoever can write it decides which phones everyone's commands mean, so only a file of root counts. If
 * root made it unreadable to others, because it contains passwords, they do without it; a service has the copy that
 * systemd made for it (`LoadCredential=`).
 */
function lookAtSystem({ systemFile = SYSTEM_FILE, env }: ConfigContext): Looked & { closed?: string } {
  if (platform() === 'win32') return NOWHERE;
  const searched = [systemFile];
  const readability = readabilityOfRoots(systemFile);
  if (readability === 'readable') return { searched, there: searched };
  if (readability === undefined) return { searched, there: [] };
  const copy = join(env['CREDENTIALS_DIRECTORY'] ?? '', basename(systemFile));
  return isAbsolute(copy) && isFile(copy)
    ? { searched: [...searched, copy], there: [copy] }
    : { searched, there: [], closed: systemFile };
}

function searchProject(context: ConfigContext): Looked {
  const searched: string[] = [];
  for (const folder of folders(context)) {
    const here = lookIn(folder, PROJECT_FILES);
    append(searched, here.searched);
    if (here.there.length > 0) return { searched, there: here.there };
  }
  return { searched, there: [] };
}

/** The current folder and those above it, up to the home folder or, outside of it, to the root. */
function folders({ cwd, env }: ConfigContext): readonly string[] {
  const home = resolve(homeOf(env) ?? '/');
  const all = [resolve(cwd)];
  for (let folder = resolve(cwd); folder !== home && folder !== dirname(folder); ) {
    folder = dirname(folder);
    all.push(folder);
  }
  return all;
}

/** Few package.json files have our settings, so the key is searched before anything is parsed. */
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
    // Projects that only depend on atcom contain the word, too.
    return typeof value !== 'object' || value === null || !Object.hasOwn(value, 'atcom');
  } catch {
    // The reader reports where it is broken.
    return false;
  }
}
