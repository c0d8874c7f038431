import { perProcess } from '../../per-process.ts';

/**
 * Far enough apart, in hertz, to be distinguished within 300 ms, and from the 1000 or 1004 Hz that a PBX plays. The number
 * of them is a prime, so that numbers that differ in one digit get different ones.
 */
const LOWEST = 512;
const STEP = 28;
const TONES = 89;

/** What a phone sends. */
export interface Tone {
  readonly hertz: number;
  /** Whether it tells this phone from all others of this process. */
  readonly isOwn: boolean;
}

/** What those send for whom no tone is left. */
const COMMON: Tone = { hertz: LOWEST + STEP * TONES, isOwn: false };

/** Of all phones of this process: they may meet on one PBX, whoever has started them. */
const taken = perProcess('tones', () => new Set<Tone>());

/**
 * Takes a tone for a phone. It goes by the number, so that phones of other processes, which nobody here knows of, rarely
 * have the same.
 *
 * @param wish - the tone that was asked for, in hertz
 */
export function takeTone(number: string, wish?: number): Tone {
  const tone = wish === undefined ? freeTone(number) : { hertz: wish, isOwn: true };
  if (tone.isOwn) taken.add(tone);
  return tone;
}

/** Lets another phone have it. */
export function leaveTone(tone: Tone): void {
  taken.delete(tone);
}

function freeTone(number: string): Tone {
  const others = [...taken];
  const first = [...number].reduce((sum, char) => (sum * 10 + (char.codePointAt(0) ?? 0)) % TONES, 0);
  for (let at = first; at < first + TONES; at += 1) {
    const hertz = LOWEST + STEP * (at % TONES);
    if (others.every((other) => Math.abs(other.hertz - hertz) >= STEP)) return { hertz, isOwn: true };
  }
  return COMMON;
}
