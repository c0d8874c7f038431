import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stateFolder } from '../../src/config/index.ts';
import { lockPhones } from '../../src/fleet/phone-locks.ts';
import { startReceiver } from '../../src/receiver/index.ts';
import { startSimulator } from '../../src/simulator/index.ts';
import { me } from '../support/me.ts';
import { SECRET, shareListeners } from '../support/same-user.ts';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';

const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
const home = temporaryFolder();
const clean = cleanEnvironment(home);
shareListeners(home);

/** A block of the page with this text in it. */
function block(containing: string): string {
  const blocks = Array.from(page.matchAll(/^```\w+\n([\s\S]*?)^```$/gm), ([, text = '']) => text);
  const found = blocks.find((text) => text.includes(containing)) ?? '';
  expect(found, containing).not.toBe('');
  return found;
}

const JOB = block('atcom test ').trim();

/** The config of the page, with its phones on this computer, and a checkout with its scenario. */
async function lab(name: string, phones = { approved: true }) {
  const receiver = await startReceiver({ port: 0, secret: SECRET });
  onTestFinished(() => receiver.close());
  const simulator = await startSimulator({ phones: 2, actionUrl: receiver.url, ...phones });
  onTestFinished(() => simulator.close());
  const [a = '', b = ''] = simulator.phones.map(({ host }) => host);
  const config = block('# atcom.config.yaml')
    .replace('172.16.0.57', `"${a}"`)
    .replace('172.16.0.58', `"${b}"`)
    .replace(/^listener:.*$/m, `listener: { port: ${receiver.port} }`);
  const cwd = join(home, name);
  mkdirSync(join(cwd, 'scenarios'), { recursive: true });
  writeFileSync(join(cwd, 'scenarios', 'lab-rings.yaml'), block('# scenarios/lab-rings.yaml'));
  const file = join(home, `${name}.yaml`);
  writeFileSync(file, config);
  const env = { ...clean, ATCOM_CONFIG: file };
  const job = (command = JOB) => run('sh', ['-c', command], { cwd, env });
  const junit = () => readFileSync(join(cwd, 'junit.xml'), 'utf8');
  const press = async (index: number, key: string) => {
    await fetch(`${simulator.phones[index]?.url}/cgi-bin/server.cgi?key=${key}`);
  };
  return { simulator, cwd, config, env, job, junit, press };
}

describe('the job of a lab', () => {
  it('has phones that obey and report', async () => {
    const { job } = await lab('ready');
    for (const lines of [block('atcom allow '), block('atcom doctor ')]) {
      const ended = await job(`set -e\n${lines}`);
      expect(ended.code, ended.out + ended.err).toBe(0);
    }
  }, 30_000);

  it('passes on its phones, and on virtual ones', async () => {
    const { job, junit, simulator } = await lab('passes');
    expect(await job()).toMatchObject({ code: 0, err: '' });
    expect(junit()).toContain('tests="1" failures="0" errors="0" skipped="0"');
    const { presses } = simulator.state('6001');
    expect(presses).toBeGreaterThan(0);
    expect(await job(`${JOB} --simulate`)).toMatchObject({ code: 0, err: '' });
    expect(simulator.state('6001').presses).toBe(presses);
  }, 30_000);

  it('waits for another that has the phones', async () => {
    const { cwd, env, simulator } = await lab('two');
    const phones = simulator.phones.map(({ host }) => ({ host }));
    const { unlock } = await lockPhones(phones, {
      folder: join(stateFolder(me(env)), 'phones'),
      process: 4711,
    });
    const child = spawn('sh', ['-c', JOB], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    const ended = once(child, 'close');
    const [first] = await once(createInterface({ input: child.stderr }), 'line');
    expect(first).toMatch(/^waiting for lab-0\d, which process 4711 on .* is using$/);
    expect(simulator.state('6001').presses).toBe(0);
    await unlock();
    expect(await ended).toEqual([0, null]);
    expect(simulator.state('6001').presses).toBeGreaterThan(0);
  }, 30_000);

  it.each([
    [6, 'where a phone does not ring', async ({ press }: Lab) => press(1, 'DND_ON')],
    [3, 'where a phone is off', async ({ simulator }: Lab) => simulator.close()],
  ])(
    'ends with %i %s, and its report says so',
    async (code, _, happens) => {
      const there = await lab(`ends-${code}`);
      const scenario = join(there.cwd, 'scenarios', 'lab-rings.yaml');
      writeFileSync(scenario, readFileSync(scenario, 'utf8').replaceAll('within: 10s', 'within: 500ms'));
      await happens(there);
      expect((await there.job()).code).toBe(code);
      expect(there.junit()).toMatch(/failures="1"|errors="1"/);
      expect(page).toMatch(new RegExp(`^\\| ${code}\\b`, 'm'));
    },
    60_000,
  );

  it('ends with 4 where a phone was never allowed, and with 2 where its config is wrong', async () => {
    const { job, config, env, junit } = await lab('never', { approved: false });
    expect(await job()).toMatchObject({ code: 4 });
    writeFileSync(env['ATCOM_CONFIG'] ?? '', config.replace('lab-02:', 'lab-03:'));
    expect(await job()).toMatchObject({ code: 2 });
    expect(junit()).toContain('errors="1"');
  }, 30_000);
});

type Lab = Awaited<ReturnType<typeof lab>>;

describe('a password', () => {
  it('is written to a file of this user alone', async () => {
    const cwd = join(home, 'secrets');
    mkdirSync(cwd);
    const env = { ...clean, PHONES: 'open sesame', RUNNER_TEMP: cwd, GITHUB_ENV: join(cwd, 'env') };
    expect(await run('sh', ['-c', block('umask 077')], { cwd, env })).toMatchObject({ code: 0, err: '' });
    const [name, path = ''] = readFileSync(join(cwd, 'env'), 'utf8').trim().split('=');
    expect(name).toBe('ATCOM_PASSWORD_FILE');
    expect(readFileSync(path, 'utf8')).toBe('open sesame\n');
    expect(statSync(path).mode & 0o077).toBe(0);
  });

  it('goes to the phones of a config that is named, and of none that was merely found', async () => {
    const { cwd, config, env } = await lab('password');
    const secret = join(cwd, 'secret');
    writeFileSync(secret, 'open sesame\n', { mode: 0o600 });
    const digest = config.replace(/lab-01: \{/, 'lab-01: { auth: digest,');
    writeFileSync(env['ATCOM_CONFIG'] ?? '', digest);
    writeFileSync(join(cwd, 'atcom.config.yaml'), digest);
    const words = ['hold', '--to', 'lab-01'];
    const own = { ...env, ATCOM_USER: 'admin', ATCOM_PASSWORD_FILE: secret };
    expect(await run('atcom', words, { cwd, env: own })).toMatchObject({ code: 0 });
    const found = await run('atcom', words, { cwd, env: { ...own, ATCOM_CONFIG: '' } });
    expect(found).toMatchObject({ code: 2, err: expect.stringContaining('untrusted-config') });
  });
});

it('scripts share a lock, and the second waits', async () => {
  const { simulator, env, cwd } = await lab('smoke');
  mkdirSync(join(cwd, 'examples'));
  writeFileSync(
    join(cwd, 'examples', 'ci-smoke.sh'),
    readFileSync(join(ROOT, 'examples/ci-smoke.sh'), 'utf8'),
  );
  const smoke = () => run('sh', ['-c', block('flock ')], { cwd, env: { ...env, ATCOM_TO: 'lab-01' } });
  expect(await Promise.all([smoke(), smoke()])).toMatchObject([{ code: 0 }, { code: 0 }]);
  const keys = simulator.state('6001').log.map(({ key }) => key);
  expect(keys).toEqual([...Array(2)].flatMap(() => ['RELEASE', '6002', 'DIAL', 'ENDCALL']));
}, 30_000);
