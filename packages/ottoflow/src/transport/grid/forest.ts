/**
 * Moves that form a forest: the plan of a coarse grid handed down to a finer one. Each coarse point hands its moves to its four children in order
 * (north-west corner): a star of moves becomes a chain, so what had no cycles has none afterwards, and the masses fit exactly.
 */
import type { Lattice } from "./lattice.ts";

/** Moves from points of one grid to points of another; all masses are positive whole numbers. */
export interface Forest {
  readonly count: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly mass: Float64Array;
}
export interface Whole {
  readonly lattice: Lattice;
  /** whole numbers */
  readonly mass: Float64Array;
}
const room = (count: number): { from: Int32Array; to: Int32Array; mass: Float64Array } => ({
  from: new Int32Array(count),
  to: new Int32Array(count),
  mass: new Float64Array(count),
});

/** Everything served in order of rows: a plan without a thought for its cost. */
export function firstForest(X: Whole, Y: Whole): Forest {
  const out = room(X.mass.length + Y.mass.length);
  let count = 0;
  let j = 0;
  let open = Y.mass[0]!;
  for (let i = 0; i < X.mass.length; i++) {
    let left = X.mass[i]!;
    while (left > 0) {
      while (open === 0) open = Y.mass[++j]!;
      const m = Math.min(left, open);
      out.from[count] = i;
      out.to[count] = j;
      out.mass[count++] = m;
      left -= m;
      open -= m;
    }
  }
  return { count, ...out };
}

/** The forest between the finer grids of which X and Y were made by `coarser`. */
export function handDown(forest: Forest, X: Whole, fineX: Whole, Y: Whole, fineY: Whole): Forest {
  const half = split(forest, X, fineX, Y);
  const turned = { count: half.count, from: half.to, to: half.from, mass: half.mass };
  const whole = split(turned, Y, fineY, fineX);
  return { count: whole.count, from: whole.to, to: whole.from, mass: whole.mass };
}

/** `from` of every move becomes a child of it. */
function split(forest: Forest, X: Whole, fine: Whole, Y: Whole): Forest {
  const out = room(forest.count + fine.mass.length);
  let count = 0;
  const { start, order } = grouped(forest, X.mass.length);
  const children = new Int32Array(4);
  const moves: number[] = [];
  for (let i = 0; i < X.mass.length; i++) {
    if (start[i] === start[i + 1]) continue;
    moves.length = 0;
    for (let e = start[i]!; e < start[i + 1]!; e++) moves.push(order[e]!);
    const [dx, dy] = direction(forest, moves, Y.lattice);
    const along = (e: number): number => dx * Math.floor(forest.to[e]! / Y.lattice.shape[1]) + dy * (forest.to[e]! % Y.lattice.shape[1]);
    if (moves.length > 1) moves.sort((a, b) => along(a) - along(b));
    const many = childrenOf(i, X.lattice, fine, dx, dy, children);
    let c = 0;
    let has = fine.mass[children[0]!]!;
    for (const e of moves) {
      let left = forest.mass[e]!;
      while (left > 0) {
        while (has === 0 && c < many - 1) has = fine.mass[children[++c]!]!;
        const m = Math.min(left, has);
        out.from[count] = children[c]!;
        out.to[count] = forest.to[e]!;
        out.mass[count++] = m;
        left -= m;
        has -= m;
      }
    }
  }
  return { count, ...out };
}
/** Moves of each point of the first grid. */
function grouped(forest: Forest, n: number): { start: Int32Array; order: Int32Array } {
  const start = new Int32Array(n + 1);
  for (let e = 0; e < forest.count; e++) start[forest.from[e]! + 1] = start[forest.from[e]! + 1]! + 1;
  for (let i = 0; i < n; i++) start[i + 1] = start[i + 1]! + start[i]!;
  const at = start.slice();
  const order = new Int32Array(forest.count);
  for (let e = 0; e < forest.count; e++) {
    const i = forest.from[e]!;
    order[at[i]!] = e;
    at[i] = at[i]! + 1;
  }
  return { start, order };
}
/** Where the targets of a point lie along: the axis of their widest spread, with the sign of their correlation. */
function direction(forest: Forest, moves: readonly number[], l: Lattice): readonly [number, number] {
  let [sx, sy, sxx, sxy, syy, m] = [0, 0, 0, 0, 0, 0];
  for (const e of moves) {
    const w = forest.mass[e]!;
    const [x, y] = [Math.floor(forest.to[e]! / l.shape[1]), forest.to[e]! % l.shape[1]];
    m += w;
    sx += w * x;
    sy += w * y;
    sxx += w * x * x;
    sxy += w * x * y;
    syy += w * y * y;
  }
  const [vx, vxy, vy] = [sxx - (sx * sx) / m, sxy - (sx * sy) / m, syy - (sy * sy) / m];
  return vx >= vy ? [Math.max(vx, 1e-300), vxy] : [vxy, Math.max(vy, 1e-300)];
}
/** The cells with mass that a coarse point stands for, in order along (dx, dy). */
function childrenOf(i: number, coarse: Lattice, fine: Whole, dx: number, dy: number, out: Int32Array): number {
  const [n0, n1] = fine.lattice.shape;
  const [s0, s1] = [n0 > 1 ? 1 : 0, n1 > 1 ? 1 : 0];
  const [r, c] = [Math.floor(i / coarse.shape[1]) << s0, (i % coarse.shape[1]) << s1];
  let many = 0;
  for (let a = 0; a <= s0; a++)
    for (let b = 0; b <= s1; b++) {
      if (r + a >= n0 || c + b >= n1) continue;
      const p = (r + a) * n1 + c + b;
      if (fine.mass[p]! === 0) continue;
      let k = many++;
      const place = (q: number): number => dx * Math.floor(q / n1) + dy * (q % n1);
      while (k > 0 && place(out[k - 1]!) > place(p)) {
        out[k] = out[k - 1]!;
        k--;
      }
      out[k] = p;
    }
  return many;
}
