import { spawn } from 'node:child_process';
import { chmodSync, chownSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IS_ROOT } from '../support/lock-holder.ts';
import { emptyFolder } from './run.ts';

/** A user who is only a number, as in many containers. */
const NUMBER = 987_654;
const AS_NUMBER = ['setpriv', `--reuid=${NUMBER}`, `--regid=${NUMBER}`, '--clear-groups'] as const;
const PROGRAM = new URL('../../bin/atcom.js', import.meta.url).pathname;

/** A phone, and a folder with a config and scenarios that such a user works in. */
async function office() {
  const seen: string[] = [];
  const phone = createServer(({ url = '' }, response) => {
    seen.push(url);
    response.end();
  });
  await new Promise<void>((resolve) => phone.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void phone.close());
  const cwd = emptyFolder();
  chmodSync(cwd, 0o755);
  const { port } = phone.address() as AddressInfo;
  writeFileSync(join(cwd, 'atcom.config.yaml'), `phones: { p: "127.0.0.1:${port}" }\n`);
  writeFileSync(
    join(cwd, 'virtual.test.yaml'),
    'name: v\nphones: { a: { virtual: A48 } }\nsteps: [{ a: idle }]\n',
  );
  writeFileSync(join(cwd, 'real.test.yaml'), 'name: r\nphones: { a: p }\nsteps: [{ a: key HOLD }]\n');
  return { seen, cwd };
}

/** Runs the built program as that user; interrupts it once it has written a text. */
async function atcom(
  cwd: string,
  words: readonly string[],
  { env = {}, until }: { env?: Readonly<Record<string, string>>; until?: string } = {},
) {
  const [command, ...options] = AS_NUMBER;
  const child = spawn(command, [...options, process.execPath, PROGRAM, ...words], {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
  });
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text) => {
      written[name] += text;
      const isNews = until !== undefined && !written[name].slice(0, -text.length).includes(until);
      if (isNews && written[name].includes(until)) child.kill('SIGINT');
    });
  const code = await new Promise((resolve) => child.once('close', resolve));
  return { code, ...written };
}

describe.runIf(IS_ROOT)('a user without a home', () => {
  it.each<[string, readonly string[]]>([
    ['the version', ['--version']],
    ['a dry run', ['key', 'HOLD', '--to', '127.0.0.1', '--dry-run']],
    ['a phone of a config', ['hold', '--to', 'p', '--config', 'atcom.config.yaml']],
    ['a config that was found', ['phones', '--json']],
    ['a virtual phone', ['hold', '--to', 'virtual']],
    ['virtual phones in a scenario', ['test', 'virtual.test.yaml']],
    ['the places of the config', ['config', 'path']],
    ['the end of the program here', ['uninstall', '--yes']],
  ])('can have %s', async (_, words) => {
    const { cwd } = await office();
    expect(await atcom(cwd, words)).toMatchObject({ code: 0, stderr: '' });
  });

  it('can listen', async () => {
    const { cwd } = await office();
    expect(await atcom(cwd, ['listen', '--port', '0'], { until: 'Listening on' })).toEqual({
      code: 0,
      stdout: '',
      stderr: expect.stringMatching(
        /^\S+ warning: other commands cannot hear phones through this listener \(.*\nListening on http:\/\/127\.0\.0\.1:\d+\. Ctrl-C ends\.\n0 events\n$/,
      ),
    });
  });

  it.each<[string, readonly string[]]>([
    ['trust in a config', ['config', 'trust', 'atcom.config.yaml']],
    ['real phones in a scenario', ['test', 'real.test.yaml', '--port', '0', '--quiet']],
  ])('is told what %s needs, in a line', async (_, words) => {
    const { cwd, seen } = await office();
    expect(await atcom(cwd, words)).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'error: this user has no home, and so no folder for what atcom remembers [usage]\n  Fix: set HOME or XDG_STATE_HOME to a folder of your own\n',
    });
    expect(seen).toEqual([]);
  });

  it('has state in the folder of the environment', async () => {
    const { cwd, seen } = await office();
    // A folder that a project could not bring along.
    const state = emptyFolder();
    chownSync(state, NUMBER, NUMBER);
    const env = { XDG_STATE_HOME: state };
    expect(await atcom(cwd, ['config', 'trust', 'atcom.config.yaml'], { env })).toMatchObject({ code: 0 });
    expect(await atcom(cwd, ['test', 'real.test.yaml', '--port', '0'], { env })).toMatchObject({ code: 0 });
    expect(seen).toContain('/cgi-bin/server.cgi?key=HOLD');
  });

  it('is told where a password would be read from', async () => {
    const { cwd } = await office();
    writeFileSync(join(cwd, 'atcom.config.yaml'), 'phones: { p: { host: 127.0.0.1, password: x } }\n');
    expect((await atcom(cwd, ['hold', '--to', 'p'])).stderr).toContain(
      'credentials belong in your own file, not in a project file: set HOME to have one',
    );
    expect((await atcom(cwd, ['hold', '--to', 'x'])).stderr).not.toContain('undefined');
  });
});
