import { expect, it } from 'vitest';
import { Actor, type PbxPhone } from '../../../src/scenario/play/actor.ts';
import { hears } from '../../../src/scenario/play/perform-audio.ts';
import type { HearsStep } from '../../../src/scenario/scenario.ts';

const silence = { kind: 'hears', role: 'b', what: 'silence', tones: [], within: 1 } as unknown as HearsStep;

it.each([
  ['silence is', false, 'passed'],
  ['what has arrived while this process stood still is no silence, and', true, 'failed'],
])('%s proven', async (_, arrives, status) => {
  let heard = false;
  const audio = () => [{ held: false, sound: { silence: !heard, tones: [] } }];
  const pbx = { tones: new Map(), audio } as unknown as PbxPhone;
  const b = new Actor({ role: 'b', settings: { host: '127.0.0.1:9', name: 'b' }, virtual: true, pbx });
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
  const pbx = { tones: new Map(), audio: () => [{ held: false, sound }] } as unknown as PbxPhone;
  const b = new Actor({ role: 'b', settings: { host: '127.0.0.1:9', name: 'b' }, virtual: true, pbx });
  const step = { ...silence, what: 'a', tones: [{ role: 'a' }] } as HearsStep;
  expect(await hears(step, b, new AbortController().signal)).toMatchObject({
    status: 'error',
    error: { message: expect.stringContaining('nobody can tell whether it is a') },
  });
});

it('audio that nobody can decode is no silence, and is told', async () => {
  const audio = () => [{ held: false, undecoded: true, received: 9, sound: { silence: true, tones: [] } }];
  const pbx = { tones: new Map(), audio } as unknown as PbxPhone;
  const b = new Actor({ role: 'b', settings: { host: '127.0.0.1:9', name: 'b' }, virtual: true, pbx });
  expect(await hears({ ...silence, within: 400 }, b, new AbortController().signal)).toMatchObject({
    status: 'failed',
    error: { message: expect.stringMatching(/b heard audio of a codec that was not agreed$/) },
  });
});
