import type { Options, PublicExplorer } from 'cosmiconfig';
import * as internals from 'cosmiconfig/dist/Explorer.js';
import { AtcomError } from '../errors.ts';

/** Turns the text of a file into plain data; throws when it cannot. */
type Parse = (path: string, text: string) => unknown;

/** cosmiconfig's own class; its declaration file is empty. */
interface Internals {
  readonly Explorer: new (
    options: Required<Omit<Options, 'stopDir' | 'packageProp'>> & {
      readonly moduleName: string;
      readonly metaConfigFilePath: null;
    },
  ) => PublicExplorer;
}

/**
 * cosmiconfig, with its three ways to run a program from the current folder closed:
 *
 * 1. Search places and loaders of `.js`, `.ts`, `.cjs` and `.mjs`: `places` holds none, and every loader is ours.
 * 2. `$import`: the same loaders serve it, and `parse` refuses the word before cosmiconfig sees it.
 * 3. Its "meta config": the public `cosmiconfig()` at once searches the process's current folder for `package.json`
 *    and `.config/config.*`, with loaders that run code and cannot be replaced. The class behind it does not. Calling
 *    the function from a harmless folder (`process.chdir`) would work as well, but not in a worker thread, and it
 *    would move relative paths that other code is using meanwhile. The version of cosmiconfig is pinned exactly.
 *
 * The strategy `none` looks into one folder; `global` would also look for `config.js` in the user's folder.
 */
export function dataExplorer(places: readonly string[], parse: Parse): PublicExplorer {
  const { Explorer } = internals as unknown as Internals;
  return new Explorer({
    moduleName: 'atcom',
    searchPlaces: [...places],
    searchStrategy: 'none',
    loaders: {
      '.js': refuseCode,
      '.ts': refuseCode,
      '.cjs': refuseCode,
      '.mjs': refuseCode,
      '.json': parse,
      '.yaml': parse,
      '.yml': parse,
      noExt: parse,
      // A file that was named outright may be called anything.
      default: parse,
    },
    ignoreEmptySearchPlaces: true,
    // Nothing is read twice.
    cache: false,
    transform: (result) => result,
    metaConfigFilePath: null,
    mergeImportArrays: true,
    mergeSearchPlaces: false,
  });
}

function refuseCode(path: string): never {
  throw new AtcomError('invalid-config', {
    file: path,
    problems: [`${path}: a config is data, never a program; use .yaml, .yml or .json`],
  });
}
