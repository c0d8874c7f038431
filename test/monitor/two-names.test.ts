import { expect, it, onTestFinished } from 'vitest';
import { boardHandler } from '../../src/monitor/board.ts';
import type { EventName } from '../../src/protocol/events.ts';
import { startReceiver } from '../../src/receiver/index.ts';

/** The phone with two names is called by its address in events. */
const ROSTER = {
  phones: [
    { name: 'desk', host: '10.0.0.9' },
    { name: 'boss', host: '10.0.0.9' },
  ],
  groups: [],
};

it('a board shows what a phone with two names does under each of them', async () => {
  const receiver = await startReceiver({
    port: 0,
    pages: ({ hub }) => boardHandler({ hub, roster: ROSTER }),
  });
  onTestFinished(() => receiver.close());
  const report = (event: EventName) =>
    receiver.hub.publish({
      time: new Date().toISOString(),
      event,
      phone: '10.0.0.9',
      source: '10.0.0.9',
      path: '',
      values: {},
    });
  report('established');
  const { body } = await fetch(`${receiver.url}/board/events`);
  // The listener's clock comes first.
  const news: { states?: object; phone?: string; state?: object }[] = [];
  let rest = '';
  for await (const chunk of body ?? []) {
    const parts = (rest + Buffer.from(chunk).toString()).split('\n\n');
    rest = parts.pop() ?? '';
    news.push(...parts.map((part) => JSON.parse(/^data: (.*)$/m.exec(part)?.[1] ?? '')));
    if (news.length === 2) report('openDND');
    if (news.length >= 4) break;
  }
  expect(Object.keys(news[1]?.states ?? {})).toEqual(['desk', 'boss']);
  expect(news.slice(1)).toMatchObject([
    { states: { desk: { call: 'talking' }, boss: { call: 'talking' } } },
    { phone: 'desk', state: { call: 'talking', dnd: true } },
    { phone: 'boss', state: { call: 'talking', dnd: true } },
  ]);
});
