import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { pagesOfEsbuild } from '../pages.mjs';

const undici = dirname(createRequire(import.meta.url).resolve('undici/package.json'));

/** Cosmiconfig would load it for a TypeScript config, which is refused: a config is data. */
const EXTERNAL = ['typescript'];

/**
 * Writes the chunks of the command line, and returns what went into them: file paths, from the root.
 *
 * `import('…')` of a file or a package becomes `require('./chunk.cjs')`, with its own chunk: by itself, esbuild splits
 * only ES modules. Code that two chunks share is in both.
 */
export async function bundle(root, outdir) {
  const inputs = new Set();
  /** Entry points of chunks by name. Every command loads the first; the others are loaded by `import()` in the sources. */
  const entries = new Map([['cli', join(root, 'src/cli/process/run.ts')]]);
  const addChunk = (path, file) => {
    const name = path.startsWith('.')
      ? relative(join(root, 'src'), file)
          .replace(/(\/index)?\.ts$/, '')
          .replaceAll(sep, '-')
      : path;
    entries.set(name, file);
    return name;
  };
  // A Map also visits entries added during iteration: the chunks that a chunk needs are built after it.
  for (const [name, entry] of entries) {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outfile: join(outdir, `${name}.cjs`),
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node20.19',
      // The chunks are CommonJS: import() of a built-in module becomes require().
      supported: { 'dynamic-import': false },
      external: EXTERNAL,
      // On Node 20 `performance` loads a dozen modules when it is first used.
      inject: [join(root, 'scripts/build/now.mjs')],
      define: { 'performance.now': 'elapsedMs' },
      plugins: [chunksPlugin(addChunk), pagesOfEsbuild, trimmedUndici, leanPackages],
      legalComments: 'eof',
      logLevel: 'warning',
      metafile: true,
    });
    for (const { inputs: used } of Object.values(metafile.outputs))
      for (const [file, { bytesInOutput }] of Object.entries(used)) if (bytesInOutput > 0) inputs.add(file);
  }
  return [...inputs].sort();
}

function chunksPlugin(addChunk) {
  return {
    name: 'chunks',
    setup({ onResolve, resolve }) {
      onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
        const ours = kind === 'dynamic-import' && pluginData !== 'resolving';
        if (!ours || path.startsWith('node:') || EXTERNAL.includes(path)) return undefined;
        const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'resolving' });
        return { path: `./${addChunk(path, found.path)}.cjs`, external: true };
      });
    },
  };
}

/**
 * The index of undici includes fetch, caches and proxies. The client needs none of them, and no HTTP/2 here:
 * everything it would load only for them is left out.
 */
const trimmedUndici = {
  name: 'trimmed-undici',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: 'undici', namespace: 'trimmed' }));
    onLoad({ filter: /./, namespace: 'trimmed' }, () => ({
      contents: `exports.Client = require('${undici}/lib/dispatcher/client.js');
        exports.buildConnector = require('${undici}/lib/core/connect.js');`,
      resolveDir: undici,
    }));
    onLoad({ filter: /undici[\\/]lib[\\/](dispatcher[\\/]client-h2|web[\\/]fetch[\\/]body)\.js$/ }, () => ({
      contents: `module.exports = () => { throw new Error('left out of this build'); }`,
    }));
  },
};

/** Modules that a package loads at once and never needs here: its name, and what it gets in their place. */
const UNNEEDED = {
  // For commands that are separate programs.
  'node:child_process': ['commander', ''],
  // For the size of a head where none is given.
  'node:http': ['undici', ''],
  // For one function.
  'node:assert': [
    'undici',
    `module.exports = (value, message = 'assertion failed') => {
      if (!value) throw message instanceof Error ? message : new Error(message);
    };`,
  ],
  // For a search in the user's folder. It asks for the home as soon as it is loaded, and a user may have none.
  'env-paths': ['cosmiconfig', ''],
};

/** A module of Node that takes long to load, and whose functions few runs call: loaded with the first call. */
const RARE = 'node:crypto';

const leanPackages = {
  name: 'lean-packages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(node:|env-paths$)/ }, ({ path, importer, namespace }) => {
      if (importer.split(/[\\/]/).includes(UNNEEDED[path]?.[0])) return { path, namespace: 'unneeded' };
      return path === RARE && namespace !== 'rare' ? { path, namespace: 'rare' } : undefined;
    });
    onLoad({ filter: /./, namespace: 'unneeded' }, ({ path }) => ({ contents: UNNEEDED[path][1] }));
    onLoad({ filter: /./, namespace: 'rare' }, ({ path }) => ({
      // Functions only: an import of a class or a constant fails here.
      contents: Object.entries(process.getBuiltinModule(path))
        .filter(([name, value]) => typeof value === 'function' && /^[a-z]/.test(name))
        .map(([name]) => `export const ${name} = (...values) => require('${path}').${name}(...values);`)
        .join('\n'),
    }));
  },
};
