import { expect, it } from 'vitest';
import { newBoardUpdates } from '../../src/monitor/board-updates.ts';
import { EventHub } from '../../src/receiver/index.ts';
import type { EventStream } from '../../src/web/event-stream.ts';

/** A page that only keeps what it is sent. */
function page() {
  const written: (string | Buffer)[] = [];
  const stream: EventStream = { send: () => undefined, write: (events) => written.push(events) };
  return { written, stream };
}

const event = (name: 'hold' | 'unHold', phone: string) =>
  ({ time: '', event: name, phone, source: '', path: '', values: {} }) as const;

it('events of one moment become one text, which all pages share', async () => {
  const hub = new EventHub();
  const follow = newBoardUpdates(hub, (phone) => [phone, `${phone}-too`]);
  const [one, other] = [page(), page()];
  const [leave] = [follow(one.stream), follow(other.stream)];
  for (let times = 0; times < 100; times += 1) hub.publish(event('hold', 'a'));
  hub.publish(event('unHold', 'b'));
  await expect.poll(() => other.written.length).toBe(1);
  expect(one.written).toHaveLength(1);
  expect(one.written[0]).toBe(other.written[0]);
  const told = [...String(one.written[0]).matchAll(/data: (.*)/g)].map(([, data = '']) => JSON.parse(data));
  expect(told.map(({ phone }) => phone)).toEqual(['a', 'a-too', 'b', 'b-too']);
  expect(told[0].state).toEqual(hub.state('a'));
  leave?.();
  hub.publish(event('hold', 'b'));
  await expect.poll(() => other.written.length).toBe(2);
  expect(one.written).toHaveLength(1);
});

it('a page that comes when all others have left is told only what happens from then on', async () => {
  const hub = new EventHub();
  const follow = newBoardUpdates(hub, (phone) => [phone]);
  const [one, other] = [page(), page()];
  const leave = follow(one.stream);
  hub.publish(event('hold', 'a'));
  leave();
  hub.publish(event('hold', 'b'));
  follow(other.stream);
  hub.publish(event('hold', 'c'));
  await expect.poll(() => other.written.length).toBe(1);
  expect(String(other.written[0])).toMatch(/^event: state\ndata: \{"phone":"c"/);
  expect(one.written).toEqual([]);
});
