/**
 * A Fourier transform with this many points has one value for every 4 Hz at 8000 samples a second. Longer input is
 * folded: that drops the frequencies in between, and changes none of these.
 */
export const POINTS = 2000;

const COS = Float64Array.from({ length: POINTS }, (_, n) => Math.cos((2 * Math.PI * n) / POINTS));
const SIN = Float64Array.from({ length: POINTS }, (_, n) => -Math.sin((2 * Math.PI * n) / POINTS));

/** Real and imaginary parts. */
interface Complex {
  readonly re: Float64Array;
  readonly im: Float64Array;
}

/** The power of each multiple of 4 Hz up to half the sample rate. */
export function powersOf(samples: ArrayLike<number>): Float64Array {
  const folded = new Float64Array(POINTS);
  for (let at = 0; at < samples.length; at += 1) {
    const to = at % POINTS;
    folded[to] = (folded[to] ?? 0) + (samples[at] ?? 0);
  }
  const { re, im } = transformOf(folded, 0, 1, POINTS);
  return Float64Array.from({ length: POINTS / 2 }, (_, k) => (re[k] ?? 0) ** 2 + (im[k] ?? 0) ** 2);
}

/** Of every `stride`th value from `start` on: combined from its two halves (Cooley and Tukey). */
function transformOf(values: Float64Array, start: number, stride: number, size: number): Complex {
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  if (size === 1) {
    re[0] = values[start] ?? 0;
    return { re, im };
  }
  const radix = size % 5 === 0 ? 5 : 2;
  const length = size / radix;
  for (let part = 0; part < radix; part += 1) {
    const own = transformOf(values, start + part * stride, stride * radix, length);
    // One step around the unit circle for each value of this part.
    const turn = part * stride;
    for (let k = 0, angle = 0; k < size; k += 1, angle = (angle + turn) % POINTS) {
      const at = k % length;
      const [a, b] = [own.re[at] ?? 0, own.im[at] ?? 0];
      const [c, d] = [COS[angle] ?? 0, SIN[angle] ?? 0];
      re[k] = (re[k] ?? 0) + a * c - b * d;
      im[k] = (im[k] ?? 0) + a * d + b * c;
    }
  }
  return { re, im };
}
