import { expect, it, onTestFinished } from 'vitest';
import { leaveTone, takeTone } from '../../../src/simulator/sip/tones.ts';

function take(number: string, wish?: number) {
  const tone = takeTone(number, wish);
  onTestFinished(() => leaveTone(tone));
  return tone;
}

const numbers = Array.from({ length: 89 }, (_, index) => `${6001 + index}`);

it('the tone of a phone goes by its number, whatever else runs', () => {
  const alone = numbers.map((number) => {
    const tone = takeTone(number);
    leaveTone(tone);
    return tone.hertz;
  });
  expect(alone.slice(0, 3)).toEqual([2052, 2080, 2108]);
  expect(numbers.map((number) => take(number).hertz)).toEqual(alone);
  expect(new Set(alone).size).toBe(89);
});

it('no two phones of a process have the same tone, or one that is near, and what more there are have none', () => {
  const tones = [take('x', 1001), ...['6001', '6090', '06001', 'anna', 'nana'].map((number) => take(number))];
  for (const one of tones) {
    expect(one.isOwn).toBe(true);
    for (const other of tones) {
      if (other !== one) expect(Math.abs(one.hertz - other.hertz)).toBeGreaterThanOrEqual(28);
    }
  }
  // The tone that was asked for is near two others.
  const rest = Array.from({ length: 89 - 2 - 5 }, () => take('6001'));
  expect(new Set([...tones, ...rest].map(({ hertz }) => hertz)).size).toBe(1 + 5 + rest.length);
  const more = take('6001');
  expect(more).toEqual({ hertz: 3004, isOwn: false });
  expect(take('6001')).toEqual(more);
  leaveTone(rest[0] ?? more);
  expect(take('6001')).toEqual(rest[0]);
});
