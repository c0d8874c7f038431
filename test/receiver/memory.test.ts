import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import type { Receiver } from '../../src/receiver/index.ts';
import { expectService } from './hostile.ts';
import { receiver, send } from './raw.ts';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

const MB = 1024 * 1024;
const REQUESTS = 100_000;

/** What is in use, in MB, once all garbage is gone. */
async function retained(): Promise<number> {
  // Sockets that ended are let go of in later turns.
  for (let turn = 0; turn < 5; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    gc();
  }
  return process.memoryUsage().heapUsed / MB;
}

/** Sends requests, many on each connection, and expects as many answers. */
async function sendMany(
  { port }: Receiver,
  requests: number,
  target: (index: number) => string,
): Promise<void> {
  const AT_ONCE = 100;
  for (let sent = 0; sent < requests; sent += AT_ONCE) {
    const lines = Array.from({ length: AT_ONCE }, (_, at) => `GET ${target(sent + at)} HTTP/1.1\r\n`);
    const answers = await send(port, `${lines.join('\r\n')}Connection: close\r\n\r\n`, '127.0.0.2');
    expect(answers.split('HTTP/1.1 ')).toHaveLength(AT_ONCE + 1);
  }
}

it.each<[string, (index: number) => string]>([
  ['paths that name no event', (index) => `/${index}/${'x'.repeat(index % 100)}.xml`],
  ['events of distinct paths', (index) => `/${index}/holdUrl.xml?remote=sip:${index}@pbx`],
  [
    'events of phones that say they are another each time',
    (index) => `/holdUrl.xml?mac=${index}&ip=10.0.${(index >> 8) & 255}.${index & 255}`,
  ],
])(
  '100,000 %s leave nothing behind',
  async (_, target) => {
    const started = await receiver();
    // Until the code is compiled and the past that is kept is full.
    await sendMany(started, 40_000, target);
    const before = await retained();
    await sendMany(started, REQUESTS, target);
    expect((await retained()) - before).toBeLessThan(5);
    await expectService(started);
  },
  60_000,
);
