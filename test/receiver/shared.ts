import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  type Listening,
  type ListeningOptions,
  Phonebook,
  type Receiver,
  type ReceiverOptions,
  type SameUser,
  startListening,
} from '../../src/receiver/index.ts';
import { SECRET } from '../support/same-user.ts';
import { receiver } from './raw.ts';

/** Of a user who has nothing on disk. */
export const user = (secret = SECRET): SameUser => {
  const known = new Set<string>();
  const of = (port: number) => `${port} `;
  return {
    secret,
    recall: async (port) =>
      [...known].flatMap((one) => (one.startsWith(of(port)) ? [one.slice(of(port).length)] : [])),
    record: async (port, address) => void known.add(of(port) + address),
    forget: async (port, address) => void known.delete(of(port) + address),
  };
};

export const phonebook = () => new Phonebook([{ name: 'reception', host: '172.16.0.57' }]);

/** Listens until the test ends. */
export async function listening(options: Partial<ListeningOptions>): Promise<Listening> {
  const started = await startListening({ phonebook: phonebook(), sameUser: user(), ...options });
  onTestFinished(() => started.close());
  return started;
}

/** What becomes of an attempt to attach. */
export const failure = (options: Partial<ListeningOptions>) =>
  listening(options).then(
    () => undefined,
    ({ code, message }) => `${code}: ${message}`,
  );

/** A receiver that shares its events and has heard something. */
export async function running(options: ReceiverOptions = {}): Promise<Receiver> {
  const started = await receiver(options);
  started.hub.publish({
    time: '2026-11-23T10:00:00.000Z',
    event: 'idleToBusy',
    phone: '172.16.0.57',
    source: '172.16.0.57',
    path: '/idleToBusyUrl.xml',
    values: { ip: '172.16.0.57' },
  });
  return started;
}

/** A server that speaks no HTTP. */
export async function silent(play: (socket: Socket) => unknown, host = '127.0.0.1'): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    play(socket);
  }).listen(0, host);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** A line of the stream. */
export const event = (name: string, more: object = {}) =>
  `event: ${JSON.stringify({ time: '2026-11-23T10:00:00.000Z', event: name, phone: '', source: '172.16.0.57', path: '/', values: {}, ...more })}\n`;
