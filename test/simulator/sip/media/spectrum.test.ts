import { expect, it } from 'vitest';
import { powersOf } from '../../../../src/simulator/sip/media/spectrum.ts';
import { analyse, RATE } from '../../../../src/simulator/sip/media/tone.ts';
import { levelOf } from '../../../support/goertzel.ts';

function speech(length: number, ...tones: readonly number[]): Int16Array {
  return Int16Array.from({ length }, (_, at) =>
    tones.reduce((sum, hertz) => sum + 3000 * Math.sin((2 * Math.PI * hertz * at) / RATE), at % 7),
  );
}

it.each([160, 1999, 2400, 8000])(
  'says of %i samples what a Goertzel filter says of each frequency',
  (length) => {
    const samples = speech(length, 504, 1004, 3011);
    const powers = powersOf(samples);
    for (const hertz of [300, 500, 504, 1004, 1008, 2000, 3012, 3400]) {
      const level = 10 * Math.log10((powers[hertz / 4] ?? 0) / length ** 2 + 1e-9);
      expect(level).toBeCloseTo(levelOf(samples, hertz), 6);
    }
  },
);

it.each([500, 1004, 1508, 2992])('finds the tone of %i Hz in 300 ms', (hertz) => {
  expect(analyse(speech(2400, hertz))).toMatchObject({ hertz, silence: false, milliseconds: 300 });
});
