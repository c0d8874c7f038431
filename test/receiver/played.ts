import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { endOf } from '../../src/receiver/local-stream.ts';
import { proofOf } from '../../src/receiver/same-user.ts';
import { SECRET } from '../support/same-user.ts';

/** A server that a test plays, on a free port of an address. */
export async function played(
  play: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<number> {
  const server = createServer(play).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** One that knows the secret, and then writes whatever the test wants. */
export function trusted(play: (response: ServerResponse) => unknown, secret = SECRET): Promise<number> {
  return played(({ headers, socket }, response) => {
    const [nonce = ''] = String(headers['atcom-proof']).split(' ');
    const address = endOf(socket.localAddress, socket.localPort);
    response.writeHead(200, { 'atcom-proof': proofOf(secret, 'listener', address, nonce) }).flushHeaders();
    play(response);
  });
}
