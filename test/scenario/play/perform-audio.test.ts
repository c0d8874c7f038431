import { expect, it } from 'vitest';
import { Actor, type PbxPhone } from '../../../src/scenario/play/actor.ts';
import { hears } from '../../../src/scenario/play/perform-audio.ts';
import type { HearsStep } from '../../../src/scenario/scenario.ts';

const silence = { kind: 'hears', role: 'b', what: 'silence', tones: [], within: 1 } as unknown as HearsStep;

function phoneThatHears(audio: () => readonly object[]): Actor {
  const pbx = { tones: new Map(), audio } as unknown as PbxPhone;
  return new Actor({ role: 'b', settings: { host: '127.0.0.1:9', name: 'b' }, virtual: true, pbx });
}

it.each([
  ['silence is', false, 'passed'],
  ['what has arrived while this process stood still is no silence, and', true, 'failed'],
])('%s proven', async (_, arrives, status) => {
  let heard = false;
  const b = phoneThatHears(() => [{ up: true, held: false, sound: { silence: !heard, tones: [] } }]);
  // Just before the timer of the step, which is then due at once.
  setTimeout(() => {
    for (const began = performance.now(); performance.now() - began < 100; );
    // As a packet, it is noticed after the timers that are due.
    setImmediate(() => {
      heard = arrives;
    });
  }, 300);
  expect(await hears(silence, b, new AbortController().signal)).toMatchObject({ status });
});

it('a phone whose tone others send, too, cannot be told by it', async () => {
  const sound = { silence: false, milliseconds: 300, tones: [{ hertz: 3004, above: 40 }] };
  const b = phoneThatHears(() => [{ up: true, held: false, sound }]);
  const step = { ...silence, what: 'a', tones: [{ role: 'a' }] } as HearsStep;
  expect(await hears(step, b, new AbortController().signal)).toMatchObject({
    status: 'error',
    error: { message: expect.stringContaining('nobody can tell whether it is a') },
  });
});

it('audio that nobody can decode is no silence, and is told', async () => {
  const sound = { silence: true, tones: [] };
  const b = phoneThatHears(() => [{ up: true, held: false, undecoded: true, received: 9, sound }]);
  expect(await hears({ ...silence, within: 400 }, b, new AbortController().signal)).toMatchObject({
    status: 'failed',
    error: { message: expect.stringMatching(/b heard audio of a codec that was not agreed$/) },
  });
});

it.each([
  ['was answered', { up: false, held: false }],
  ['was resumed', { up: true, held: true }],
])('silence is proven from when the call %s', async (_, before) => {
  let looks = 0;
  const b = phoneThatHears(() => {
    looks += 1;
    // At its fourth look, the step has gone on for long enough; then somebody speaks.
    const now = looks < 4 ? before : { up: true, held: false };
    return [{ ...now, sound: { silence: looks < 5, tones: [] } }];
  });
  const leaf = { ...silence, within: 420 };
  expect(await hears(leaf, b, new AbortController().signal)).toMatchObject({ status: 'failed' });
});
