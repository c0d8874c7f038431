import { createServer } from 'node:net';
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

const phonebook = () => new Phonebook([{ name: 'reception', host: '172.16.0.57' }]);

describe('a program that finds the port taken', () => {
  it('gets what was reported before, by its own names, apart from what comes', async () => {
    const receiver = await running();
    onTestFinished(() => receiver.close());
    const listening = await startListening({ port: receiver.port, phonebook: phonebook() });
    onTestFinished(() => listening.close());
    expect(listening.history).toMatchObject([{ event: 'idleToBusy', phone: 'reception' }]);
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

  it('does not go on once it is closed', async () => {
    const receiver = await running();
    const listening = await keepListening({ port: receiver.port, phonebook: phonebook() }, fail);
    await listening.close();
    await receiver.close();
    await expect(send(receiver.port, get('/holdUrl.xml'))).rejects.toThrow('ECONNREFUSED');
  });
});
