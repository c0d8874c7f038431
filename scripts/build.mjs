// Builds dist/: the library as plain tsc output, and the command line as CommonJS chunks that start fast.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const undici = dirname(require.resolve('undici/package.json'));

/** What is loaded only when needed is a chunk of its own; `cli` is loaded by every command. */
const CHUNKS = {
  cli: 'src/cli/main.ts',
  net: 'src/phone/index.ts',
  config: 'src/config/reader.ts',
  schema: 'src/config/json-schema.ts',
  sim: 'src/simulator/index.ts',
  chalk: require.resolve('chalk'),
  ora: require.resolve('ora'),
};

/** `import('…')` of a chunk's entry becomes `require('./chunk.cjs')`; esbuild splits only ES modules by itself. */
const chunks = {
  name: 'chunks',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /./ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === 'resolving') return undefined;
      const options = { kind, importer, resolveDir, pluginData: 'resolving' };
      const found = await resolve(path, options);
      const chunk = Object.keys(CHUNKS).find((name) => join(root, CHUNKS[name]) === found.path || CHUNKS[name] === found.path);
      return chunk === undefined ? undefined : { path: `./${chunk}.cjs`, external: true };
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
execFileSync(process.execPath, [join(dirname(require.resolve('typescript/package.json')), 'bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
await Promise.all(
  Object.entries(CHUNKS).map(([name, entry]) =>
    build({
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
      plugins: [chunks, trimmedUndici, noChildProcess],
      legalComments: 'eof',
      logLevel: 'warning',
    }),
  ),
);
