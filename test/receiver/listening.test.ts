import { once } from 'node:events';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  keepListening,
  type Listening,
  Phonebook,
  startListening,
  startReceiver,
} from '../../src/receiver/index.ts';
import { get, send } from './raw.ts';

const fail = (error: Error) => {
  throw error;
};

/** A receiver that has heard something, and its port. */
async function running() {
  const receiver = await startReceiver({ port: 0 });
  await send(receiver.port, get('/idleToBusyUrl.xml?ip=172.16.0.57'));
  return receiver;
}

/** A server that a test plays, and that looks like a receiver with a stream. */
async function streaming(play: (response: ServerResponse) => unknown) {
  const server = createHttpServer((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; atcom=1' }).flushHeaders();
    play(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return server.address() as AddressInfo;
}

/** What a receiver that has heard nothing says first. */
const STATES = ': states []\n\n';

const phonebook = () => new Phonebook([{ name: 'reception', host: '172.16.0.57' }]);

describe('a program that finds the port taken', () => {
  it('knows what the phones told before, by its own names, apart from what comes', async () => {
    const receiver = await running();
    onTestFinished(() => receiver.close());
    const listening = await startListening({ port: receiver.port, phonebook: phonebook() });
    onTestFinished(() => listening.close());
    expect(listening.hub.state('reception')).toMatchObject({ busy: true, heard: { event: 'idleToBusy' } });
    expect(listening.hub.count).toBe(0);
    const next = listening.hub.waitFor('busyToIdle', { phones: ['reception'] });
    await send(receiver.port, get('/busyToIdleUrl.xml?ip=172.16.0.57'));
    expect(await next).toMatchObject({ phone: 'reception' });
  });

  it('takes the port over when the other program ends, where it must not stop hearing', async () => {
    const receiver = await running();
    const { port } = receiver;
    const listening = await keepListening({ port, phonebook: phonebook() }, fail);
    onTestFinished(() => listening.close());
    expect(listening.receiver).toBeUndefined();
    await receiver.close();
    const heard = listening.hub.waitFor('hold', { within: 10_000 });
    // The port is free for a moment.
    for (let answer = ''; answer === ''; ) {
      answer = await send(port, get('/holdUrl.xml?ip=172.16.0.57')).catch(() => '');
    }
    expect(await heard).toMatchObject({ event: 'hold', phone: 'reception' });
  });

  it('says so when somebody else has the port then', async () => {
    const receiver = await running();
    const { port } = receiver;
    let listening: Listening | undefined;
    const told = new Promise<Error>((resolve) => {
      void keepListening({ port, phonebook: phonebook() }, resolve).then((started) => {
        listening = started;
        const closed = receiver.close();
        const other = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
        onTestFinished(() => void other.close());
        return closed;
      });
    });
    expect((await told).message).toBe(`cannot listen on 127.0.0.1:${port}: it is in use`);
    await listening?.close();
  });

  it('hears what comes in one packet with the states', async () => {
    const event = (name: string) =>
      `data: ${JSON.stringify({ event: name, phone: '', source: '172.16.0.57', values: {} })}\n\n`;
    const { port } = await streaming((response) => response.write(`${STATES}${event('hold')}`));
    const listening = await keepListening({ port, phonebook: phonebook() }, fail);
    onTestFinished(() => listening.close());
    expect(listening.hub.state('reception').calls).toMatchObject([{ state: 'held' }]);
    expect(await listening.hub.waitFor('hold')).toMatchObject({ phone: 'reception' });
  });

  it('closed while it attaches again keeps nothing open', async () => {
    const answers: ServerResponse[] = [];
    let asked = () => {};
    const again = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { port } = await streaming((response) => {
      answers.push(response);
      if (answers.length === 1) response.write(STATES);
      else asked();
    });
    const listening = await keepListening({ port, phonebook: phonebook() }, fail);
    answers[0]?.destroy();
    await again;
    await listening.close();
    const ended = once(answers[1] as ServerResponse, 'close');
    answers[1]?.write(STATES);
    await ended;
  });

  it('gets the states of many phones, and what comes while they are still read', async () => {
    const receiver = await startReceiver({ port: 0 });
    onTestFinished(() => receiver.close());
    const hold = { time: '2026-11-28T10:00:00.000Z', event: 'hold', path: '' } as const;
    const publish = (phone: string) =>
      receiver.hub.publish({ ...hold, phone, source: phone, values: { remote: 'x'.repeat(90) } });
    // More than a reader may be behind.
    for (let number = 0; number < 4000; number += 1) publish(`10.0.${number >> 8}.${number & 255}`);
    const attaching = startListening({ port: receiver.port, phonebook: phonebook() });
    while (receiver.hub.subscribers === 0) await new Promise((resolve) => setImmediate(resolve));
    publish('172.16.0.57');
    const listening = await attaching;
    onTestFinished(() => listening.close());
    expect(await listening.hub.waitFor('hold')).toMatchObject({ phone: 'reception' });
    expect(listening.hub.states().size).toBe(4001);
  });

  it('does not go on once it is closed', async () => {
    const receiver = await running();
    const listening = await keepListening({ port: receiver.port, phonebook: phonebook() }, fail);
    await listening.close();
    await receiver.close();
    await expect(send(receiver.port, get('/holdUrl.xml'))).rejects.toThrow('ECONNREFUSED');
  });
});
