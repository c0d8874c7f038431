import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { SCENARIO_REPORTS } from '../../src/cli/reports/scenarios.ts';
import { resultText } from '../../src/cli/test/result-text.ts';
import { visibleLines } from '../../src/errors/visible.ts';
import { AtcomError } from '../../src/errors.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';
import { flaky, hostile, run, skipped } from './run-documents.ts';
import { folderWith, realPhones, scenario } from './testing.ts';

const IN_VAIN = 'b: dnd on\na: dial $b\nb: { expect: incomingCall, within: 100ms }';

describe('what a file or a phone can hold', () => {
  it('never reaches a terminal raw', () => {
    const text = resultText(hostile, (_, shown) => visibleLines(shown));
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}]/u);
  });

  it('never reaches TAP raw, as a reason to skip either', () => {
    const error = new AtcomError('skipped', { reason: 'x\n# SKIP \u001b[2J' });
    const tap = SCENARIO_REPORTS.tap(run([{ ...skipped, error }]));
    expect(tap.split('\n').filter((line) => line !== '')).toHaveLength(3);
    expect(tap).not.toContain('\u001b');
  });

  it('never leaves the folder of traces', async () => {
    const evil = scenario(IN_VAIN).replace('name: call', 'name: "../../evil/../x"');
    const { atcom, cwd } = folderWith({ 'x.yaml': evil });
    expect((await atcom('x.yaml --trace deep/traces')).exitCode).toBe(6);
    expect(readdirSync(join(cwd, 'deep/traces'))).toEqual(['.gitignore', '01-evil-x']);
    expect(existsSync(join(cwd, 'evil'))).toBe(false);
  });
});

describe('a trace', () => {
  it('is in the order of time, of every try', async () => {
    const { atcom, cwd } = folderWith({ 'x.yaml': scenario(IN_VAIN) });
    await atcom('x.yaml --retries 1');
    const folder = join(cwd, 'atcom-traces/01-call');
    expect(readdirSync(folder)).toEqual(['try-1.jsonl', 'try-2.jsonl']);
    // It says who was called.
    expect(statSync(join(folder, 'try-1.jsonl')).mode & 0o777).toBe(0o600);
    const lines = readFileSync(join(folder, 'try-2.jsonl'), 'utf8').trim().split('\n').slice(1);
    const times = lines.map((line) => JSON.parse(line).at);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('goes where git does not look, unless the folder was there before', async () => {
    const { atcom, cwd } = folderWith({ 'x.yaml': scenario(IN_VAIN) });
    await atcom('x.yaml');
    expect(readFileSync(join(cwd, 'atcom-traces/.gitignore'), 'utf8')).toBe('*\n');
    mkdirSync(join(cwd, 'own'));
    await atcom('x.yaml --trace own');
    expect(readdirSync(join(cwd, 'own'))).toEqual(['01-call']);
  });

  it('is written of nothing that passed at once', async () => {
    const { atcom, cwd } = folderWith({ 'x.yaml': scenario('a: hold') });
    expect((await atcom('x.yaml')).exitCode).toBe(0);
    expect(existsSync(join(cwd, 'atcom-traces'))).toBe(false);
  });
});

describe('options', () => {
  it('-q writes nothing of what passed, and all of what did not', async () => {
    const { atcom } = folderWith({ 'good.yaml': scenario('a: hold'), 'bad.yaml': scenario(IN_VAIN) });
    expect(await atcom('good.yaml -q')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const { stdout } = await atcom('good.yaml bad.yaml -q --no-trace');
    expect(stdout).toMatch(/^failed {3}call .*\n(.*\n)+2 scenarios: 1 passed, 1 failed;/);
  });

  it('--debug shows each request and the head of its answer', async () => {
    const { atcom } = folderWith({ 'x.yaml': scenario('a: hold') });
    expect((await atcom('x.yaml --debug')).stderr).toMatch(
      /^> GET http:\/\/127\.0\.0\.1:\d+\/cgi-bin\/server\.cgi\?key=HOLD\n< HTTP\/1\.1 200 OK/m,
    );
  });

  it('--retry of a step tries again where nothing was delivered', async () => {
    const { atcom } = folderWith({
      'x.yaml': `name: x\nphones: { a: "127.0.0.1:${await closedPort()}" }\nsteps: [ { a: hold --retry 1 } ]`,
    });
    const { stdout } = await atcom('x.yaml --port 0 --no-trace --json');
    const { trace } = JSON.parse(stdout).results[0].attempts[0];
    expect(trace.filter(({ kind }: { kind: string }) => kind === 'answer')).toHaveLength(2);
  });

  it('--retries repeats a scenario in which nothing was done, and no other error', async () => {
    const tries = async (host: string) => {
      const { atcom } = folderWith({ 'x.yaml': `name: x\nphones: { a: "${host}" }\nsteps: [ { a: hold } ]` });
      const { stdout } = await atcom('x.yaml --port 0 --no-trace --retries 2 --json');
      return JSON.parse(stdout).results[0].attempts.length;
    };
    const refusing = await rawServer((socket) => socket.end('HTTP/1.1 500 No\r\n\r\n'));
    expect(await tries(`127.0.0.1:${await closedPort()}`)).toBe(3);
    expect(await tries(refusing.host)).toBe(1);
  });

  it('a late pass is reported in JUnit', () => {
    expect(SCENARIO_REPORTS.junit(run([flaky]))).toContain('<system-out>flaky: passed at try');
  });
});

it('the extension of a file goes before that of the config', async () => {
  const { config } = await realPhones();
  const text =
    'name: x\nphones: { a: reception, b: { phone: lobby, extension: "7777" } }\nsteps: [ { a: dial $b } ]';
  const { atcom } = folderWith({ 'x.yaml': text, 'atcom.config.yaml': config });
  expect((await atcom('x.yaml --dry-run')).stdout).toContain('key=7777;DIAL');
});

it('SIGTERM ends with 143', async () => {
  const stop = new AbortController();
  stop.abort(new AtcomError('terminated', {}));
  const { atcom } = folderWith({ 'x.yaml': scenario('a: hold') });
  expect((await atcom('x.yaml', { signal: stop.signal })).exitCode).toBe(143);
});

it('a phone that nothing was done on is not cleaned up', async () => {
  const asking = await realPhones({ approved: false });
  const text = 'name: x\nphones: { a: reception }\nsteps: [ { a: hold } ]\ncleanup: [ { a: hangup } ]';
  const { atcom } = folderWith({ 'x.yaml': text, 'atcom.config.yaml': asking.config });
  const { stdout } = await atcom('x.yaml --no-trace --json');
  const { trace } = JSON.parse(stdout).results[0].attempts[0];
  expect(trace.filter(({ kind }: { kind: string }) => kind === 'press')).toHaveLength(1);
});

it('a run leaves no server, and no timer, behind', async () => {
  const { config } = await realPhones();
  const { atcom } = folderWith({
    'a.yaml': scenario('a: dial $b\nb: { expect: incomingCall }'),
    'b.yaml': scenario('a: { expect: hold, within: 20ms }', 'timeout: 1h'),
    'c.yaml': 'name: c\nphones: { a: reception }\nsteps: [ { a: idle } ]',
    'atcom.config.yaml': config,
  });
  const servers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;
  // What the first run loads and keeps is not of interest.
  await atcom('a.yaml b.yaml c.yaml --no-trace');
  const before = servers();
  for (let round = 0; round < 3; round += 1) await atcom('a.yaml b.yaml c.yaml --no-trace');
  expect(servers()).toBeLessThanOrEqual(before);
  // Vitest itself has one now and then, for a tenth of a second; that of the scenario would run for an hour.
  while (process.getActiveResourcesInfo().includes('Timeout')) await setImmediate();
});
