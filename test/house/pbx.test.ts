import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';

const PBX = join(ROOT, 'examples/pbx/pbx');

/** A program that never ends by itself, or one that ends at once. */
const SCRIPT = { lasts: 'exec sleep 600', fails: 'exit 1' };

function script(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `#!/bin/sh\necho $$ >>"$STARTED"\n${text}\n`);
  chmodSync(file, 0o755);
}

/** A folder of `get-asterisk` with an Asterisk that is none, and such a kamailio in the path. */
function fake(asterisk: keyof typeof SCRIPT) {
  const folder = temporaryFolder();
  const env = { ...cleanEnvironment(folder), STARTED: join(folder, 'started') };
  script(join(folder, 'kamailio'), SCRIPT.lasts);
  script(join(folder, 'pbx/asterisk/usr/sbin/asterisk'), SCRIPT.fails);
  for (const machine of ['x86_64', 'aarch64'])
    script(join(folder, `pbx/asterisk/usr/lib/${machine}-linux-gnu/ld-linux-fake.so.2`), SCRIPT[asterisk]);
  const started = () =>
    existsSync(env.STARTED) ? readFileSync(env.STARTED, 'utf8').trim().split('\n').map(Number) : [];
  // Also after a test that failed.
  onTestFinished(() => {
    for (const pid of started().filter(isRunning)) process.kill(pid, 'SIGKILL');
  });
  return { pbx: join(folder, 'pbx'), env, started };
}

/** One that ended but was not asked about yet is over, too. */
function isRunning(pid: number): boolean {
  const file = `/proc/${pid}/stat`;
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ');
}

describe('pbx up', () => {
  it('starts nothing without Asterisk, and says what to run', async () => {
    const { pbx, env, started } = fake('lasts');
    const ended = await run(PBX, ['up', `${pbx}-other`], { env });
    expect(ended).toMatchObject({ code: 1, out: '' });
    expect(ended.err).toBe(`no Asterisk in ${pbx}-other: run ${dirname(PBX)}/get-asterisk ${pbx}-other\n`);
    expect(started()).toEqual([]);
  });

  it('that fails leaves nothing running', async () => {
    const { pbx, env, started } = fake('fails');
    const ended = await run(PBX, ['up', pbx], { env });
    expect(ended).toMatchObject({ code: 1, out: '', err: `not up: see the logs in ${pbx}/run\n` });
    expect(started().filter(isRunning)).toEqual([]);
    expect(readdirSync(join(pbx, 'run')).filter((name) => name.endsWith('.pid'))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'that is stopped by %s leaves nothing running',
    async (signal) => {
      const { pbx, env, started } = fake('lasts');
      const child = spawn(PBX, ['up', pbx], { env, stdio: 'ignore' });
      await vi.waitFor(() => expect(started().filter(isRunning)).toHaveLength(2), { timeout: 20_000 });
      child.kill(signal);
      const [code] = await once(child, 'close');
      expect(code).toBe(signal === 'SIGINT' ? 130 : 143);
      expect(started().filter(isRunning)).toEqual([]);
    },
  );
});

it('get-asterisk says what to do where nothing can be downloaded', async () => {
  const folder = temporaryFolder();
  const env = { ...cleanEnvironment(folder), STARTED: '/dev/null' };
  script(join(folder, 'apt-get'), '[ "$1" = indextargets ] && echo http://deb.example/debian/ || exit 100');
  const ended = await run(join(dirname(PBX), 'get-asterisk'), [join(folder, 'pbx')], { env });
  expect(ended).toMatchObject({
    code: 100,
    err: `Asterisk was not downloaded from http://deb.example/debian/. Offline, copy the folder ${folder}/pbx from a computer that has run this.\n`,
  });
});
