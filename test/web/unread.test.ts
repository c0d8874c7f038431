import { EventEmitter, once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type EventStream, startEventStream } from '../../src/web/event-stream.ts';
import { limitUnread } from '../../src/web/unread.ts';

const MB = 1_000_000;

/** An answer of which so much is unread, until it closes with the test. */
function answer(writableLength: number) {
  const response = Object.assign(new EventEmitter(), {
    writableLength,
    destroyed: false,
    write: (text: string) => {
      response.writableLength += text.length;
    },
    destroy: () => {
      response.destroyed = true;
      response.emit('close');
    },
  });
  onTestFinished(response.destroy);
  return { response, write: limitUnread(response as unknown as ServerResponse) };
}

/** A stream that begins with so much, and whose client has read nothing. */
async function unreadStream(size: number) {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
  onTestFinished(() => {
    socket.destroy();
    server.close();
  });
  socket.write('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse];
  const stream: EventStream = startEventStream(response, ['x'.repeat(size)], () => undefined);
  return { stream, response };
}

describe('a page that does not read', () => {
  it('is disconnected when it is too far behind, however much came at first', async () => {
    // More than the system keeps for a connection.
    const { stream, response } = await unreadStream(32 * MB);
    for (let number = 0; number < 11; number += 1) stream.send('more', 'x'.repeat(100_000));
    expect(response.destroyed).toBe(false);
    stream.send('more', 'x'.repeat(100_000));
    expect(response.destroyed).toBe(true);
  });

  it('may be less behind, once it has read what came at first', () => {
    const { response, write } = answer(10 * MB);
    response.emit('drain');
    response.writableLength = MB;
    write('more');
    expect(response.destroyed).toBe(false);
    response.writableLength = 2 * MB;
    write('more');
    expect(response.destroyed).toBe(true);
  });

  it('may be sent much at once', () => {
    const { response, write } = answer(0);
    write('x'.repeat(2 * MB));
    expect(response.destroyed).toBe(false);
    write('more');
    expect(response.destroyed).toBe(true);
  });

  it('may be less behind, the more there are', () => {
    const pages = Array.from({ length: 1000 }, () => answer(0));
    for (const { response, write } of pages) {
      response.writableLength = MB / 2;
      write('more');
    }
    expect(pages.filter(({ response }) => !response.destroyed).length).toBeLessThan(600);
  });
});

describe('when all have left too much unread, a page', () => {
  it('gives way to the next one if it is the furthest behind', () => {
    const [reads, behind, further] = [answer(0), answer(100 * MB), answer(120 * MB)];
    const next = answer(60 * MB);
    expect([reads, behind, further, next].map(({ response }) => response.destroyed)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });

  it('is not counted after it has gone', () => {
    const pages = Array.from({ length: 5 }, () => {
      const { response } = answer(100 * MB);
      const { destroyed } = response;
      response.emit('close');
      return destroyed || response.destroyed;
    });
    const last = answer(100 * MB);
    answer(100 * MB);
    expect([...pages, last.response.destroyed]).toEqual([false, false, false, false, false, false]);
  });
});
