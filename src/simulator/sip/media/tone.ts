import { POINTS, powersOf } from './spectrum.ts';

/** The sample rate in hertz, and the samples of a 20 ms packet. */
export const RATE = 8000;
export const FRAME = 160;

/** The overall level, in the same decibels. A constant offset is not heard: A-law has no exact zero. */
export function loudness(samples: Int16Array): number {
  const middle = mean(samples);
  let sum = 0;
  for (const sample of samples) sum += (sample - middle) ** 2;
  return samples.length === 0 ? -90 : 10 * Math.log10(sum / samples.length / 2 + 1e-9);
}

function mean(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / Math.max(1, samples.length);
}

/** Below this level it is silence, because G.711 has no exact silence. */
export const SILENCE = 15;

/** One of the tones that are heard. */
export interface HeardTone {
  readonly hertz: number;
  /** Its level above everything that is not a tone, in decibels. */
  readonly above: number;
}

/** What is heard: how loud it is, which tones, and the loudest frequency with its distance to the next. */
export interface Sound {
  readonly milliseconds: number;
  readonly silence: boolean;
  /** The loudest frequency, or null for silence. */
  readonly hertz: number | null;
  /** Its level above the loudest other one, in decibels. */
  readonly above: number;
  /** The frequencies about as loud as the loudest, which comes first; several if several phones send. */
  readonly tones: readonly HeardTone[];
}

/** How many decibels below the loudest a frequency still counts as a separate tone, not as distortion. */
const RANGE = 20;
/** More is noise. It is more than a step may want to hear, so that none is left out where exactly these are proven. */
const MOST_TONES = 9;
/** Frequencies closer together than this are one tone, in hertz. */
const SKIRT = 20;

/** The frequencies that are examined: every {@link STEP} Hz in the telephone band. */
const STEP = RATE / POINTS;
const LOWEST = 300;
const HIGHEST = 3400;

/** Analyses the latest audio. Frequencies within 20 Hz of the loudest belong to its own peak. */
export function analyse(samples: Int16Array): Sound {
  const milliseconds = Math.round((samples.length * 1000) / RATE);
  if (loudness(samples) < SILENCE) return { milliseconds, silence: true, hertz: null, above: 0, tones: [] };
  const middle = mean(samples);
  const windowed = samples.map(
    (sample, index) =>
      (sample - middle) * (0.5 - 0.5 * Math.cos((2 * Math.PI * index) / (samples.length - 1))),
  );
  const powers = powersOf(windowed);
  const levels: { hertz: number; level: number }[] = [];
  for (let hertz = LOWEST; hertz <= HIGHEST; hertz += STEP) {
    const power = (powers[hertz / STEP] ?? 0) / samples.length ** 2;
    levels.push({ hertz, level: 10 * Math.log10(power + 1e-9) });
  }
  levels.sort((a, b) => b.level - a.level);
  const [best = { hertz: 0, level: 0 }] = levels;
  const isFrom = (hertz: number) => (other: { readonly hertz: number }) =>
    Math.abs(hertz - other.hertz) > SKIRT;
  const next = levels.find(isFrom(best.hertz));
  const tones: typeof levels = [];
  for (const level of levels) {
    if (level.level < best.level - RANGE || tones.length === MOST_TONES) break;
    if (tones.every(isFrom(level.hertz))) tones.push(level);
  }
  const rest = levels.find(({ hertz }) => tones.every(isFrom(hertz)));
  return {
    milliseconds,
    silence: false,
    hertz: best.hertz,
    above: Math.round(best.level - (next?.level ?? 0)),
    tones: tones.map(({ hertz, level }) => ({ hertz, above: Math.round(level - (rest?.level ?? 0)) })),
  };
}
