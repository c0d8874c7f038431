import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { boardHandler } from '../../src/monitor/board.ts';
import { metricsHandler } from '../../src/monitor/metrics.ts';
import { renderOnce } from '../../src/monitor/render-once.ts';
import { type EventHub, startReceiver } from '../../src/receiver/index.ts';
import type { PageHandler } from '../../src/web/page.ts';
import { reported } from '../scenario/play/events.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Something that takes 40 ms to render. */
function slow() {
  const seen = { version: 1, rendered: 0, taken: [] as string[], isBroken: false };
  const ask = renderOnce(
    () => seen.version,
    () => {
      vi.advanceTimersByTime(40);
      seen.rendered += 1;
      if (seen.isBroken) throw new Error('broken');
      return `version ${seen.version}`;
    },
  );
  const take = (body: readonly Buffer[]) => seen.taken.push(String(body));
  return { seen, ask: () => ask(take, (error) => seen.taken.push(String(error))) };
}

it('what has not changed is rendered once, and given at once', () => {
  const { seen, ask } = slow();
  for (let count = 0; count < 100; count += 1) ask();
  expect([seen.rendered, seen.taken.length]).toEqual([1, 100]);
});

it('what changes all the time is rendered a small part of the time, and nobody gets anything old', () => {
  const { seen, ask } = slow();
  ask();
  seen.taken = [];
  seen.version = 2;
  ask();
  seen.version = 3;
  ask();
  vi.advanceTimersByTime(799);
  expect(seen.taken).toEqual([]);
  vi.advanceTimersByTime(1);
  expect([seen.rendered, seen.taken]).toEqual([2, ['version 3', 'version 3']]);
});

it('is rendered again at once after a change, if the last time is long ago', () => {
  const { seen, ask } = slow();
  ask();
  vi.advanceTimersByTime(800);
  seen.version = 2;
  ask();
  expect(seen.taken).toEqual(['version 1', 'version 2']);
});

it('tells an error to those who asked, also to those who wait, and renders no more often for it', () => {
  const { seen, ask } = slow();
  seen.isBroken = true;
  for (let count = 0; count < 3; count += 1) ask();
  expect([seen.rendered, seen.taken]).toEqual([1, ['Error: broken']]);
  vi.advanceTimersByTime(800);
  expect([seen.rendered, seen.taken.length]).toEqual([2, 2]);
  seen.isBroken = false;
  vi.advanceTimersByTime(800);
  expect(seen.taken).toEqual(['Error: broken', 'Error: broken', 'version 1']);
});

it.each<[path: string, handler: (hub: EventHub) => PageHandler]>([
  ['/board/events', (hub) => boardHandler({ hub, roster: { phones: [], groups: [] } })],
  ['/metrics', (hub) => metricsHandler({ hub, counts: { unknown: 0, refused: 0 } })],
])('%s looks at the states of all phones once for all who ask', async (path, handler) => {
  vi.useRealTimers();
  let states: ReturnType<typeof vi.spyOn> | undefined;
  const receiver = await startReceiver({
    port: 0,
    pages: ({ hub }) => {
      states = vi.spyOn(hub, 'states');
      return handler(hub);
    },
  });
  try {
    for (let count = 0; count < 3; count += 1) {
      const { body, status } = await fetch(`${receiver.url}${path}`);
      expect(status).toBe(200);
      await body?.cancel();
    }
    expect(states).toHaveBeenCalledTimes(1);
    states?.mockImplementation(() => {
      throw new Error('broken');
    });
    receiver.hub.publish(reported('hold'));
    expect((await fetch(`${receiver.url}${path}`)).status).toBe(500);
  } finally {
    await receiver.close();
  }
});

it('an error in a page ends its request, and not the receiver', async () => {
  vi.useRealTimers();
  const pages = () => () => {
    throw new Error('broken');
  };
  const receiver = await startReceiver({ port: 0, pages });
  try {
    const answer = await fetch(`${receiver.url}/board`);
    expect([answer.status, await answer.text()]).toEqual([
      500,
      'refused: this page cannot be made: broken\n',
    ]);
    expect((await fetch(`${receiver.url}/board`)).status).toBe(500);
  } finally {
    await receiver.close();
  }
});
