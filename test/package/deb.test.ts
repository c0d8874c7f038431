import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { ROOT, run } from '../house/run.ts';
import { describeWith } from './needs.ts';

const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as 'x64' | 'arm64'];
const deb = join(ROOT, 'build', `atcom_${VERSION}_${architecture}.deb`);

describeWith('lintian', 'lintian', () => {
  it('finds no error', async () => {
    // The one file is a program with its own libraries inside, and the maintainer is whoever builds it.
    const passed = ['embedded-library', 'bogus-mail-host', 'bogus-mail-host-in-debian-changelog'];
    const out = execFileSync('lintian', ['--fail-on', 'none', '--suppress-tags', passed.join(), deb]);
    expect(
      String(out)
        .split('\n')
        .filter((line) => line.startsWith('E:')),
    ).toEqual([]);
  }, 240_000);
});

describeWith('systemd-analyze', 'the service', () => {
  const unit = join(ROOT, 'packaging', 'deb', 'atcom-listen.service');

  it('is confined', async () => {
    const words = ['security', '--offline=yes', '--threshold=20', '--no-pager', unit];
    const { code, out } = await run('systemd-analyze', words);
    expect({ code, last: out.trim().split('\n').at(-1) }).toMatchObject({ code: 0 });
  });
});

describeWith('mmdebstrap', 'in a Debian without Node', () => {
  const root = mkdtempSync(join(tmpdir(), 'atcom-debian-'));
  const inside = (...words: string[]) => run('/usr/sbin/chroot', [root, ...words]);
  const there = (path: string) => existsSync(join(root, path));

  beforeAll(() => {
    const [, suite = 'stable'] =
      /^VERSION_CODENAME=(\w+)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
    const words = ['--quiet', '--variant=essential', '--include=libstdc++6', suite, root];
    execFileSync('mmdebstrap', words, { stdio: 'ignore' });
    execFileSync('cp', [deb, join(root, 'atcom.deb')]);
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  it('installs, and works', async () => {
    expect(await inside('dpkg', '--install', '/atcom.deb')).toMatchObject({ code: 0 });
    expect(await inside('atcom', '--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    expect(await inside('atcom', 'dial', '6040', '--to', 'virtual')).toMatchObject({ code: 0 });
    expect(await inside('dpkg', '--verify', 'atcom')).toEqual({ code: 0, out: '', err: '' });
  });

  it('reads the config of the computer, which an upgrade leaves alone', async () => {
    writeFileSync(join(root, 'etc/atcom/atcom.config.yaml'), 'phones: { desk: 172.16.0.57 }\n');
    expect((await inside('atcom', 'phones', '--names')).out).toBe('desk\n');
    expect(await inside('dpkg', '--install', '/atcom.deb')).toMatchObject({ code: 0 });
    expect((await inside('atcom', 'phones', '--names')).out).toBe('desk\n');
  });

  it('leaves the config when it is removed, and nothing when it is purged', async () => {
    expect(await inside('dpkg', '--remove', 'atcom')).toMatchObject({ code: 0 });
    expect([there('usr/bin/atcom'), there('etc/atcom/atcom.config.yaml')]).toEqual([false, true]);
    expect(await inside('dpkg', '--purge', 'atcom')).toMatchObject({ code: 0 });
    expect([there('etc/atcom'), there('etc/default/atcom-listen'), there('var/lib/atcom')]).toEqual([
      false,
      false,
      false,
    ]);
  });
});
