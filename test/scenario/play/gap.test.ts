import { expect, it, onTestFinished } from 'vitest';
import { EventHub, Phonebook } from '../../../src/receiver/index.ts';
import { perform } from '../../../src/scenario/play/perform.ts';
import { openStage } from '../../../src/scenario/play/stage.ts';
import { findUnproven } from '../../../src/scenario/play/unproven.ts';
import type { ExpectStep, NeverStep } from '../../../src/scenario/scenario.ts';
import type { Happening } from '../../../src/simulator/index.ts';
import { reported } from './events.ts';

const where = { line: 1, column: 1 };
const pattern = { events: ['incomingCall'] } as const;
const NEVER = { kind: 'never', role: 'b', pattern, what: 'incomingCall', during: 1 };
const EXPECT = {
  kind: 'expect',
  role: 'b',
  patterns: [pattern],
  mode: 'any',
  what: 'incomingCall',
  within: 1,
};
const never = { ...NEVER, text: 'b: never incomingCall', where } as unknown as NeverStep;
const expected = { ...EXPECT, text: 'b: expect incomingCall', where } as unknown as ExpectStep;

/** A phone on a stage, and what becomes of a step. */
async function staged(hub = new EventHub()) {
  const settings = { host: '127.0.0.1:9', name: 'b' };
  const stage = await openStage({
    roles: [{ name: 'b', settings, virtual: false }],
    listen: async () => ({ hub, phonebook: new Phonebook([]), lost: new Promise(() => {}) }),
  });
  onTestFinished(() => stage.close());
  const play = (leaf: NeverStep | ExpectStep) =>
    perform(leaf, { actors: stage.actors, signal: new AbortController().signal, force: false });
  return { hub, play, stage, hear: (text: string) => hub.publish(reported(text)) };
}

/** What happens before a step; the last expected event is `hold`. */
type Before = (scene: Awaited<ReturnType<typeof staged>>) => unknown;
const readHold: Before = async ({ hear, play }) => {
  hear('hold');
  await play({ ...expected, patterns: [{ events: ['hold'] }] });
};

it.each<[string, Before]>([
  ['began before it', ({ hub }) => hub.beginGap()],
  [
    'was over before it',
    ({ hub }) => {
      hub.beginGap();
      hub.endGap();
    },
  ],
  [
    'lasts, though events come',
    async (scene) => {
      scene.hub.beginGap();
      await readHold(scene);
    },
  ],
])('silence proves nothing where a gap %s', async (_, before) => {
  const scene = await staged();
  await before(scene);
  for (const step of [never, expected])
    expect(await scene.play(step)).toMatchObject({ status: 'error', error: { code: 'receiver-closed' } });
});

it('nor where a gap has begun before the first step', async () => {
  const hub = new EventHub();
  hub.beginGap();
  const { play } = await staged(hub);
  expect(await play(never)).toMatchObject({ status: 'error' });
});

it('nor where something else is expected after a gap, during it', async () => {
  const scene = await staged();
  const watched = scene.play({ ...never, during: 50 });
  scene.hub.beginGap();
  scene.hub.endGap();
  await readHold(scene);
  expect(await watched).toMatchObject({ status: 'error' });
});

const REFUSED = {
  time: '2026-11-30T10:00:00.000Z',
  refused: 'unknown-event',
  source: '127.0.0.1',
  path: '/rings',
} as const;

it.each<[string, Before]>([
  ['from its address', ({ hub }) => hub.refuse(REFUSED, 'b')],
  ['of whom nobody knows who it was', ({ hub }) => hub.refuse({ ...REFUSED, source: '' })],
  [
    'from where its reports come from',
    ({ hub, stage }) => {
      hub.publish({ ...reported('mute'), source: '10.0.0.1' });
      expect(stage.actors.get('b')?.log.count).toBe(1);
      hub.refuse({ ...REFUSED, source: '10.0.0.1' });
    },
  ],
])('neither does it after a request %s that was refused', async (_, before) => {
  const scene = await staged();
  await before(scene);
  for (const step of [never, expected])
    expect(await scene.play(step)).toMatchObject({
      status: 'error',
      error: {
        code: 'unproven',
        message: expect.stringMatching(/: \S+ asked for \/rings, which names no event$/),
      },
    });
  await readHold(scene);
  expect(await scene.play(never)).toEqual({ status: 'passed' });
});

it('nor where it comes from the address at which its reports came before', async () => {
  const hub = new EventHub();
  hub.publish({ ...reported('hold'), source: '10.0.0.1' });
  const { play } = await staged(hub);
  hub.refuse({ ...REFUSED, source: '10.0.0.1' });
  expect(await play(never)).toMatchObject({ status: 'error', error: { code: 'unproven' } });
});

it('nor where only what it reports later tells that the request was its', async () => {
  const { hub, play, hear, stage } = await staged();
  hear('mute');
  await play({ ...expected, patterns: [{ events: ['mute'] }] });
  hub.refuse({ ...REFUSED, source: '10.0.0.1' });
  expect(await play(never)).toEqual({ status: 'passed' });
  expect(findUnproven(stage.actors.values(), {})).toBeUndefined();
  hub.publish({ ...reported('hold'), source: '10.0.0.1' });
  expect(findUnproven(stage.actors.values(), {})?.message).toMatch(/: 10.0.0.1 asked for \/rings/);
});

it('what is refused after a step says nothing of it', async () => {
  const { hub, play, hear, stage } = await staged();
  hear('mute');
  expect(await play(never)).toEqual({ status: 'passed' });
  await new Promise((resolve) => setTimeout(resolve, 2));
  hub.refuse(REFUSED, 'b');
  expect(findUnproven(stage.actors.values(), {})).toBeUndefined();
});

it('nor where something else that is lost would end a gap that lasts', async () => {
  const scene = await staged();
  scene.hub.beginGap();
  scene.stage.actors.get('b')?.witness({ kind: 'reportFailed', phone: 'b' } as Happening);
  await readHold(scene);
  expect(await scene.play(never)).toMatchObject({ status: 'error', error: { code: 'receiver-closed' } });
});

it('what may be of the phone counts from its last expected event on, also before the step', async () => {
  const scene = await staged();
  const { hub, play } = scene;
  hub.publish(reported('incomingCall', '127.0.0.1 (shared)'));
  expect(await play(never)).toMatchObject({ status: 'failed', error: { code: 'unwanted' } });
  await readHold(scene);
  expect(await play(never)).toEqual({ status: 'passed' });
});

it('what does not say whose it is counts where the reports of the phone come from', async () => {
  const { hub, play } = await staged();
  hub.publish({ ...reported('incomingCall', '10.0.0.1'), source: '10.0.0.1' });
  expect(await play(never)).toEqual({ status: 'passed' });
  hub.publish({ ...reported('mute'), source: '10.0.0.1' });
  hub.publish({ ...reported('incomingCall', '10.0.0.1'), source: '10.0.0.1' });
  expect(await play(never)).toMatchObject({ status: 'failed', error: { code: 'unwanted' } });
});

it('nor where more is refused than can be told apart', async () => {
  const { hub, play, hear } = await staged();
  hear('hold');
  for (let number = 0; number <= 10_000; number += 1)
    hub.refuse({ ...REFUSED, source: `10.1.${number >> 8}.${number % 256}` });
  expect(await play(never)).toMatchObject({ status: 'error', error: { code: 'receiver-closed' } });
});

it.each([
  ['of a browser', { refused: 'foreign-page' }],
  ['of another user', { refused: 'other-user' }],
  ['of another address', { source: '10.0.0.1' }],
] as const)('a refused request %s is none of the phone', async (_, more) => {
  const { hub, play, hear } = await staged();
  hear('hold');
  hub.refuse({ ...REFUSED, ...more }, 'source' in more ? more.source : 'b');
  expect(await play(never)).toEqual({ status: 'passed' });
});

it('silence since an event that came after the gap proves what it proves', async () => {
  const scene = await staged();
  scene.hub.beginGap();
  scene.hub.endGap();
  await readHold(scene);
  expect(await scene.play(never)).toEqual({ status: 'passed' });
});

it('what came is no silence', async () => {
  const { hub, play, hear } = await staged();
  hub.beginGap();
  hear('incomingCall');
  expect(await play(never)).toMatchObject({ status: 'failed' });
  expect(await play(expected)).toMatchObject({ status: 'passed' });
});

it('what has arrived unread is no silence, and neither is what nobody can tell', async () => {
  const { hub, play, hear } = await staged();
  const forget = hub.feedFrom(async () => {
    hear('incomingCall');
    return true;
  });
  expect(await play(never)).toMatchObject({ status: 'failed' });
  expect(await play(expected)).toMatchObject({ status: 'passed' });
  forget();
  hub.feedFrom(async () => false);
  for (const step of [never, expected])
    expect(await play(step)).toMatchObject({ status: 'error', error: { code: 'receiver-closed' } });
});

it('what is not kept, because too much was reported, is known to be missing, but its state is known', async () => {
  const { play, hear, stage } = await staged();
  const b = stage.actors.get('b');
  for (let count = 0; count < 20_000; count += 1) hear('mute');
  expect([stage.deaf.aborted, b?.inUse]).toEqual([false, null]);
  hear('incomingCall');
  expect(stage.deaf.reason).toMatchObject({ code: 'too-many-events' });
  expect(b?.inUse).toBe(true);
  expect(b?.log.heard).toHaveLength(20_000);
  for (const step of [never, expected])
    expect(await play(step)).toMatchObject({ status: 'error', error: { code: 'too-many-events' } });
});

it('what may be of another phone at its address is not kept without end, either', async () => {
  const { play, hub, stage } = await staged();
  const shared = '127.0.0.1 (shared)';
  for (let count = 0; count < 20_000; count += 1) hub.publish(reported('mute', shared));
  expect(await play(never)).toEqual({ status: 'passed' });
  hub.publish(reported('incomingCall', shared));
  expect(stage.actors.get('b')?.overheard.heard).toHaveLength(20_000);
  expect(await play(never)).toMatchObject({ status: 'error', error: { code: 'too-many-events' } });
});
