import type { Codec } from './g711.ts';
import { RATE } from './tone.ts';

/** Low enough to mix three of them without clipping. */
const VOLUME = 6000;

const waves = new Map<number, Int16Array>();
const sent = new Map<string, Uint8Array>();

/** One second of a tone of a whole number of hertz, after which it repeats; 0 is silence. */
export function waveOf(hertz: number): Int16Array {
  const known = waves.get(hertz);
  if (known !== undefined) return known;
  const wave = Int16Array.from({ length: RATE }, (_, at) =>
    Math.round(VOLUME * Math.sin((2 * Math.PI * hertz * at) / RATE)),
  );
  waves.set(hertz, wave);
  return wave;
}

/** The same, encoded; cached because phones send their tone all the time. */
export function sentWaveOf(hertz: number, codec: Codec): Uint8Array {
  const key = `${hertz} ${codec.name}`;
  const known = sent.get(key);
  if (known !== undefined) return known;
  const wave = Uint8Array.from(waveOf(hertz), (sample) => codec.encode[sample + 32_768] ?? 0);
  sent.set(key, wave);
  return wave;
}
