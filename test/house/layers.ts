import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { ROOT } from './run.ts';

/** What a folder of `src/` may import, besides itself and errors: other folders, packages, and Node's own modules. */
interface Layer {
  readonly folders: readonly string[];
  readonly packages?: readonly string[];
  /** Whether it may read files, open sockets and the like. */
  readonly node?: boolean;
}

/** One line per folder. Nothing imports `cli`, and `index.ts` is the entry point of the library. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  errors: { folders: [] },
  'shell.ts': { folders: [] },
  'abort.ts': { folders: ['protocol'] },
  'append.ts': { folders: [] },
  'once-read.ts': { folders: [] },
  'per-process.ts': { folders: [] },
  'lookup.ts': { folders: [], node: true },
  // Which call an event is of: one reading for states and for proofs.
  'call-identity.ts': { folders: ['protocol'], node: true },
  // Whether anything may be contacted.
  'offline.ts': { folders: ['protocol'], node: true },
  // Files that users name: read and written without waiting for ever, with readable errors.
  files: { folders: ['protocol'], node: true },
  protocol: { folders: [], packages: ['fastest-levenshtein'] },
  targets: { folders: ['protocol'], packages: ['ipaddr.js'] },
  transport: { folders: ['lookup.ts', 'offline.ts', 'protocol'], packages: ['undici'], node: true },
  phone: { folders: ['call-identity.ts', 'offline.ts', 'protocol', 'transport'], node: true },
  // The phone's own web pages: reads them, and changes their fields.
  setup: { folders: ['protocol', 'transport', 'phone'], packages: ['ipaddr.js'], node: false },
  // Pages for browsers: who may open them, and how they are served.
  web: { folders: [], node: true },
  // What runs in a browser; from other folders, it needs only types and pure code.
  pages: { folders: ['protocol', 'receiver', 'monitor', 'web'] },
  receiver: { folders: ['call-identity.ts', 'files', 'protocol', 'phone', 'web'], node: true },
  // States of phones, for people and for other programs.
  monitor: { folders: ['protocol', 'receiver', 'web', 'pages'], node: true },
  fleet: { folders: ['files', 'protocol', 'targets'], packages: ['valibot'], node: true },
  yaml: { folders: ['protocol'], packages: ['yaml', 'valibot', '@valibot/to-json-schema'], node: true },
  config: {
    folders: ['files', 'protocol', 'targets', 'yaml'],
    packages: ['cosmiconfig', 'valibot'],
    node: true,
  },
  doctor: {
    folders: [
      'offline.ts',
      'files',
      'protocol',
      'transport',
      'phone',
      'setup',
      'receiver',
      'fleet',
      'config',
    ],
    node: true,
  },
  simulator: {
    folders: ['lookup.ts', 'offline.ts', 'protocol', 'web', 'pages'],
    packages: ['sip.js'],
    node: true,
  },
  scenario: {
    folders: ['files', 'protocol', 'phone', 'receiver', 'fleet', 'yaml', 'simulator'],
    packages: ['valibot'],
    node: true,
  },
  vitest: {
    folders: ['protocol', 'targets', 'phone', 'receiver', 'fleet', 'config', 'scenario'],
    packages: ['vitest'],
    node: true,
  },
  cli: {
    folders: [
      'lookup.ts',
      'files',
      'protocol',
      'targets',
      'phone',
      'setup',
      'receiver',
      'monitor',
      'web',
      'fleet',
      'yaml',
      'config',
      'doctor',
      'simulator',
      'scenario',
    ],
    packages: ['@commander-js/extra-typings', 'chalk', 'ora'],
    node: true,
  },
  'index.ts': { folders: ['protocol', 'phone', 'receiver'] },
};

/** What every layer may import. */
const COMMON: readonly string[] = [
  'errors',
  'shell.ts',
  'abort.ts',
  'append.ts',
  'once-read.ts',
  'per-process.ts',
];

/** Packages that only one file may import, because it trims them or hides their types. */
const ONE_PLACE: Readonly<Record<string, string>> = {
  undici: 'transport/undici.ts',
  chalk: 'cli/output/output.ts',
  ora: 'cli/output/spinner.ts',
  'sip.js': 'simulator/sip/sipjs.ts',
};

/**
 * The files and folders that may use the process they run in: what is around the command line, the entry point of the test runner, what keeps
 * unit tests of the library from real phones, and what makes errors of a package's timers warnings.
 */
const PROCESS = ['cli/process/', 'vitest/surroundings.ts', 'offline.ts', 'simulator/sip/sipjs.ts'];

function knowsProcess(file: string): boolean {
  return PROCESS.some((path) => file.startsWith(path));
}

/** The text of every source file, by its path below `src/`. */
export function sources(): Map<string, string> {
  const root = join(ROOT, 'src');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return new Map(files.map((file) => [file.replaceAll('\\', '/'), readFileSync(join(root, file), 'utf8')]));
}

/** What a file imports: types, re-exports and `import()` too. */
export function importsOf(text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  return [...code.matchAll(/(?:[\s}]from|^import|\bimport\()\s*'([^']+)'/gm)].map(([, name = '']) => name);
}

/** A message for each import that the table does not allow. */
export function wrongImports(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files].flatMap(([file, text]) =>
    importsOf(text).flatMap((name) => {
      const problem = name.startsWith('.') ? wrongFile(file, name) : wrongPackage(file, name);
      return problem === undefined ? [] : [`src/${file} imports ${name}: ${problem}`];
    }),
  );
}

function wrongFile(file: string, name: string): string | undefined {
  const to = resolved(file, name);
  const from = folderOf(file);
  const folder = folderOf(to);
  if (from === folder || (COMMON.includes(folder) && from !== 'errors')) return undefined;
  const layer = LAYERS[from];
  if (layer === undefined) return `${from} has no line in test/house/layers.ts`;
  if (from === 'errors' || layer.folders.includes(folder))
    return from === 'errors' ? 'errors imports nothing' : door(to);
  return `${from} may import ${layer.folders.join(', ') || 'nothing'}; see "Layers" in CONTRIBUTING.md`;
}

/**
 * A folder with an `index.ts` is imported through it; the others are imported file by file. JSON Schema generation is a
 * separate entry point, because the library does not need it.
 */
function door(to: string): string | undefined {
  const folder = folderOf(to);
  const index = `${folder}/index.ts`;
  return to === index || to === `${folder}/json-schema.ts` || !existsSync(join(ROOT, 'src', index))
    ? undefined
    : `${folder} has a door: import ${index}, and export there what is needed`;
}

function wrongPackage(file: string, name: string): string | undefined {
  const layer = LAYERS[folderOf(file)];
  if (name.startsWith('node:')) {
    if (name === 'node:process')
      return knowsProcess(file) ? undefined : 'only cli/process/ knows the process';
    return layer?.node === true ? undefined : 'this folder is pure: no I/O';
  }
  const only = ONE_PLACE[name];
  if (only !== undefined && only !== file) return `only src/${only} imports it`;
  return layer?.packages?.some((allowed) => name === allowed || name.startsWith(`${allowed}/`)) === true
    ? undefined
    : 'this folder may not use the package; see test/house/layers.ts';
}

/** A message for each file that uses the process, the console or the environment directly. */
export function processUses(files: ReadonlyMap<string, string>): readonly string[] {
  return [...files]
    .filter(([file]) => !knowsProcess(file))
    .flatMap(([file, text]) => {
      const code = text
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*$/gm, '')
        .replace(/'[^'\n]*'|`[^`]*`/g, "''");
      return /(?<![\w.'-])(?:globalThis\.)?(process|console)\s*[.[]/.test(code)
        ? [`src/${file} uses process or console: take it from the context; only cli/process/ knows them`]
        : [];
    });
}

/** Every import cycle, including types, each once: `a.ts → b.ts → a.ts`. */
export function circles(files: ReadonlyMap<string, string>): readonly string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]) => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push([...path.slice(at), file].join(' → '));
      return;
    }
    if (done.has(file)) return;
    for (const name of importsOf(files.get(file) ?? '')) {
      if (name.startsWith('.')) visit(resolved(file, name), [...path, file]);
    }
    done.add(file);
  };
  for (const file of files.keys()) visit(file, []);
  return found;
}

function resolved(file: string, name: string): string {
  return posix.normalize(posix.join(dirname(file), name));
}

function folderOf(file: string): string {
  const [folder = '', ...rest] = file.split('/');
  if (rest.length > 0) return folder;
  return file === 'errors.ts' ? 'errors' : file;
}
