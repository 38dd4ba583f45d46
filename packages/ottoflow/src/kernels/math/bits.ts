/**
 * The bits of a float64 through one shared view, low word first: every platform that runs WASM is little-endian.
 * Not re-entrant by design: a value is written and read back within one expression.
 */
export const double: Float64Array = new Float64Array(1);
export const word: Uint32Array = new Uint32Array(double.buffer);

/** 2^k for whole k in [-1022, 1023] */
export function powerOfTwo(k: number): number {
  word[0] = 0;
  word[1] = (k + 1023) << 20;
  return double[0]!;
}

/** y 2^k with a single rounding, also into the subnormals, for normal y and whole |k| <= 1082 */
export function scale(y: number, k: number): number {
  if (k >= -1000 && k <= 1000) return y * powerOfTwo(k);
  const half = k >> 1;
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}

/** 1.5 * 2^52: adding it rounds |x| < 2^51 to the nearest whole number, ties to even, which then stands in the low bits */
export const ROUND = 6755399441055744;
