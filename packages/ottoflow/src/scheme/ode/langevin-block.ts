/**
 * Independent diffusions in potentials: blocks of particles that stay in the cache take many steps at a time.
 * Noise is a function of (seed, stream, step, index), so the blocks and their order do not change a bit.
 */
import type { At, Field, Host, Rows, Space } from "../../contract.ts";
import { philoxNormals } from "../../kernels/philox.ts";
import { openWalls, type Walls } from "./walls.ts";

/** particles per block: with positions, forces and normals about 100 kB in one dimension */
const blockSize = 2048;

export interface BlockStep {
  readonly space: Space;
  readonly fields: readonly Field[];
  readonly n: number;
  readonly eps: number;
  readonly seed: number;
  readonly stream: number;
  /** the noise of a step is the mean of two successive normals */
  readonly averaged: boolean;
  readonly host: Host;
}

interface Scratch {
  readonly x: Rows;
  readonly slope: Rows;
  readonly own: Rows;
  readonly normal: Rows;
  readonly next: Rows;
  /** the rows of each coordinate in both */
  readonly normals: readonly Rows[];
  readonly nexts: readonly Rows[];
}

/** Advances x [d * n] in place by `at.count` steps; time is `start` + index dt. */
export function openBlockStep(options: BlockStep): (x: Rows, start: number, at: At) => void {
  const { space, n, host } = options;
  const d = space.dim;
  const walls = openWalls(space, "reflect");
  // One scratch per block length, so that every row is exactly [d * size].
  const whole = Math.min(n, blockSize);
  const rest = n % blockSize;
  const big = makeScratch(d, whole, host);
  const small = rest > 0 && rest !== whole ? makeScratch(d, rest, host) : big;
  return (x, start, at) => {
    for (let first = 0; first < n; first += blockSize) {
      const size = Math.min(blockSize, n - first);
      const scratch = size === whole ? big : small;
      for (let k = 0; k < d; k++) for (let i = 0; i < size; i++) scratch.x[k * size + i] = x[k * n + first + i]!;
      for (let s = 0; s < at.count; s++) stepBlock(options, walls, scratch, first, size, start + (at.index + s) * at.dt, at.dt, at.index + s);
      for (let k = 0; k < d; k++) for (let i = 0; i < size; i++) x[k * n + first + i] = scratch.x[k * size + i]!;
    }
  };
}

function makeScratch(d: number, size: number, host: Host): Scratch {
  const row = (): Rows => host.alloc(d * size);
  const split = (r: Rows): readonly Rows[] => Array.from({ length: d }, (_, k) => r.subarray(k * size, (k + 1) * size));
  const [normal, next] = [row(), row()];
  return { x: row(), slope: row(), own: row(), normal, next, normals: split(normal), nexts: split(next) };
}

/** x <- x - dt grad V(x) + sqrt(2 eps dt) normal for particles [first, first + size); normal of coordinate k is number k n + first + i of the step. */
function stepBlock(o: BlockStep, walls: Walls, scratch: Scratch, first: number, size: number, t: number, dt: number, index: number): void {
  const { x, slope, own, normal } = scratch;
  const d = o.space.dim;
  o.fields.forEach((field, f) => {
    field.gradient(size, x, t, f === 0 ? slope : own);
    if (f > 0) for (let i = 0; i < d * size; i++) slope[i] = slope[i]! + own[i]!;
  });
  if (o.fields.length === 0) slope.fill(0);
  const amplitude = Math.sqrt(2 * o.eps * dt);
  if (amplitude > 0) drawNormals(o, scratch, first, size, index);
  else normal.fill(0);
  for (let i = 0; i < d * size; i++) x[i] = x[i]! - dt * slope[i]! + amplitude * normal[i]!;
  walls.retract(size, x);
}

function drawNormals(o: BlockStep, { normal, next, normals, nexts }: Scratch, first: number, size: number, index: number): void {
  for (let k = 0; k < o.space.dim; k++) {
    philoxNormals(o.seed, o.stream, index, k * o.n + first, size, normals[k]!);
    if (o.averaged) philoxNormals(o.seed, o.stream, index + 1, k * o.n + first, size, nexts[k]!);
  }
  if (o.averaged) for (let i = 0; i < o.space.dim * size; i++) normal[i] = 0.5 * (normal[i]! + next[i]!);
}
