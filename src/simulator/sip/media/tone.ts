import { POINTS, powersOf } from './spectrum.ts';

/** Samples a second, and samples of one packet of 20 ms. */
export const RATE = 8000;
export const FRAME = 160;

/** The level of everything together, in the same decibels. What stands still is not heard: a zero of A-law is none. */
export function loudness(samples: Int16Array): number {
  const middle = mean(samples);
  let sum = 0;
  for (const sample of samples) sum += (sample - middle) ** 2;
  return samples.length === 0 ? -90 : 10 * Math.log10(sum / samples.length / 2 + 1e-9);
}

function mean(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample, 0) / Math.max(1, samples.length);
}

/** Under this level nothing is heard: G.711 has no exact silence. */
export const SILENCE = 15;

/** One of the tones that are heard. */
export interface HeardTone {
  readonly hertz: number;
  /** Its level above everything that is no tone, in decibels. */
  readonly above: number;
}

/** What is heard: how loud, which tones, and which frequency is the loudest and how far above the next. */
export interface Sound {
  readonly milliseconds: number;
  readonly silence: boolean;
  /** The loudest frequency, null in silence. */
  readonly hertz: number | null;
  /** Its level above the loudest other one, in decibels. */
  readonly above: number;
  /** The frequencies that are about as loud as the loudest, which comes first: several where several speak. */
  readonly tones: readonly HeardTone[];
}

/** Decibels under the loudest within which another frequency is a tone of its own, and no distortion. */
const RANGE = 20;
/** So many speak at once at most; more is noise. */
const MOST_TONES = 4;
/** Frequencies that are nearer are one tone, in hertz. */
const SKIRT = 20;

/** Frequencies that are looked for: every {@link STEP} Hz of what a telephone passes. */
const STEP = RATE / POINTS;
const LOWEST = 300;
const HIGHEST = 3400;

/** Analyses what was heard last. Tones nearer than 20 Hz to the loudest are its own skirt. */
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
