/** Two densities on grids of their own over one WASM memory: conjugates between them, images under gradients, steps in H^-1. */
import * as generated from "../../kernels/back-and-forth.gen.ts";
import { cos, sin } from "../../kernels/math.ts";
import { openModule, roomFor, type SolverModule } from "../../kernels/solver-module.ts";
import { type Lattice, sizeOf } from "./lattice.ts";

export interface Density {
  readonly lattice: Lattice;
  /** masses of the cells around the points */
  readonly mass: Float64Array;
}
/** One side: its masses, its convex potential, and rows to work with. */
export interface Side extends Density {
  readonly u: Float64Array;
  /** what the other side's mass makes here */
  readonly image: Float64Array;
  /** (-Laplace)^-1 of density less image */
  readonly step: Float64Array;
  readonly kept: Float64Array;
}
export interface Pair {
  readonly sides: readonly [Side, Side];
  /** u of the other side = conjugate of u of this */
  conjugate(side: 0 | 1): void;
  /** image on the other side = masses of this under the gradient of its u */
  push(side: 0 | 1): void;
  /** step = (-Laplace)^-1 (density - image of what comes here); returns its squared norm in H^-1 */
  solve(side: 0 | 1): number;
  readonly bytes: number;
}

/** Smallest 2^a 3^b 5^c that is at least n: the lengths of our cosine transforms. */
export function smoothAbove(n: number): number {
  for (let k = n; ; k++) {
    let r = k;
    for (const p of [2, 3, 5]) while (r % p === 0) r /= p;
    if (r === 1) return k;
  }
}
/** The density on a grid whose rows have a length that transforms: empty cells are added after the last. */
export function padded(d: Density): Density {
  const [n0, n1] = d.lattice.shape;
  const wide = smoothAbove(n1);
  if (wide === n1) return d;
  const mass = new Float64Array(n0 * wide);
  for (let i = 0; i < n0; i++) mass.set(d.mass.subarray(i * n1, (i + 1) * n1), i * wide);
  return { lattice: { ...d.lattice, shape: [n0, wide] }, mass };
}

interface Waves {
  readonly roots: Float64Array;
  readonly turn: Float64Array;
  readonly lambda: Float64Array;
}
/** Roots of unity, quarter turns and eigenvalues of the second difference for rows of this grid. */
function wavesOf(m: SolverModule, l: Lattice): Waves {
  const n = l.shape[1];
  const waves = { roots: m.f64(2 * n), turn: m.f64(2 * n), lambda: m.f64(n + (n % 2)) };
  for (let k = 0; k < n; k++) {
    waves.roots[2 * k] = cos((2 * Math.PI * k) / n);
    waves.roots[2 * k + 1] = sin((2 * Math.PI * k) / n);
    waves.turn[2 * k] = cos((Math.PI * k) / (2 * n));
    waves.turn[2 * k + 1] = sin((Math.PI * k) / (2 * n));
    const s = sin((Math.PI * k) / (2 * n)) / l.h[1];
    waves.lambda[k] = 4 * s * s;
  }
  // an unused place, which must not be singular
  if (n % 2 === 1) waves.lambda[n] = 1;
  return waves;
}
const even = (n: number): number => n + (n % 2);

/** Bytes of a pair on these grids. */
export function pairBytes(X: Lattice, Y: Lattice): number {
  const long = Math.max(X.shape[0], X.shape[1], Y.shape[0], Y.shape[1]);
  const hat = Math.max(X.shape[0] * even(X.shape[1]), Y.shape[0] * even(Y.shape[1]));
  const own = [X, Y].map((l) => roomFor(...new Array(5).fill(8 * sizeOf(l)), ...new Array(3).fill(16 * (l.shape[1] + 1))));
  const first = Math.max(X.shape[0] * Y.shape[1], Y.shape[0] * X.shape[1]);
  return own[0]! + own[1]! + roomFor(8 * hat, 8 * Math.max(hat, first), 80 * (long + 2), 8 * long, 16 * (long + 4), 64 * (long + 2));
}

/** Opens both densities; rows of a density must be smooth (`padded`). */
export function openPair(from: Density, to: Density): Pair {
  const bytes = pairBytes(from.lattice, to.lattice);
  const m = openModule(generated, bytes);
  const open = ({ lattice, mass }: Density): Side => {
    const n = sizeOf(lattice);
    const side = { lattice, mass: m.f64(n), u: m.f64(n), image: m.f64(n), step: m.f64(n), kept: m.f64(n) };
    side.mass.set(mass);
    return side;
  };
  const sides = [open(from), open(to)] as const;
  const waves = [wavesOf(m, from.lattice), wavesOf(m, to.lattice)] as const;
  const long = Math.max(...from.lattice.shape, ...to.lattice.shape);
  const wide = sides.map((s) => s.lattice.shape[0] * even(s.lattice.shape[1]));
  const first = sides.map((s, k) => s.lattice.shape[0] * sides[1 - k]!.lattice.shape[1]);
  const hat = m.f64(Math.max(...wide));
  const work = m.f64(Math.max(...wide, ...first));
  const room = m.f64(10 * (long + 2));
  const column = m.f64(long);
  const spare = m.f64(2 * (long + 4));
  const buffer = m.f64(8 * (long + 2));
  const { legendre, push, poisson } = m.exports as unknown as Record<string, (...a: number[]) => number>;
  return {
    sides,
    bytes,
    conjugate(k) {
      const [a, b] = [sides[k]!, sides[1 - k]!];
      const at = (l: Lattice): readonly number[] => [...l.origin, ...l.h];
      legendre!(...a.lattice.shape, ...at(a.lattice), a.u.byteOffset, ...b.lattice.shape, ...at(b.lattice), b.u.byteOffset, work.byteOffset, room.byteOffset);
    },
    push(k) {
      const [a, b] = [sides[k]!, sides[1 - k]!];
      const [l, t] = [a.lattice, b.lattice];
      push!(...l.shape, ...l.h, a.u.byteOffset, a.mass.byteOffset, ...t.shape, ...t.origin, ...t.h, b.image.byteOffset, room.byteOffset);
    },
    solve(k) {
      const { lattice, mass, image, step } = sides[k]!;
      const { roots, turn, lambda } = waves[k]!;
      const cell = lattice.h[0] * lattice.h[1];
      // `step` holds the right-hand side first: rows are read before they are written
      for (let i = 0; i < step.length; i++) step[i] = (mass[i]! - image[i]!) / cell;
      poisson!(...lattice.shape, lattice.h[0], ...[roots, turn, lambda, step, step, hat, work, column, spare, buffer].map((row) => row.byteOffset));
      let s = 0;
      for (let i = 0; i < step.length; i++) s += step[i]! * (mass[i]! - image[i]!);
      return s;
    },
  };
}
