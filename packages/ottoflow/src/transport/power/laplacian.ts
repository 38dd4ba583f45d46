/** The weighted graph Laplacian of neighbouring cells: conjugate gradients with an incomplete factorisation that keeps row sums nearly. [gustafsson1978] */
import type { Cells } from "./diagram.ts";

export interface LaplaceSolver {
  /** z with L z = r up to `part` of its size, for r of sum 0; z has the mean 0. Returns the iterations. */
  solve(cells: Cells, r: Float64Array, part: number, z: Float64Array): number;
}
const dot = (a: Float64Array, b: Float64Array): number => {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!;
  return s;
};
/** How much of the fill that is dropped goes to the diagonal: all of it would make the factor as singular as L. */
const KEPT = 0.98;

/** Neighbours before and after every row, with their weights. */
interface Half {
  readonly start: Int32Array;
  readonly to: Int32Array;
  readonly weight: Float64Array;
}
const openHalf = (n: number): Half => ({ start: new Int32Array(n + 1), to: new Int32Array(3 * n), weight: new Float64Array(3 * n) });
function fillHalf(half: Half, n: number, edges: number, row: Int32Array, column: Int32Array, rate: Float64Array, up: boolean, at: Int32Array): void {
  const { start, to, weight } = half;
  start.fill(0);
  const here = (e: number): number => (row[e]! < column[e]! === up ? row[e]! : column[e]!);
  for (let e = 0; e < edges; e++) {
    const i = here(e);
    start[i + 1] = start[i + 1]! + 1;
  }
  for (let i = 0; i < n; i++) start[i + 1] = start[i + 1]! + start[i]!;
  at.set(start.subarray(0, n));
  for (let e = 0; e < edges; e++) {
    const i = here(e);
    const k = at[i]!;
    to[k] = row[e]! + column[e]! - i;
    weight[k] = rate[e]!;
    at[i] = k + 1;
  }
}

/** For n cells; best when neighbours have near numbers. */
export function openLaplace(n: number): LaplaceSolver {
  const row = (): Float64Array => new Float64Array(n);
  const [res, dir, image, pre, diagonal, pivot] = [row(), row(), row(), row(), row(), row()];
  const at = new Int32Array(n);
  const [lower, upper] = [openHalf(n), openHalf(n)];
  const gather = ({ from, to, rate, edges }: Cells): void => {
    fillHalf(lower, n, edges, from, to, rate, false, at);
    fillHalf(upper, n, edges, from, to, rate, true, at);
    diagonal.fill(0);
    for (let e = 0; e < edges; e++) {
      diagonal[from[e]!] = diagonal[from[e]!]! + rate[e]!;
      diagonal[to[e]!] = diagonal[to[e]!]! + rate[e]!;
    }
    // a cell without neighbours stays where it is
    for (let i = 0; i < n; i++) if (diagonal[i] === 0) diagonal[i] = 1;
    factor(n, diagonal, upper, pivot);
  };
  const apply = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      let s = diagonal[i]! * v[i]!;
      for (let k = lower.start[i]!; k < lower.start[i + 1]!; k++) s -= lower.weight[k]! * v[lower.to[k]!]!;
      for (let k = upper.start[i]!; k < upper.start[i + 1]!; k++) s -= upper.weight[k]! * v[upper.to[k]!]!;
      out[i] = s;
    }
  };
  /** out = ((P - L) P^-1 (P - U))^-1 v with the pivots P */
  const sweep = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      let s = v[i]!;
      for (let k = lower.start[i]!; k < lower.start[i + 1]!; k++) s += lower.weight[k]! * out[lower.to[k]!]!;
      out[i] = s / pivot[i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let s = 0;
      for (let k = upper.start[i]!; k < upper.start[i + 1]!; k++) s += upper.weight[k]! * out[upper.to[k]!]!;
      out[i] = out[i]! + s / pivot[i]!;
    }
  };
  return {
    solve(cells, r, part, z) {
      gather(cells);
      z.fill(0);
      res.set(r);
      sweep(res, pre);
      dir.set(pre);
      let rho = dot(res, pre);
      const enough = part * Math.sqrt(dot(r, r));
      let k = 0;
      for (; k < 20 * Math.sqrt(n) + 200 && Math.sqrt(dot(res, res)) > enough; k++) {
        apply(dir, image);
        const alpha = rho / dot(dir, image);
        if (!Number.isFinite(alpha)) break;
        for (let i = 0; i < n; i++) {
          z[i] = z[i]! + alpha * dir[i]!;
          res[i] = res[i]! - alpha * image[i]!;
        }
        sweep(res, pre);
        const next = dot(res, pre);
        const beta = next / rho;
        for (let i = 0; i < n; i++) dir[i] = pre[i]! + beta * dir[i]!;
        rho = next;
      }
      let mean = 0;
      for (let i = 0; i < n; i++) mean += z[i]! / n;
      for (let i = 0; i < n; i++) z[i] = z[i]! - mean;
      return k;
    },
  };
}

/** Pivots of an incomplete Cholesky factor with the pattern of L whose rows sum to nearly those of L: only diagonals change. */
function factor(n: number, diagonal: Float64Array, { start, to, weight }: Half, pivot: Float64Array): void {
  pivot.set(diagonal);
  for (let i = 0; i < n; i++) {
    // what rounding would make negative falls back on the diagonal itself
    if (!(pivot[i]! > 1e-3 * diagonal[i]!)) pivot[i] = diagonal[i]!;
    let all = 0;
    for (let k = start[i]!; k < start[i + 1]!; k++) all += weight[k]!;
    for (let k = start[i]!; k < start[i + 1]!; k++) {
      const [j, w] = [to[k]!, weight[k]!];
      pivot[j] = pivot[j]! - (w / pivot[i]!) * (w + KEPT * (all - w));
    }
  }
}
