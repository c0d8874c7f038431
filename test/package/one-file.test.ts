import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/cli/version.ts';
import { ROOT } from '../house/run.ts';
import { BareTree } from './tree.ts';

const file = join(ROOT, 'build', `atcom-${VERSION}-linux-${process.arch}`);
const tree = new BareTree(file);
tree.add('examples/scenarios', 'scenarios');
tree.add('examples/atcom.config.yaml', 'home/.config/atcom/config.yaml');

describe('the one file, where nothing else is', () => {
  it('stands in a tree without Node', () => {
    const files = readdirSync(tree.root, { recursive: true, encoding: 'utf8' });
    expect(files.filter((path) => /node|npm|\.[cm]?js$/.test(path))).toEqual([]);
  });

  it('helps', async () => {
    expect(await tree.atcom(['--version'])).toEqual({ code: 0, out: `${VERSION}\n`, err: '' });
    expect(await tree.atcom(['--help'])).toMatchObject({ code: 0, err: '' });
    expect(await tree.atcom(['help', 'scenarios'])).toMatchObject({ code: 0, err: '' });
  });

  it('starts with compiled code', async () => {
    const { err } = await tree.atcom(['dial', '6040', '--to', 'virtual'], { NODE_DEBUG: 'atcom' });
    const states = Array.from(err.matchAll(/: (\S+): compiled code (.*)/g), ([, name, state]) => [
      name,
      state,
    ]);
    expect(states).toContainEqual(['cli', 'used']);
    expect(states.filter(([, state]) => state !== 'used')).toEqual([]);
  });

  it('takes no options that were meant for another Node', async () => {
    expect(await tree.atcom(['--version'], { NODE_OPTIONS: '--require=/nothing.js' })).toMatchObject({
      code: 0,
    });
  });

  it('tells the licences of what is in it, Node among them', async () => {
    const { code, out } = await tree.atcom(['help', '--notices']);
    expect(code).toBe(0);
    for (const name of ['commander', 'undici', 'sip.js', 'Node.js', 'OpenSSL', 'V8'])
      expect(out).toContain(name);
    expect(out).toContain(readFileSync(join(ROOT, 'dist', 'THIRD-PARTY-NOTICES'), 'utf8').trimEnd());
  });

  it('hears a call between two virtual phones', async () => {
    const listener = tree.start('listen', '--port', '0', '--event', 'incomingCall', '--count', '1');
    const url = /http:\S+\d/.exec(await listener.line())?.[0] ?? '';
    const simulator = tree.start('sim', '--json', '--approved', '--port', '0', '--action-url', url);
    const { phones } = JSON.parse(await simulator.line());
    const to = phones[0].url.replace('http://', '');
    const call = await tree.atcom(['dial', phones[1].extension, '--to', to, '--json']);
    expect(JSON.parse(call.out)).toMatchObject({ ok: true, results: [{ outcome: 'ok' }] });
    expect(JSON.parse(await listener.line())).toMatchObject({ event: 'incomingCall', source: '127.0.0.1' });
    // Their pages are in the file, too.
    expect(await (await fetch(`${phones[0].url}/main.js`)).text()).toContain('/_sim/face');
    expect(await simulator.stop()).toBe(0);
  });

  it('tells who is on a call', async () => {
    const listener = tree.start('listen', '--port', '0');
    const [, url = '', port = ''] = /(http:\S+:(\d+))/.exec(await listener.line()) ?? [];
    const simulator = tree.start('sim', '--json', '--approved', '--port', '0', '--action-url', url);
    const { phones } = JSON.parse(await simulator.line());
    const to = phones[0].url.replace('http://', '');
    await tree.atcom(['dial', phones[1].extension, '--to', to]);
    // The events of one phone come on connections of their own.
    while (!(await listener.line()).includes('outgoingCall'));
    const status = await tree.atcom(['status', to, '--port', port, '--json']);
    expect(JSON.parse(status.out)).toMatchObject({
      ok: true,
      results: [{ host: to, web: 'answers', state: { calls: [{ peer: phones[1].extension }] } }],
    });
  });

  it('plays a scenario', async () => {
    const files = readdirSync(join(ROOT, 'examples', 'scenarios')).map((name) => `/scenarios/${name}`);
    const { code, out } = await tree.atcom(['test', ...files, '--json']);
    expect(JSON.parse(out)).toMatchObject({ ok: true, summary: { failed: 0, errors: 0 } });
    expect(code).toBe(0);
  });

  it.each([
    ['reads the config', ['phones', '--json']],
    ['writes schemas', ['config', 'schema']],
    ['searches a network, for show', ['discover', '10.0.0.1', '--dry-run']],
    ['reads commands from a file', ['run', '/night.atcom', '--dry-run']],
  ])('%s', async (_, words) => {
    tree.add('examples/night.atcom', 'night.atcom');
    expect(await tree.atcom(words)).toMatchObject({ code: 0, err: '' });
  });
});

it('is the program that npm installs', async () => {
  const installed = execFileSync(process.execPath, [join(ROOT, 'bin/atcom.js'), '--help'], {
    encoding: 'utf8',
    env: { HOME: tree.root },
  });
  expect((await tree.atcom(['--help'])).out).toBe(installed);
});
