import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { Endpoint } from '../../src/protocol/command-url.ts';
import { type Line, openLine } from '../../src/transport/line.ts';
import { buildConnector } from '../../src/transport/undici.ts';

/** A web server, the requests it took, and lines to it whose connections are counted. */
async function phone() {
  const taken: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    taken.push(`${request.headers.host} ${request.url}`);
    response.end();
  }).on('connection', (socket) => sockets.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const endpoint: Endpoint = { scheme: 'http', host: '127.0.0.1', port, path: '/' };
  const state = { taken, connections: 0 };
  const dial = buildConnector({ timeout: 0 });
  const open = () =>
    openLine(endpoint, (options, callback) => {
      state.connections += 1;
      return dial(options, callback);
    });
  return Object.assign(state, { open });
}

/** One GET over a line; rejects where nothing was sent. */
function get(line: Line, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    line.dispatch(
      { method: 'GET', path, reset: true },
      {
        onRequestStart: () => undefined,
        onResponseStart: () => undefined,
        onResponseData: () => undefined,
        onResponseEnd: () => resolve(),
        onResponseError: (_, error) => reject(error),
      },
    );
  });
}

it.each([true, false])(
  'cuts off a line that was closed (reusable: %s), whatever undici still does',
  async (reusable) => {
    const server = await phone();
    const line = server.open();
    await get(line, '/first');
    line.close(reusable);
    await expect(get(line, '/again')).rejects.toThrow();
    expect(server.taken).toHaveLength(1);
    expect(server.connections).toBe(1);
  },
);

it('serves one phone after another with one client, each at its own address', async () => {
  const [a, b] = [await phone(), await phone()];
  for (const { open } of [a, b, a]) {
    const line = open();
    await get(line, '/key');
    line.close(true);
  }
  expect([a.taken.length, a.connections, b.taken.length, b.connections]).toEqual([2, 2, 1, 1]);
});
