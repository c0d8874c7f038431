import { describe, expect, it, onTestFinished } from 'vitest';
import { startReceiver } from '../../src/receiver/index.ts';
import { trusted } from '../receiver/played.ts';
import { get, send } from '../receiver/raw.ts';
import { rawServer } from '../support/raw-server.ts';
import { SECRET } from '../support/same-user.ts';
import { folderWith, realPhones, scenario } from './testing.ts';

/** What a phone that a test plays does with a key: reports these events, so much later. */
type Plays = Readonly<
  Record<string, { readonly events: readonly string[]; readonly after?: number } | 'lost' | 'refused'>
>;

/** Phones that answer 200 at once, and report when they are told to. */
async function played(...phones: readonly Plays[]) {
  const receiver = await startReceiver({ port: 0, secret: SECRET });
  onTestFinished(() => receiver.close());
  const servers = await Promise.all(
    phones.map(async (plays) => {
      const keys: string[] = [];
      const told = new Map<string, () => void>();
      const server = await rawServer((socket, request) => {
        const key = /key=(\S*)/.exec(request)?.[1] ?? '';
        if (key === '') return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
        keys.push(key);
        told.get(key)?.();
        const play = plays[key];
        if (play === 'lost') return socket.end();
        if (play === 'refused') return socket.end('HTTP/1.1 500 No\r\n\r\n');
        const timer = setTimeout(async () => {
          for (const event of play?.events ?? []) {
            await send(receiver.port, get(`/${event}Url.xml?ip=${server.host}`)).catch(() => undefined);
          }
        }, play?.after ?? 0);
        onTestFinished(() => clearTimeout(timer));
        return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      });
      return { ...server, keys, onKey: (key: string, tell: () => void) => told.set(key, tell) };
    }),
  );
  const lines = servers.map(
    ({ host }, index) => `  ${'ab'[index]}1: { host: "${host}", extension: "600${index + 1}" }\n`,
  );
  /** They are known to be in no call. */
  const wasIdle = () =>
    Promise.all(servers.map(({ host }) => send(receiver.port, get(`/busyToIdleUrl.xml?ip=${host}`))));
  return { servers, wasIdle, config: `listener: { port: ${receiver.port} }\nphones:\n${lines.join('')}` };
}

const real = (steps: string, more = '') =>
  scenario(steps, more).replace('a: virtual', 'a: a1').replace('b: virtual', 'b: b1');
const DIALS = { events: ['idleToBusy', 'outgoingCall'], after: 200 };
const HANGS_UP = { events: ['terminated', 'busyToIdle'] };

describe('a phone that reports its call after it has answered', () => {
  it.each([
    ['a scenario that passes', 'a: dial $b'],
    ['one that fails', 'a: dial $b\nb: { expect: hold, within: 20ms }'],
  ])('is hung up after %s', async (_, steps) => {
    const { servers, config, wasIdle } = await played({ '6002;DIAL': DIALS, ENDCALL: HANGS_UP }, {});
    await wasIdle();
    const { atcom } = folderWith({ 'x.yaml': real(steps), 'atcom.config.yaml': config });
    await atcom('x.yaml --no-trace');
    expect(servers[0]?.keys).toEqual(['6002;DIAL', 'ENDCALL']);
  });

  it('does not meet the next scenario with the events of this one', async () => {
    const late = { ENDCALL: { events: ['terminated', 'busyToIdle'], after: 450 } };
    const { config } = await played({ '6002;DIAL': { ...DIALS, after: 0 }, ...late }, {});
    const { atcom } = folderWith({
      'one.yaml': `${real('a: dial $b\na: { expect: outgoingCall }')}cleanup: [ { a: hangup } ]`,
      'two.yaml': real('a: { expect: terminated, within: 600ms }'),
      'atcom.config.yaml': config,
    });
    const { stdout } = await atcom('one.yaml two.yaml --no-trace --json');
    expect(JSON.parse(stdout).results.map(({ status }: { status: string }) => status)).toEqual([
      'passed',
      'failed',
    ]);
  });
});

it('a phone that reports late, and nothing after its last key, is waited for before the next scenario', async () => {
  const { config, wasIdle } = await played({ DND_ON: { events: ['openDND'], after: 400 } }, {});
  await wasIdle();
  const { atcom } = folderWith({
    'one.yaml': `${real('a: key DND_ON')}cleanup: [ { a: hangup } ]`,
    'two.yaml': real('a: { expect: openDND, within: 600ms }'),
    'atcom.config.yaml': config,
  });
  const { stdout } = await atcom('one.yaml two.yaml --no-trace --json');
  expect(JSON.parse(stdout).results.map(({ status }: { status: string }) => status)).toEqual([
    'passed',
    'failed',
  ]);
});

it('a phone that is too slow to say that it is there is not called gone', async () => {
  const slow = await rawServer((socket, request) => {
    if (request.includes('key=')) socket.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
  });
  const { atcom } = folderWith({
    'x.yaml': `name: x\nphones: { a: "${slow.host}" }\nsteps: [ { a: { expect: hold, within: 20ms } } ]`,
  });
  const { stdout } = await atcom('x.yaml --no-trace --port 0');
  expect(stdout).toContain('it has reported nothing at all');
});

it('idle ends a call of the scenario itself', async () => {
  const { atcom } = folderWith({
    'x.yaml': scenario('a: dial $b\nb: { expect: incomingCall }\na: idle\n[a, b]: { expect: busyToIdle }'),
  });
  expect(await atcom('x.yaml --no-trace')).toMatchObject({ exitCode: 0 });
});

describe('a phone that reports nothing is hung up after a failure', () => {
  it.each<[string, Plays, string, string]>([
    ['also one that was known to be idle', {}, 'a: { expect: established, within: 20ms }', 'failed'],
    [
      'also one whose reports were refused',
      { '6002;DIAL': { events: ['mute', 'rings'] } },
      'a: { expect: established, within: 300ms }',
      'error',
    ],
  ])('%s', async (_, plays, step, status) => {
    const { servers, config, wasIdle } = await played(plays, {});
    await wasIdle();
    const { atcom } = folderWith({ 'x.yaml': real(`a: dial $b\n${step}`), 'atcom.config.yaml': config });
    const { stdout } = await atcom('x.yaml --no-trace --json');
    expect(JSON.parse(stdout).results).toMatchObject([{ status }]);
    expect(servers[0]?.keys).toEqual(['6002;DIAL', 'ENDCALL']);
  });

  it('also where its silence was taken for proof', async () => {
    const { servers, config } = await played({}, {});
    const { atcom } = folderWith({
      'x.yaml': real('a: dial $b\na: { never: remoteBusy, during: 1ms }'),
      'atcom.config.yaml': config,
    });
    const { stdout } = await atcom('x.yaml --no-trace --json');
    expect(JSON.parse(stdout).results).toMatchObject([{ status: 'error', error: { code: 'unproven' } }]);
    expect(servers[0]?.keys).toEqual(['6002;DIAL', 'ENDCALL']);
  });

  const failing = `${real('a: dial $b\nb: { expect: hold, within: 20ms }')}cleanup:`;
  const LOST = { ENDCALL: 'lost' } as const;

  it.each<[string, string, Plays, readonly string[]]>([
    ['once, if cleanup does not', '[ { pause: 1ms } ]', {}, ['6002;DIAL', 'ENDCALL']],
    ['not again, if cleanup did', '[ { a: hangup } ]', {}, ['6002;DIAL', 'ENDCALL']],
    [
      'once more, if keys came after that',
      '[ { a: hangup }, { a: key DND_ON } ]',
      {},
      ['6002;DIAL', 'ENDCALL', 'DND_ON', 'ENDCALL'],
    ],
    ['once more, if that was lost', '[ { a: hangup } ]', LOST, ['6002;DIAL', 'ENDCALL', 'ENDCALL']],
  ])('%s', async (_, cleanup, plays, keys) => {
    const { servers, config } = await played(plays, {});
    const { atcom } = folderWith({ 'x.yaml': `${failing} ${cleanup}`, 'atcom.config.yaml': config });
    expect((await atcom('x.yaml --no-trace')).exitCode).toBe(6);
    expect(servers[0]?.keys).toEqual(keys);
  });
});

it('a scenario whose listener is lost proves nothing, not even that an event did not come', async () => {
  let lose = () => {};
  const port = await trusted((response) => {
    response.write('live:\n');
    lose = () => response.write('no event\n');
  });
  const { servers, config } = await played({ DND_ON: { events: [] } }, {});
  const { atcom } = folderWith({
    'one.yaml': real('a: key DND_ON\nb: { never: incomingCall, during: 1m }\na: key HOLD'),
    'two.yaml': real('a: key MUTE'),
    'atcom.config.yaml': config.replace(/port: \d+/, `port: ${port}`),
  });
  servers[0]?.onKey('DND_ON', () => lose());
  const { stdout, exitCode } = await atcom('one.yaml two.yaml --no-trace --json');
  const { results } = JSON.parse(stdout);
  expect(exitCode).toBe(1);
  expect(results).toMatchObject([
    { status: 'error', error: { code: 'port-unavailable' } },
    { status: 'error', error: { code: 'port-unavailable' } },
  ]);
  expect(servers[0]?.keys).toEqual(['DND_ON', 'ENDCALL']);
});

it('a scenario whose listener another program takes over proves no silence', async () => {
  let end = () => {};
  const port = await trusted((response) => {
    response.write('live:\n');
    end = () => response.socket?.destroy();
  });
  const { servers, config } = await played({ DND_ON: { events: [] } }, {});
  const { atcom } = folderWith({
    'x.yaml': real('parallel: [ { a: key DND_ON }, { b: { never: incomingCall, during: 2s } } ]'),
    'atcom.config.yaml': config.replace(/port: \d+/, `port: ${port}`),
  });
  servers[0]?.onKey('DND_ON', () => end());
  const { stdout, exitCode } = await atcom('x.yaml --no-trace --json');
  expect(JSON.parse(stdout).results).toMatchObject([{ status: 'error', error: { code: 'receiver-closed' } }]);
  expect(exitCode).toBe(6);
});

it.each([
  ['that it came', 'b: { expect: openDND, within: 100ms }', 'only what may be of it or of another phone'],
  [
    'that it did not',
    'b: { never: openDND, during: 1m }',
    'or another phone at its address reported openDND',
  ],
])('an event of either of two phones at one address is no proof %s', async (_, step, told) => {
  const { servers, config } = await played({}, {});
  const { atcom } = folderWith({
    'x.yaml': real(`parallel: [ { a: key DND_ON }, { ${step} } ]`),
    'atcom.config.yaml': config,
  });
  const port = Number(/port: (\d+)/.exec(config)?.[1]);
  servers[0]?.onKey('DND_ON', () => void send(port, get('/openDNDUrl.xml')));
  const { stdout, exitCode } = await atcom('x.yaml --no-trace');
  expect(exitCode).toBe(6);
  expect(stdout).toContain(told);
  expect(stdout).toContain('mac=$mac&ip=$ip');
});

describe('every call ends', () => {
  const files = async (text: string) => {
    const phones = await realPhones();
    const named = text.replace('a: virtual', 'a: reception').replace('b: virtual', 'b: lobby');
    return { ...phones, ...folderWith({ 'x.yaml': named, 'atcom.config.yaml': phones.config }) };
  };

  it('although cleanup has used up its time', async () => {
    const { atcom, simulator } = await files(
      `${scenario('a: dial $b\nb: { expect: incomingCall }\nb: answer\na: { expect: established }', 'cleanupTimeout: 100ms')}cleanup: [ { a: { expect: terminated, within: 1m } }, { a: hangup } ]`,
    );
    const { stdout } = await atcom('x.yaml --no-trace');
    expect(stdout).toContain('its cleanup took longer than 100ms');
    expect(simulator.state('6001').state).toBe('idle');
  });

  it('also the second one, which is on hold with an unknown phone', async () => {
    const { config, simulator, receiver, press } = await realPhones();
    const text = `name: x
phones: { a: reception }
steps:
  - a: dial 6002
  - a: { expect: established }
  - a: hold --dial 6003
  - a: { expect: mute, within: 20ms }
`;
    const { atcom } = folderWith({ 'x.yaml': text, 'atcom.config.yaml': config });
    const run = atcom('x.yaml --no-trace');
    await receiver.hub.waitFor('incomingCall');
    await press(1, 'ANSWER');
    expect((await run).exitCode).toBe(6);
    const states = ['6001', '6002', '6003'].map((extension) => simulator.state(extension).state);
    expect(states).toEqual(['idle', 'idle', 'idle']);
  });
});

it("somebody's call that begins while a run is under way is not touched", async () => {
  const { config, simulator, press, receiver } = await realPhones();
  const { atcom } = folderWith({
    'one.yaml':
      'name: one\nphones: { a: lab }\nsteps: [ { a: dnd on }, { a: { expect: openDND } }, { pause: 300ms } ]',
    'two.yaml': real('a: dial $b').replace('a: a1', 'a: reception').replace('b: b1', 'b: lobby'),
    'atcom.config.yaml': config,
  });
  const run = atcom('one.yaml two.yaml --no-trace');
  await receiver.hub.waitFor('openDND');
  await press(0, '6002;DIAL');
  await press(1, 'ANSWER');
  const { stdout } = await run;
  expect(stdout).toContain('reception is in a call that this scenario did not make; it was not touched');
  expect(simulator.state('6001').state).toBe('talking');
});

describe('an answer that was lost', () => {
  const DND_ON = { DND_ON: 'lost' } as const;

  it('together with an unmet expectation is an error, and not retried', async () => {
    const { servers, config } = await played(DND_ON, {});
    const { atcom } = folderWith({
      'x.yaml': real('parallel: [ { b: { expect: hold, within: 20ms } }, { a: key DND_ON } ]'),
      'atcom.config.yaml': config,
    });
    const { exitCode, stdout } = await atcom('x.yaml --no-trace --retries 2');
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(/^error /);
    expect(servers[0]?.keys.filter((key) => key === 'DND_ON')).toEqual(['DND_ON']);
  });

  it('in cleanup is not repeated either', async () => {
    const { servers, config } = await played(DND_ON, {});
    const { atcom } = folderWith({
      'x.yaml': `${real('a: hold\nb: { expect: hold, within: 20ms }')}cleanup: [ { a: key DND_ON } ]`,
      'atcom.config.yaml': config,
    });
    expect((await atcom('x.yaml --no-trace --retries 2')).exitCode).toBe(6);
    expect(servers[0]?.keys.filter((key) => key === 'DND_ON')).toEqual(['DND_ON']);
  });
});

it('a scenario is not retried while a phone may still be in its call', async () => {
  const { servers, config } = await played({ ENDCALL: 'refused' }, {});
  const { atcom } = folderWith({
    'x.yaml': real('a: dial $b\nb: { expect: hold, within: 20ms }'),
    'atcom.config.yaml': config,
  });
  const { exitCode, stdout } = await atcom('x.yaml --no-trace --retries 2');
  expect(exitCode).toBe(6);
  expect(stdout).toMatch(/b \(b1\) did not report hold/);
  expect(servers[0]?.keys).toEqual(['6002;DIAL', 'ENDCALL']);
});

it('a key that was never sent is in no trace', async () => {
  const { atcom } = folderWith({
    'x.yaml': scenario(
      'parallel: [ { a: hold }, { a: resume } ]',
      'timeout: 100ms\nsimulator: { latency: 300ms }',
    ),
  });
  const { stdout } = await atcom('x.yaml --no-trace --json');
  const { trace } = JSON.parse(stdout).results[0].attempts[0];
  const pressed = trace.flatMap(({ kind, keys }: Record<string, string>) => (kind === 'press' ? [keys] : []));
  expect(pressed).toEqual(['HOLD']);
});
