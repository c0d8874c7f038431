import { randomBytes } from 'node:crypto';
import { type IncomingMessage, request as newRequest } from 'node:http';
import { onAbort } from '../abort.ts';
import type { EventHub } from './hub.ts';
import { endOf, LONGEST_LINE, PROOF, STREAM_PATH } from './local-stream.ts';
import type { Phonebook } from './phonebook.ts';
import { isProof, proofOf } from './same-user.ts';
import { readStreamLine, type StreamLine } from './stream-line.ts';

/** The events of a receiver that already runs. */
export interface Attachment {
  /** Settles when the other receiver ends; with an error when it sends what is no event. */
  readonly ended: Promise<Error | undefined>;
  close(): void;
}

/** What one attaches to. */
export interface AttachOptions {
  readonly host: string;
  readonly port: number;
  readonly phonebook: Phonebook;
  /** Takes what the other receiver knows of the phones, and what it hears. */
  readonly hub: EventHub;
  readonly secret: string;
  /** Milliseconds for all of it: to connect, to prove who is there, and to tell the states. */
  readonly within: number;
  /** Gives up. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Attaches to a receiver of the same user on this computer. Before either side believes the other, both have shown that
 * they know the secret, neither by telling it.
 *
 * @throws {Error} with what is known of who is there instead
 */
export function attach({
  host,
  port,
  phonebook,
  hub,
  secret,
  within,
  signal,
}: AttachOptions): Promise<Attachment> {
  const nonce = randomBytes(16).toString('hex');
  return new Promise((resolve, reject) => {
    const request = newRequest({ host, port, path: STREAM_PATH, agent: false });
    const fail = (reason: string, cause?: Error) => {
      clearTimeout(timer);
      forget();
      request.destroy();
      reject(new Error(reason, { cause }));
    };
    const timer = setTimeout(() => fail('whoever has it does not answer as atcom does'), within);
    const forget = onAbort(signal, () => fail('this program ended'));
    let right = '';
    request.on('socket', (socket) =>
      socket.once('connect', () => {
        // The proofs are of this connection, so that nobody can pass them on.
        const address = endOf(socket.remoteAddress, socket.remotePort);
        right = proofOf(secret, 'listener', address, nonce);
        request.setHeader(PROOF, `${nonce} ${proofOf(secret, 'reader', address, nonce)}`);
        request.end();
      }),
    );
    request.on('error', (error) => fail(error.message, error));
    request.on('response', (response) => {
      const proof = [response.headers[PROOF] ?? ''].flat().join();
      if (!isProof(proof, right)) return fail('whoever has it is no atcom listener of this user');
      let broken: Error | undefined;
      const ended = new Promise<Error | undefined>((end) => response.once('close', () => end(broken)));
      void ended.then(() => fail('the listener that has it ended'));
      response.on('error', () => undefined);
      const leave = () => {
        broken = new Error('whoever has it sends what is no event');
        response.destroy();
      };
      readLines(response, leave, (line) => {
        if (line.kind !== 'live') {
          take(hub, phonebook, line);
          return;
        }
        clearTimeout(timer);
        forget();
        resolve({ ended, close: () => request.destroy() });
      });
    });
  });
}

function take(hub: EventHub, phonebook: Phonebook, line: Exclude<StreamLine, { kind: 'live' }>): void {
  if (line.kind === 'refused') {
    hub.refuse(line.of);
    return;
  }
  if (line.kind === 'sighting') {
    hub.sight(line.of);
    return;
  }
  // The other receiver may know fewer phones than this program.
  const phone = phonebook.nameOf(line.of.values, line.of.source);
  if (line.kind === 'event') hub.publish({ ...line.of, phone });
  else hub.adopt([{ ...line.of, phone }]);
}

/** Calls back with every line, or when there is one that is none. */
function readLines(response: IncomingMessage, leave: () => void, onLine: (line: StreamLine) => void): void {
  let rest = '';
  response.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const read = readStreamLine(line);
      if (read === undefined) {
        leave();
        return;
      }
      onLine(read);
    }
    if (rest.length > LONGEST_LINE) leave();
  });
}
