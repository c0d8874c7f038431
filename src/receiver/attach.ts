import { Agent, type IncomingMessage, request as newRequest } from 'node:http';
import { onAbort } from '../abort.ts';
import type { EventHub } from './hub.ts';
import { endsOf, LONGEST_LINE, NONCE, PROOF, STREAM_PATH } from './local-stream.ts';
import type { Phonebook } from './phonebook.ts';
import { isProof, newNonce, proofOf } from './same-user.ts';
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
 * they know the secret now and on this connection, neither by telling it.
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
  // Both requests are of one connection, for which the proofs are.
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = (
    said: string,
    onResponse: (response: IncomingMessage) => void,
    onError: (error: Error) => void,
  ) =>
    newRequest({ host, port, path: STREAM_PATH, agent, headers: { [PROOF]: said } }, onResponse)
      .on('error', onError)
      .end();
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: Error) => {
      clearTimeout(timer);
      forget();
      agent.destroy();
      reject(new Error(reason, { cause }));
    };
    const timer = setTimeout(() => fail('whoever has it does not answer as atcom does'), within);
    const forget = onAbort(signal, () => fail('this program ended'));
    const failed = (error: Error) => fail(error.message, error);
    const nonce = newNonce();
    const greeted = (response: IncomingMessage) => {
      const { socket, headers } = response;
      const [theirs = '', proof = ''] = [headers[PROOF] ?? ''].flat().join().split(' ');
      const meeting = { ends: endsOf(socket, 'reader'), nonces: `${nonce} ${theirs}` };
      if (!NONCE.test(theirs) || !isProof(proof, proofOf(secret, 'listener', meeting)))
        return fail('whoever has it is no atcom listener of this user');
      response.on('error', failed).on('end', () => ask(proofOf(secret, 'reader', meeting), read, failed));
      response.resume();
    };
    const read = (response: IncomingMessage) => {
      if (response.statusCode !== 200) return fail('whoever has it is no atcom listener of this user');
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
        resolve({ ended, close: () => agent.destroy() });
      });
    };
    ask(nonce, greeted, failed);
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
  if (line.kind === 'event') {
    hub.publish({ ...line.of, phone });
    return;
  }
  const { also = [] } = line.of;
  // What is one phone there may be several here; then only what each reported by itself is known of it.
  if (also.every(({ values, source }) => phonebook.nameOf(values, source) === phone))
    hub.adopt([{ ...line.of, phone }]);
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
