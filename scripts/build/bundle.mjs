import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';
import { pagesOfEsbuild } from '../pages.mjs';

const undici = dirname(createRequire(import.meta.url).resolve('undici/package.json'));

/** Cosmiconfig would load it for a config in TypeScript, which is refused: a config is data. */
const EXTERNAL = ['typescript'];

/**
 * Writes the chunks of the command line, and tells what went into them: paths of files, from the root.
 *
 * `import('…')` of a file or a package becomes `require('./chunk.cjs')`, and that a chunk of its own: esbuild splits
 * only ES modules by itself. What two chunks share stands in both.
 */
export async function bundle(root, outdir) {
  const inputs = new Set();
  /** Entries of chunks by name. The first is loaded by every command, the others where the sources say `import()`. */
  const entries = new Map([['cli', join(root, 'src/cli/main.ts')]]);
  const addChunk = (path, file) => {
    const name = path.startsWith('.')
      ? relative(join(root, 'src'), file)
          .replace(/(\/index)?\.ts$/, '')
          .replaceAll(sep, '-')
      : path;
    entries.set(name, file);
    return name;
  };
  // A Map visits what is added while it is walked: the chunks that a chunk asks for are built after it.
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
      plugins: [chunksPlugin(addChunk), pagesOfEsbuild, trimmedUndici, noChildProcess],
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
 * The index of undici brings fetch, caches and proxies along. The client needs none of them, and speaks no HTTP/2 here:
 * what it would only load for that is left out.
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

/** Commander asks for this module at once and uses it only for commands that are programs of their own. */
const noChildProcess = {
  name: 'no-child-process',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:child_process$/ }, ({ importer }) =>
      /[\\/]commander[\\/]/.test(importer) ? { path: 'child_process', namespace: 'left-out' } : undefined,
    );
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: '' }));
  },
};
