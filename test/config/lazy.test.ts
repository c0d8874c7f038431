import { buildSync } from 'esbuild';
import { afterEach, expect, it, vi } from 'vitest';
import { sandbox } from './sandbox.ts';

afterEach(() => {
  vi.doUnmock('../../src/config/reader.ts');
  vi.resetModules();
});

/** The files that come with an entry, by what kind of import; packages stay outside. */
function filesOf(entry: string, kinds: readonly string[]): readonly string[] {
  const { inputs } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  }).metafile;
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { path, kind } of inputs[file]?.imports ?? []) if (kinds.includes(kind)) seen.add(path);
  }
  return [...seen];
}

const HEAVY = ['cosmiconfig/dist/Explorer.js', 'valibot', 'yaml'];
const CONVERTER = '@valibot/to-json-schema';

it('imports no heavy library with the module', () => {
  const statically = filesOf('src/config/index.ts', ['import-statement']);
  expect(statically).toContain('src/config/load.ts');
  for (const library of [...HEAVY, CONVERTER]) expect(statically).not.toContain(library);
});

it('imports them later', () => {
  const all = filesOf('src/config/index.ts', ['import-statement', 'dynamic-import']);
  expect(all).toEqual(expect.arrayContaining(HEAVY));
  expect(all).not.toContain(CONVERTER);
});

it('needs the JSON Schema converter for nothing else', () => {
  expect(filesOf('src/config/json-schema.ts', ['import-statement'])).toContain(CONVERTER);
});

it('loads the reader only when there is a file', async () => {
  vi.doMock('../../src/config/reader.ts', () => ({
    readFiles: () => {
      throw new Error('the reader was loaded');
    },
  }));
  vi.resetModules();
  const { loadConfig } = await import('../../src/config/index.ts');
  const nothing = sandbox({ 'project/package.json': '{ "dependencies": { "atcom": "1" } }' });
  expect((await loadConfig(nothing.context())).files).toEqual([]);
  for (const name of ['project/.atcomrc', 'user/config.yaml']) {
    const something = sandbox({ [name]: 'default: lobby' });
    await expect(loadConfig(something.context())).rejects.toThrow('the reader was loaded');
  }
});
