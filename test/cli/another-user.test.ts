import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { AS_NOBODY, IS_ROOT } from '../support/lock-holder.ts';
import { emptyFolder } from './run.ts';

const NOBODY = 65534;
const PROGRAM = new URL('../../bin/atcom.js', import.meta.url).pathname;

/** A phone that asks for a password, and a folder of a user with a config that names it. */
async function office(owner: number) {
  const seen: string[] = [];
  const phone = createServer(({ headers }, response) => {
    seen.push(headers.authorization ?? 'no password');
    response.writeHead(headers.authorization === undefined ? 401 : 200).end();
  });
  await new Promise<void>((resolve) => phone.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void phone.close());
  const { port } = phone.address() as AddressInfo;
  const root = emptyFolder();
  chmodSync(root, 0o755);
  const [home, project] = [join(root, 'home'), join(root, 'project')];
  for (const folder of [home, project]) mkdirSync(folder);
  const config = join(project, 'atcom.config.yaml');
  writeFileSync(config, `phones: { p: { host: "127.0.0.1:${port}", auth: basic } }\n`);
  chownSync(home, NOBODY, NOBODY);
  for (const path of [project, config]) chownSync(path, owner, owner);
  return {
    seen,
    config,
    home,
    project,
    run: (...words: readonly string[]) => asNobody({ home, project }, words),
  };
}

/** Runs the built program as nobody, who has a password in the environment. */
async function asNobody(
  { home, project, state = '' }: Readonly<Record<string, string>>,
  words: readonly string[],
) {
  const env = {
    HOME: home,
    XDG_STATE_HOME: state,
    PATH: process.env['PATH'],
    ATCOM_USER: 'admin',
    ATCOM_PASSWORD: 'hunter2',
  };
  const [command, ...options] = AS_NOBODY;
  const child = spawn(command, [...options, process.execPath, PROGRAM, ...words], { cwd: project, env });
  let stderr = '';
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  const exitCode = await new Promise((resolve) => child.once('close', resolve));
  return { exitCode, stdout, stderr };
}

describe.runIf(IS_ROOT)('the program of another user', () => {
  it("refuses a stranger's config, and names the command that trusts it", async () => {
    const { seen, config, run } = await office(1234);
    const refused = await run('hangup', '--to', 'p');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('belongs to another user (1234)');
    expect(refused.stderr).toContain(`atcom config trust ${config}`);
    expect(seen).toEqual([]);
  });

  // As built, each part of the program has a class of errors of its own.
  it('does not go on without a PEM file of its own config that others can write', async () => {
    const { home, run } = await office(NOBODY);
    const folder = join(home, '.config/atcom');
    mkdirSync(folder, { recursive: true });
    const [config, pem] = [join(folder, 'config.yaml'), join(folder, 'lab.pem')];
    writeFileSync(config, 'phones: { a: { host: "https://127.0.0.1:9", tls: { ca: lab.pem } } }\n');
    writeFileSync(pem, '-----BEGIN CERTIFICATE-----\n');
    for (const path of [join(home, '.config'), folder, config, pem]) chownSync(path, NOBODY, NOBODY);
    expect((await run('hangup', '--to', 'a', '-n')).exitCode).toBe(0);
    chmodSync(pem, 0o666);
    const refused = await run('hangup', '--to', 'a', '-n');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain(
      'lab.pem cannot be read: it decides who gets a password, and others can',
    );
  });

  it.each([
    ['its own', NOBODY],
    ['that of root', 0],
  ])('sends no password to an address that only a project file names, be it %s', async (_, owner) => {
    const { seen, config, run } = await office(owner);
    const refused = await run('hangup', '--to', 'p');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('it says that p is at 127.0.0.1:');
    expect(seen).toEqual([]);
    expect((await run('config', 'trust', config)).exitCode).toBe(0);
    expect((await run('hangup', '--to', 'p')).exitCode).toBe(0);
    expect(seen).toEqual([`Basic ${btoa('admin:hunter2')}`]);
  });

  it("believes and keeps nothing where a stranger's state is", async () => {
    const { seen, config, home, project } = await office(NOBODY);
    const state = emptyFolder();
    chmodSync(state, 0o1777);
    const theirs = join(state, 'atcom');
    mkdirSync(join(theirs, 'phones'), { recursive: true });
    // Trust that a stranger gives, in a folder that lets nobody in.
    const { stdout } = await asNobody({ home, project }, ['config', 'trust', config, '--json']);
    expect(JSON.parse(stdout).trusted).toBe(true);
    copyFileSync(join(home, '.local/state/atcom/trusted.json'), join(theirs, 'trusted.json'));
    for (const path of [join(theirs, 'trusted.json'), join(theirs, 'phones'), theirs]) {
      chmodSync(path, 0o777);
      chownSync(path, 1234, 1234);
    }
    const scenario = join(project, 'lab.test.yaml');
    writeFileSync(scenario, 'phones: { a: p }\nsteps: [{ a: press HOLD }]\n');
    for (const words of [
      ['config', 'trust', config],
      ['hangup', '--to', 'p'],
      ['test', scenario],
    ]) {
      const { exitCode, stderr } = await asNobody({ home, project, state }, words);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`${theirs} belongs to another user`)]);
      expect(stderr).toContain('set XDG_STATE_HOME to a folder of your own');
    }
    expect(seen).toEqual([]);
    expect(readdirSync(join(theirs, 'phones'))).toEqual([]);
  });

  it('is told who uses its port, as far as it may know', async () => {
    const { config, run } = await office(NOBODY);
    const stranger = createServer((_, response) => void response.end());
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void stranger.close());
    const { port } = stranger.address() as AddressInfo;
    appendFileSync(config, `listener: { port: ${port} }\n`);
    const { stderr } = await run('status', '--no-web');
    expect(stderr).toContain(
      `known about calls from port ${port}: a program of user root is no atcom listener of this user`,
    );
    expect((await run('expect', 'hold')).stderr).toContain(
      'it is in use, and a program of user root is no atcom listener of this user',
    );
  });
});
