import { expect, it } from 'vitest';
import { MOST_TONES } from '../../../src/scenario/scenario.ts';
import { isHeard } from '../../../src/scenario/tell/sound-text.ts';
import type { LegAudio } from '../../../src/simulator/index.ts';
import { analyse, RATE } from '../../../src/simulator/sip/media/tone.ts';

/** A call in which so much of some tones came in, at once. */
function call(milliseconds: number, ...tones: readonly number[]): LegAudio {
  const samples = Int16Array.from({ length: (milliseconds * RATE) / 1000 }, (_, at) =>
    tones.reduce((sum, hertz) => sum + 3000 * Math.sin((2 * Math.PI * hertz * at) / RATE + hertz), 0),
  );
  const counts = { sent: 0, received: 0, lost: 0, jitter: 0 };
  return {
    remote: '9',
    callId: '1',
    codec: 'PCMA',
    up: true,
    held: false,
    sound: analyse(samples),
    undecoded: false,
    ...counts,
  };
}

const A = 512;
const C = 568;

it.each<[string, boolean, readonly LegAudio[]]>([
  ['alone', true, [call(300, A)]],
  ['besides a silent call', true, [call(300, A), call(300)]],
  ['besides a call in which nothing came in', true, [call(300, A), call(0)]],
  ['besides another tone in the same call', false, [call(300, A, C)]],
  ['besides another tone in a second call', false, [call(300, A), call(300, C)]],
  ['besides a second call of which a packet is missing', false, [call(300, A), call(280, C)]],
  ['besides the first packet of a second call', false, [call(300, A), call(20, C)]],
  ['besides packets that nobody can decode', false, [{ ...call(300, A), undecoded: true }]],
  ['not long enough', false, [call(280, A)]],
])('a tone %s: proven is %s', (_, proven, calls) => {
  expect(isHeard(calls, [A], 300)).toBe(proven);
});

it('two tones, one of them not long enough: not proven', () => {
  expect(isHeard([call(300, A), call(300, C)], [A, C], 300)).toBe(true);
  expect(isHeard([call(300, A), call(280, C)], [A, C], 300)).toBe(false);
});

it('as many tones as a step may name are told apart, and one more is not left out', () => {
  const tones = Array.from({ length: MOST_TONES + 1 }, (_, index) => 512 + 28 * index);
  const most = tones.slice(1);
  expect(isHeard([call(300, ...most)], most, 300)).toBe(true);
  for (const left of tones) {
    const others = tones.filter((tone) => tone !== left);
    expect(isHeard([call(300, ...tones)], others, 300)).toBe(false);
  }
});
