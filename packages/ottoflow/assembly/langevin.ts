// Many steps of x <- x - dt grad + amplitude normal for one block of particles after the other; see kernels/langevin.ts.
import { SHARED, WORDS, normals32, roundKeys, shareBlocks } from "./normals32";
import { philoxNormals } from "./philox";
import { block } from "./tape";
import { block32, place32 } from "./tape32";

const BLOCK: i32 = 256;

// Registers 0 … d - 1 hold the positions of the block; z has room for BLOCK + 16 normals.
export function langevin(
  ops: usize, opsEnd: usize, constants: usize, registers: usize, d: i32, outputs: usize, z: usize,
  n: i32, x: usize, first: i32, size: i32, key0: u32, key1: u32, stream: u32, index: u32, count: i32, start: f64, dt: f64, amplitude: f64,
): void {
  const tau = f64x2.splat(dt);
  const sigma = f64x2.splat(amplitude);
  for (let at = first; at < first + size; at += BLOCK) {
    const m = min(BLOCK, first + size - at);
    for (let k = 0; k < d; k++) memory.copy(registers + (<usize>k << 11), x + (<usize>(k * n + at) << 3), <usize>m << 3);
    for (let s: u32 = 0; s < <u32>count; s++) {
      v128.store(constants, f64x2.splat(start + <f64>(index + s) * dt));
      for (let p = ops; p < opsEnd; p += 20) block(p, m, constants, registers, d, registers, 2048);
      for (let k = 0; k < d; k++) {
        const v = load<i32>(outputs + (<usize>k << 2));
        let slope = v < 0 ? constants + (<usize>(-1 - v) << 4) : registers + (<usize>v << 11);
        const step: usize = v < 0 ? 0 : 16;
        const number = k * n + at;
        philoxNormals(key0, key1, stream, index + s, <f64>(number >> 3), ((number + m + 7) >> 3) - (number >> 3), z);
        let noise = z + (<usize>(number & 7) << 3);
        let row = registers + (<usize>k << 11);
        for (const end = row + ((<usize>(m + 1) >> 1) << 4); row < end; row += 16, slope += step, noise += 16)
          v128.store(row, f64x2.add(f64x2.sub(v128.load(row), f64x2.mul(tau, v128.load(slope))), f64x2.mul(sigma, v128.load(noise))));
      }
    }
    for (let k = 0; k < d; k++) memory.copy(x + (<usize>(k * n + at) << 3), registers + (<usize>k << 11), <usize>m << 3);
  }
}

// The same in float32, with the noise of a block opened once for all its steps. Scratch: 160 bytes of keys, nine words, splats of dt and
// amplitude at 208 (kernels/langevin-module.ts counts on it), then a row of normals and of what its blocks share for each coordinate.
const ROWS: usize = 256;
const KEPT: i32 = 24;

// @ts-ignore: decorator
@inline
function rowOf(k: i32): usize {
  return ROWS + <usize>min(k, KEPT) * (WORDS + SHARED);
}
// @ts-ignore: decorator
@inline
function share(scratch: usize, k: i32): void {
  const number = k * load<i32>(scratch, 172) + load<i32>(scratch, 176);
  const groups = ((number + load<i32>(scratch, 180) + 15) >> 4) - (number >> 4);
  shareBlocks(<u32>(number >> 4) << 2, groups, load<u32>(scratch, 168), load<u32>(scratch, 164), scratch + rowOf(k) + WORDS);
}
/** The noise of particles [at, at + m) of n in d dimensions: what noise32 and the step need. */
export function openNoise32(
  scratch: usize, key0: u32, key1: u32, stream: u32, d: i32, n: i32, at: i32, m: i32, dt: f64, amplitude: f64,
): void {
  roundKeys(key0, key1, scratch);
  store<u32>(scratch, key0, 160);
  store<u32>(scratch, key1, 164);
  store<u32>(scratch, stream, 168);
  store<i32>(scratch, n, 172);
  store<i32>(scratch, at, 176);
  store<i32>(scratch, m, 180);
  v128.store(scratch, f32x4.splat(<f32>dt), 208);
  v128.store(scratch, f32x4.splat(<f32>amplitude), 224);
  for (let k = 0; k < min(d, KEPT); k++) share(scratch, k);
}
/** Where the normals of coordinate k at a step stand. */
export function noise32(scratch: usize, k: i32, step: u32): usize {
  if (k >= KEPT) share(scratch, k);
  const number = k * load<i32>(scratch, 172) + load<i32>(scratch, 176);
  const groups = ((number + load<i32>(scratch, 180) + 15) >> 4) - (number >> 4);
  const row = scratch + rowOf(k);
  normals32(groups, 0, step, load<u32>(scratch, 160), load<u32>(scratch, 164), scratch, row + WORDS, row);
  return row + (<usize>(number & 15) << 2);
}
/** Steps of a block that noise is open for; x are its d rows in `registers`. */
export function steps32(
  ops: usize, opsEnd: usize, constants: usize, registers: usize, d: i32, outputs: usize, scratch: usize, m: i32, index: u32, count: i32, start: f64, dt: f64,
): void {
  const tau = v128.load(scratch, 208);
  const sigma = v128.load(scratch, 224);
  for (let s: u32 = 0; s < <u32>count; s++) {
    v128.store(constants, f32x4.splat(<f32>(start + <f64>(index + s) * dt)));
    for (let p = ops; p < opsEnd; p += 20) block32(p, m, constants, registers);
    for (let k = 0; k < d; k++) {
      const v = load<i32>(outputs + (<usize>k << 2));
      let slope = place32(v, constants, registers);
      const step: usize = v < 0 ? 0 : 16;
      let noise = noise32(scratch, k, index + s);
      let row = registers + (<usize>k << 10);
      for (const end = row + (<usize>m << 2); row < end; row += 16, slope += step, noise += 16)
        v128.store(row, f32x4.add(f32x4.sub(v128.load(row), f32x4.mul(tau, v128.load(slope))), f32x4.mul(sigma, v128.load(noise))));
    }
  }
}
