import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { request, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AtcomError } from '../../src/errors.ts';
import { EventHub, findRunning } from '../../src/receiver/index.ts';
import { endsOf, PROOF } from '../../src/receiver/local-stream.ts';
import { proofOf } from '../../src/receiver/same-user.ts';
import { SECRET } from '../support/same-user.ts';
import { openStream, played, trusted } from './played.ts';
import { get, receiver, send } from './raw.ts';
import { event, failure, listening, phonebook, running, silent, user } from './shared.ts';

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

describe('a listener that reads what phones report in another way', () => {
  const refused = /is a listener whose config has other events:, encoding or trustedProxies/;

  it.each([
    ['a path', { events: { hold: '/held' } }],
    ['an encoding', { encoding: 'shift_jis' }],
    ['a proxy', { trustedProxies: ['10.0.0.1'] }],
  ] as const)('is not attached to, and named: %s of its own', async (_, rules) => {
    const there = await receiver({ secret: SECRET, ...rules });
    expect(await listening({ port: there.port }).catch((error: AtcomError) => error)).toMatchObject({
      code: 'port-unavailable',
      message: expect.stringMatching(refused),
      hint: 'restart that listener',
    });
    const options = { port: there.port, sameUser: user(), phonebook: phonebook() };
    expect(await findRunning(options, new EventHub())).toMatch(refused);
    const { port } = await receiver({ secret: SECRET });
    expect(await failure({ port, ...rules })).toMatch(refused);
  });

  it('is attached to where both read in the same way, in whatever order it is written', async () => {
    const { port: plain } = await receiver({ secret: SECRET, events: { hold: '/held' } });
    expect(
      await failure({ port: plain, encoding: 'windows-1252', events: { hold: ['/held'] } }),
    ).toBeUndefined();
    const rules = { encoding: 'Shift_JIS', trustedProxies: ['10.0.0.1/32', '10.0.0.2'] };
    const { port } = await receiver({ secret: SECRET, ...rules, events: { hold: '/a', mute: '/b' } });
    const others = { encoding: 'shift_jis', trustedProxies: ['10.0.0.2', '10.0.0.1'] };
    expect(await failure({ port, ...others, events: { mute: '/b', hold: '/a' } })).toBeUndefined();
  });
});

const BOOT = '/proc/sys/kernel/random/boot_id';

it.runIf(existsSync(BOOT))('a proof is of the network and the computer that the connection is in', () => {
  const ends = { localAddress: '::ffff:127.0.0.1', localPort: 1, remoteAddress: '127.0.0.1', remotePort: 2 };
  const network = readlinkSync('/proc/self/ns/net');
  expect(network).toMatch(/^net:\[\d+\]$/);
  const here = `${network} ${readFileSync(BOOT, 'latin1').trim()}`;
  expect(here).toMatch(/ [\da-f-]{36}$/);
  expect(endsOf(ends as Socket, 'reader')).toBe(`127.0.0.1 1 127.0.0.1 2 ${here}`);
  expect(endsOf(ends as Socket, 'listener')).toBe(`127.0.0.1 2 127.0.0.1 1 ${here}`);
});

it('a computer that does not say which one it is has a name', async () => {
  vi.resetModules();
  vi.doMock('node:fs', async (original) => ({
    ...(await original<typeof import('node:fs')>()),
    readFileSync: () => {
      throw new Error('ENOENT');
    },
  }));
  onTestFinished(() => void vi.doUnmock('node:fs'));
  const { COMPUTER } = await import('../../src/receiver/same-user.ts');
  expect(COMPUTER).toBe(hostname());
});

describe('a listener of another version', () => {
  const live = (response: ServerResponse) => response.write('live:\n');

  it.each([
    ['that tells another form', '0'],
    ['that tells no form', ''],
  ])('%s is not attached to, and named', async (_, form) => {
    const port = await trusted(live, SECRET, { form });
    const refused = await listening({ port }).catch((error: AtcomError) => error);
    expect(refused).toMatchObject({
      code: 'port-unavailable',
      message: expect.stringMatching(/it is in use, and .* is a listener of another version of atcom$/),
      hint: 'restart that listener',
    });
  });

  it('that proves itself without its computer is named, too', async () => {
    const own = 'a'.repeat(32);
    const port = await played(({ headers, socket }, response) => {
      const ends = endsOf(socket, 'listener').split(' ').slice(0, -1).join(' ');
      const proof = proofOf(SECRET, 'listener', { ends, nonces: `${headers[PROOF]} ${own}` });
      response.writeHead(401, { [PROOF]: `${own} ${proof}` }).end();
    });
    const refused = await listening({ port }).catch((error: AtcomError) => error);
    expect(refused).toMatchObject({
      message: expect.stringContaining('is a listener of another version of atcom'),
      hint: 'restart that listener',
    });
  });

  it('is not left out where it is bound to another address', async () => {
    const port = await trusted(live, SECRET, { form: '0', host: '127.55.0.1' });
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

function drip(response: ServerResponse, text: string): void {
  const timer = setInterval(() => response.write(text), 20);
  response.on('close', () => clearInterval(timer));
}
