import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { Phone } from '../../src/phone/index.ts';
import { closedPort, rawServer } from '../support/raw-server.ts';

const FAST = { timeout: 300 };

it('reads no more than it needs of 100 MB', async () => {
  let written = 0;
  const block = Buffer.alloc(64 * 1024, 'x');
  const pour = (socket: Socket) => {
    while (!socket.destroyed && written < 100 * 1024 * 1024) {
      written += block.length;
      if (!socket.write(block)) {
        socket.once('drain', () => pour(socket));
        return;
      }
    }
    socket.end();
  };
  const server = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    pour(socket);
  });
  const report = await new Phone({ host: server.host }).press(['HOLD']);
  expect(report.outcome).toBe('ok');
  // What the two kernels hold in between, and not the whole body.
  expect(written).toBeLessThan(20 * 1024 * 1024);
});

it('takes an answer whose body drips on for ever, at its timeout', async () => {
  const server = await rawServer((socket) => {
    socket.write('HTTP/1.0 200 OK\r\n\r\n');
    const drip = setInterval(() => socket.write('x'), 20);
    socket.on('close', () => clearInterval(drip));
  });
  const report = await new Phone({ host: server.host, ...FAST }).press(['HOLD']);
  expect(report.outcome).toBe('ok');
  expect(report.ms).toBeGreaterThanOrEqual(290);
});

it('does not know when the status line drips past the timeout', async () => {
  const line = 'HTTP/1.0 200 OK\r\n';
  const server = await rawServer((socket) => {
    let sent = 0;
    const drip = setInterval(() => socket.write(line[sent++] ?? '\n'), 100);
    socket.on('close', () => clearInterval(drip));
  });
  const report = await new Phone({ host: server.host, ...FAST }).press(['HOLD']);
  expect(report).toMatchObject({ outcome: 'unknown', error: { code: 'unknown', retryable: false } });
  expect(report.outcome !== 'ok' && report.error.message).toContain('did not answer within 300ms');
});

it('does not know when no answer comes in time, and does not ask again', async () => {
  const server = await rawServer(() => undefined);
  const report = await new Phone({ host: server.host, ...FAST }).press(['HOLD'], { retry: 3 });
  expect(report.outcome).toBe('unknown');
  expect(server.connections).toBe(1);
});

it('does not know after a reset that follows the request, and does not ask again', async () => {
  const server = await rawServer((socket) => socket.resetAndDestroy());
  const report = await new Phone({ host: server.host }).press(['HOLD'], { retry: 3 });
  expect(report.outcome).toBe('unknown');
  expect(server.connections).toBe(1);
});

it('keeps the answer when a reset follows it', async () => {
  const server = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nabc', () => socket.resetAndDestroy());
  });
  const report = await new Phone({ host: server.host }).press(['HOLD']);
  expect(report.outcome).toBe('ok');
});

it('delivers nothing where nobody listens', async () => {
  const report = await new Phone({ host: `127.0.0.1:${await closedPort()}` }).press(['HOLD']);
  expect(report).toMatchObject({ outcome: 'unreachable', error: { code: 'unreachable', retryable: true } });
  expect(report.outcome !== 'ok' && report.error.message).toContain('connection refused');
});

it.each([
  ['was lost', (socket: Socket) => socket.destroy(), 'unknown'],
  ['never comes', () => undefined, 'unknown'],
  ['is a refusal', (socket: Socket) => socket.end('HTTP/1.0 500 Oops\n\n'), 'refused'],
  ['wants credentials', (socket: Socket) => socket.end('HTTP/1.0 401 No\n\n'), 'unauthorized'],
])('does not ask again for an approval when the answer %s', async (_, play, outcome) => {
  const server = await rawServer(play);
  const report = await new Phone({ host: server.host, ...FAST }).press(['HOLD'], { waitApproval: 5000 });
  expect(report.outcome).toBe(outcome);
  expect(server.connections).toBe(1);
});

it('tries again only where nothing was delivered', async () => {
  const asked: string[] = [];
  const phone = new Phone({ host: `127.0.0.1:${await closedPort()}` });
  const report = await phone.press(['HOLD'], { retry: 2, onRequest: ({ outcome }) => asked.push(outcome) });
  expect(report.outcome).toBe('unreachable');
  expect(asked).toEqual(['unreachable', 'unreachable', 'unreachable']);
});

it('never follows a redirect', async () => {
  const elsewhere = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const server = await rawServer((socket) =>
    socket.end(`HTTP/1.1 302 Found\r\nLocation: http://${elsewhere.host}/\r\n\r\n`),
  );
  const report = await new Phone({ host: server.host }).press(['HOLD']);
  expect(report).toMatchObject({ outcome: 'refused', requests: [{ status: 302 }] });
  expect(elsewhere.connections).toBe(0);
});

it('ends at once when told to, and says what it does not know', async () => {
  const stop = new AbortController();
  const server = await rawServer(() => stop.abort(new Error('stopped by hand')));
  const report = await new Phone({ host: server.host }).press(['HOLD', 'wait:1ms', 'RESUME'], {
    signal: stop.signal,
  });
  expect(report.outcome).toBe('unknown');
  expect(report.requests.map(({ outcome }) => outcome)).toEqual(['unknown', 'skipped']);
  expect(server.connections).toBe(1);
});

it('sends nothing when it was told to stop before', async () => {
  const server = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n'));
  const report = await new Phone({ host: server.host }).press(['HOLD'], { signal: AbortSignal.abort() });
  expect(report).toMatchObject({ outcome: 'skipped', error: { code: 'skipped' } });
  expect(server.connections).toBe(0);
});
