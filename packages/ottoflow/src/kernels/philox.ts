/**
 * Philox4x32-10 [salmon2011]: random words as a function of (key, counter), so that value i of a row depends only on
 * (seed, stream, step, i), whoever computes it, in whatever order.
 *
 * Counter of block b: (b mod 2^32, b / 2^32, step, stream); key: the low and high words of the seed.
 * A block holds two float64 values or four float32 values. Blocks go in groups of four, and the values of one group are laid out
 * word by word ("value 0 of blocks 0..3, then value 1 of blocks 0..3"): the order in which four SIMD lanes produce them.
 */
import type { Rows } from "../contract.ts";
import { log } from "./math/exponential.ts";
import { cosKernel, sinKernel } from "./math/trigonometric.ts";
import { openWindow, type Window, wasmOf } from "./wasm.ts";

const words = new Uint32Array(4);
const M0 = 0xd2511f53;
const M1 = 0xcd9e8d57;
const W0 = 0x9e3779b9;
const W1 = 0xbb67ae85;

/** high word of a 32 x 32 bit product */
function high(a: number, b: number): number {
  const al = a & 0xffff;
  const ah = a >>> 16;
  const bl = b & 0xffff;
  const bh = b >>> 16;
  const mid = ah * bl + ((al * bl) >>> 16);
  const cross = al * bh + (mid & 0xffff);
  return (ah * bh + Math.floor(mid / 65536) + Math.floor(cross / 65536)) >>> 0;
}

/** Ten rounds unless said; `out` receives four words. */
export function philox(c0: number, c1: number, c2: number, c3: number, key0: number, key1: number, out: Uint32Array, rounds = 10): void {
  let [k0, k1] = [key0 | 0, key1 | 0];
  for (let round = 0; round < rounds; round++) {
    const h0 = high(M0, c0 >>> 0);
    const h1 = high(M1, c2 >>> 0);
    const l0 = Math.imul(M0, c0);
    const l1 = Math.imul(M1, c2);
    c0 = h1 ^ c1 ^ k0;
    c1 = l1;
    c2 = h0 ^ c3 ^ k1;
    c3 = l0;
    k0 = (k0 + W0) | 0;
    k1 = (k1 + W1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

function block(seed: number, stream: number, step: number, b: number, rounds = 10): void {
  philox(b >>> 0, Math.floor(b / 4294967296), step, stream, seed >>> 0, Math.floor(seed / 4294967296), words, rounds);
}
/** 53 random bits in [0, 1) */
const uniform = (a: number, b: number): number => a * 2 ** -32 + (b >>> 11) * 2 ** -53;

/** A reference fills values [first, end) of a row that begins with value `origin`. */
type Fill = (seed: number, stream: number, step: number, first: number, end: number, origin: number, out: Rows) => void;

export const uniformsReference: Fill = (seed, stream, step, first, end, origin, out) => {
  for (let group = Math.floor(first / 8); group * 8 < end; group++)
    for (let lane = 0; lane < 4; lane++) {
      block(seed, stream, step, group * 4 + lane);
      const i = group * 8 + lane;
      if (i >= first && i < end) out[i - origin] = uniform(words[0]!, words[1]!);
      if (i + 4 >= first && i + 4 < end) out[i + 4 - origin] = uniform(words[2]!, words[3]!);
    }
};

export const normalsReference: Fill = (seed, stream, step, first, end, origin, out) => {
  for (let group = Math.floor(first / 8); group * 8 < end; group++)
    for (let lane = 0; lane < 4; lane++) {
      block(seed, stream, step, group * 4 + lane);
      const radius = Math.sqrt(-log(1 - uniform(words[0]!, words[1]!)));
      // a point of the first quarter of the circle, pi/4 before and after its middle, then a sign for each coordinate from spare bits
      const angle = (uniform(words[2]!, words[3]!) - 0.5) * (Math.PI / 2);
      const s = sinKernel(angle, 0);
      const c = cosKernel(angle, 0);
      const x = radius * (c - s);
      const y = radius * (c + s);
      const i = group * 8 + lane;
      if (i >= first && i < end) out[i - origin] = (words[3]! & 1) === 1 ? -x : x;
      if (i + 4 >= first && i + 4 < end) out[i + 4 - origin] = (words[3]! & 2) === 2 ? -y : y;
    }
};

export const normals32Reference: Fill = (seed, stream, step, first, end, origin, out) => {
  for (let group = Math.floor(first / 16); group * 16 < end; group++)
    for (let lane = 0; lane < 4; lane++) {
      block(seed, stream, step, group * 4 + lane, 7);
      for (let half = 0; half < 2; half++) {
        polar32(words[2 * half]!, words[2 * half + 1]!);
        const i = group * 16 + 8 * half + lane;
        if (i >= first && i < end) out[i - origin] = cosine;
        if (i + 4 >= first && i + 4 < end) out[i + 4 - origin] = sine;
      }
    }
};

let cosine = 0;
let sine = 0;
/** Box and Muller in float32, every operation rounded; sine of [moshier1989] */
function polar32(a: number, b: number): void {
  const u = f(f(f(a >>> 1) * f(2 ** -31)) + f(2 ** -32));
  const radius = f(Math.sqrt(minusLog32(u)));
  const angle = f(f(b << 2) * ANGLE);
  const z = f(angle * angle);
  let s = f(f(S[0]! * z) + S[1]!);
  s = f(f(s * z) + S[2]!);
  s = f(f(f(s * z) * angle) + angle);
  // the angle is within pi/4, so nothing cancels
  const c = f(Math.sqrt(f(1 - f(s * s))));
  const x = f(radius * f(c - s));
  const y = f(radius * f(c + s));
  cosine = b >= 0x80000000 ? -x : x;
  sine = (b & 0x40000000) !== 0 ? -y : y;
}
const f = Math.fround;
const ANGLE: number = /* @__PURE__ */ Math.fround(3.657295198167899e-10);
const S: Float32Array = /* @__PURE__ */ Float32Array.of(-1.9515295891e-4, 8.3321608736e-3, -1.6666654611e-1);
const L: Float32Array = /* @__PURE__ */ Float32Array.of(0.6666668506, 0.3998877067, 0.2958039828);
const MINUS_LN2: number = /* @__PURE__ */ Math.fround(-Math.LN2);
const single = new Float32Array(1);
const singleWord = new Int32Array(single.buffer);
/** -log x = -k ln 2 - 2 atanh(s), s = f / (2 + f) for x = 2^k (1 + f); minimax in s^2 */
function minusLog32(x: number): number {
  single[0] = x;
  const k = (singleWord[0]! - 0x3f3504f3) >> 23;
  singleWord[0] = singleWord[0]! - (k << 23);
  const t = f(single[0]! - 1);
  const s = f(t / f(2 + t));
  const z = f(s * s);
  const p = f(L[0]! + f(z * f(L[1]! + f(z * L[2]!))));
  return f(f(k * MINUS_LN2) - f(s * f(2 + f(z * p))));
}

/** Whole groups in the middle go to the SIMD twin where the row stands in WASM memory, the ragged ends to the reference. */
function fill(
  name: string,
  reference: Fill,
  group: number,
  size: number,
  seed: number,
  stream: number,
  step: number,
  first: number,
  n: number,
  out: Rows,
): void {
  const end = first + n;
  const from = Math.ceil(first / group);
  const groups = Math.floor(end / group) - from;
  const wasm = groups > 0 && out.BYTES_PER_ELEMENT === size ? wasmOf(out) : null;
  const window = wasm === null && groups > 0 ? openWindow() : null;
  if (wasm === null && window === null) {
    reference(seed, stream, step, first, end, first, out);
    return;
  }
  if (from * group > first) reference(seed, stream, step, first, from * group, first, out);
  const at = from * group - first;
  const key: readonly [number, number] = [seed >>> 0, Math.floor(seed / 4294967296)];
  if (wasm !== null) wasm.exports[name]!(...key, stream, step, from, groups, out.byteOffset + at * size, wasm.scratch);
  else fillThrough(window!, name, group, size, key, stream, step, from, groups, at, out);
  const tail = (from + groups) * group;
  if (tail < end) reference(seed, stream, step, tail, end, first, out);
}
/** Ordinary rows: the window is filled some groups at a time and copied to out from `at` on. */
function fillThrough(
  window: Window,
  name: string,
  group: number,
  size: number,
  key: readonly [number, number],
  stream: number,
  step: number,
  from: number,
  groups: number,
  at: number,
  out: Rows,
): void {
  const rows = size === 4 ? window.rows32 : window.rows;
  for (let g = 0; g < groups; g += 128) {
    const some = Math.min(128, groups - g);
    window.wasm.exports[name]!(...key, stream, step, from + g, some, rows.byteOffset, window.wasm.scratch);
    for (let i = 0; i < some * group; i++) out[at + g * group + i] = rows[i]!;
  }
}

/** out[j] = uniform in [0, 1) number first + j of (seed, stream, step); whole seed in [0, 2^53), stream and step in [0, 2^32) */
export function philoxUniforms(seed: number, stream: number, step: number, first: number, n: number, out: Rows): void {
  fill("philoxUniforms", uniformsReference, 8, 8, seed, stream, step, first, n, out);
}

/** out[j] = standard normal number first + j of (seed, stream, step), by the polar angle of Box and Muller [box1958], both coordinates used */
export function philoxNormals(seed: number, stream: number, step: number, first: number, n: number, out: Rows): void {
  fill("philoxNormals", normalsReference, 8, 8, seed, stream, step, first, n, out);
}

/** The fast normals, another sequence than philoxNormals: float32 throughout, 32 random bits each (|value| <= 6.66), Philox with seven rounds, the fewest that pass every test of [salmon2011]. */
export function philoxNormals32(seed: number, stream: number, step: number, first: number, n: number, out: Rows): void {
  fill("philoxNormals32", normals32Reference, 16, 4, seed, stream, step, first, n, out);
}
