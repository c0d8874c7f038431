import { EventEmitter, once } from 'node:events';
import { Agent, createServer, get as getHttp, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { repairHeads } from '../../src/receiver/head-repair.ts';
import { isOver, takeNoMore } from '../../src/receiver/late-requests.ts';
import { expectService } from './hostile.ts';
import { receiver, send } from './raw.ts';

const HOLD = 'GET /holdUrl.xml HTTP/1.1\r\n\r\n';

it('of what one connection sends at once, a hundred requests are taken, and that there were more is told', async () => {
  const started = await receiver();
  const { hub, counts, port } = started;
  const answers = (await send(port, HOLD.repeat(2000))).match(/HTTP\/1\.1 \d+/g);
  expect(answers).toEqual([...new Array(100).fill('HTTP/1.1 200'), 'HTTP/1.1 429']);
  expect(hub.since(0)).toHaveLength(100);
  expect(counts).toEqual({ unknown: 0, refused: 1 });
  expect(hub.refusedSince(0)).toMatchObject([
    { refused: 'too-many', source: '127.0.0.1', path: '/holdUrl.xml' },
  ]);
  await expectService(started);
});

it('one after the other, there may be any number', async () => {
  const { hub, counts, port } = await receiver();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  for (let sent = 0; sent < 150; sent += 1) {
    const [answer] = await once(getHttp({ port, path: '/holdUrl.xml', agent }), 'response');
    await once(answer.resume(), 'end');
  }
  expect(hub.since(0)).toHaveLength(150);
  expect(counts.refused).toBe(0);
});

/** A server behind the repair, and what it sends back to requests in one packet, until it closes. */
async function answersOf(handler: RequestListener, requests: string): Promise<string> {
  const server = createServer({ requireHostHeader: false }, handler);
  repairHeads(server, 'connection');
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return send((server.address() as AddressInfo).port, requests);
}

it('who sends much more at once than a phone waits for the others after each share, and is read to the end', async () => {
  const server = new EventEmitter();
  repairHeads(server as Server, 'connection');
  const flood = Array.from({ length: 100 }, (_, at) => `GET /${at} HTTP/1.1\r\n\r\n`.repeat(4000));
  const read = flood.map(() => '');
  let inTurn = 0;
  for (const [at, text] of flood.entries()) {
    const socket = new Duplex({ read: () => undefined, write: () => undefined });
    socket.on('data', (bytes: Buffer) => {
      inTurn += bytes.length;
      read[at] += bytes.toString();
    });
    server.emit('connection', socket);
    for (let from = 0; from < text.length; from += 65_536) socket.push(text.slice(from, from + 65_536));
  }
  const turns: number[] = [];
  while (read.some((text, at) => text.length < (flood[at] ?? '').length)) {
    await nextTurn();
    turns.push(inTurn);
    inTurn = 0;
  }
  expect(read).toEqual(flood);
  // 8 KiB of each at first, and then of sixteen of them.
  const [first = 0, ...then] = turns;
  expect(first).toBeLessThanOrEqual(116 * 8192);
  expect(Math.max(...then)).toBeLessThanOrEqual(16 * 2 * 8192);
});

it('the parser hands over little more of a connection of which nothing more is taken', async () => {
  let seen = 0;
  const refuse: RequestListener = ({ socket }, response) => {
    seen += 1;
    if (isOver(socket)) return;
    takeNoMore(socket);
    response.writeHead(429, { connection: 'close' }).end();
  };
  await answersOf(refuse, 'GET / HTTP/1.1\r\nA:\r\n\r\n'.repeat(2000));
  expect(seen).toBeGreaterThan(0);
  expect(seen).toBeLessThan(200);
});

it('what follows is taken when its answers, too long to be sent at once, were read', async () => {
  const answer: RequestListener = ({ url }, response) => {
    if (url === '/last') response.setHeader('connection', 'close');
    response.end('x'.repeat(20_000));
  };
  const requests = 'GET / HTTP/1.1\r\n\r\n'.repeat(1000);
  const answers = await answersOf(answer, `${requests}GET /last HTTP/1.1\r\n\r\n`);
  expect(answers.split('HTTP/1.1 200')).toHaveLength(1002);
});
