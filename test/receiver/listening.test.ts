import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request,
  type ServerResponse,
} from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AtcomError } from '../../src/errors.ts';
import {
  EventHub,
  findRunning,
  type Listening,
  type ListeningOptions,
  openSameUser,
  Phonebook,
  type Receiver,
  type ReceiverOptions,
  type SameUser,
  startListening,
} from '../../src/receiver/index.ts';
import { endsOf } from '../../src/receiver/local-stream.ts';
import { newFolder } from '../support/folder.js';
import { closedPort } from '../support/raw-server.ts';
import { SECRET } from '../support/same-user.ts';
import { openStream, played, trusted } from './played.ts';
import { get, receiver, send, subscribed } from './raw.ts';

/** Of a user who has nothing on disk. */
const user = (secret = SECRET): SameUser => {
  const known = new Set<string>();
  const of = (port: number) => `${port} `;
  return {
    secret,
    recall: async (port) =>
      [...known].flatMap((one) => (one.startsWith(of(port)) ? [one.slice(of(port).length)] : [])),
    record: async (port, address) => void known.add(of(port) + address),
    forget: async (port, address) => void known.delete(of(port) + address),
  };
};

const phonebook = () => new Phonebook([{ name: 'reception', host: '172.16.0.57' }]);

/** Listens until the test ends. */
async function listening(options: Partial<ListeningOptions>): Promise<Listening> {
  const started = await startListening({ phonebook: phonebook(), sameUser: user(), ...options });
  onTestFinished(() => started.close());
  return started;
}

/** The receiver that takes over, once it does. */
function takeOver() {
  let onTakeOver = (_: Receiver) => {};
  const takenOver = new Promise<Receiver>((resolve) => {
    onTakeOver = resolve;
  });
  return { takenOver, onTakeOver };
}

/** A receiver that shares its events and has heard something. */
async function running(options: ReceiverOptions = {}): Promise<Receiver> {
  const started = await receiver(options);
  started.hub.publish({
    time: '2026-11-23T10:00:00.000Z',
    event: 'idleToBusy',
    phone: '172.16.0.57',
    source: '172.16.0.57',
    path: '/idleToBusyUrl.xml',
    values: { ip: '172.16.0.57' },
  });
  return started;
}

describe('a listener to which several phones are one address', () => {
  const [x, y] = ['80:82:87:00:00:01', '80:82:87:00:00:02'];
  const report = (event: string, ...more: readonly string[]) =>
    get(`/${event}Url.xml${more.length === 0 ? '' : `?${more.join('&')}`}`);

  it('does not tell of one what another reported', async () => {
    const { port } = await receiver({ secret: SECRET });
    await send(port, report('openDND', `mac=${x}`));
    await send(port, report('established', `mac=${x}`, 'remote=7'));
    await send(port, report('registered'));
    await send(port, report('offHook', `mac=${y}`));
    const book = new Phonebook([
      { name: 'x', host: '10.0.0.1', mac: x },
      { name: 'y', host: '10.0.0.2', mac: y },
    ]);
    const { hub } = await listening({ port, phonebook: book });
    const known = ['x', 'y'].map((phone) => hub.state(phone)).map(({ dnd, call }) => [dnd, call]);
    expect(known).toEqual([
      [true, 'talking'],
      [null, 'dialling'],
    ]);
    expect([...hub.states().keys()].sort()).toEqual(['127.0.0.1', 'x', 'y']);
  });

  it('tells all of one phone that does not always say who it is', async () => {
    const { port } = await receiver({ secret: SECRET });
    await send(port, report('openDND'));
    await send(port, report('established', 'ip=127.0.0.1', 'remote=7'));
    await send(port, report('mute', `mac=${x}`));
    const { hub } = await listening({
      port,
      phonebook: new Phonebook([{ name: 'x', host: '127.0.0.1', mac: x }]),
    });
    expect(hub.state('x')).toMatchObject({ dnd: true, call: 'talking', muted: true });
    expect(hub.told().map(({ phone }) => phone)).toEqual(['x', 'x', 'x', 'x']);
  });
});

const event = (name: string, more: object = {}) =>
  `event: ${JSON.stringify({ time: '2026-11-23T10:00:00.000Z', event: name, phone: '', source: '172.16.0.57', path: '/', values: {}, ...more })}\n`;

/** What becomes of an attempt to attach. */
const failure = (options: Partial<ListeningOptions>) =>
  listening(options).then(
    () => undefined,
    ({ code, message }) => `${code}: ${message}`,
  );

describe('a program that finds the port taken by its own user', () => {
  it('knows what was reported before, by its own names, and gets what comes', async () => {
    const { port } = await running();
    const { hub, receiver: own } = await listening({ port });
    expect(own).toBeUndefined();
    expect(hub.state('reception')).toMatchObject({ busy: true });
    expect(hub.count).toBe(0);
    const next = hub.waitFor('busyToIdle', { phones: ['reception'] });
    await send(port, get('/busyToIdleUrl.xml?ip=172.16.0.57&display_remote=%1B%5B2J%0Alive:'));
    expect(await next).toMatchObject({ phone: 'reception', values: { display_remote: '\u001b[2J\nlive:' } });
  });

  it('hears what is refused there', async () => {
    const { port } = await running();
    const { hub } = await listening({ port });
    const waiting = hub.waitFor('incomingCall', { within: 200 });
    await send(port, get('/api/incoming'), '127.0.0.7');
    await expect(waiting).rejects.toThrow(/127\.0\.0\.7 asked for \/api\/incoming, which names no event/);
  });

  it('is told nothing for which it would leave', async () => {
    const { hub: there, port } = await running();
    const event = { event: 'openDND', phone: 'x', path: '/', values: {} } as const;
    const [odd, time] = ['fe80::7%tap+1', '2026-11-23T10:00:00.000Z'];
    there.publish({ ...event, phone: 'y', time: 'now', source: odd });
    const { hub } = await listening({ port });
    there.publish({ ...event, time, source: `fe80::7%${'a'.repeat(90)}` });
    const next = hub.waitFor('openDND');
    there.publish({ ...event, time, source: odd });
    expect(await next).toMatchObject({ source: odd });
    expect(hub.count).toBe(1);
    expect(hub.state('reception')).toMatchObject({ busy: true });
  });

  it.each(['127.55.0.1', '::1', '0.0.0.0', '::', 'localhost'])('bound to %s', async (host) => {
    const { port } = await running({ host });
    const { hub, origin, receiver: own } = await listening({ port, host });
    expect(own).toBeUndefined();
    expect(hub.state('reception')).toMatchObject({ busy: true });
    const mark = hub.mark();
    await fetch(`${origin}/holdUrl.xml?ip=172.16.0.57`);
    expect(await hub.waitFor('hold', { since: mark })).toMatchObject({ phone: 'reception' });
  });

  it('finds one that is bound to another address than it would use', async () => {
    const sameUser = user();
    const first = await listening({ host: '127.55.0.1', port: 0, sameUser });
    const { port } = first;
    const second = await listening({ port, sameUser });
    expect(second.receiver).toBeUndefined();
    const heard = second.hub.waitFor('hold');
    first.hub.publish(JSON.parse(event('hold').slice('event: '.length)));
    expect(await heard).toMatchObject({ phone: 'reception' });
    // Who says which address gets that one.
    const other = await listening({ port, host: '127.0.0.1', sameUser });
    expect(other.receiver).toBeDefined();
  });

  it('asks no other computer, whatever is written down', async () => {
    const sameUser = user();
    const { port, close } = await receiver();
    await close();
    await sameUser.record(port, '192.0.2.1');
    expect((await listening({ port, sameUser })).receiver).toBeDefined();
  });

  it('gets many states, and what comes while they are still read', async () => {
    const { hub, port } = await running();
    for (let number = 0; number < 1900; number += 1) {
      const ip = `10.0.${number >> 8}.${number & 255}`;
      hub.publish({
        time: '2026-11-23T10:00:00.000Z',
        event: 'hold',
        phone: ip,
        source: ip,
        path: '',
        values: { ip, remote: 'x'.repeat(900) },
      });
    }
    const attached = subscribed({ hub });
    const attaching = listening({ port });
    await attached;
    hub.publish({
      time: '2026-11-23T10:00:00Z',
      event: 'unHold',
      phone: '',
      source: '172.16.0.57',
      path: '',
      values: {},
    });
    const { hub: own } = await attaching;
    expect(own.states().size).toBe(1901);
    expect(await own.waitFor('unHold')).toMatchObject({ phone: 'reception' });
  });
});

describe('of several listeners on one port, at addresses of their own', () => {
  const report = async (host: string, port: number, path: string) => {
    const [response] = (await once(request({ host, port, path }).end(), 'response')) as [IncomingMessage];
    response.resume();
  };

  it.each([0, 1])(
    'all are heard, and what is reported once one has ended may be lost: %s',
    async (ending) => {
      const sameUser = user();
      const hosts = ['127.55.0.1', '127.55.0.2'] as const;
      const first = await receiver({ secret: SECRET, host: hosts[0] });
      const { port } = first;
      const both = [first, await receiver({ secret: SECRET, host: hosts[1], port })] as const;
      for (const host of hosts) await sameUser.record(port, host);
      const { hub } = await listening({ port, sameUser });
      const heardAt = async (host = '') => {
        const mark = hub.mark();
        await vi.waitFor(async () => {
          await report(host, port, '/onHookUrl.xml');
          expect(hub.since(mark)).not.toEqual([]);
        });
      };
      for (const host of hosts) await heardAt(host);
      let lasts = false;
      const gap = new Promise<void>((resolve) => {
        hub.onGap((now) => {
          lasts = now;
          resolve();
        });
      });
      await both[ending]?.close();
      await gap;
      await heardAt(hosts[1 - ending]);
      // The one that is left is replaced where it was. What was reported to the other one is lost all the same.
      await both[1 - ending]?.close();
      await heardAt(hosts[1 - ending]);
      expect(lasts).toBe(true);
    },
  );

  it.each(['0.0.0.0', '::'])(
    'one that is bound to %s is heard once, whatever else is recorded',
    async (host) => {
      const sameUser = user();
      const { port } = await receiver({ secret: SECRET, host });
      for (const address of ['127.0.0.1', '127.55.0.1', host, '127.55.0.2'])
        await sameUser.record(port, address);
      const { hub, receiver: own } = await listening({ port, sameUser });
      expect(own).toBeUndefined();
      const heard = hub.waitFor('onHook');
      await report('127.55.0.1', port, '/onHookUrl.xml');
      await heard;
      await hub.settled();
      expect(hub.count).toBe(1);
    },
  );

  it('the one at all addresses is heard, too', async () => {
    const sameUser = user();
    const { port } = await receiver({ secret: SECRET, host: '0.0.0.0' });
    await receiver({ secret: SECRET, host: '::1', port });
    for (const address of ['0.0.0.0', '::1']) await sameUser.record(port, address);
    const { hub } = await listening({ port, sameUser });
    for (const host of ['127.0.0.1', '::1']) {
      const heard = hub.waitFor('onHook');
      await report(host, port, '/onHookUrl.xml');
      expect(await heard).toMatchObject({ event: 'onHook' });
    }
    expect(hub.count).toBe(2);
  });

  it('a stranger at the address of one that was killed hides none from who only looks', async () => {
    const sameUser = user();
    const { port } = await receiver({ secret: SECRET });
    const stranger = createHttpServer((_, response) => response.end('hello')).listen(port, '127.55.0.1');
    await once(stranger, 'listening');
    onTestFinished(() => void stranger.close().closeAllConnections());
    await sameUser.record(port, '127.55.0.1');
    const found = await findRunning({ port, sameUser, phonebook: phonebook() }, new EventHub());
    expect(found).toBeInstanceOf(Function);
    if (typeof found === 'function') await found();
  });

  it('the one that ends takes only its own record away', async () => {
    const sameUser = user();
    const first = await listening({ port: 0, sameUser, host: '127.55.0.1' });
    const second = await listening({ port: first.port, sameUser, host: '127.55.0.2' });
    expect(second.receiver).toBeDefined();
    await second.close();
    const third = await listening({ port: first.port, sameUser });
    expect(third.receiver).toBeUndefined();
    const heard = third.hub.waitFor('onHook');
    await report('127.55.0.1', first.port, '/onHookUrl.xml');
    expect(await heard).toMatchObject({ event: 'onHook' });
  });
});

describe('when the other program ends', () => {
  it('its port is taken over, and that is told', async () => {
    const { port, close } = await running();
    const { takenOver, onTakeOver } = takeOver();
    const { hub } = await listening({ port, onTakeOver });
    const gaps: boolean[] = [];
    hub.onGap((lasts) => gaps.push(lasts));
    const heard = hub.waitFor('hold', { within: 10_000 });
    await close();
    expect((await takenOver).url).toBe(`http://127.0.0.1:${port}`);
    // From the end of one to the beginning of the other, phones reported to nobody.
    expect(gaps).toEqual([true, false]);
    await send(port, get('/holdUrl.xml?ip=172.16.0.57'));
    expect(await heard).toMatchObject({ event: 'hold', phone: 'reception' });
    // Who was in use may be so still.
    expect(hub.state('reception').busy).toBe(true);
  });

  it('its port is taken over at the address to which the phones report', async () => {
    const sameUser = user();
    const first = await listening({ host: '127.55.0.1', port: 0, sameUser });
    const { port } = first;
    const { takenOver, onTakeOver } = takeOver();
    const second = await listening({ port, sameUser, onTakeOver });
    await first.close();
    expect((await takenOver).address).toBe('127.55.0.1');
    const gap = vi.fn();
    second.hub.onGap(gap);
    expect(gap).not.toHaveBeenCalled();
  });

  it('and phones reported to it at more addresses, events may be lost from then on', async () => {
    const { port, close } = await running({ host: '0.0.0.0' });
    const { takenOver, onTakeOver } = takeOver();
    const { hub } = await listening({ port, host: '127.0.0.1', onTakeOver });
    await close();
    await takenOver;
    const gaps: boolean[] = [];
    hub.onGap((lasts) => gaps.push(lasts));
    expect(gaps).toEqual([true]);
  });

  it('of several that were attached one takes it over, and the others attach to that', async () => {
    const sameUser = user();
    const { port, close } = await running();
    const all = await Promise.all(Array.from({ length: 4 }, () => listening({ port, sameUser })));
    const heard = all.map(({ hub }) => hub.waitFor('hold', { within: 15_000 }));
    await close();
    let done = false;
    void Promise.all(heard).then(() => {
      done = true;
    });
    // Until all of them are there again.
    while (!done) {
      await send(port, get('/holdUrl.xml')).catch(() => undefined);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(all.filter(({ receiver: own }) => own !== undefined)).toHaveLength(1);
  });

  it('whoever waits is told why, when somebody else has the port then', async () => {
    const { port, close } = await running();
    const { hub, lost } = await listening({ port });
    const waiting = hub.waitFor('hold', { within: 3_600_000 }).catch((error) => error);
    const loop = hub.events().next();
    const closed = close();
    const other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
    onTestFinished(() => void other.close());
    await closed;
    const error = await lost;
    expect(error.message).toContain(`cannot listen on 127.0.0.1:${port}: it is in use, and `);
    expect(await waiting).toBe(error);
    expect((await loop).done).toBe(true);
  });

  it('nothing goes on once it is closed', async () => {
    const { port, close } = await running();
    const started = await listening({ port });
    await started.close();
    await close();
    await expect(send(port, get('/holdUrl.xml'))).rejects.toThrow('ECONNREFUSED');
  });

  it('closed while it attaches again, it gives that up at once', async () => {
    const answers: ServerResponse[] = [];
    let asked = () => {};
    const again = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const port = await trusted((response) => {
      answers.push(response);
      if (answers.length === 1) response.write('live:\n');
      else asked();
    });
    const started = await listening({ port });
    answers[0]?.destroy();
    await again;
    const ended = once(answers[1] as ServerResponse, 'close');
    await started.close();
    await ended;
  });
});

describe('a listener from which a program with a token would take events', () => {
  const refused = 'is a listener that does not require the token of this program';

  it.each([
    ['has none', undefined],
    ['has another', 'another-1'],
  ])('is not attached to where it %s, and named', async (_, token) => {
    const { port } = await receiver({ secret: SECRET, ...(token === undefined ? {} : { token }) });
    const tried = await listening({ port, token: 'secret-token-1' }).catch((error: AtcomError) => error);
    expect(tried).toMatchObject({
      code: 'port-unavailable',
      message: expect.stringContaining(refused),
      hint: 'restart that listener',
    });
    const options = { port, token: 'secret-token-1', sameUser: user(), phonebook: phonebook() };
    expect(await findRunning(options, new EventHub())).toContain(refused);
  });

  it('is attached to where it has the same, or where this program has none', async () => {
    const { port } = await receiver({ secret: SECRET, token: 'secret-token-1' });
    for (const options of [{ token: 'secret-token-1' }, {}]) {
      const { hub } = await listening({ port, ...options });
      const heard = hub.waitFor('onHook');
      await send(port, get('/onHookUrl.xml?token=secret-token-1'));
      expect(await heard).toMatchObject({ event: 'onHook' });
    }
  });
});

it.runIf(existsSync('/proc/self/ns/net'))('a proof is of the network that the connection is in', () => {
  const ends = { localAddress: '::ffff:127.0.0.1', localPort: 1, remoteAddress: '127.0.0.1', remotePort: 2 };
  const network = readlinkSync('/proc/self/ns/net');
  expect(network).toMatch(/^net:\[\d+\]$/);
  expect(endsOf(ends as Socket, 'reader')).toBe(`127.0.0.1 1 127.0.0.1 2 ${network}`);
  expect(endsOf(ends as Socket, 'listener')).toBe(`127.0.0.1 2 127.0.0.1 1 ${network}`);
});

describe('a listener of another version', () => {
  const live = (response: ServerResponse) => response.write('live:\n');

  it.each([
    ['that tells another form', { 'atcom-form': '0' }],
    ['that tells no form', {}],
  ])('%s is not attached to, and named', async (_, form) => {
    const port = await trusted(live, SECRET, { form: form as { 'atcom-form': string } });
    const refused = await listening({ port }).catch((error: AtcomError) => error);
    expect(refused).toMatchObject({
      code: 'port-unavailable',
      message: expect.stringMatching(/it is in use, and .* is a listener of another version of atcom$/),
      hint: 'restart that listener',
    });
  });

  it('is not left out where it is bound to another address', async () => {
    const port = await trusted(live, SECRET, { form: { 'atcom-form': '0' }, host: '127.55.0.1' });
    const sameUser = user();
    await sameUser.record(port, '127.55.0.1');
    expect(await failure({ port, sameUser })).toContain('is a listener of another version of atcom');
    const found = await findRunning({ port, sameUser, phonebook: phonebook() }, new EventHub());
    expect(found).toContain('is a listener of another version of atcom');
  });

  it('gives nothing to a reader that it would not understand', async () => {
    const { port, hub } = await running();
    const { response } = await openStream(port);
    let text = '';
    response.setEncoding('utf8').on('data', (data) => {
      text += data;
    });
    const other = await listening({ port });
    await other.hub.settled();
    hub.publish(JSON.parse(event('hold').slice('event: '.length)));
    await vi.waitFor(() => expect(text).toContain('event: '));
    expect(text).not.toContain('settled: ');
  });
});

/** What is said of one who has proven that he knows the secret. */
const LATE = 'did not tell in time what it knows';

describe('nobody else is believed:', () => {
  it.each([
    [
      'another user',
      () => running({ secret: 'e'.repeat(64) }).then(({ port }) => port),
      'no atcom listener of this user',
    ],
    [
      'a receiver that shares nothing',
      () => receiver({ secret: undefined }).then(({ port }) => port),
      'no atcom listener of this user',
    ],
    ['a web server', () => played((_, response) => response.end('hello')), 'no atcom listener of this user'],
    [
      'one who pretends to be atcom',
      () =>
        played((_, response) =>
          response.writeHead(200, { 'content-type': 'text/event-stream; atcom=1' }).write('live:\n'),
        ),
      'no atcom listener of this user',
    ],
    [
      'one who gives back what he was given',
      () =>
        played(({ headers }, response) =>
          response
            .writeHead(200, { 'atcom-proof': String(headers['atcom-proof']).split(' ')[1] ?? '' })
            .write('live:\n'),
        ),
      'no atcom listener of this user',
    ],
    [
      'one who knows another secret, and lets everybody in',
      () => trusted((response) => response.write('live:\n'), 'e'.repeat(64)),
      'no atcom listener of this user',
    ],
    ['what is no HTTP at all', () => silent((socket) => socket.end('SSH-2.0-x\r\n')), 'Parse Error'],
    ['one who hangs up', () => silent((socket) => socket.destroy()), 'socket hang up'],
  ])('%s', async (_, start, why) => {
    const port = await start();
    expect(await failure({ port })).toMatch(
      new RegExp(`^port-unavailable: cannot listen on 127.0.0.1:${port}: it is in use, and .*${why}`),
    );
  });

  it('one who passes everything on to the real one', async () => {
    const { port: real } = await running({ host: '127.55.0.1' });
    const port = await played(({ url, headers }, response) =>
      request({ host: '127.55.0.1', port: real, path: url, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 0, answer.headers);
        answer.pipe(response);
      }).end(),
    );
    expect(await failure({ port })).toContain('no atcom listener of this user');
  });

  it.each([
    ['says nothing', () => silent(() => undefined), 'does not answer as atcom does'],
    ['never tells that it goes live', () => trusted((response) => response.write(event('hold'))), LATE],
    ['drips', () => trusted((response) => drip(response, 'event: {')), LATE],
    ['repeats itself without end', () => trusted((response) => drip(response, event('hold'))), LATE],
  ])('one that %s, within one time for all', async (_, start, why) => {
    const port = await start();
    expect(await failure({ port })).toContain(why);
  });

  it.each([
    ['says nothing', () => silent(() => undefined, '127.55.0.1'), 'does not answer as atcom does'],
    ['stops', () => trusted(() => undefined, SECRET, { host: '127.55.0.1' }), LATE],
    ['hangs up', () => silent((socket) => socket.destroy(), '127.55.0.1'), 'socket hang up'],
    ['is somebody else', () => played((_, response) => response.end(), '127.55.0.1'), 'no atcom listener'],
  ])('one that %s where phones report is not passed by', async (_, start, why) => {
    const port = await start();
    const sameUser = user();
    await sameUser.record(port, '127.55.0.1');
    const refused = await listening({ port, sameUser }).catch((error: AtcomError) => error);
    expect(refused).toMatchObject({
      code: 'port-unavailable',
      message: expect.stringMatching(new RegExp(`^cannot listen on 127.55.0.1:${port}: .*${why}`)),
      hint: expect.stringContaining('let it go on'),
    });
    // At the address that this program would use, nobody listens.
    expect(await findRunning({ port, sameUser, phonebook: phonebook() }, new EventHub())).toContain(why);
  });

  it('one that says nothing, at once where the program has ended before', async () => {
    const port = await silent(() => undefined);
    expect(await failure({ port, signal: AbortSignal.abort() })).toContain('this program ended');
  });

  it.each([
    ['no JSON', 'event: {"event"\n'],
    ['no line of ours', 'data: {}\n'],
    ['no event of the table', event('hacked')],
    ['an escape for an event', event('hold\u001b[2J')],
    ['no address', event('hold', { source: 'evil\u001b]0;x\u0007' })],
    ['a time that is none', event('hold', { time: '\u001b[2J' })],
    ['values that are none', event('hold', { values: { remote: { toString: 1 } } })],
    ['values in a list', event('hold', { values: [] })],
    ['no values', event('hold', { values: null })],
    [
      'a state that is none',
      `state: ${JSON.stringify({ phone: 'a', source: '10.0.0.1', values: {}, state: { calls: 'x' } })}\n`,
    ],
    [
      'an unknown reason',
      `refused: ${JSON.stringify({ time: '2026-11-23T10:00:00Z', refused: 'x', source: '10.0.0.1', path: '' })}\n`,
    ],
    ['a name of every object', 'constructor: {}\n'],
    ['a line without end', `event: ${'x'.repeat(600_000)}`],
  ])('one that knows the secret and sends %s is left', async (_, text) => {
    const port = await trusted((response) => {
      response.write('live:\n');
      response.write(text);
    });
    const { hub, lost } = await listening({ port });
    const seen: unknown[] = [];
    hub.subscribe((one) => seen.push(one));
    expect((await lost).message).toContain('sends what is no event');
    expect(seen).toEqual([]);
  });
});

describe('the stream is kept from', () => {
  /** Requests on one connection, each with a proof or what should be one. */
  const requests = (...said: readonly string[]) =>
    said
      .map((one, index) => {
        const last = index === said.length - 1 ? 'Connection: close\r\n' : '';
        return `GET /_atcom/events HTTP/1.1\r\nHost: 127.0.0.1\r\n${last}atcom-proof: ${one}\r\n\r\n`;
      })
      .join('');

  it.each([
    ['whoever proves nothing', []],
    ['whoever makes a proof up', [`atcom-proof: ${'a'.repeat(32)} ${'b'.repeat(64)}`]],
    ['a proof without a number', ['atcom-proof:  x']],
  ])('%s', async (_, headers) => {
    const { port, hub } = await running();
    const request = ['GET /_atcom/events HTTP/1.0', 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n');
    const answer = await send(port, request);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).not.toContain('172.16');
    expect(hub.refusedSince(0)).toMatchObject([{ refused: 'other-user' }]);
  });

  it('a proof that was for another connection, also with the same nonce', async () => {
    const { port, hub } = await running();
    const nonce = 'b'.repeat(32);
    const { proof, response } = await openStream(port, nonce);
    expect(response.statusCode).toBe(200);
    // As the first request, which has no nonce, and after a nonce that was used before.
    expect(await send(port, requests(proof))).toMatch(/^HTTP\/1\.1 403 /);
    const answer = await send(port, requests(nonce, proof));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 403']);
    expect(answer).not.toContain('\nlive:');
    expect(hub.refusedSince(0)).toMatchObject([{ refused: 'other-user' }]);
  });

  it('a proof of the listener itself', async () => {
    const { port } = await running();
    const { response } = await openStream(port, undefined, (_, theirs) => theirs ?? '');
    expect(response.statusCode).toBe(403);
  });

  it('a proof of another time', async () => {
    const { port } = await running();
    const [one, other] = [await openStream(port), await openStream(port)];
    expect(one.theirs).not.toBe(other.theirs);
  });

  it('a second try on one connection', async () => {
    const { port } = await running();
    const answer = await send(port, requests('a'.repeat(32), 'c'.repeat(64), 'd'.repeat(64)));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 401', 'HTTP/1.1 403', 'HTTP/1.1 403']);
  });
});

describe('the secret', () => {
  /** A folder with nothing in it. */
  function folder(): string {
    const path = newFolder('test');
    onTestFinished(() => rmSync(path, { recursive: true, force: true }));
    return path;
  }
  const file = (path: string) => join(path, 'listener-secret');

  it('is made once, by whoever needs it first, and is of nobody else', async () => {
    const path = folder();
    const all = await Promise.all(Array.from({ length: 20 }, () => openSameUser(path)));
    expect(new Set(all.map(({ secret }) => secret)).size).toBe(1);
    expect(all[0]?.secret).toMatch(/^[0-9a-f]{64}$/);
    expect(statSync(file(path)).mode & 0o777).toBe(0o600);
    expect((await openSameUser(path)).secret).toBe(all[0]?.secret);
  });

  it('records nothing in a pipe, and waits for no reader of it', async () => {
    const path = folder();
    const shared = await openSameUser(path);
    await shared.record(8088, '127.55.0.1');
    const [name = ''] = readdirSync(path).filter((one) => one.startsWith('listener-8088'));
    rmSync(join(path, name));
    execFileSync('mkfifo', [join(path, name)]);
    await expect(shared.record(8088, '127.55.0.1')).rejects.toThrow('ENXIO');
  });

  it('tells where each listener is, until that takes it back', async () => {
    const shared = await openSameUser(folder());
    expect(await shared.recall(8088)).toEqual([]);
    for (const address of ['127.55.0.1', '::1']) await shared.record(8088, address);
    await shared.record(8089, '127.0.0.9');
    expect(await shared.recall(8088)).toEqual(['127.55.0.1', '::1']);
    await shared.forget(8088, '127.0.0.1');
    await shared.forget(8088, '::1');
    expect(await shared.recall(8088)).toEqual(['127.55.0.1']);
    await shared.forget(8088, '127.55.0.1');
    expect(await shared.recall(8088)).toEqual([]);
  });

  it('tells of no listener in the network of a container that shares the folder, nor takes its record', async () => {
    const path = folder();
    const theirs = join(path, 'listener-8088-127.55.0.1-1');
    writeFileSync(theirs, '');
    const shared = await openSameUser(path);
    expect(await shared.recall(8088)).toEqual([]);
    await shared.record(8088, '127.55.0.1');
    await shared.forget(8088, '127.55.0.1');
    expect(existsSync(theirs)).toBe(true);
  });

  it.each<[what: string, plant: (path: string) => unknown, why: RegExp]>([
    [
      'that others can read',
      (path) => writeFileSync(file(path), SECRET, { mode: 0o644 }),
      /others can use .*chmod/,
    ],
    ['in a folder that others can write', (path) => chmodSync(path, 0o777), /others can use/],
    ['that is a link', (path) => symlinkSync('/etc/hostname', file(path)), /ELOOP|EEXIST/],
    ['that is a pipe', (path) => execFileSync('mkfifo', [file(path)]), /no plain file: remove it/],
    ['that is empty', (path) => writeFileSync(file(path), '', { mode: 0o600 }), /holds no secret: remove it/],
    [
      'that is something else',
      (path) => writeFileSync(file(path), 'hello', { mode: 0o600 }),
      /holds no secret/,
    ],
  ])('%s is not believed', async (_, plant, why) => {
    const path = folder();
    await plant(path);
    await expect(openSameUser(path)).rejects.toThrow(why);
  });

  it.runIf(process.getuid?.() === 0)('of another user is not believed, not even by root', async () => {
    const { chownSync } = await import('node:fs');
    const path = folder();
    writeFileSync(file(path), SECRET, { mode: 0o600 });
    chownSync(file(path), 65534, 65534);
    await expect(openSameUser(path)).rejects.toThrow(/belongs to another user/);
    const other = folder();
    chownSync(other, 65534, 65534);
    await expect(openSameUser(other)).rejects.toThrow(/belongs to another user/);
  });

  it('leaves nothing behind when it cannot be used', async () => {
    const path = folder();
    writeFileSync(file(path), 'hello', { mode: 0o600 });
    await openSameUser(path).catch(() => undefined);
    expect(readdirSync(path)).toEqual(['listener-secret']);
    expect(readFileSync(file(path), 'utf8')).toBe('hello');
  });

  it('that cannot be used lets nobody listen beside a listener that runs', async () => {
    const path = folder();
    const sameUser = await openSameUser(path);
    const { port } = await listening({ port: 0, sameUser, host: '127.55.0.1' });
    chmodSync(file(path), 0o644);
    const unshared = await openSameUser(path).catch((error: Error) => error);
    expect(await failure({ port, sameUser: unshared })).toMatch(
      new RegExp(`cannot listen on 127.55.0.1:${port}: it is in use, and others can use .*: chmod go-rwx it`),
    );
    // Of one that was killed, nothing but its record is left.
    const free = await closedPort();
    await sameUser.record(free, '127.55.0.1');
    expect((await listening({ port: free, sameUser: unshared })).receiver).toBeDefined();
  });

  it('that cannot be used is the reason why a port is not shared', async () => {
    const { port } = await running();
    expect(await failure({ port, sameUser: new Error('others can use /state') })).toContain(
      'others can use /state',
    );
  });
});

/** A server that speaks no HTTP. */
async function silent(play: (socket: Socket) => unknown, host = '127.0.0.1'): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    play(socket);
  }).listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

function drip(response: ServerResponse, text: string): void {
  const timer = setInterval(() => response.write(text), 20);
  response.on('close', () => clearInterval(timer));
}
