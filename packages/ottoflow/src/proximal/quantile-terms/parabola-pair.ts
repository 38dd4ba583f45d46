import type { Kernel } from "../../contract.ts";
import { quadraticPairTerm } from "./quadratic-pair.ts";
import type { Line, Term } from "./term.ts";

/**
 * (1/2) iint k for k = constant + linear r + square r^2 / 2, r = |x - y|, in closed form and O(n): on the line
 * (1/2) iint |X(s) - X(s')| ds ds' = int (2 s - 1) X(s) ds is linear in the ordered nodes, so the kink at 0 costs nothing.
 */
export function parabolaPairTerm(k: NonNullable<Kernel["parabola"]>, line: Line): Term {
  const { n, share, mass } = line;
  const square = quadraticPairTerm(k.square, line);
  const force = new Float64Array(n);
  for (let i = 0, below = 0; i < n - 1; i++) {
    // 2 s - 1 at both ends of the cell
    const a = (2 * below) / mass - 1;
    below += share[i]!;
    const b = (2 * below) / mass - 1;
    const w = (k.linear * mass * share[i]!) / 6;
    force[i] = force[i]! + w * (2 * a + b);
    force[i + 1] = force[i + 1]! + w * (a + 2 * b);
  }
  return {
    modulus: square.modulus,
    rank: square.rank,
    value(x, t) {
      let s = 0;
      for (let i = 0; i < n; i++) s += force[i]! * x[i]!;
      return s + square.value(x, t) + 0.5 * k.constant * mass * mass;
    },
    gradient(x, t, g) {
      for (let i = 0; i < n; i++) g[i] = g[i]! + force[i]!;
      square.gradient(x, t, g);
    },
    hessian: (x, t, h) => square.hessian(x, t, h),
  };
}
