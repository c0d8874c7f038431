import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { ROOT, run } from '../house/run.ts';
import { newFolder } from '../support/folder.js';
import { ARCHITECTURE, DEB, makeDebian, makeNewer } from './debian.ts';
import { start } from './going.ts';
import { describeWith } from './needs.ts';
import { ADMINISTRATION, addNightly } from './nightly.ts';

describeWith('lintian', 'lintian', () => {
  it('finds no error', async () => {
    // The one file is a program with its own libraries inside, and the maintainer is whoever builds it.
    const passed = ['embedded-library', 'bogus-mail-host', 'bogus-mail-host-in-debian-changelog'];
    const out = execFileSync('lintian', ['--fail-on', 'none', '--suppress-tags', passed.join(), DEB]);
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
  const root = newFolder('debian');
  const inside = (...words: string[]) => run('/usr/sbin/chroot', [root, ...words]);
  const there = (path: string) => existsSync(join(root, path));

  beforeAll(() => makeDebian(root));
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  describeWith('buildah', 'the image', () => {
    const store = newFolder('images');
    const places = [
      '--storage-driver',
      'vfs',
      '--root',
      join(store, 'root'),
      '--runroot',
      join(store, 'run'),
    ];
    const buildah = (...words: string[]) =>
      execFileSync('buildah', [...places, ...words], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim();
    afterAll(() => rmSync(store, { recursive: true, force: true }));

    it('is built on this Debian, and runs without rights', () => {
      // No registry: what the file begins with is made here.
      const file = join('packaging', 'container', 'Containerfile');
      const [, base = ''] = /^FROM (\S+)/m.exec(readFileSync(join(ROOT, file), 'utf8')) ?? [];
      const tree = buildah('from', 'scratch');
      buildah('copy', '--quiet', tree, root, '/');
      buildah('commit', '--quiet', '--rm', tree, base);
      const local = ['--isolation', 'chroot', '--pull-never'];
      const values = ['--build-arg', `VERSION=${VERSION}`, '--build-arg', `TARGETARCH=${ARCHITECTURE}`];
      buildah('bud', ...local, ...values, '--tag', 'atcom', '--file', file, '.');
      const { OCIv1 } = JSON.parse(buildah('inspect', '--type', 'image', 'localhost/atcom'));
      expect(OCIv1.config).toMatchObject({
        User: '65532:65532',
        WorkingDir: '/home',
        Entrypoint: ['/usr/local/bin/atcom'],
      });
      const container = buildah('from', '--pull-never', 'localhost/atcom');
      const run = (...words: string[]) => buildah('run', '--isolation', 'chroot', container, '--', ...words);
      expect(run('id', '-u')).toBe('65532');
      expect(run('/usr/local/bin/atcom', '--version')).toBe(VERSION);
      expect(run('/usr/local/bin/atcom', 'dial', '6040', '--to', 'virtual')).toMatch(/^virtual-1 +ok/);
      expect(run('sh', '-c', 'ls /opt')).toBe('');
    }, 240_000);
  });

  it('installs, and works', async () => {
    expect(await inside('dpkg', '--install', '/atcom.deb')).toMatchObject({ code: 0 });
    expect(await inside('atcom', '--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    expect(await inside('atcom', 'dial', '6040', '--to', 'virtual')).toMatchObject({ code: 0 });
    expect(await inside('dpkg', '--verify', 'atcom')).toEqual({ code: 0, out: '', err: '' });
  });

  describeWith('systemd-analyze', 'the service', () => {
    it('is one that systemd takes', async () => {
      const units = 'usr/lib/systemd/system';
      cpSync(join('/', units), join(root, units), { recursive: true, force: false, verbatimSymlinks: true });
      const words = ['verify', '--man=no', `--root=${root}`, 'atcom-listen.service'];
      expect(await run('systemd-analyze', words)).toEqual({ code: 0, out: '', err: '' });
    });

    it('has beside it the units of the page for administrators', async () => {
      expect(addNightly(root)).toEqual(['atcom-night', 'atcom-night.service', 'atcom-night.timer']);
      const words = ['verify', '--man=no', `--root=${root}`, 'atcom-night.service', 'atcom-night.timer'];
      expect(await run('systemd-analyze', words)).toEqual({ code: 0, out: '', err: '' });
      const [, calendar = ''] = /^OnCalendar=(.+)$/m.exec(ADMINISTRATION) ?? [];
      const { code, out } = await run('systemd-analyze', ['calendar', calendar]);
      expect({ code, out }).toEqual({
        code: 0,
        out: expect.stringMatching(/Normalized form: Mon\.\.Fri .*22:00:00/),
      });
    });
  });

  it('reads the config of the computer, which an upgrade leaves alone', async () => {
    writeFileSync(join(root, 'etc/atcom/atcom.config.yaml'), 'phones: { desk: 172.16.0.57 }\n');
    expect((await inside('atcom', 'phones', '--names')).out).toBe('desk\n');
    expect(await inside('dpkg', '--install', '/atcom.deb')).toMatchObject({ code: 0 });
    expect((await inside('atcom', 'phones', '--names')).out).toBe('desk\n');
  });

  it('is upgraded below a listener and a job that go on', async () => {
    const listener = start(root, ['/usr/bin/atcom', 'listen', '--port', '0', '--json']);
    const [, url = '', port = ''] = /(http:\S+:(\d+))/.exec(await listener.line()) ?? [];
    const words = ['expect', 'incomingCall', '--port', port, '--within', '60s', '--json'];
    const job = start(root, ['/usr/bin/atcom', ...words]);
    makeNewer(root);
    expect(await inside('dpkg', '--install', '/newer.deb')).toMatchObject({ code: 0 });
    expect((await inside('dpkg-query', '--show', 'atcom')).out).toContain(`${VERSION}+1`);
    expect(await inside('atcom', '--version')).toMatchObject({ code: 0 });
    expect(readlinkSync(`/proc/${listener.pid}/exe`)).toMatch(/\(deleted\)$/);
    await fetch(`${url}/incomingCallUrl.xml?remote=6001`);
    expect(await listener.line()).toContain('incomingCall');
    expect(await job.line()).toContain('incomingCall');
    expect(await listener.stop()).toBe(0);
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
