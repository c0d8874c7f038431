import { EventEmitter, once } from 'node:events';
import { Agent, createServer, get as getHttp, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { Duplex } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { answerClientErrors } from '../../src/receiver/client-error.ts';
import { repairHeads } from '../../src/receiver/head-repair.ts';
import { isOver, takeNoMore } from '../../src/receiver/late-requests.ts';
import { expectService } from './hostile.ts';
import { receiver, send } from './raw.ts';

const nextTurns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
};

const HOLD = 'GET /holdUrl.xml HTTP/1.1\r\n\r\n';

it('of what one connection sends at once, everything is taken', async () => {
  const started = await receiver();
  const { hub, counts, port } = started;
  const last = HOLD.replace('\r\n', '\r\nConnection: close\r\n');
  const answers = (await send(port, HOLD.repeat(1999) + last)).match(/HTTP\/1\.1 \d+/g);
  expect(answers).toEqual(new Array(2000).fill('HTTP/1.1 200'));
  expect(hub.since(0)).toHaveLength(2000);
  expect(counts).toEqual({ unknown: 0, refused: 0 });
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

describe('connections that are in a hurry', () => {
  /** Connections that send so much at once to a parser that counts; `turn` tells how much it was given since. */
  function hurried(count: number, text: (at: number) => string) {
    const server = new EventEmitter();
    const heads = repairHeads(server as Server, 'connection');
    const refused: string[] = [];
    /** The paths of the connections whose requests are whole, in this order. */
    const whole: string[] = [];
    Object.assign(server, { listening: true });
    answerClientErrors(server as Server, 'connection', heads, (reason) => refused.push(reason));
    let given = 0;
    const turn = () => {
      const bytes = given;
      given = 0;
      return bytes;
    };
    const connected = (sent: string, remoteAddress = '127.0.0.1') => {
      const duplex = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() });
      const socket = Object.assign(duplex, { remoteAddress, bytesRead: sent.length });
      const one = { socket, read: '' };
      socket.on('data', (bytes: Buffer) => {
        given += bytes.length;
        one.read += bytes.toString();
        if (one.read.endsWith('\r\n\r\n')) whole.push(one.read.split(' ').at(-2) ?? '');
      });
      server.emit('connection', socket);
      socket.push(sent);
      return one;
    };
    const sockets = Array.from({ length: count }, (_, at) => connected(text(at)));
    return { server, heads, refused, whole, sockets, turn, connected };
  }

  it('are read in turns, little in each, in order and to the end', async () => {
    const text = (at: number) => `GET /${at} HTTP/1.1\r\n\r\n`.repeat(2000);
    const { sockets, turn } = hurried(50, text);
    for (const { socket } of sockets) socket.push(null);
    const turns: number[] = [];
    while (sockets.some(({ read }, at) => read.length < text(at).length)) {
      await nextTurn();
      turns.push(turn());
    }
    expect(sockets.map(({ read }) => read)).toEqual(sockets.map((_, at) => text(at)));
    // What was held of a request may be added to each piece.
    expect(Math.max(...turns)).toBeLessThanOrEqual(2 * 600);
  });

  it('each have a share, whoever is first', async () => {
    const { sockets, turn } = hurried(2, () => 'GET / HTTP/1.1\r\n\r\n'.repeat(4000));
    await nextTurn();
    turn();
    await nextTurns(50);
    const [{ read: one } = { read: '' }, { read: other } = { read: '' }] = sockets;
    expect(Math.abs(one.length - other.length)).toBeLessThanOrEqual(18 * 600);
    expect(Math.min(one.length, other.length)).toBeGreaterThan(16 * 500);
  });

  it('wait for those of other addresses, however many they are', async () => {
    const long = 'GET / HTTP/1.1\r\n\r\n'.repeat(2000);
    const { sockets, connected } = hurried(100, () => long);
    while (sockets.some(({ read }) => read === '')) await nextTurn();
    // One that is kept, as of a proxy, and a new one.
    const kept = connected(long, '127.0.0.2');
    const before = kept.read;
    const phone = connected('GET /phone HTTP/1.1\r\n\r\n', '127.0.0.3');
    await nextTurns(5);
    expect(phone.read).not.toBe('');
    expect(kept.read.length).toBeGreaterThan(before.length);
  });

  it('are read in the order in which those of one address have come', async () => {
    const { whole, connected } = hurried(3, () => 'GET /long HTTP/1.1\r\n\r\n'.repeat(100));
    const kept = connected('GET /kept HTTP/1.1\r\n\r\n', '127.0.0.2');
    while (!whole.includes('/kept')) await nextTurn();
    const numbers = Array.from({ length: 40 }, (_, at) => at);
    const of = (number: number) => {
      // Some are longer than what is read at once.
      const more = 'x'.repeat(number % 4 === 0 ? 5000 : 0);
      const request = `GET /${number}?remote=${more} HTTP/1.1\r\n\r\n`;
      // Some follow another one in their packet, which ends with what is read at once, or does not.
      const other = `GET /other?${'x'.repeat(number % 2 === 0 ? 488 : 400)} HTTP/1.1\r\n\r\n`;
      return number % 5 === 1 ? other + request : request;
    };
    for (const number of numbers) {
      // Some come in the same turn, and all while others wait.
      if (number % 3 === 0) await nextTurn();
      if (number === 21) kept.socket.push(of(number));
      else connected(of(number), '127.0.0.2');
      connected('GET /other HTTP/1.1\r\n\r\n', `127.0.1.${number}`);
    }
    await nextTurns(400);
    const order = whole.flatMap((path) => /^.(\d+)[?]/.exec(path)?.[1] ?? []);
    expect(order.map(Number)).toEqual(numbers);
  });

  it('do not keep those of their address waiting with what no phone sends', async () => {
    const { whole, connected } = hurried(1, () => `GET /${'x'.repeat(10_000)} HTTP/1.1\r\n\r\n`);
    const first = connected(`GET /${'y'.repeat(10_000)} HTTP/1.1\r\n\r\n`, '127.0.0.2');
    const many = connected(`GET /many?${'z'.repeat(300)} HTTP/1.1\r\n\r\n`.repeat(60), '127.0.0.2');
    connected('GET /phone HTTP/1.1\r\n\r\n', '127.0.0.2');
    while (!whole.includes('/phone')) await nextTurn();
    expect(first.read).toBe('GET ');
    expect(many.read.length).toBeGreaterThan(7000);
    expect(many.read.length).toBeLessThan(9000);
  });

  it('do not keep those of their address waiting with little that comes again and again', async () => {
    const { whole, connected } = hurried(1, () => 'GET / HTTP/1.1\r\n\r\n'.repeat(4000));
    const drips = Array.from({ length: 20 }, () => connected('GET /drip?', '127.0.0.2').socket);
    const next = async () => {
      for (const drip of drips) drip.push('x');
      await nextTurn();
    };
    for (let turn = 0; turn < 20; turn += 1) await next();
    connected('GET /phone HTTP/1.1\r\n\r\n', '127.0.0.2');
    let turns = 0;
    for (; !whole.includes('/phone'); turns += 1) await next();
    expect(turns).toBeLessThan(100);
  });

  it('may have sent two packets by then, of which the first ends its connection', async () => {
    const { connected } = hurried(40, () => 'GET / HTTP/1.1\r\n\r\n');
    const two = connected('GET /one HTTP/1.0\r\n\r\n', '127.0.0.2');
    two.socket.push('GET /two HTTP/1.0\r\n\r\n');
    await nextTurns(50);
    expect(two.read).toBe('GET /one HTTP/1.1\r\n\r\nGET /two HTTP/1.0\r\n\r\n');
  });

  it('are not kept for ever where nothing but line ends comes', async () => {
    const { server, refused, connected } = hurried(0, () => '');
    const { socket } = connected('\r\n');
    await nextTurns(2);
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    server.emit('clientError', late, socket);
    await nextTurns(10);
    expect([socket.writable, refused]).toEqual([false, ['cut-short']]);
  });

  it('are not refused for their lateness while they wait', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { server, refused, connected } = hurried(40, () => 'GET / HTTP/1.1\r\n\r\n');
    const [whole, part] = [connected('GET /whole HTTP/1.1\r\n\r\n'), connected('GET /part')];
    const none = connected('', '127.0.0.3');
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    const judged = async () => {
      await new Promise(process.nextTick);
      for (const { socket } of [whole, part, none]) server.emit('clientError', late, socket);
      await nextTurns(200);
    };
    await judged();
    expect([whole.read, part.read]).toEqual([expect.stringContaining('/whole'), 'GET ']);
    expect([none.socket.destroyed, refused]).toEqual([true, []]);
    // Now it has had its turn.
    vi.advanceTimersByTime(5000);
    await nextTurns(10);
    expect([whole.socket.writable, part.socket.writable, refused]).toEqual([true, false, ['cut-short']]);
    await judged();
    expect([whole.socket.writable, refused]).toEqual([true, ['cut-short']]);
  });

  it('are told of where they are gone before their turn', async () => {
    const { refused, connected } = hurried(40, () => 'GET / HTTP/1.1\r\n\r\n');
    const [phone, idle] = [connected('GET /phone HTTP/1.1\r\n\r\n'), connected('', '127.0.0.2')];
    await new Promise(process.nextTick);
    for (const { socket } of [phone, idle]) socket.destroy();
    await nextTurn();
    expect(refused).toEqual(['cut-short']);
  });

  it('are told of where their turn comes after they were reset, and before they are closed', async () => {
    const { refused, connected } = hurried(2, () => 'GET / HTTP/1.1\r\n\r\n');
    const { socket } = connected('GET /phone HTTP/1.1\r\n\r\n');
    await new Promise(process.nextTick);
    Object.defineProperty(socket, 'destroyed', { value: true });
    await nextTurns(10);
    socket.emit('close');
    expect(refused).toEqual(['cut-short']);
  });

  it('are kept open while they wait, and not for longer', async () => {
    const { server, connected } = hurried(40, () => 'GET / HTTP/1.1\r\n\r\n');
    const { socket } = connected('GET /phone HTTP/1.1\r\n\r\n');
    const limits: number[] = [];
    Object.assign(socket, { setTimeout: (limit: number) => limits.push(limit) });
    await new Promise(process.nextTick);
    const timeOut = async () => {
      server.emit('timeout', socket);
      await nextTurns(10);
    };
    await timeOut();
    expect([socket.destroyed, limits]).toEqual([false, [5000]]);
    await nextTurns(50);
    // What came while this process stood still is read only after its timers.
    const standStill = timeOut();
    Object.assign(socket, { bytesRead: socket.bytesRead + 1 });
    await standStill;
    expect([socket.destroyed, limits]).toEqual([false, [5000]]);
    await timeOut();
    expect([socket.destroyed, limits]).toEqual([true, [5000]]);
  });

  it('are not refused for what has come in time, and was not read', async () => {
    const { server, refused, connected } = hurried(0, () => '');
    const { socket } = connected('GET /holdUrl.xml');
    await nextTurns(2);
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' });
    server.emit('clientError', late, socket);
    await nextTurn();
    socket.push(' HTTP/1.1\r\n\r\n');
    await nextTurns(10);
    expect([socket.writable, refused]).toEqual([true, []]);
  });

  it('keep nobody waiting when they are gone', async () => {
    const { sockets, connected } = hurried(500, () => 'GET / HTTP/1.1\r\n\r\n');
    await new Promise(process.nextTick);
    for (const { socket } of sockets.slice(5)) socket.destroy();
    const phone = connected('GET /phone HTTP/1.1\r\n\r\n');
    await nextTurns(20);
    expect(phone.read).not.toBe('');
  });

  it('have all had their turn, whatever comes meanwhile, when all that has come is waited for', async () => {
    const { heads, sockets, connected } = hurried(40, () => 'GET / HTTP/1.1\r\n\r\n');
    await new Promise(process.nextTick);
    let passed = false;
    const waiting = heads.passed().then(() => {
      passed = true;
    });
    for (let count = 0; !passed && count < 1000; count += 1) {
      for (const last of [2, 3, 4, 5]) connected('GET / HTTP/1.1\r\n\r\n', `127.0.${count}.${last}`);
      await nextTurn();
    }
    await waiting;
    await new Promise(process.nextTick);
    expect(sockets.filter(({ read }) => read === '')).toEqual([]);
  });

  it.each([
    ['all that has come', 0],
    ['all of what is long', 1500],
  ])('have all had their turn when %s is waited for', async (_, length) => {
    const { heads, sockets } = hurried(40, () => `GET /${'x'.repeat(length)} HTTP/1.1\r\n\r\n`);
    await new Promise(process.nextTick);
    expect(await heads.passed()).toBe(true);
    await new Promise(process.nextTick);
    expect(sockets.filter(({ read }) => !read.endsWith('\r\n\r\n'))).toEqual([]);
  });

  it('keep nobody waiting for more than some seconds who waits for all that has come', async () => {
    const { heads } = hurried(40, () => 'GET / HTTP/1.1\r\n\r\n');
    await new Promise(process.nextTick);
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 1001;
      return now;
    });
    try {
      expect(await heads.passed()).toBe(false);
    } finally {
      vi.restoreAllMocks();
    }
  });

  it('are closed where too many of them send too much, but no phone is', async () => {
    const much = 'GET / HTTP/1.1\r\n\r\n'.repeat(600);
    const { sockets } = hurried(1100, (at) => (at < 1050 ? much : 'GET / HTTP/1.1\r\n\r\n'));
    await nextTurn();
    const closed = sockets.flatMap(({ socket }, at) => (socket.destroyed ? [at] : []));
    expect(closed.length).toBeGreaterThan(30);
    expect(Math.max(...closed)).toBeLessThan(1050);
  });
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

// Of short answers, those of a whole piece are sent at once, until the system takes no more.
it.each([200, 300, 350, 400, 450, 500, 20_000])(
  'who reads no answers of %d bytes for a while ends no listener, and gets all of them then',
  async (bytes) => {
    let handled = 0;
    const handler: RequestListener = ({ url }, response) => {
      handled += 1;
      if (url === '/last') response.setHeader('connection', 'close');
      response.end('x'.repeat(bytes));
    };
    const server = createServer({ requireHostHeader: false }, handler);
    repairHeads(server, 'connection');
    await once(server.listen(0, '127.0.0.1'), 'listening');
    onTestFinished(() => void server.close());
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause();
    const count = Math.ceil(15_000_000 / bytes);
    const request = `GET /${'x'.repeat(180)} HTTP/1.1\r\n\r\n`;
    socket.write(`${request.repeat(count)}GET /last HTTP/1.1\r\n\r\n`);
    await nextTurns(500);
    expect(handled).toBeLessThan(count);
    let answers = 0;
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString('latin1')).split('HTTP/1.1 200');
      answers += parts.length - 1;
      rest = parts.at(-1)?.slice(-20) ?? '';
    });
    socket.resume();
    await once(socket, 'close');
    expect(answers).toBe(count + 1);
  },
);
