import type { IncomingMessage } from 'node:http';
import { onAbort } from '../abort.ts';
import { newEchoes } from './echoes.ts';
import type { EventHub } from './hub.ts';
import { BOUND, FORM, REQUIRED, RULES, STREAM_FORM, STREAM_PATH } from './local-stream.ts';
import { meet, newAgent, OTHER_VERSION, type OtherListener } from './meet.ts';
import type { Phonebook } from './phonebook.ts';
import { isProof, proofOfRules, proofOfToken } from './same-user.ts';
import { LONGEST_LINE, readStreamLine, type StreamLine } from './stream-line.ts';

/** Why one is not attached to that is no longer there, or no longer wanted. */
export const ENDED = ['this program ended', 'the listener that has it ended'] as const;
const [WE_ENDED, THEY_ENDED] = ENDED;

/** What a listener is that takes events which this program would refuse. */
export const OTHER_TOKEN = 'whoever has it is a listener that does not require the token of this program';

/** What a listener is that reads what phones report in another way. */
export const OTHER_RULES =
  'whoever has it is a listener whose config has other events:, encoding or trustedProxies than that of this program';

/** What it is that gives no answer: a listener that is stopped or busy, or anything else. */
const SILENT = 'whoever has it does not answer as atcom does';

/** What a listener is that stopped answering. */
const UNTOLD = 'whoever has it did not tell in time what it knows';

/** The events of a receiver that already runs. */
export interface Attachment {
  /** Settles when the other receiver ends; with an error when it sends what is no event. */
  readonly ended: Promise<Error | undefined>;
  /** The address to which the other receiver is bound, where it tells that. */
  readonly address: string | undefined;
  close(): void;
}

/** What one attaches to. */
export interface AttachOptions extends OtherListener {
  /** What events must have here, and so there. */
  readonly token?: string | undefined;
  /** How events are read here, and so there. */
  readonly rules: string;
  readonly phonebook: Phonebook;
  /** Takes what the other receiver knows of the phones, and what it hears. */
  readonly hub: EventHub;
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
export function attach(options: AttachOptions): Promise<Attachment> {
  const { phonebook, hub, secret, token, rules, within, signal } = options;
  const agent = newAgent();
  return new Promise((resolve, reject) => {
    const fail = (reason: string, cause?: Error) => {
      clearTimeout(timer);
      forget();
      agent.destroy();
      reject(new Error(reason, { cause }));
    };
    let late = SILENT;
    const timer = setTimeout(() => fail(late), within);
    const forget = onAbort(signal, () => fail(WE_ENDED));
    if (signal?.aborted === true) return fail(WE_ENDED);
    const read = (response: IncomingMessage) => {
      late = UNTOLD;
      const [address] = [response.headers[BOUND] ?? []].flat();
      let broken: Error | undefined;
      const ended = new Promise<Error | undefined>((end) => response.once('close', () => end(broken)));
      void ended.then(() => fail(THEY_ENDED));
      response.on('error', () => undefined);
      if (response.headers[FORM] !== STREAM_FORM) return fail(OTHER_VERSION);
      const told = (header: string) => [response.headers[header] ?? ''].flat().join();
      if (token !== undefined && !isProof(told(REQUIRED), proofOfToken(secret, token)))
        return fail(OTHER_TOKEN);
      if (!isProof(told(RULES), proofOfRules(secret, rules))) return fail(OTHER_RULES);
      const leave = () => {
        broken = new Error('whoever has it sends what is no event');
        response.destroy();
      };
      const echoes = newEchoes(options);
      readLines(response, leave, (line) => {
        if (line.kind === 'settled') {
          echoes.take(line.of);
          return;
        }
        if (line.kind !== 'live') {
          take(hub, phonebook, line);
          return;
        }
        clearTimeout(timer);
        forget();
        const stop = hub.feedFrom(echoes.ask);
        void ended.then(stop).then(echoes.close);
        resolve({ ended, address, close: () => agent.destroy() });
      });
    };
    meet(options, STREAM_PATH, agent).then(read, (error: Error) => fail(error.message, error));
  });
}

function take(
  hub: EventHub,
  phonebook: Phonebook,
  line: Exclude<StreamLine, { kind: 'live' | 'settled' }>,
): void {
  if (line.kind === 'refused') {
    hub.refuse(line.of, phonebook.nameOf({}, line.of.source));
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
