import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { exchange, StoppedError, TimeoutError } from '../../src/transport/exchange.ts';
import { openLine } from '../../src/transport/line.ts';

/** A phone in a thread of its own: [its port, whether it was asked, whether it may answer, whether it has]. */
const PHONE = `
  const { workerData } = require('node:worker_threads');
  const state = new Int32Array(workerData);
  require('node:net').createServer((socket) => socket.once('data', () => {
    Atomics.store(state, 1, 1);
    Atomics.wait(state, 2, 0);
    socket.end('HTTP/1.1 200 OK\\r\\nContent-Length: 0\\r\\n\\r\\n', () => {
      Atomics.store(state, 3, 1);
      Atomics.notify(state, 3);
    });
  })).listen(0, '127.0.0.1', function () {
    Atomics.store(state, 0, this.address().port);
    require('node:worker_threads').parentPort.postMessage('listening');
  });`;

/** Starts that phone. */
async function phone() {
  const state = new Int32Array(new SharedArrayBuffer(16));
  const worker = new Worker(PHONE, { eval: true, workerData: state.buffer });
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, 'message');
  const endpoint = { scheme: 'http', host: '127.0.0.1', port: Atomics.load(state, 0), path: '' } as const;
  return { state, endpoint };
}

/** This process stands still. */
function standStill(until: number): void {
  while (performance.now() < until);
}

it('an answer that came in time is read, however late this process is', async () => {
  const { state, endpoint } = await phone();
  const timeout = 2000;
  const begun = performance.now();
  const result = exchange({ endpoint, path: '/', timeout });
  while (Atomics.load(state, 1) === 0) await new Promise((resolve) => setImmediate(resolve));
  Atomics.store(state, 2, 1);
  Atomics.notify(state, 2);
  Atomics.wait(state, 3, 0);
  standStill(begun + timeout + 100);
  expect(await result).toMatchObject({ kind: 'answer', status: 200 });
});

it('a phone that accepts after a stop is sent nothing, and one that was asked before it may answer', async () => {
  const { state, endpoint } = await phone();
  const [stop, then] = [new AbortController(), new AbortController()];
  const connected: typeof openLine = (to, connector) =>
    openLine(to, (options, callback) => {
      connector(options, (...result) => {
        stop.abort();
        callback(...result);
      });
    });
  const request = { endpoint, path: '/', timeout: 5000 };
  const stopped = await exchange({ ...request, stop: stop.signal }, connected);
  expect(stopped).toMatchObject({ kind: 'undelivered', error: new StoppedError() });
  expect(await exchange({ ...request, stop: stop.signal })).toMatchObject({ kind: 'undelivered' });
  expect(Atomics.load(state, 1)).toBe(0);
  const result = exchange({ ...request, stop: then.signal });
  while (Atomics.load(state, 1) === 0) await new Promise((resolve) => setImmediate(resolve));
  then.abort();
  Atomics.store(state, 2, 1);
  Atomics.notify(state, 2);
  expect(await result).toMatchObject({ kind: 'answer', status: 200 });
});

it('nothing is sent where what is awaited before it fails, or the run is stopped meanwhile', async () => {
  const { state, endpoint } = await phone();
  const request = { endpoint, path: '/', timeout: 5000 };
  const no = new Error('no');
  const refused = await exchange({ ...request, onLeave: () => Promise.reject(no) });
  expect(refused).toEqual({ kind: 'undelivered', error: no });
  const stop = new AbortController();
  const stopped = await exchange({ ...request, stop: stop.signal, onLeave: async () => stop.abort() });
  expect(stopped).toMatchObject({ kind: 'undelivered', error: new StoppedError() });
  expect(Atomics.load(state, 1)).toBe(0);
});

it('a phone that accepted in time is not away, and is sent nothing afterwards', async () => {
  const { state, endpoint } = await phone();
  const timeout = 50;
  const late: typeof openLine = (to, connector) =>
    openLine(to, (options, callback) => {
      connector(options, callback);
      // By then, the connection is on its way.
      process.nextTick(() => process.nextTick(() => standStill(performance.now() + 2 * timeout)));
    });
  const result = await exchange({ endpoint, path: '/', timeout }, late);
  expect(result).toMatchObject({ kind: 'undelivered', error: { unaccepted: false } });
  expect(result.kind !== 'answer' && result.error).toBeInstanceOf(TimeoutError);
  expect(Atomics.load(state, 1)).toBe(0);
});
