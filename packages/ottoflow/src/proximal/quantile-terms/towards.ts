import type { Target } from "../../contract.ts";
import { eachOverlap } from "../../energy/forms/to-line.ts";
import type { Line, Term } from "./term.ts";

/**
 * rate W2^2(., target) / 2 = rate mass int (X - Y)^2 ds / 2 with X linear between the nodes of the measure and Y between those of the target: both are
 * linear where a cell of one meets a cell of the other, so value and gradient are sums over n + m overlaps, exact and free of cancellation.
 * The Hessian is the metric itself, so a step is a linear system.
 */
export function towardsTerm(rate: number, target: NonNullable<Target["line"]>, { n, mass, share }: Line): Term {
  const level = new Float64Array(n);
  for (let i = 0; i < n - 1; i++) level[i + 1] = level[i]! + share[i]! / mass;
  level[n - 1] = 1;
  const cell: number[] = [];
  const rows: number[][] = [[], [], [], [], []];
  eachOverlap(n - 1, level, target, (i, s, t, y, z) => {
    const width = level[i + 1]! - level[i]!;
    cell.push(i);
    for (const [k, v] of [(s - level[i]!) / width, (t - level[i]!) / width, y, z, rate * mass * (t - s)].entries()) rows[k]!.push(v);
  });
  const at = Int32Array.from(cell);
  const [from, to, left, right, weight] = rows.map((v) => Float64Array.from(v)) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  /** X - Y at both ends of overlap e */
  const gap = (x: Float64Array, e: number): readonly [number, number] => {
    const i = at[e]!;
    const dx = x[i + 1]! - x[i]!;
    return [x[i]! + from[e]! * dx - left[e]!, x[i]! + to[e]! * dx - right[e]!];
  };
  return {
    modulus: rate,
    value(x) {
      let s = 0;
      for (let e = 0; e < at.length; e++) {
        const [u, v] = gap(x, e);
        s += weight[e]! * (u * u + u * v + v * v);
      }
      return s / 6;
    },
    gradient(x, _t, g) {
      for (let e = 0; e < at.length; e++) {
        const [u, v] = gap(x, e);
        const [i, a, b, w] = [at[e]!, from[e]!, to[e]!, weight[e]!];
        // int (X - Y) times the hat of the right node, which runs from a to b here; the hat of the left node is the rest
        const half = (w * (2 * a * u + a * v + b * u + 2 * b * v)) / 6;
        g[i + 1] = g[i + 1]! + half;
        g[i] = g[i]! + 0.5 * w * (u + v) - half;
      }
    },
    hessian(_x, _t, h) {
      for (let i = 0; i < n - 1; i++) {
        const w = (rate * share[i]!) / 6;
        h.diagonal[i] = h.diagonal[i]! + 2 * w;
        h.diagonal[i + 1] = h.diagonal[i + 1]! + 2 * w;
        h.off[i] = h.off[i]! + w;
      }
    },
  };
}
