import FFT from "fft.js";
import { cos, sin } from "../kernels/math.ts";

/** Complex transforms of one length; rows are interleaved (re, im), [2 * size]. `out` must not be `data`. */
export interface Fft {
  readonly size: number;
  /** out_k = sum_j data_j exp(-2 pi i jk / size) */
  forward(data: Float64Array, out: Float64Array): void;
  /** inverse of `forward`, divided by size */
  inverse(data: Float64Array, out: Float64Array): void;
}

/**
 * Plan for a power of two. The twiddle factors of fft.js come from Math.sin and Math.cos, which differ between engines:
 * they are replaced by ours, with the quadrants exact, so that the same input gives the same bits everywhere.
 */
export function openFft(size: number): Fft {
  if (size === 1) return { size, forward: (data, out) => copyOne(data, out), inverse: (data, out) => copyOne(data, out) };
  const plan = new FFT(size);
  for (let k = 0; k < size; k++) {
    const [c, s] = rootOfUnity(k, size);
    plan.table[2 * k] = c;
    plan.table[2 * k + 1] = -s;
  }
  return { size, forward: (data, out) => plan.transform(out, data), inverse: (data, out) => plan.inverseTransform(out, data) };
}

function copyOne(data: Float64Array, out: Float64Array): void {
  out[0] = data[0]!;
  out[1] = data[1]!;
}

/** cos and sin of 2 pi k / size, from the first octant only, so that symmetric entries have equal bits. */
function rootOfUnity(k: number, size: number): readonly [number, number] {
  const eighths = (8 * k) / size;
  const octant = Math.floor(eighths);
  const rest = octant % 2 === 0 ? eighths - octant : octant + 1 - eighths;
  const angle = (rest * Math.PI) / 4;
  const c = cos(angle);
  const s = sin(angle);
  const table = [
    [c, s],
    [s, c],
    [-s, c],
    [-c, s],
    [-c, -s],
    [-s, -c],
    [s, -c],
    [c, -s],
  ] as const;
  return table[octant]!;
}

/** Smallest power of two that is at least n. */
export function powerOfTwoAbove(n: number): number {
  let p = 1;
  while (p < n) p *= 2;
  return p;
}
