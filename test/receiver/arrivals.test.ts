import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, Server, Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { readArrivals } from '../../src/receiver/arrivals.ts';
import { Phonebook, type RefusedRequest, refusalText, startListening } from '../../src/receiver/index.ts';
import { SECRET } from '../support/same-user.ts';
import { get, receiver, send } from './raw.ts';

/**
 * Sends requests while this thread stands still, and longer than a timer of so many milliseconds takes.
 *
 * @param reset - whether the phones reset their connections then
 */
async function standStill(
  port: number,
  requests: readonly string[],
  { ms = 5, reset = false } = {},
): Promise<() => void> {
  const sent = new Int32Array(new SharedArrayBuffer(8));
  const phones = new Worker(PHONES, { eval: true, workerData: { sent, port, requests, reset } });
  onTestFinished(() => phones.terminate().then(() => undefined));
  await once(phones, 'message');
  return () => {
    Atomics.store(sent, 0, 1);
    Atomics.notify(sent, 0);
    Atomics.wait(sent, 1, 0);
    for (const began = performance.now(); performance.now() - began < ms; );
  };
}

const PHONES = `
const { connect } = require('node:net');
const { parentPort, workerData: { sent, port, requests, reset } } = require('node:worker_threads');
parentPort.postMessage('here');
Atomics.wait(sent, 0, 0);
let left = requests.length;
for (const request of requests) {
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(request, () => {
    if (reset) socket.resetAndDestroy();
    left -= 1;
    if (left > 0) return;
    Atomics.store(sent, 1, 1);
    Atomics.notify(sent, 1);
  });
}
`;

describe('what has arrived in time counts, although it could not be read:', () => {
  const others = Array.from({ length: 40 }, () => get('/idleToBusyUrl.xml'));

  it.each([
    ['one event', []],
    ['one behind many', others],
  ])('%s', async (_, before) => {
    const { hub, port } = await receiver();
    const stand = await standStill(port, [...before, get('/holdUrl.xml')]);
    const found = hub.waitFor('hold', { within: 1 });
    stand();
    expect((await found).event).toBe('hold');
  });

  it('but not as an event of nobody, where its connection was reset by then: it may be of every phone', async () => {
    const { hub, port } = await receiver();
    await send(port, get('/openDNDUrl.xml?ip=10.0.0.7'));
    const told = vi.fn();
    hub.onGap(told, ['reception']);
    const refused = new Promise<RefusedRequest>((resolve) => hub.onRefusal(resolve));
    const stand = await standStill(port, [get('/holdUrl.xml?remote=1')], { reset: true });
    expect(hub.state('10.0.0.7').dnd).toBe(true);
    stand();
    const why = await refused;
    expect(why).toMatchObject({ refused: 'cut-short', source: '', path: '/holdUrl.xml' });
    expect(refusalText(why)).toMatch(/^somebody asked for \/holdUrl\.xml in a request that/);
    expect(told.mock.calls).toEqual([[false, expect.stringContaining('somebody asked')]]);
    expect([hub.count, hub.state('10.0.0.7').dnd]).toEqual([1, null]);
  });

  it('and a flood delays nothing for ever', async () => {
    const server = new Server();
    const settled = readArrivals(server);
    let flooding = true;
    const flood = () => {
      server.emit('connection', new Socket());
      if (flooding) setImmediate(flood);
    };
    flood();
    await settled();
    flooding = false;
  });
});

describe('a program that hears of it by another one', () => {
  it('concludes nothing before that has read what has reached it', async () => {
    const { listener, port } = await otherProgram();
    const { hub } = await attached(port);
    listener.kill('SIGSTOP');
    const phone = connect(port, '127.0.0.1').on('error', () => undefined);
    await new Promise((sent) => phone.write(get('/holdUrl.xml'), sent));
    const found = hub.waitFor('hold', { within: 1 });
    // A timer of the same time comes after the one of the watch.
    setTimeout(() => listener.kill('SIGCONT'), 1);
    expect((await found).event).toBe('hold');
  });

  it('takes silence for no proof when that does not read at all', async () => {
    const { listener, port } = await otherProgram();
    const { hub } = await attached(port);
    listener.kill('SIGSTOP');
    const gap = vi.fn();
    hub.onGap(gap);
    await hub.settled();
    expect(gap).toHaveBeenCalledOnce();
  });

  it('nor when that does not know what has reached it', async () => {
    const { port, hub: theirs } = await receiver({ secret: SECRET });
    theirs.feedFrom(async () => false);
    const { hub } = await attached(port);
    expect(await hub.settled()).toBe(false);
  });
});

/** The built library, because a process of its own runs it. */
const LIBRARY = JSON.stringify(new URL('../../dist/index.js', import.meta.url));

/** A listener in a process of its own, which ends with the test. */
async function otherProgram() {
  const script = `
    import { startReceiver } from ${LIBRARY};
    const { port } = await startReceiver({ port: 0, secret: '${SECRET}' });
    process.stdout.write(String(port));`;
  const listener = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void listener.kill('SIGKILL'));
  const [port] = await once(listener.stdout, 'data');
  return { listener, port: Number(port) };
}

async function attached(port: number) {
  const nobody = async () => undefined;
  const sameUser = { secret: SECRET, recall: async () => [], record: nobody, forget: nobody };
  const listening = await startListening({ port, phonebook: new Phonebook([]), sameUser });
  onTestFinished(() => listening.close());
  return listening;
}
