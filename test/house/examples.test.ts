import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { startReceiver } from '../../src/receiver/index.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/index.ts';
import { SECRET, shareListeners } from '../support/same-user.ts';
import { cleanEnvironment, ROOT, run, temporaryFolder } from './run.ts';
import { compile, vitest } from './tools.ts';

const home = temporaryFolder();
const clean = cleanEnvironment(home);

async function phones(options: SimulatorOptions = {}) {
  const simulator = await startSimulator({ phones: 2, approved: true, ...options });
  onTestFinished(() => simulator.close());
  const [first = '', second = ''] = simulator.phones.map(({ host }) => host);
  return { simulator, first, second };
}

const SCENARIOS = readdirSync(join(ROOT, 'examples/scenarios'));

const keysPressed = (state: { readonly log: readonly { readonly key: string }[] }) =>
  state.log.map(({ key }) => key);

/** The files in the folder, except traces from a run by hand. */
const NAMES = readdirSync(join(ROOT, 'examples')).filter((name) => name !== 'atcom-traces');

/** Each example file, and a test that runs it. */
const EXAMPLES: Readonly<Record<string, () => Promise<void>>> = {
  'night-mode.sh': async () => {
    const { simulator, first, second } = await phones();
    const ended = await run('sh', ['examples/night-mode.sh', first, second], { env: clean });
    expect(ended).toEqual({ code: 0, out: `${first}: quiet\n${second}: quiet\n`, err: '' });
    expect(simulator.state('6001').dnd).toBe(true);
    expect(simulator.state('6002').dnd).toBe(true);
  },
  'ci-smoke.sh': async () => {
    const { simulator, first } = await phones();
    const ended = await run('sh', ['examples/ci-smoke.sh', '6002'], { env: { ...clean, ATCOM_TO: first } });
    expect(ended).toMatchObject({ code: 0, err: '' });
    const documents = ended.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(documents).toMatchObject([
      { command: 'key', ok: true },
      { command: 'dial', ok: true },
      { command: 'hangup', ok: true },
    ]);
    expect(keysPressed(simulator.state('6001'))).toEqual(['RELEASE', '6002', 'DIAL', 'ENDCALL']);
  },
  'press.mjs': async () => {
    const { simulator, first } = await phones();
    const ended = await run(process.execPath, ['examples/press.mjs', first, '6002'], { env: clean });
    const url = `http://${first}/cgi-bin/server.cgi?key=LINEKEY2;6002;SEND`;
    expect(ended).toEqual({ code: 0, out: `ok ${url}\n`, err: '' });
    expect(simulator.state('6002').state).toBe('ringing');
  },
  'atcom.config.yaml': async () => {
    const env = { ...clean, ATCOM_CONFIG: join(ROOT, 'examples/atcom.config.yaml') };
    const ended = await run('atcom', ['config', 'validate'], { env });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toMatch(/: ok, 16 phones\n$/);
  },
  scenarios: async () => {
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/scenario.json'), 'utf8'));
    const fits = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
    for (const file of SCENARIOS) {
      const text = readFileSync(join(ROOT, 'examples/scenarios', file), 'utf8');
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/\.\.\/schemas\/scenario\.json\n/);
      expect(fits(parse(text)), `${file} ${JSON.stringify(fits.errors)}`).toBe(true);
    }
    expect(fits(parse('name: x\nphones: { a: virtual }\nsteps: [ { a: { expct: hold } } ]'))).toBe(false);
    // Three runs in a row, because one could pass by chance.
    for (const words of [[], ['--jobs', '4'], ['--simulate', '--jobs', '16']]) {
      const files = SCENARIOS.map((file) => `examples/scenarios/${file}`);
      const ended = await run('atcom', ['test', ...files, ...words, '--no-trace'], { env: clean });
      expect(ended).toMatchObject({ code: 0, err: '' });
      expect(ended.out).toMatch(/^13 scenarios: 13 passed; /m);
    }
  },
  failing: async () => {
    const file = 'examples/failing/rings-in-vain.yaml';
    const ended = await run('atcom', ['test', file, '--no-trace'], { env: clean });
    expect(ended).toMatchObject({ code: 6, err: '' });
    const timeless = (text: string) => text.replace(/[+-]?\d+(\.\d+)? (ms|s)\b/g, 'time');
    const expected = readFileSync(join(ROOT, 'examples/failing/report.txt'), 'utf8');
    expect(timeless(ended.out)).toBe(timeless(expected));
  },
  'github-actions.yml': async () => {
    const summary = await ciJob('github-actions.yml', (text) =>
      Object.values<{ steps: { run?: string }[] }>(parse(text).jobs).flatMap(({ steps }) =>
        steps.flatMap((step) => step.run ?? []),
      ),
    );
    expect(readFileSync(summary, 'utf8')).toContain('13 scenarios, 13 passed');
  },
  'gitlab-ci.yml': async () => {
    await ciJob('gitlab-ci.yml', (text) =>
      Object.values<{ script?: string[] }>(parse(text)).flatMap(({ script = [] }) => script),
    );
  },
  Jenkinsfile: async () => {
    await ciJob('Jenkinsfile', (text) =>
      Array.from(text.matchAll(/^ +sh '(?:PATH=\S+ )?(.+)'$/gm), ([, command = '']) => command),
    );
  },
  vitest: async () => {
    const folder = join(ROOT, 'examples/vitest');
    const ended = await vitest(folder, clean);
    expect(ended.code, ended.out + ended.err).toBe(0);
    expect(ended.out).toMatch(/Tests +4 passed/);
    const types = await compile(join(home, 'vitest-types'), [join(folder, '*.ts')]);
    expect(types).toEqual({ code: 0, out: '', err: '' });
  },
  'building.sh': async () => {
    const { simulator, first, second } = await phones();
    const journal = join(home, 'building.jsonl');
    const env = configured('building', { one: first, two: second });
    const building = () => run('sh', ['examples/building.sh', '*', 'on', journal], { env });
    expect(await building()).toMatchObject({ code: 0, err: '2 phones: 2 ok\n' });
    // Once more: everything is done, so nothing is pressed.
    expect(await building()).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^(?:(?:one|two) +ok +\d+ ms +in the run of \S+\n){2}$/),
      err: 'nothing was pressed: the journal has no phone left to press\n2 phones: 2 ok\n',
    });
    expect(keysPressed(simulator.state('6001'))).toEqual(['DND_ON']);
    expect(keysPressed(simulator.state('6002'))).toEqual(['DND_ON']);
    expect(readFileSync(`${journal}.xml`, 'utf8')).toContain('tests="2" failures="0" errors="0"');
    expect(await run('sh', ['examples/building.sh', '*', 'off', journal], { env })).toMatchObject({
      code: 2,
    });
  },
  // .ci/interop runs them against the PBX.
  pbx: async () => {
    const folder = 'examples/pbx/scenarios';
    const scenarios = readdirSync(join(ROOT, folder)).map((file) => `${folder}/${file}`);
    expect(scenarios).toHaveLength(8);
    const schema = JSON.parse(readFileSync(join(ROOT, 'schemas/scenario.json'), 'utf8'));
    const fits = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);
    for (const file of scenarios) {
      const text = readFileSync(join(ROOT, file), 'utf8').replaceAll(/\[([abc, ]+)\]:/g, '"$1":');
      expect(fits(parse(text)), `${file} ${JSON.stringify(fits.errors)}`).toBe(true);
    }
    const env = { ...clean, ATCOM_CONFIG: join(ROOT, 'examples/pbx/atcom.config.yaml') };
    expect(await run('atcom', ['test', '--check', ...scenarios], { env })).toMatchObject({ code: 0 });
    // Without a PBX, scenarios that need audio are reported as such; the menu belongs to the PBX.
    const simulated = scenarios.filter((file) => !file.includes('dtmf-menu'));
    const ended = await run('atcom', ['test', '--simulate', ...simulated], { env });
    expect(ended).toMatchObject({ code: 0, err: '' });
    expect(ended.out).toMatch(/7 scenarios: 7 skipped/);
  },
  'night.atcom': async () => {
    const listener = await startReceiver({ port: 0, secret: SECRET });
    onTestFinished(() => listener.close());
    const { simulator, first, second } = await phones({ phones: 6, actionUrl: listener.url });
    const lab = simulator.phones.slice(2).map(({ host }, index) => [`lab-0${index + 1}`, host]);
    const env = configured(
      'night',
      { reception: first, lobby: second, ...Object.fromEntries(lab) },
      `groups: { floor1: "reception,lobby" }\nmacros: { panic: DND_ON RELEASE }\nlistener: { port: ${listener.port} }\n`,
    );
    const ended = await run('atcom', ['run', 'examples/night.atcom'], { env });
    expect(ended).toMatchObject({ code: 0 });
    expect(ended.out).toMatch(/^reception {2}confirmed .* outgoingCall$/m);
    const quiet = ['DND_ON', 'VOLUME_DOWN', 'VOLUME_DOWN', 'VOLUME_DOWN'];
    expect(keysPressed(simulator.state('6001'))).toEqual([...quiet, 'LINEKEY2', '6003', 'SEND']);
    expect(keysPressed(simulator.state('6002'))).toEqual(quiet);
    expect(keysPressed(simulator.state('6003'))).toEqual(['DND_ON', 'RELEASE']);
    expect(keysPressed(simulator.state('6006'))).toEqual(['DND_ON', 'RELEASE']);
  },
};

/** What a CI service runs on virtual phones: the commands of one job, with their own reports. */
async function ciJob(file: string, commands: (text: string) => readonly string[]) {
  const cwd = join(home, file);
  mkdirSync(cwd);
  symlinkSync(join(ROOT, 'examples/scenarios'), join(cwd, 'scenarios'));
  const summary = join(cwd, 'summary.md');
  const all = commands(readFileSync(join(ROOT, 'examples', file), 'utf8'));
  const own = all.filter((command) => command.startsWith('atcom '));
  expect(own).toHaveLength(2);
  // Not by its name from the registry, where anybody could take it.
  expect(all[0]).toMatch(/^npm install (--global|--prefix tools) \.\/tools\/atcom-\*\.tgz$/);
  // The second job needs lab phones: test/house/ci.test.ts has some.
  const [virtual = '', lab = ''] = own;
  const env = { ...clean, GITHUB_STEP_SUMMARY: summary };
  expect(await run('sh', ['-c', virtual], { env, cwd })).toMatchObject({ code: 0, err: '' });
  expect(await run('sh', ['-c', `${lab} --dry-run`], { env, cwd })).toMatchObject({ code: 0, err: '' });
  expect(readFileSync(join(cwd, 'junit.xml'), 'utf8')).toContain('failures="0" errors="0" skipped="0"');
  expect(readFileSync(join(cwd, 'calls.html'), 'utf8')).toContain('attended transfer');
  return summary;
}

/** The environment of a config with these phones. */
shareListeners(home);

function configured(name: string, phones: Readonly<Record<string, string>>, rest = '') {
  const file = join(home, `${name}.yaml`);
  const lines = Object.entries(phones).map(([phone, host]) => `  ${phone}: ${host}\n`);
  writeFileSync(file, `phones:\n${lines.join('')}${rest}`);
  return { ...clean, ATCOM_CONFIG: file };
}

describe('examples', () => {
  it.each(NAMES)(
    '%s runs',
    async (name) => {
      const example = EXAMPLES[name];
      if (example === undefined) throw new Error(`no test runs examples/${name}`);
      await example();
    },
    60_000,
  );

  it('are all tested', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual([...NAMES].sort());
  });
});

describe('examples tell failures apart', () => {
  it.each([
    ['nothing', ''],
    ['half of its first line', '{"schema":"atcom-jour'],
    ['zeros', '\0'.repeat(300)],
  ])(
    'building.sh begins again where a power cut left %s of a journal',
    async (_, text) => {
      const { simulator, first } = await phones();
      const journal = join(home, 'torn.jsonl');
      writeFileSync(journal, text);
      const env = configured('torn', { one: first });
      for (const _ of ['once', 'again'])
        expect(await run('sh', ['examples/building.sh', 'one', 'on', journal], { env })).toMatchObject({
          code: 0,
        });
      expect(keysPressed(simulator.state('6001'))).toEqual(['DND_ON']);
    },
    30_000,
  );

  it('building.sh presses again only where nothing was done', async () => {
    const { simulator, first } = await phones();
    const asking = await phones({ approved: false });
    const journal = join(home, 'asking.jsonl');
    const env = configured('asking', { willing: first, asking: asking.first });
    const building = () => run('sh', ['examples/building.sh', '*', 'on', journal], { env });
    expect(await building()).toMatchObject({ code: 4 });
    const pressed = await fetch(`http://${asking.first}/_sim/lcd`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"press":"save"}',
    });
    expect(pressed.status).toBe(200);
    expect(await building()).toMatchObject({ code: 1, out: expect.stringMatching(/^asking +ok /m) });
    expect(await building()).toMatchObject({ code: 0 });
    expect(keysPressed(simulator.state('6001'))).toEqual(['DND_ON']);
    expect(keysPressed(asking.simulator.state('6001'))).toEqual(['DND_ON']);
  }, 30_000);

  it('night-mode.sh goes on, and names the phone that asks', async () => {
    const asking = await phones({ approved: false });
    const { first: willing } = await phones();
    const ended = await run('sh', ['examples/night-mode.sh', asking.first, willing], { env: clean });
    expect(ended.code).toBe(1);
    expect(ended.out.split('\n')).toEqual([
      `${asking.first}: not allowed yet; press Save on the phone, or check its password`,
      `${willing}: quiet`,
      '',
    ]);
  }, 30_000);

  it('ci-smoke.sh stops at the first step that fails, with its exit code', async () => {
    const { first } = await phones({ approved: false });
    const ended = await run('sh', ['examples/ci-smoke.sh', '6002'], { env: { ...clean, ATCOM_TO: first } });
    expect(ended.code).toBe(4);
    expect(ended.out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(ended.out)).toMatchObject({ command: 'key', results: [{ outcome: 'approval' }] });
  }, 30_000);

  it.each([
    ['no number', [], { ATCOM_TO: '127.0.0.1:1' }],
    ['no phone', ['6002'], {}],
  ])('ci-smoke.sh says how it is used when it is given %s', async (_, args, env) => {
    const ended = await run('sh', ['examples/ci-smoke.sh', ...args], { env: { ...clean, ...env } });
    expect(ended).toMatchObject({ code: expect.any(Number), out: '' });
    expect(ended.code).not.toBe(0);
    expect(ended.err).toMatch(/ATCOM_TO/);
  });

  it('press.mjs ends with the exit code of the error', async () => {
    const { first } = await phones();
    const ended = await run(process.execPath, ['examples/press.mjs', first, '+49'], { env: clean });
    expect(ended).toMatchObject({ code: 2, out: '' });
    expect(ended.err).toMatch(/^invalid-number /);
  });
});
