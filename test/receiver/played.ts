import { once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  endsOf,
  FORM,
  NONCE,
  PROOF,
  RULES,
  SETTLED_PATH,
  STREAM_FORM,
  STREAM_PATH,
} from '../../src/receiver/local-stream.ts';
import { rulesOf } from '../../src/receiver/options.ts';
import { type Meeting, proofOf, proofOfRules } from '../../src/receiver/same-user.ts';
import { SECRET } from '../support/same-user.ts';

/** A server that a test plays, on a free port of an address. */
export async function played(
  play: (request: IncomingMessage, response: ServerResponse) => unknown,
  host = '127.0.0.1',
): Promise<number> {
  const server = createServer(play).listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** One that knows the secret, and then writes whatever the test wants. */
export function trusted(
  play: (response: ServerResponse) => unknown,
  secret = SECRET,
  { form = STREAM_FORM, rules = rulesOf({}), host = '127.0.0.1' } = {},
): Promise<number> {
  const own = 'a'.repeat(32);
  const nonces = new WeakMap<Socket, string>();
  const streams: ServerResponse[] = [];
  return played(({ headers, socket, url }, response) => {
    const said = String(headers[PROOF]);
    if (!NONCE.test(said) && url === SETTLED_PATH) {
      response.writeHead(200, { 'content-length': 0 }).end();
      for (const stream of streams) stream.write(`settled: "${nonces.get(socket)}"\n`);
      return;
    }
    if (!NONCE.test(said)) {
      streams.push(response);
      response
        .writeHead(200, { ...(form !== '' && { [FORM]: form }), [RULES]: proofOfRules(secret, rules) })
        .flushHeaders();
      play(response);
      return;
    }
    nonces.set(socket, said);
    const meeting = { ends: endsOf(socket, 'listener'), nonces: `${said} ${own}` };
    response.writeHead(401, { [PROOF]: `${own} ${proofOf(secret, 'listener', meeting)}` }).end();
  }, host);
}

/**
 * The requests of a reader that knows the secret, and the answer to the last of them.
 *
 * @param prove - the proof, made of what a reader knows, and what the listener said of itself
 */
export async function openStream(
  port: number,
  nonce = 'b'.repeat(32),
  prove = (meeting: Meeting, _theirs = '') => proofOf(SECRET, 'reader', meeting),
) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  onTestFinished(() => agent.destroy());
  const ask = async (said: string) => {
    const asking = request({ host: '127.0.0.1', port, path: STREAM_PATH, agent, headers: { [PROOF]: said } });
    asking.on('error', () => undefined).end();
    const [response] = (await once(asking, 'response')) as [IncomingMessage];
    return response;
  };
  const greeting = await ask(nonce);
  const [theirs, theirProof] = String(greeting.headers[PROOF]).split(' ');
  const meeting = { ends: endsOf(greeting.socket, 'reader'), nonces: `${nonce} ${theirs}` };
  greeting.resume();
  await once(greeting, 'end');
  const proof = prove(meeting, theirProof);
  return { theirs, proof, response: await ask(proof) };
}
