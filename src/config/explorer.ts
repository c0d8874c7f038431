import { basename, dirname, join } from 'node:path';
import type { CosmiconfigResult, Loader } from 'cosmiconfig';
import * as internals from 'cosmiconfig/dist/Explorer.js';
import { AtcomError } from '../errors.ts';
import { realPath } from '../files/links.ts';

/** The part of cosmiconfig's class that is used here; its declaration file is empty. */
interface Internals {
  readonly Explorer: new (options: {
    readonly moduleName: string;
    readonly searchPlaces: readonly string[];
    readonly loaders: Readonly<Record<string, Loader>>;
    readonly transform: (result: CosmiconfigResult) => CosmiconfigResult;
  }) => { load(path: string): Promise<CosmiconfigResult> };
}

/**
 * Loads one file by cosmiconfig's rules: the loader follows the ending, and of a package.json only the key `atcom`
 * counts. Its search is not used, because it passes over what cannot be read, and the config of a folder further up
 * would decide instead. Its three ways to run a program from the current folder are closed:
 *
 * 1. Loaders of `.js`, `.ts`, `.cjs` and `.mjs`: every loader here is ours, and these refuse.
 * 2. `$import`: the same loaders serve it, and `parse` refuses the word before cosmiconfig sees it.
 * 3. Its "meta config": the public `cosmiconfig()` at once searches the process's current folder for `package.json`
 *    and `.config/config.*`, with loaders that run code and cannot be replaced; no option prevents that. The class
 *    behind it does not, so that is what is taken, and the version of cosmiconfig is pinned exactly.
 */
export async function loadFile(path: string, parse: Loader): Promise<unknown> {
  const { Explorer } = internals as unknown as Internals;
  const explorer = new Explorer({
    moduleName: 'atcom',
    searchPlaces: [],
    loaders: {
      '.js': () => refuseCode(path),
      '.ts': () => refuseCode(path),
      '.cjs': () => refuseCode(path),
      '.mjs': () => refuseCode(path),
      // A file that the user named can have any name.
      default: parse,
    },
    transform: (result) => result,
  });
  // It would strike `link/..` out.
  const result = await explorer.load(join(realPath(dirname(path)), basename(path)));
  return result?.config;
}

function refuseCode(path: string): never {
  throw new AtcomError('invalid-config', {
    file: path,
    problems: [`${path}: a config is data, not a program; use .yaml, .yml or .json`],
  });
}
