import { homedir, platform } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { isFile, readPlainFile } from './files.ts';
import type { ConfigContext } from './types.ts';

/** The names of project files, best first. None of them is a program: a config is data. */
const SEARCH_PLACES = [
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

/** A folder with the project files that are really there. */
interface Candidates {
  readonly folder: string;
  readonly places: readonly string[];
}

/** What there is to read, found without loading a library. */
export interface Found {
  /** The file of `ATCOM_CONFIG`, which replaces the search. */
  readonly explicit?: string;
  /** Folders with project files, nearest first. */
  readonly candidates: readonly Candidates[];
  readonly user?: string;
}

/** Where the config is looked for. */
export interface ConfigPlaces {
  /** Project files, in the order of the search; only the first that holds something counts. */
  readonly searched: readonly string[];
  /** The user's file: the one there is, or the one to create. */
  readonly user: string;
}

/** Where the config of this context is looked for, whether the files exist or not. */
export function configPlaces(context: ConfigContext): ConfigPlaces {
  const explicit = explicitFile(context);
  const searched =
    explicit === undefined
      ? folders(context).flatMap((folder) => SEARCH_PLACES.map((place) => join(folder, place)))
      : [explicit];
  return { searched, user: userFile(context) };
}

/** Looks for files with the file system alone: most runs have none, and should pay for none. */
export function findConfig(context: ConfigContext): Found {
  const user = userFile(context);
  const known = isFile(user) ? { user } : {};
  const explicit = explicitFile(context);
  // The user's own file stays the user's own when it is named once more.
  if (explicit === user) return { candidates: [], ...known };
  if (explicit !== undefined) return { explicit, candidates: [], ...known };
  const candidates = folders(context)
    .map((folder) => ({ folder, places: SEARCH_PLACES.filter((place) => holdsConfig(folder, place)) }))
    .filter(({ places }) => places.length > 0);
  return { candidates, ...known };
}

/** A value of the environment; an empty one counts as not set, as CI systems give for a missing secret. */
export function variable(env: ConfigContext['env'], name: `ATCOM_${string}`): string | undefined {
  return env[name] === '' ? undefined : env[name];
}

function explicitFile({ cwd, env }: ConfigContext): string | undefined {
  const path = variable(env, 'ATCOM_CONFIG');
  return path === undefined ? undefined : resolve(cwd, path);
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

function holdsConfig(folder: string, place: string): boolean {
  const path = join(folder, place);
  return isFile(path) && (place !== 'package.json' || hasOurKey(path));
}

/** Nearly every package.json is none of ours: the word is looked for before anything is parsed. */
function hasOurKey(path: string): boolean {
  let text: string;
  try {
    text = readPlainFile(path);
  } catch {
    return false;
  }
  if (!text.includes('"atcom"')) return false;
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    // Projects that merely depend on atcom have the word too.
    return typeof value === 'object' && value !== null && Object.hasOwn(value, 'atcom');
  } catch {
    // The reader says where it is broken.
    return true;
  }
}

function userFile(context: ConfigContext): string {
  const folder = context.userFolder ?? platformFolder(context);
  const paths = USER_FILES.map((name) => join(folder, name));
  return paths.find(isFile) ?? join(folder, USER_FILES[0]);
}

/** env-paths looks at the process's environment only; elsewhere than on Linux and BSD it has no variable of its own. */
function platformFolder({ env }: ConfigContext): string {
  const base = env['XDG_CONFIG_HOME'];
  // The specification wants a relative path to be ignored; it would follow the current folder.
  const honoured = base !== undefined && isAbsolute(base) && !['darwin', 'win32'].includes(platform());
  return honoured ? join(base, 'atcom') : envPaths('atcom', { suffix: '' }).config;
}
