import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const folder = temporaryFolder();
const manifest = JSON.parse(read('package.json'));
const filesBelow = (folder: string, end: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(end))
    .map((path) => join(folder, path));

/** Names of packages that a built file imports or requires, built-in modules left out. */
function packagesOf(path: string): string[] {
  const imported = read(path).matchAll(/(?:\bfrom |\bimport |\bimport\(|\brequire\()["']([^."'][^"']*)["']/g);
  // A path inside a package counts as the package; `@scope/name` is one name.
  const names = Array.from(imported, ([, path = '']) => /^(@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? path);
  return names.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
}

describe('package.json', () => {
  it('has the version that the command line tells', () => {
    expect(manifest.version).toBe(VERSION);
  });

  it.each(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))(
    'pins %s to an exact version',
    (_, version) => {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    },
  );

  it('is what the lock file was made from', () => {
    const { packages } = JSON.parse(read('package-lock.json'));
    const { name, version, dependencies, devDependencies, engines } = manifest;
    expect(packages['']).toMatchObject({ name, version, dependencies, devDependencies, engines });
  });
});

describe('the lock file', () => {
  it('names no registry', () => {
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  // npm ci refuses it otherwise; scripts/complete-lock.mjs fills the gaps.
  it('holds the packages for every platform', () => {
    const packages: Record<string, { optionalDependencies?: object }> = JSON.parse(
      read('package-lock.json'),
    ).packages;
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    const missing = wanted.filter((name) => !Object.keys(packages).some((path) => path.endsWith(`/${name}`)));
    expect(missing).toEqual([]);
  });
});

it('the changelog has a section for what comes next, or for this version', () => {
  expect(read('CHANGELOG.md')).toMatch(new RegExp(`^## (Unreleased|${manifest.version}\\b)`, 'm'));
});

describe('the published package', () => {
  it('holds the program, the library and the texts, and nothing else', async () => {
    const { out } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [{ files }] = JSON.parse(out);
    const top = new Set(files.map(({ path }: { path: string }) => path.split('/')[0]));
    const texts = ['CHANGELOG.md', 'LICENSE', 'README.md'];
    const folders = ['bin', 'dist', 'docs', 'node_modules', 'package.json', 'schemas'];
    expect([...top].sort()).toEqual([...texts, ...folders]);
    expect(files.map(({ path }: { path: string }) => path)).toContain('dist/simulator/index.d.ts');
  }, 30_000);

  it('brings along what it needs, as the lock file has it, so that no registry is asked for it', async () => {
    const { out } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts']);
    const [{ bundled }] = JSON.parse(out);
    const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8'));
    expect(bundled).toEqual(expect.arrayContaining(Object.keys(manifest.dependencies)));
    for (const name of bundled)
      expect(packages[`node_modules/${name}`], name).toMatchObject({
        inBundle: true,
        integrity: expect.stringMatching(/^sha512-/),
      });
  }, 30_000);

  it('declares every package that its library imports, and no other', () => {
    const library = [...filesBelow('dist', '.js'), ...filesBelow('dist', '.d.ts')];
    // Examples in comments import the package itself.
    const imported = library.flatMap(packagesOf).filter((name) => !/^atcom(\/|$)/.test(name));
    const declared = { ...manifest.dependencies, ...manifest.peerDependencies };
    expect([...new Set(imported)].sort()).toEqual(Object.keys(declared).sort());
  });

  it('has a command line that needs no other package', async () => {
    cpSync(join(ROOT, 'bin'), join(folder, 'bin'), { recursive: true });
    cpSync(join(ROOT, 'dist', 'cli'), join(folder, 'dist', 'cli'), { recursive: true });
    cpSync(join(ROOT, 'examples', 'atcom.config.yaml'), join(folder, 'atcom.config.yaml'));
    const env = { ...cleanEnvironment(folder), FORCE_COLOR: '1' };
    const options = { cwd: folder, env };
    const atcom = (...args: string[]) => run(process.execPath, ['bin/atcom.js', ...args], options);
    expect(await atcom('dial', '6040', '--to', 'virtual')).toMatchObject({ code: 0, err: '' });
    expect(await atcom('phones')).toMatchObject({ code: 0, err: '' });
    expect(await atcom('config', 'schema')).toMatchObject({ code: 0, err: '' });
  }, 30_000);
});
