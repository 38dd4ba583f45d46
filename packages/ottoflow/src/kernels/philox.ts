/**
 * Philox4x32-10 [salmon2011]: random words as a function of (key, counter), so that value i of a row depends only on
 * (seed, stream, step, i), whoever computes it, in whatever order.
 *
 * Counter of block b: (b mod 2^32, b / 2^32, step, stream); key: the low and high words of the seed.
 * A block holds two float64 values or four float32 values. Blocks go in groups of four, and the value of one group are laid out
 * word by word ("value 0 of blocks 0..3, then value 1 of blocks 0..3"): the order in which four SIMD lanes produce them.
 */
import type { Rows } from "../contract.ts";
import { log } from "./math/exponential.ts";
import { cosKernel, sinKernel } from "./math/trigonometric.ts";

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

/** Ten rounds; `out` receives four words. */
export function philox(c0: number, c1: number, c2: number, c3: number, key0: number, key1: number, out: Uint32Array): void {
  let [k0, k1] = [key0 | 0, key1 | 0];
  for (let round = 0; round < 10; round++) {
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

function block(seed: number, stream: number, step: number, b: number): void {
  philox(b >>> 0, Math.floor(b / 4294967296), step, stream, seed >>> 0, Math.floor(seed / 4294967296), words);
}
/** 53 random bits in [0, 1) */
const uniform = (a: number, b: number): number => a * 2 ** -32 + (b >>> 11) * 2 ** -53;

/** out[j] = uniform in [0, 1) number first + j of (seed, stream, step); whole seed in [0, 2^53), stream and step in [0, 2^32) */
export function philoxUniforms(seed: number, stream: number, step: number, first: number, n: number, out: Rows): void {
  const end = first + n;
  for (let group = Math.floor(first / 8); group * 8 < end; group++)
    for (let lane = 0; lane < 4; lane++) {
      block(seed, stream, step, group * 4 + lane);
      const i = group * 8 + lane;
      if (i >= first && i < end) out[i - first] = uniform(words[0]!, words[1]!);
      if (i + 4 >= first && i + 4 < end) out[i + 4 - first] = uniform(words[2]!, words[3]!);
    }
}

/** out[j] = standard normal number first + j of (seed, stream, step), by Box and Muller's polar angle [box1958], both outputs used */
export function philoxNormals(seed: number, stream: number, step: number, first: number, n: number, out: Rows): void {
  const end = first + n;
  for (let group = Math.floor(first / 8); group * 8 < end; group++)
    for (let lane = 0; lane < 4; lane++) {
      block(seed, stream, step, group * 4 + lane);
      const radius = Math.sqrt(-2 * log(1 - uniform(words[0]!, words[1]!)));
      // 4 u = quarter + part exactly, so the angle carries one rounding only
      const u = 4 * uniform(words[2]!, words[3]!);
      const quarter = Math.floor(u + 0.5);
      const angle = (u - quarter) * (Math.PI / 2);
      const s = sinKernel(angle, 0);
      const c = cosKernel(angle, 0);
      const swap = (quarter & 1) === 1;
      const cos = swap ? s : c;
      const sin = swap ? c : s;
      const i = group * 8 + lane;
      if (i >= first && i < end) out[i - first] = radius * (((quarter + 1) & 2) === 2 ? -cos : cos);
      if (i + 4 >= first && i + 4 < end) out[i + 4 - first] = radius * ((quarter & 2) === 2 ? -sin : sin);
    }
}
