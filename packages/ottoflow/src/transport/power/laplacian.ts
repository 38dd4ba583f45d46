/** The weighted graph Laplacian of neighbouring cells, solved by conjugate gradients with incomplete Cholesky's diagonal. */
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

/** Rows of the Laplacian are gathered from the list of edges once per solve; symmetric successive relaxation is the preconditioner. */
export function openLaplace(n: number): LaplaceSolver {
  const [res, dir, image, pre, diagonal] = Array.from({ length: 5 }, () => new Float64Array(n)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const start = new Int32Array(n + 1);
  const at = new Int32Array(n);
  const neighbour = new Int32Array(6 * n);
  const weight = new Float64Array(6 * n);
  const gather = ({ from, to, rate, edges }: Cells): void => {
    start.fill(0);
    diagonal.fill(0);
    for (let e = 0; e < edges; e++)
      for (const i of [from[e]!, to[e]!]) {
        start[i + 1] = start[i + 1]! + 1;
        diagonal[i] = diagonal[i]! + rate[e]!;
      }
    for (let i = 0; i < n; i++) start[i + 1] = start[i + 1]! + start[i]!;
    at.set(start.subarray(0, n));
    for (let e = 0; e < edges; e++) {
      const [i, j] = [from[e]!, to[e]!];
      neighbour[at[i]!] = j;
      weight[at[i]!] = rate[e]!;
      at[i] = at[i]! + 1;
      neighbour[at[j]!] = i;
      weight[at[j]!] = rate[e]!;
      at[j] = at[j]! + 1;
    }
    // a cell without neighbours stays where it is
    for (let i = 0; i < n; i++) if (diagonal[i] === 0) diagonal[i] = 1;
  };
  const apply = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      let s = diagonal[i]! * v[i]!;
      for (let k = start[i]!; k < start[i + 1]!; k++) s -= weight[k]! * v[neighbour[k]!]!;
      out[i] = s;
    }
  };
  /** out = (D - L)^-T D (D - L)^-1 v: one sweep forth and one back */
  const sweep = (v: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      let s = v[i]!;
      for (let k = start[i]!; k < start[i + 1]!; k++) if (neighbour[k]! < i) s += weight[k]! * out[neighbour[k]!]!;
      out[i] = s / diagonal[i]!;
    }
    for (let i = n - 1; i >= 0; i--) {
      let s = 0;
      for (let k = start[i]!; k < start[i + 1]!; k++) if (neighbour[k]! > i) s += weight[k]! * out[neighbour[k]!]!;
      out[i] = out[i]! + s / diagonal[i]!;
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
