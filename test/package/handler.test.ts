import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { cleanEnvironment, run, temporaryFolder } from '../house/run.ts';
import { describeWith } from './needs.ts';

describeWith('xdg-mime', 'links of a desktop', () => {
  const home = temporaryFolder();
  const shared = join(home, '.local/share');
  mkdirSync(join(home, '.config'), { recursive: true });
  const env = { ...cleanEnvironment(home), XDG_DATA_HOME: shared, XDG_CONFIG_HOME: join(home, '.config') };
  const entry = join(shared, 'applications', 'atcom-handler.desktop');
  const links = async () => (await run('atcom', ['handler', 'status', '--json'], { env })).out;

  it('are taken', async () => {
    const words = ['handler', 'install', '--to', 'virtual', '--no-ask'];
    expect(await run('atcom', words, { env })).toMatchObject({ code: 0, err: '' });
    expect(await run('desktop-file-validate', [entry])).toEqual({ code: 0, out: '', err: '' });
    const query = await run('xdg-mime', ['query', 'default', 'x-scheme-handler/tel'], { env });
    expect(query.out.trim()).toBe('atcom-handler.desktop');
    expect(JSON.parse(await links()).links).toHaveLength(3);
    expect(JSON.parse(await links()).links).toMatchObject([
      { atcom: true },
      { atcom: true },
      { atcom: true },
    ]);
  });

  it('are asked for in a notification, or in a terminal where that shows no buttons', async () => {
    const notify = join(home, 'notify-send');
    for (const [help, terminal] of [
      ['--action', false],
      ['--icon', true],
    ] as const) {
      writeFileSync(notify, `#!/bin/sh\necho ' ${help}'\n`);
      chmodSync(notify, 0o755);
      expect(await run('atcom', ['handler', 'install', '--to', 'virtual'], { env })).toMatchObject({
        code: 0,
      });
      expect(readFileSync(entry, 'utf8')).toContain(`\nTerminal=${terminal}\n`);
    }
    await run('atcom', ['handler', 'install', '--to', 'virtual', '--no-ask'], { env });
  });

  it('are called when they are clicked', async () => {
    const folder = join(home, '.local/state/atcom');
    mkdirSync(folder, { recursive: true });
    // The desktop starts the program and does not wait for it.
    const written = once(watch(folder), 'change');
    expect(await run('gio', ['launch', entry, 'tel:6040'], { env })).toMatchObject({ code: 0 });
    await written;
    expect(readFileSync(join(folder, 'handler.log'), 'utf8')).toContain('tel:6040');
  });

  it('are left to others', async () => {
    expect(await run('atcom', ['handler', 'remove'], { env })).toMatchObject({ code: 0, err: '' });
    expect(existsSync(entry)).toBe(false);
    expect(JSON.parse(await links()).links).toMatchObject([
      { atcom: false },
      { atcom: false },
      { atcom: false },
    ]);
  });
});
