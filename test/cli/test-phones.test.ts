import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stateFolder } from '../../src/config/index.ts';
import { lockPhones } from '../../src/fleet/phone-locks.ts';
import { me } from '../support/me.ts';
import { closedPort } from '../support/raw-server.ts';
import { folderWith, realPhones, scenario } from './testing.ts';

const CALL =
  'a: dial $b\nb: { expect: incomingCall, where: { remote: "*$a*" } }\nb: answer\n[a, b]: { expect: established }';
const RINGS_IN_VAIN = 'b: dnd on\na: dial $b\nb: { expect: incomingCall, within: 200ms }\nb: answer';

/** The document of a run. */
async function documentOf(atcom: ReturnType<typeof folderWith>['atcom'], words: string) {
  const { exitCode, stdout } = await atcom(`${words} --json --no-trace`);
  const document = JSON.parse(stdout);
  expect(document.exitCode).toBe(exitCode);
  return document;
}

describe('errors', () => {
  const real = (steps: string, more = '') =>
    scenario(steps, more).replace('a: virtual', 'a: reception').replace('b: virtual', 'b: lobby');

  it('keep the exit code of their outcome, and 1 where classes meet', async () => {
    const { config } = await realPhones({ approved: false });
    const gone = await closedPort();
    const { atcom } = folderWith({
      'approval.yaml': real('a: dial $b', 'setup: [ { a: idle } ]'),
      'gone.yaml': `name: gone\nphones: { a: "127.0.0.1:${gone}" }\nsteps: [ { a: hold } ]`,
      'fails.yaml': scenario(RINGS_IN_VAIN),
      'atcom.config.yaml': config,
    });
    const codes = async (files: string) => (await atcom(`${files} --no-trace`)).exitCode;
    expect(await codes('approval.yaml')).toBe(4);
    expect(await codes('gone.yaml')).toBe(3);
    expect(await codes('fails.yaml')).toBe(6);
    expect(await codes('fails.yaml gone.yaml')).toBe(1);
  });

  it('a phone that asks is found by idle, before anything is dialled', async () => {
    const { config, simulator } = await realPhones({ approved: false });
    const { atcom } = folderWith({
      'x.yaml': real(CALL, 'setup: [ { [a, b]: idle } ]'),
      'atcom.config.yaml': config,
    });
    const { stdout } = await atcom('x.yaml --no-trace');
    expect(stdout).toMatch(/setup 1, a: idle .*\n.*asks "Allow Remote Control\?"/);
    expect(simulator.state('6001').presses).toBe(0);
  });

  it('a phone that vanishes during a wait is reported as gone', async () => {
    const { config, simulator, receiver } = await realPhones();
    const { atcom } = folderWith({
      'x.yaml': real('a: dial $b\nb: { expect: incomingCall }\nb: { expect: established, within: 500ms }'),
      'lab.yaml': config,
    });
    const closing = atcom('x.yaml --no-trace --config lab.yaml');
    await receiver.hub.waitFor('incomingCall');
    await simulator.close();
    const { exitCode, stdout } = await closing;
    expect(exitCode).toBe(6);
    expect(stdout).toContain('b (lobby) did not report established within 500ms, and no longer responds');
    expect(stdout).toContain(
      'it is switched off, restarting or unreachable: atcom doctor lobby --config lab.yaml',
    );
    // And cleanup says what it could not do.
    expect(stdout).toMatch(/afterwards, cleanup 1, a: hangup, .*connection refused/);
  });

  it.each([
    ['proves nothing', '{ a: key DND_ON }, { a: { expect: openDND } }', 6, 'error    quiet'],
    ['is proven once it was', '{ a: dial $b }, { b: { expect: incomingCall } }', 0, 'passed   quiet'],
  ])('silence of a phone that was not heard %s', async (_, steps, code, told) => {
    const port = await closedPort();
    const { config, simulator } = await realPhones({ actionUrl: `http://127.0.0.1:${port}` });
    // That they have started, they tell nobody.
    await simulator.settled();
    const { atcom } = folderWith({
      'x.yaml': `name: quiet\nphones: { a: reception, b: lobby }\nsteps: [ { b: { never: incomingCall, during: 1ms } }, ${steps} ]`,
      'atcom.config.yaml': config.replace(/port: \d+/, `port: ${port}`),
    });
    const { exitCode, stdout } = await atcom('x.yaml --no-trace');
    expect(stdout).toContain(told);
    const doubt = 'nobody knows whether b (lobby) reported incomingCall; it has reported nothing at all';
    expect(stdout.includes(doubt)).toBe(code !== 0);
    expect(exitCode).toBe(code);
  });

  it('of what a virtual phone could not report, silence is no proof', async () => {
    // It keeps 200 reports that wait.
    const keys = `${'DND_ON DND_OFF '.repeat(200)}LINEKEY1`;
    const { atcom } = folderWith({
      'x.yaml': scenario(`a: key ${keys}\na: { never: offHook, during: 100ms }`),
    });
    const { exitCode, stdout } = await atcom('x.yaml --no-trace');
    expect(stdout).toContain('the receiver closed, or did not hear everything, while waiting for offHook');
    expect(exitCode).toBe(6);
  });

  it('say of which phone nobody knew whether it was in a call, unless it showed that it was idle', async () => {
    const { config, receiver } = await realPhones();
    // Each run has a listener of its own.
    await receiver.close();
    const used = (role: string) => `${role}: key SPEAKER\n${role}: { expect: idleToBusy }\n${role}: hangup`;
    const { atcom } = folderWith({
      'vain.yaml': real(RINGS_IN_VAIN, 'cleanup: [ { b: dnd off } ]'),
      'virtual.yaml': scenario(RINGS_IN_VAIN),
      'later.yaml': real(`${used('b')}\n${RINGS_IN_VAIN}`, 'cleanup: [ { b: dnd off } ]'),
      'idle.yaml': real(`${used('b')}\nb: { expect: busyToIdle }`),
      'atcom.config.yaml': config,
    });
    const told = async (files: string) =>
      (await atcom(`${files} --no-trace`)).stdout.split('\n').filter((line) => line.includes('in a call'));
    // That one dialled.
    expect(await told('vain.yaml')).toEqual([
      expect.stringMatching(
        /^\s+whether b \(lobby\) was in a call before is not known: no listener had heard of it; keep atcom listen running$/,
      ),
    ]);
    expect(await told('virtual.yaml')).toEqual([]);
    expect(await told('later.yaml')).toEqual([]);
    expect(await told('idle.yaml vain.yaml')).toEqual([]);
  });

  it('say so of each phone that reports nothing', async () => {
    const { config } = await realPhones({ actionUrl: '' });
    const { atcom } = folderWith({ 'x.yaml': real(RINGS_IN_VAIN), 'atcom.config.yaml': config });
    const [{ status, attempts }] = (await documentOf(atcom, 'x.yaml')).results;
    expect([status, attempts[0].perhapsInCall]).toEqual(['failed', ['a', 'b']]);
    expect((await atcom('x.yaml --no-trace')).stdout).toContain(
      'whether a (reception) or b (lobby) was in a call before is not known',
    );
  });

  it('a listener port in use is an error before anything is sent', async () => {
    const { config, simulator } = await realPhones();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    const { atcom } = folderWith({
      'x.yaml': real(CALL),
      'atcom.config.yaml': config.replace(/port: \d+/, `port: ${port}`),
    });
    const { exitCode, stderr } = await atcom('x.yaml');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`cannot listen on 127.0.0.1:${port}: it is in use`);
    expect(simulator.state('6001').presses).toBe(0);
  });

  it('a phone that cannot reach the listener is found before anything is sent', async () => {
    const { atcom } = folderWith({
      'x.yaml': 'name: x\nphones: { a: 172.16.0.57 }\nsteps: [ { a: hold }, { a: { expect: hold } } ]',
    });
    const { exitCode, stderr } = await atcom('x.yaml --port 0');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /172\.16\.0\.57 cannot report events: the listener http:\/\/127\.0\.0\.1:\d+ can only be reached from this computer/,
    );
    const many = folderWith({
      'x.yaml':
        'name: x\nphones: { a: 172.16.0.57, b: 172.16.0.58, c: 172.16.0.59, d: virtual }\nsteps: [ { a: { expect: hold } } ]',
    });
    expect((await many.atcom('x.yaml --port 0')).stderr).toContain(
      '172.16.0.57 and 2 other phones cannot report events',
    );
  });

  it('a key that takes a phone out of service needs --yes', async () => {
    const { config, simulator } = await realPhones();
    const { atcom } = folderWith({
      'x.yaml': real('a: reboot\na: { expect: registered }'),
      'atcom.config.yaml': config,
    });
    const refused = await atcom('x.yaml --no-trace');
    expect(refused).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('this presses REBOOT; nothing was sent'),
    });
    expect(simulator.state('6001').presses).toBe(0);
    expect((await atcom('x.yaml --yes --no-trace')).exitCode).toBe(0);
    expect((await atcom('x.yaml --simulate --no-trace')).exitCode).toBe(0);
  });
});

describe("a phone in somebody's call", () => {
  async function inCall(settings = '') {
    const phones = await realPhones();
    await phones.press(0, '6003;DIAL');
    await phones.press(2, 'ANSWER');
    await phones.receiver.hub.waitFor('established', { phones: [phones.simulator.phones[0]?.host ?? ''] });
    const config = phones.config.replace('reception: { ', `reception: { ${settings}`);
    const text = scenario(CALL, 'setup: [ { [a, b]: idle } ]')
      .replace('a: virtual', 'a: reception')
      .replace('b: virtual', 'b: lobby');
    return { ...phones, ...folderWith({ 'x.yaml': text, 'atcom.config.yaml': config }) };
  }

  it.each([
    ['', ''],
    [', also where it may be another one than that of the config', 'mac: "80:82:87:ff:ff:ff", '],
  ])('is not touched%s', async (_, settings) => {
    const { atcom, simulator } = await inCall(settings);
    const before = simulator.state('6001').presses;
    const { exitCode, stdout } = await atcom('x.yaml --no-trace');
    expect(exitCode).toBe(2);
    expect(stdout).toContain('reception is in a call that this scenario did not make; it was not touched');
    expect(stdout).toContain('--force');
    expect(simulator.state('6001')).toMatchObject({ presses: before, state: 'talking' });
    expect(simulator.state('6002').presses).toBe(0);
  });

  it('is hung up first with --force', async () => {
    const { atcom, simulator } = await inCall();
    expect(await atcom('x.yaml --force --no-trace')).toMatchObject({ exitCode: 0 });
    const keys = simulator.state('6001').log.map(({ key }) => key);
    // The call of somebody else ends, then that of the scenario, which no cleanup ends.
    expect(keys.slice(-4)).toEqual(['ENDCALL', '6002', 'DIAL', 'ENDCALL']);
    expect(simulator.state('6003').state).toBe('idle');
  });
});

describe('a phone belongs to one run', () => {
  async function held(words: string) {
    const { config, simulator } = await realPhones();
    const text = 'name: x\nphones: { a: reception }\nsteps: [ { a: idle } ]';
    const also = text.replaceAll('reception', 'lobby');
    const files = folderWith({ 'x.yaml': text, 'also.yaml': also, 'atcom.config.yaml': config });
    const folder = join(stateFolder(me({ HOME: files.cwd })), 'phones');
    mkdirSync(folder, { recursive: true });
    const [phone] = simulator.phones;
    const { unlock } = await lockPhones([{ name: 'reception', host: phone?.host ?? '' }], {
      folder,
      process: 4711,
    });
    const again = (more = '') =>
      files.atcom(`x.yaml ${more} --no-trace ${words}`.trim().replaceAll(/ +/g, ' '));
    return { simulator, unlock, run: again(), again };
  }

  it('and another run says so', async () => {
    const { run, unlock, simulator } = await held('');
    const { exitCode, stdout } = await run;
    expect(exitCode).toBe(2);
    expect(stdout).toContain(
      `another run of atcom is using reception (process 4711 on ${hostname()}); nothing was sent`,
    );
    expect(simulator.state('6001').presses).toBe(0);
    await unlock();
  });

  it('and does not claim that nothing was sent where another scenario ran', async () => {
    const { run, unlock, again } = await held('');
    await run;
    const second = again('also.yaml');
    expect(await second).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('1 passed') });
    await unlock();
  });

  it('or waits for it with --wait-phones', async () => {
    const { run, unlock } = await held('--wait-phones 1m');
    await unlock();
    expect((await run).exitCode).toBe(0);
  });

  it('and is pressed no more by a run whose lock was removed, and taken by another', async () => {
    const { config, simulator, receiver, press } = await realPhones();
    const steps = '[ { a: dnd on }, { a: { expect: closeDND, within: 1m } }, { a: dnd on } ]';
    const { cwd, atcom } = folderWith({
      'x.yaml': `name: x\nphones: { a: reception }\nsteps: ${steps}\ncleanup: [ { a: dnd on } ]`,
      'atcom.config.yaml': config,
    });
    const begun = receiver.hub.waitFor('openDND');
    const running = atcom('x.yaml --no-trace');
    await begun;
    const folder = join(stateFolder(me({ HOME: cwd })), 'phones');
    rmSync(folder, { recursive: true });
    const phone = { host: simulator.phones[0]?.host ?? '' };
    const { unlock } = await lockPhones([phone], { folder, process: 4711 });
    onTestFinished(unlock);
    await press(0, 'DND_OFF');
    const { presses } = simulator.state('6001');
    const { exitCode, stdout } = await running;
    expect(simulator.state('6001').presses).toBe(presses);
    // Something was sent before.
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /step 3, a: dnd on .*\n.*another run of atcom is using reception \(process 4711 on .*\); nothing was sent any more/,
    );
  });

  it('and is given back after it', async () => {
    const { run, unlock, again } = await held('');
    await run;
    await unlock();
    expect((await again()).exitCode).toBe(0);
    expect((await again()).exitCode).toBe(0);
  });
});

describe('side by side', () => {
  it('run scenarios that share no phone, the others one after the other', async () => {
    const { config, simulator } = await realPhones();
    const one = (phones: string, step: string) => `name: x\nphones: ${phones}\nsteps: [ ${step} ]`;
    const { atcom } = folderWith({
      'a.yaml': one(
        '{ a: reception, b: lobby }',
        '{ a: dial $b }, { b: { expect: incomingCall } }, { a: hangup }, { [a, b]: { expect: busyToIdle } }',
      ),
      'b.yaml': one(
        '{ a: lobby, b: reception }',
        '{ a: dial $b }, { b: { expect: incomingCall } }, { a: hangup }, { [a, b]: { expect: busyToIdle } }',
      ),
      'c.yaml': one('{ a: lab }', '{ a: dnd on }, { a: { expect: openDND } }'),
      'atcom.config.yaml': config,
    });
    const { results, exitCode } = await documentOf(atcom, 'a.yaml b.yaml c.yaml --jobs 8');
    expect(exitCode).toBe(0);
    const span = (index: number) => {
      const [{ started, ms }] = results[index].attempts;
      return [Date.parse(started), Date.parse(started) + ms] as const;
    };
    // A millisecond, because starts are told in whole ones.
    expect(span(1)[0]).toBeGreaterThanOrEqual(span(0)[1] - 1);
    expect(span(2)[0]).toBeLessThanOrEqual(span(0)[1]);
    expect(simulator.state('6003').dnd).toBe(true);
  });

  it('never run two scenarios on two addresses of one phone', async () => {
    const { config } = await realPhones();
    const one = (phone: string) =>
      `name: x\nphones: { a: ${phone} }\nsteps: [ { a: { expect: hold, within: 300ms } } ]`;
    const { atcom } = folderWith({
      'a.yaml': one('reception'),
      'b.yaml': one('lobby'),
      'atcom.config.yaml': config.replace(/(?<=(?:reception|lobby): \{)/g, ' mac: "808287046bc2",'),
    });
    const { results } = await documentOf(atcom, 'a.yaml b.yaml --jobs 2');
    const [first, second] = results.map(({ attempts }: { attempts: unknown[] }) => attempts[0]);
    // A millisecond, because starts are told in whole ones.
    expect(Date.parse(second.started)).toBeGreaterThanOrEqual(Date.parse(first.started) + first.ms - 1);
  });
});

it('scenarios one after the other on the same phones do not hear each other', async () => {
  const { config } = await realPhones();
  const text = scenario(
    'b: { never: [incomingCall, terminated, busyToIdle], during: 30ms }\na: dial $b\nb: { expect: incomingCall }\nb: answer\n[a, b]: { expect: established }\na: hangup',
    'with: { n: [1, 2, 3, 4, 5] }',
  );
  const real = text.replace('a: virtual', 'a: reception').replace('b: virtual', 'b: lobby');
  const { atcom } = folderWith({ 'x.yaml': real, 'atcom.config.yaml': config });
  expect(await atcom('x.yaml --no-trace --jobs 4')).toMatchObject({
    exitCode: 0,
    stdout: expect.stringContaining('5 scenarios: 5 passed'),
  });
});
