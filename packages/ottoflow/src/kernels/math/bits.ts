/**
 * The bits of a float64. The other files of this folder are also compiled into the SIMD module, where assembly/bits.ts stands in
 * for this one: they use numbers, these functions and Math.sqrt, abs, min, max, floor, and write whole quotients as in `1 / 3`.
 */
/** a whole number that fits into 32 bits */
export type int = number;

// one shared view, low word first: every platform that runs WASM is little-endian
const double: Float64Array = new Float64Array(1);
const word: Uint32Array = new Uint32Array(double.buffer);

export function toInt(k: number): int {
  return k | 0;
}
/** 2^k for whole k in [-1074, 1023]; from a table, since writing words and reading a float64 stalls the processor */
export function powerOfTwo(k: number): number {
  return POWERS[k + 1074]!;
}
const POWERS: Float64Array = /* @__PURE__ */ powers();
function powers(): Float64Array {
  const all = new Float64Array(2098);
  for (let k = 0, p = 2 ** -1074; k < all.length; k++, p *= 2) all[k] = p;
  return all;
}
/** y 2^k with a single rounding, also into the subnormals, for normal y and whole |k| <= 1082 */
export function scale(y: number, k: number): number {
  if (k >= -1000 && k <= 1000) return y * powerOfTwo(k);
  const half = Math.floor(k / 2);
  return y * powerOfTwo(half) * powerOfTwo(k - half);
}
/** the whole e for which x 2^-e lies in [sqrt(1/2), sqrt(2)), up to 2^-20; x positive and normal */
export function nearExponent(x: number): number {
  double[0] = x;
  return ((word[1]! - 0x3fe6a09e) | 0) >> 20;
}
/** x 2^-e for a normal result */
export function dropExponent(x: number, e: number): number {
  return x * powerOfTwo(-e);
}
/** floor(log2 |x|) for normal x */
export function exponentOf(x: number): int {
  double[0] = x;
  return ((word[1]! >>> 20) & 0x7ff) - 1023;
}
/** x with its low 32 bits cleared */
export function cutLow(x: number): number {
  double[0] = x;
  word[0] = 0;
  return double[0]!;
}
/** a first guess of the cube root of a positive normal number: the exponent over three */
export function cubeRootGuess(x: number): number {
  double[0] = x;
  word[1] = Math.floor(word[1]! / 3) + 715094163;
  word[0] = 0;
  return double[0]!;
}
/** 1.5 * 2^52: adding it rounds |x| < 2^51 to the nearest whole number, ties to even, which then stands in the low bits */
export const ROUND: number = 6755399441055744;

/** digit i of 2/pi, 24 bits each */
export function twoOverPi(i: int): number {
  return TWO_OVER_PI[i]!;
}
const TWO_OVER_PI: Int32Array = /* @__PURE__ */ Int32Array.of(
  0xa2f983,
  0x6e4e44,
  0x1529fc,
  0x2757d1,
  0xf534dd,
  0xc0db62,
  0x95993c,
  0x439041,
  0xfe5163,
  0xabdebb,
  0xc561b7,
  0x246e3a,
  0x424dd2,
  0xe00649,
  0x2eea09,
  0xd1921c,
  0xfe1deb,
  0x1cb129,
  0xa73ee8,
  0x8235f5,
  0x2ebb44,
  0x84e99c,
  0x7026b4,
  0x5f7e41,
  0x3991d6,
  0x398353,
  0x39f49c,
  0x845f8b,
  0xbdf928,
  0x3b1ff8,
  0x97ffde,
  0x05980f,
  0xef2f11,
  0x8b5a0a,
  0x6d1f6d,
  0x367ecf,
  0x27cb09,
  0xb74f46,
  0x3f669e,
  0x5fea2d,
  0x7527ba,
  0xc7ebe5,
  0xf17b3d,
  0x0739f7,
  0x8a5292,
  0xea6bfb,
  0x5fb11f,
  0x8d5d08,
  0x560330,
  0x46fc7b,
  0x6babf0,
  0xcfbc20,
  0x9af436,
  0x1da9e3,
  0x91615e,
  0xe61b08,
);
