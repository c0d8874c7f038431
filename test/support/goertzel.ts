import { RATE } from '../../src/simulator/sip/media/tone.ts';

/** The level of a frequency in decibels, by a Goertzel filter: slow, but simple. -90 is silence. */
export function levelOf(samples: Int16Array, hertz: number): number {
  const k = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let a = 0;
  let b = 0;
  for (const sample of samples) {
    const next = sample + k * a - b;
    b = a;
    a = next;
  }
  const power = (a * a + b * b - k * a * b) / Math.max(1, samples.length) ** 2;
  return samples.length === 0 ? -90 : 10 * Math.log10(power + 1e-9);
}
