import { chmodSync, chownSync, copyFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { ROOT, run } from '../house/run.ts';
import { newFolder } from '../support/folder.js';
import { describeWith } from './needs.ts';

/** Nobody's account: it may write in its home, and nowhere else. */
const NOBODY = 65_534;

describeWith('setpriv', 'npm, for somebody who is not root', () => {
  const home = newFolder('npm');
  const tarball = join(home, `atcom-${VERSION}.tgz`);
  const bin = join(home, '.local', 'bin');
  const as = ['--reuid', `${NOBODY}`, '--regid', `${NOBODY}`, '--clear-groups'];
  const { PATH = '', NODE_EXTRA_CA_CERTS } = process.env;
  const env = {
    HOME: home,
    PATH: `${bin}:${PATH}`,
    NODE_EXTRA_CA_CERTS,
    npm_config_prefix: join(home, '.local'),
    npm_config_update_notifier: 'false',
  };
  const theirs = (...words: string[]) => run('setpriv', [...as, ...words], { cwd: home, env });

  beforeAll(async () => {
    const packed = await run('npm', ['pack', '--silent', '--pack-destination', home]);
    expect(packed).toMatchObject({ code: 0 });
    chmodSync(home, 0o755);
    for (const path of [home, tarball]) chownSync(path, NOBODY, NOBODY);
  });
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  it('installs the command and the manual, and asks no registry', async () => {
    expect(await theirs('npm', 'install', '--offline', '--global', tarball)).toMatchObject({
      code: 0,
      err: '',
    });
    expect(await theirs('atcom', '--version')).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    expect(await theirs('atcom', 'dial', '6040', '--to', 'virtual')).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(join(home, '.local/share/man/man1'))).toContain('atcom-dial.1');
  });

  it('runs it without installing, by the name of the file', async () => {
    const words = ['exec', '--yes', '--offline', '--package', tarball, '--', 'atcom', '--version'];
    const elsewhere = { ...env, PATH };
    const { code, out } = await run('setpriv', [...as, 'npm', ...words], { cwd: '/', env: elsewhere });
    expect({ code, out }).toEqual({ code: 0, out: `${VERSION}\n` });
  });

  it('has the library for a project', async () => {
    const project = join(home, 'project');
    await theirs('mkdir', project);
    copyFileSync(join(ROOT, 'examples', 'press.mjs'), join(project, 'press.mjs'));
    const at = { cwd: project, env };
    const words = [...as, 'npm', 'install', '--offline', tarball];
    expect(await run('setpriv', words, at)).toMatchObject({ code: 0 });
    // Nobody listens on port 1: the example says so, and has what it imports.
    const call = await run('setpriv', [...as, process.execPath, 'press.mjs', '127.0.0.1:1'], at);
    expect(call).toMatchObject({ code: 3, out: expect.stringContaining('unreachable') });
  });

  it('removes all of it', async () => {
    expect(await theirs('npm', 'uninstall', '--global', 'atcom')).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(bin)).toEqual([]);
    expect(readdirSync(join(home, '.local/share/man/man1'))).toEqual([]);
  });
});
