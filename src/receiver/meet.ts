import { once } from 'node:events';
import { Agent, type IncomingMessage, request as newRequest } from 'node:http';
import { isIP } from 'node:net';
import { endsOf, FORM, NONCE, PROOF, STREAM_FORM } from './local-stream.ts';
import { COMPUTER, isProof, newNonce, proofOf } from './same-user.ts';

/** A listener of another program on this computer, and the secret that it must know. */
export interface OtherListener {
  readonly host: string;
  readonly port: number;
  readonly secret: string;
}

/** Both requests are of one connection, for which the proofs are. */
export function newAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 });
}

/**
 * Asks a receiver for a path, after both sides have shown that they know the secret.
 *
 * @throws {Error} with what is known of who is there instead
 */
export async function meet(
  { host, port, secret }: OtherListener,
  path: string,
  agent: Agent,
  nonce = newNonce(),
): Promise<IncomingMessage> {
  // The system may choose another address of this computer, which the listener would not take for its own.
  const own = isIP(host) === 0 ? {} : { localAddress: host };
  const ask = (said: string) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { [PROOF]: said, [FORM]: STREAM_FORM };
      newRequest({ host, port, ...own, path, agent, headers }, resolve)
        .on('error', reject)
        .end();
    });
  const greeting = await ask(nonce);
  const { socket, headers } = greeting;
  const [theirs = '', proof = ''] = [headers[PROOF] ?? ''].flat().join().split(' ');
  const meeting = { ends: endsOf(socket, 'reader'), nonces: `${nonce} ${theirs}` };
  // As those before form 5 prove it.
  const old = { ...meeting, ends: meeting.ends.slice(0, -COMPUTER.length - 1) };
  if (isProof(proof, proofOf(secret, 'listener', old))) throw new Error(OTHER_VERSION);
  if (!NONCE.test(theirs) || !isProof(proof, proofOf(secret, 'listener', meeting))) throw nobodyOurs();
  await once(greeting.resume(), 'end');
  const answer = await ask(proofOf(secret, 'reader', meeting));
  if (answer.statusCode !== 200) throw nobodyOurs();
  return answer;
}

/** What a listener is that tells another form of the stream, or none: it would not be understood in the middle of a run. */
export const OTHER_VERSION = 'whoever has it is a listener of another version of atcom';

/** What it is that does not know the secret. */
export const NOBODY_OURS = 'whoever has it is no atcom listener of this user';

function nobodyOurs(): Error {
  return new Error(NOBODY_OURS);
}
