// Many steps of x <- x - dt grad + amplitude normal for one block of particles after the other; see kernels/langevin.ts.
import { ROOM, SCRATCH, SHARED, normals32, roundKeys, shareBlocks } from "./normals32";
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

// The same in float32. What the blocks of normals share over the steps is kept, a row for each coordinate, in as much of the scratch as there is.
const KEPT: i32 = 48;
export function langevin32(
  ops: usize, opsEnd: usize, constants: usize, registers: usize, d: i32, outputs: usize, scratch: usize,
  n: i32, x: usize, first: i32, size: i32, key0: u32, key1: u32, stream: u32, index: u32, count: i32, start: f64, dt: f64, amplitude: f64,
): void {
  const tau = f32x4.splat(<f32>dt);
  const sigma = f32x4.splat(<f32>amplitude);
  roundKeys(key0, key1, scratch);
  for (let at = first; at < first + size; at += BLOCK) {
    const m = min(BLOCK, first + size - at);
    for (let k = 0; k < d; k++) memory.copy(registers + (<usize>k << 10), x + (<usize>(k * n + at) << 2), <usize>m << 2);
    for (let s: u32 = 0; s < <u32>count; s++) {
      v128.store(constants, f32x4.splat(<f32>(start + <f64>(index + s) * dt)));
      for (let p = ops; p < opsEnd; p += 20) block32(p, m, constants, registers);
      for (let k = 0; k < d; k++) {
        const v = load<i32>(outputs + (<usize>k << 2));
        let slope = place32(v, constants, registers);
        const step: usize = v < 0 ? 0 : 16;
        const number = k * n + at;
        const groups = ((number + m + 15) >> 4) - (number >> 4);
        const shared = scratch + SCRATCH + (k < KEPT ? k : KEPT) * <i32>SHARED;
        if (s === 0 || k >= KEPT) shareBlocks(<u32>(number >> 4) << 2, groups, stream, key1, shared);
        let noise = normals32(groups, 0, index + s, key0, key1, scratch, shared) + (<usize>(number & 15) << 2);
        let row = registers + (<usize>k << 10);
        for (const end = row + ((<usize>(m + 15) >> 4) << 6); row < end; row += 64, slope += 4 * step, noise += 64) {
          const a = f32x4.sub(v128.load(row), f32x4.mul(tau, v128.load(slope))), b = f32x4.sub(v128.load(row, 16), f32x4.mul(tau, v128.load(slope + step)));
          const c = f32x4.sub(v128.load(row, 32), f32x4.mul(tau, v128.load(slope + 2 * step))), d = f32x4.sub(v128.load(row, 48), f32x4.mul(tau, v128.load(slope + 3 * step)));
          const p = f32x4.mul(sigma, v128.load(noise)), q = f32x4.mul(sigma, v128.load(noise, 16)), r = f32x4.mul(sigma, v128.load(noise, 32)), t = f32x4.mul(sigma, v128.load(noise, 48));
          v128.store(row, f32x4.add(a, p)), v128.store(row, f32x4.add(b, q), 16), v128.store(row, f32x4.add(c, r), 32), v128.store(row, f32x4.add(d, t), 48);
        }
      }
    }
    for (let k = 0; k < d; k++) memory.copy(x + (<usize>(k * n + at) << 2), registers + (<usize>k << 10), <usize>m << 2);
  }
}
