/**
 * Clouds of points in k-d trees [friedmanbentleyfinkel1977], each with coarser ones: the cells of its tree, halved until few are left. [merigot2011]
 * They stand in the memory of a module that has assembly/paths/tree.ts.
 */
import { roomFor, type SolverModule } from "../kernels/solver-module.ts";

/** Clouds are halved down to 2^COARSEST points. */
const COARSEST = 5;
const LEAF = 8;

const log2 = (n: number): number => 31 - Math.clz32(n);
const depthOf = (n: number): number => {
  let depth = 0;
  while (n >> depth > LEAF) depth++;
  return depth;
};
export const nodesOf = (n: number): number => 2 << depthOf(n);
/** Sizes of the clouds from fine to coarse; a side that is small enough stays as it is. */
export function sizes(n: number, m: number): readonly (readonly [number, number])[] {
  const out: (readonly [number, number])[] = [[n, m]];
  const halved = (count: number, l: number): number => (count <= 1.5 * (1 << l) ? count : 1 << l);
  for (let l = log2(Math.max(1, Math.floor(Math.max(n, m) / 1.5))); l >= COARSEST; l--) out.push([halved(n, l), halved(m, l)]);
  return out;
}
/** Depth at which a cloud's cells are the points of the coarser one; negative where both are the same. */
export const depthBetween = (fine: number, coarse: number): number => (fine === coarse ? -1 : log2(coarse));
export const cloudBytes = (n: number, d: number): number => roomFor(8 * d * n, 4 * n, 16 * d * nodesOf(n), 8 * n, 8 * nodesOf(n));
export interface Cloud {
  readonly n: number;
  /** in the tree's order */
  readonly x: Float64Array;
  readonly order: Int32Array;
  readonly box: Float64Array;
  readonly mass: BigInt64Array;
  readonly top: Float64Array;
}
export function emptyCloud(module: SolverModule, n: number, d: number): Cloud {
  const mass = module.f64(n);
  return {
    n,
    x: module.f64(d * n),
    order: module.i32(n),
    box: module.f64(2 * d * nodesOf(n)),
    mass: new BigInt64Array(mass.buffer, mass.byteOffset, n),
    top: module.f64(nodesOf(n)),
  };
}
/** Sorts the points that stand in x into a tree, masses with them. `finest`: depth to which neighbours stand together. */
function plant(module: SolverModule, d: number, { n, x, order, box, mass }: Cloud, finest: number): void {
  const before = mass.slice();
  module.exports.build!(n, d, x.byteOffset, order.byteOffset, box.byteOffset, finest);
  for (let i = 0; i < n; i++) mass[i] = before[order[i]!]!;
}

export interface Level {
  readonly a: Cloud;
  readonly b: Cloud;
  readonly v: Float64Array;
}
/** Points and masses of all levels: each is the cells of the trees of the one before. */
export function fill(
  module: SolverModule,
  d: number,
  levels: readonly Level[],
  given: readonly { readonly x: Float64Array; readonly mass: BigInt64Array }[],
): void {
  for (const [k, level] of levels.entries())
    for (const [s, cloud] of [level.a, level.b].entries()) {
      if (k === 0) {
        cloud.x.set(given[s]!.x);
        cloud.mass.set(given[s]!.mass);
      } else {
        const fine = s === 0 ? levels[k - 1]!.a : levels[k - 1]!.b;
        module.exports.cluster!(fine.n, d, fine.x.byteOffset, fine.mass.byteOffset, depthBetween(fine.n, cloud.n), cloud.x.byteOffset, cloud.mass.byteOffset);
      }
      const coarse = s === 0 ? levels[k + 1]?.a : levels[k + 1]?.b;
      plant(module, d, cloud, coarse ? Math.max(0, depthBetween(cloud.n, coarse.n)) : 0);
    }
}

export const unsorted = (order: Int32Array, sorted: Float64Array): Float64Array => {
  const out = new Float64Array(order.length);
  for (let k = 0; k < order.length; k++) out[order[k]!] = sorted[k]!;
  return out;
};
/** Bytes of the clouds of all levels, and of one potential each. */
export const levelBytes = (n: number, m: number, d: number): number =>
  sizes(n, m).reduce((s, [r, c]) => s + cloudBytes(r, d) + cloudBytes(c, d) + roomFor(8 * c), 0);
export const emptyLevels = (module: SolverModule, n: number, m: number, d: number): readonly Level[] =>
  sizes(n, m).map(([r, c]) => ({ a: emptyCloud(module, r, d), b: emptyCloud(module, c, d), v: module.f64(c) }));
/** The c-transform of potentials on the first cloud by its tree, from and to the points as they came; `room`: the module's scratch for both. */
export function treeTransform(module: SolverModule, d: number, { a, b }: Level, room: Uint8Array): (f: Float64Array) => Float64Array {
  return (f) => {
    const value = new Float64Array(module.memory.buffer, room.byteOffset, a.n);
    const out = new Float64Array(module.memory.buffer, room.byteOffset + 8 * a.n, b.n);
    for (let i = 0; i < a.n; i++) value[i] = f[a.order[i]!]!;
    coarseToFine(module, d, a, value.byteOffset, b, out);
    return unsorted(b.order, out);
  };
}
/** out_j = min_i c(x_i, y_j) - value_i for the values at that address. */
export function coarseToFine(module: SolverModule, d: number, a: Cloud, value: number, b: Cloud, out: Float64Array): void {
  module.exports.transform!(a.n, d, a.x.byteOffset, a.box.byteOffset, value, a.top.byteOffset, b.n, b.x.byteOffset, out.byteOffset);
}
