import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { rawServer } from '../support/raw-server.ts';
import { sources } from './layers.ts';
import { ROOT, run, temporaryFolder } from './run.ts';

const read = (...path: string[]) => readFileSync(join(ROOT, ...path), 'utf8');

/** Packages by folder, as the bundler marks them in its output. */
function bundled(): ReadonlyMap<string, string> {
  const chunks = join('dist', 'cli', read('dist/cli/current'));
  const folders = readdirSync(join(ROOT, chunks)).flatMap((file) =>
    Array.from(
      read(chunks, file).matchAll(/^ *\/\/ (\S*node_modules\/(?:@[^/\s]+\/)?[^/\s]+)\//gm),
      ([, folder = '']) => folder,
    ),
  );
  return new Map(
    [...new Set(folders)].map((folder) => [folder, folder.slice(folder.lastIndexOf('node_modules/') + 13)]),
  );
}

describe('the notices of other packages', () => {
  const notices = read('dist/THIRD-PARTY-NOTICES');

  it('name every package of the command line, with the text of its licence', () => {
    const packages = bundled();
    expect([...packages.values()]).toEqual(
      expect.arrayContaining(['commander', 'undici', 'valibot', 'yaml']),
    );
    for (const [folder, name] of packages) {
      const { version, license } = JSON.parse(read(folder, 'package.json'));
      const [, notice = ''] = notices.split(`\n${name} ${version} (${license})\n\n`);
      expect(notice.split('\n====')[0], name).toMatch(/permission|permitted/i);
    }
  });

  it('name nothing that would ask for more than to be named', () => {
    const licences = Array.from(notices.matchAll(/^={80}\n\S+ \S+ \((.*)\)$/gm), ([, licence]) => licence);
    expect(licences.length).toBeGreaterThan(20);
    expect(
      licences.filter((licence = '') => !/^(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|0BSD)$/.test(licence)),
    ).toEqual([]);
  });

  it('are told by the program', async () => {
    const { code, out } = await run(process.execPath, ['bin/atcom.js', 'help', '--notices']);
    expect({ code, out: out.trimEnd() }).toEqual({ code: 0, out: notices.trimEnd() });
  });

  it('are in the package', async () => {
    const { out } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [{ files }] = JSON.parse(out);
    expect(files.map(({ path }: { path: string }) => path)).toContain('dist/THIRD-PARTY-NOTICES');
  }, 60_000);
});

describe('the library in a bundle', () => {
  const bundle = async (source: string) => {
    const { outputFiles } = await build({
      stdin: { contents: source, resolveDir: ROOT },
      bundle: true,
      write: false,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      alias: {
        atcom: './dist/index.js',
        'atcom/simulator': './dist/simulator/index.js',
        'atcom/vitest': './dist/vitest/index.js',
      },
      logLevel: 'error',
    });
    return outputFiles[0]?.text ?? '';
  };

  it.each(['atcom', 'atcom/simulator'])('leaves nothing of %s where nothing of it is used', async (name) => {
    expect((await bundle(`import '${name}';`)).trim()).toBe('');
  });

  it('keeps the matchers of atcom/vitest, which are there once it is imported', async () => {
    expect(await bundle("import 'atcom/vitest';")).toContain('toReach');
  });

  it('brings no HTTP client along with a table', async () => {
    const text = await bundle("import { parseKey } from 'atcom'; console.log(parseKey('HOLD'));");
    expect(text).toContain('HOLD');
    expect(text).not.toMatch(/undici|node:http|node:net/);
  });
});

it.each(['cli', 'phone'])('the start of %s makes no expression that needs the tables of Unicode', (chunk) => {
  const text = read('dist/cli', read('dist/cli/current'), `${chunk}.cjs`);
  expect(text).toContain('\nvar ');
  expect(text.match(/^(?:var|let|const) \w+ = (?:new RegExp\(|\/).*\\p\{.*/gm)).toBeNull();
});

describe('what a run loads of Node', () => {
  const folder = temporaryFolder();
  const list = join(folder, 'list.json');
  const spy = join(folder, 'spy.cjs');
  writeFileSync(
    spy,
    `const before = new Set(process.moduleLoadList);
    process.once('exit', () => {
      const loaded = process.moduleLoadList.filter((name) => !before.has(name));
      require('node:fs').writeFileSync(${JSON.stringify(list)}, JSON.stringify(loaded));
    });`,
  );

  /** Those of some modules that a run loads whose output goes to a file. */
  async function loaded(words: readonly string[], modules: readonly string[]) {
    const child = spawn(process.execPath, ['-r', spy, join(ROOT, 'bin/atcom.js'), ...words], {
      cwd: folder,
      env: { HOME: folder },
      stdio: 'ignore',
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    const all: readonly string[] = JSON.parse(readFileSync(list, 'utf8'));
    return modules.filter((name) => all.includes(`NativeModule ${name}`));
  }

  const RARE = ['assert', 'crypto', 'http', 'module', 'perf_hooks', 'tls', 'tty'];

  it('is next to nothing for a dry run', async () => {
    expect(
      await loaded(['dial', '6040', '--dry-run', '--to', '127.0.0.1'], [...RARE, 'net', 'stream']),
    ).toEqual([]);
  });

  it('is the network for a key press, and nothing beside it', async () => {
    const phone = await rawServer((socket) => socket.end('HTTP/1.0 200 OK\r\n\r\n'));
    expect(await loaded(['key', 'HOLD', '--to', phone.host], [...RARE, 'net'])).toEqual(['net']);
  });

  // The bundler writes it in place of performance.now(), where a variable of the same name would be meant instead.
  it('leaves one name to its clock', () => {
    const name = 'elapsedMs';
    expect(read('scripts/build/now.mjs')).toContain(`export const ${name} =`);
    expect([...sources()].filter(([, text]) => text.includes(name))).toEqual([]);
  });
});
