import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { attach } from '../../src/receiver/attach.ts';
import { EventHub, matcher, parseWhere, type ReportedEvent } from '../../src/receiver/index.ts';
import { rulesOf } from '../../src/receiver/options.ts';
import { Phonebook } from '../../src/receiver/phonebook.ts';
import { attack, displayName, expectService, HOSTILE } from './hostile.ts';
import { halfOpen, receiver } from './raw.ts';

const LINE =
  /content-length: 0|connection: [a-z-]+|keep-alive: timeout=\d+|date: [\w,: ]+|content-type: text\/event-stream; atcom=1|cache-control: no-store|transfer-encoding: chunked/;
/** Answers of the receiver and nothing else: no line of a request is repeated in them. */
const ANSWERS = new RegExp(`^(HTTP/1\\.1 \\d{3} [a-z -]+\r\n((${LINE.source})\r\n)*\r\n(0\r\n\r\n)?)*$`, 'i');

describe('after a hostile request a phone is served:', () => {
  it.each(HOSTILE)('%s', async (_, bytes) => {
    const started = await receiver();
    expect(await attack(started.port, bytes)).toMatch(ANSWERS);
    await expectService(started);
  });

  it('each of the file, one after the other', async () => {
    const started = await receiver();
    for (const [, bytes] of HOSTILE) await attack(started.port, bytes);
    await expectService(started);
  });
});

describe('after random bytes a phone is served:', () => {
  const pieces = fc.oneof(
    fc.constantFrom(
      'GET ',
      'POST ',
      ' HTTP/1.0',
      ' HTTP/1.1',
      '\r\n',
      '\r\n\r\n',
      '\n',
      '\0',
      ' ',
      '?',
      '&',
      '=',
      '%',
    ),
    fc.constantFrom(
      '/holdUrl.xml',
      '/_atcom/events',
      'Host: localhost',
      'Content-Length: ',
      'Transfer-Encoding: chunked',
    ),
    fc.string({ unit: 'binary' }),
    fc.nat().map(String),
  );
  const request = fc.array(pieces, { maxLength: 40 }).map((parts) => Buffer.from(parts.join('')));

  it.each([
    ['no structure', fc.uint8Array({ maxLength: 4096 })],
    ['the words of HTTP in any order', request],
    [
      'anything as a request line',
      fc
        .uint8Array({ maxLength: 512 })
        .map((bytes) =>
          Buffer.concat([Buffer.from('GET /holdUrl.xml?remote='), bytes, Buffer.from(' HTTP/1.0\r\n\r\n')]),
        ),
    ],
  ])('%s', async (_, inputs) => {
    const started = await receiver();
    await fc.assert(
      fc.asyncProperty(inputs, async (bytes) => {
        expect(await attack(started.port, bytes)).toMatch(ANSWERS);
      }),
      { numRuns: 300 },
    );
    await expectService(started);
  });

  it('one packet after the other on a connection that comes to any end', async () => {
    const started = await receiver();
    const uncaught = vi.fn();
    process.on('uncaughtExceptionMonitor', uncaught);
    onTestFinished(() => {
      process.off('uncaughtExceptionMonitor', uncaught);
    });
    const packet = fc.constantFrom(
      'GET /holdUrl.xml HTTP/1.0\r\n\r\n',
      'GET /holdUrl.xml HTTP/1.1\r\n\r\n',
      'GET ',
      '/holdUrl.xml\r\n',
      'POST /x HTTP/1.0\r\nContent-Length: 5\r\n\r\n',
      'hello',
      'CONNECT a:1 HTTP/1.1\r\n\r\n',
      'OPTIONS * HTTP/1.1\r\n\r\n',
      'GET /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n',
      'GET /x HTTP/1.1\r\nExpect: 200-ok\r\n\r\n',
    );
    const ends = fc.constantFrom('end', 'destroy', 'resetAndDestroy');
    await fc.assert(
      fc.asyncProperty(fc.array(packet, { minLength: 1, maxLength: 5 }), ends, async (packets, end) => {
        const socket = connect({ port: started.port, host: '127.0.0.1', allowHalfOpen: true });
        await once(socket.on('error', () => undefined).resume(), 'connect');
        for (const bytes of packets) {
          socket.write(bytes);
          // Its server, which runs in this process, has seen it after that.
          for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
        }
        socket[end]();
        expect(uncaught).not.toHaveBeenCalled();
      }),
      { numRuns: 500 },
    );
    await expectService(started);
    expect(uncaught).not.toHaveBeenCalled();
  });

  it('a request in pieces is the same event', async () => {
    const started = await receiver();
    const text =
      'GET /incomingCallUrl.xml?remote=sip:+4930@pbx&call_id=7 HTTP/1.0\r\nUser-Agent: phone\r\n\r\n';
    const cuts = fc.array(fc.integer({ min: 1, max: text.length - 1 }), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(cuts, async (at) => {
        const came = started.hub.waitFor('incomingCall');
        const socket = connect({ port: started.port, host: '127.0.0.1' }).setNoDelay();
        const ended = once(socket.resume(), 'close');
        const ends = [...new Set(at)].sort((a, b) => a - b);
        for (const [index, end] of [...ends, text.length].entries()) {
          socket.write(text.slice(ends[index - 1] ?? 0, end));
          await new Promise((resolve) => setImmediate(resolve));
        }
        expect((await came).values).toEqual({ remote: 'sip:+4930@pbx', call_id: '7' });
        await ended;
      }),
    );
  });
});

describe('a phone is served beside', () => {
  /** What one address may hold open. */
  const MOST = 256;
  const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

  it('2000 connections that stop anywhere in a request, of which it keeps few', async () => {
    const started = await receiver();
    const beginnings = [
      '',
      'GET /holdUrl.xml?remo',
      'GET /holdUrl.xml HTTP/1.0\r\nUser-Agent: x\r\n',
      'POST /holdUrl.xml HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1',
    ];
    const sockets: Socket[] = [];
    // Not all at once: those that the system has no queue for would wait for its next try.
    while (sockets.length < 2000) {
      const some = Array.from({ length: 100 }, (_, index) => halfOpen(started.port, beginnings[index % 4]));
      sockets.push(...(await Promise.all(some)));
    }
    let open = sockets.length;
    const few = new Promise<void>((resolve) => {
      for (const socket of sockets) {
        const count = () => {
          open -= 1;
          if (open <= MOST) resolve();
        };
        if (socket.closed) count();
        else socket.resume().once('close', count);
      }
    });
    await expectService(started);
    await few;
    await expectService(started);
    expect(started.hub.since(0).every(({ source }) => source === '127.0.0.3')).toBe(true);
  }, 20_000);

  it('headers that come a byte now and then, until they took too long', async () => {
    const started = await receiver();
    const slow = await Promise.all(
      Array.from({ length: 50 }, () => halfOpen(started.port, 'GET /holdUrl.xml HTTP/1.0\r\nX: ')),
    );
    const ends = slow.map((socket) => closed(socket.resume()));
    const drip = setInterval(() => {
      for (const socket of slow) socket.write('y');
    }, 50);
    onTestFinished(() => clearInterval(drip));
    await expectService(started);
    await Promise.all(ends);
    await expectService(started);
  }, 20_000);

  it('an address that keeps connecting: its own newest request is served too', async () => {
    const started = await receiver();
    await Promise.all(Array.from({ length: 2 * MOST }, () => halfOpen(started.port, 'GET /')));
    const came = started.hub.waitFor('hold');
    expect(await attack(started.port, 'GET /holdUrl.xml HTTP/1.0\r\n\r\n')).toContain('200 OK');
    expect((await came).source).toBe('127.0.0.2');
  });

  it('a reader that sends requests and takes no answers', async () => {
    const started = await receiver();
    const socket = await halfOpen(started.port);
    socket.pause();
    socket.write('GET / HTTP/1.1\r\n\r\n'.repeat(50_000));
    await expectService(started);
  });
});

describe('a caller who calls himself anything', () => {
  it('is passed on as he does, also through the local stream', async () => {
    const secret = 'f'.repeat(64);
    const started = await receiver({ secret });
    const hub = new EventHub();
    const attached = await attach({
      host: '127.0.0.1',
      port: started.port,
      phonebook: new Phonebook([]),
      hub,
      secret,
      rules: rulesOf({}),
      within: 3000,
    });
    onTestFinished(() => attached.close());
    await fc.assert(
      fc.asyncProperty(displayName, async (name) => {
        const [here, there] = [started.hub, hub].map((one) => one.waitFor('incomingCall'));
        await attack(
          started.port,
          `GET /incomingCallUrl.xml?display_remote=${encodeURIComponent(name)} HTTP/1.0\r\n\r\n`,
        );
        expect((await here)?.values).toEqual({ display_remote: name });
        expect((await there)?.values).toEqual({ display_remote: name });
      }),
    );
  });

  it('cannot make a condition on his name take long', () => {
    const event = (remote: string): ReportedEvent => ({
      time: '',
      event: 'incomingCall',
      phone: 'a',
      source: '127.0.0.1',
      path: '/',
      values: { remote },
    });
    const slow = matcher({ where: { remote: '*a*a*a*a*a*b' } });
    expect(slow(event('a'.repeat(8000)))).toBe(false);
    expect(slow(event(`${'a'.repeat(8000)}b`))).toBe(true);
    const longest = '*a'.repeat(250);
    expect(matcher({ where: { remote: longest } })(event('a'.repeat(8000)))).toBe(true);
    const longer = () => matcher({ where: { remote: `${longest}*` } });
    expect(longer).toThrow('the pattern for remote is longer than 500 characters');
    expect(() => parseWhere([`remote=${longest}*`])).toThrow('longer than 500 characters');
    // The same as the pattern that JavaScript would go back into.
    const letters = (...of: string[]) =>
      fc.array(fc.constantFrom(...of), { maxLength: 8 }).map((all) => all.join(''));
    fc.assert(
      fc.property(letters('a', 'b', '*', '?', '.'), letters('a', 'b', '.', '\n'), (pattern, text) => {
        const simple = pattern.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.');
        expect(matcher({ where: { remote: pattern } })(event(text))).toBe(
          new RegExp(`^${simple}$`, 's').test(text),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
