// Builds dist/: the library as plain tsc output, and the command line as CommonJS chunks that start fast.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { pageModule, pagesOfEsbuild } from './pages.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const undici = dirname(require.resolve('undici/package.json'));

/** Entries of chunks by name. The first is loaded by every command, the others where the sources say `import()`. */
const entries = new Map([['cli', join(root, 'src/cli/main.ts')]]);

/**
 * `import('…')` of a file or a package becomes `require('./chunk.cjs')`, and that a chunk of its own: esbuild splits
 * only ES modules by itself. What two chunks share stands in both.
 */
const chunks = {
  name: 'chunks',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:') || pluginData === 'resolving')
        return undefined;
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'resolving' });
      const name = path.startsWith('.')
        ? relative(join(root, 'src'), found.path)
            .replace(/(\/index)?\.ts$/, '')
            .replaceAll(sep, '-')
        : path;
      entries.set(name, found.path);
      return { path: `./${name}.cjs`, external: true };
    });
  },
};

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

rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(
  process.execPath,
  [join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'), '-p', 'tsconfig.build.json'],
  {
    cwd: root,
    stdio: 'inherit',
  },
);
// The library imports pages as modules.
for (const { name } of readdirSync(join(root, 'src/pages'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
)) {
  mkdirSync(join(root, 'dist/pages'), { recursive: true });
  writeFileSync(join(root, `dist/pages/${name}.page.js`), await pageModule(join(root, 'src/pages', name)));
}
// A Map visits what is added while it is walked: the chunks that a chunk asks for are built after it.
for (const [name, entry] of entries) {
  await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: `dist/cli/${name}.cjs`,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    // The chunks are CommonJS: import() of a built-in module becomes require().
    supported: { 'dynamic-import': false },
    external: ['typescript'],
    plugins: [chunks, pagesOfEsbuild, trimmedUndici, noChildProcess],
    legalComments: 'eof',
    logLevel: 'warning',
  });
}
