import type { Line, Term } from "./term.ts";

/**
 * (1/2) iint factor |x - y|^2 / 2 = factor / 2 * mass * int |x - mean|^2, in closed form. Its Hessian is a chain minus
 * factor * lump lump': translations cost nothing, so the modulus is min(0, factor * mass).
 */
export function quadraticPairTerm(factor: number, line: Line): Term {
  const { n, share, mass } = line;
  const mean = (x: Float64Array): number => {
    let s = 0;
    for (let i = 0; i < n - 1; i++) s += share[i]! * (x[i]! + x[i + 1]!);
    return s / (2 * mass);
  };
  return {
    modulus: Math.min(0, factor * mass),
    rank: -factor,
    value(x) {
      const m = mean(x);
      let s = 0;
      for (let i = 0; i < n - 1; i++) {
        const u = x[i]! - m;
        const v = x[i + 1]! - m;
        s += share[i]! * (u * u + u * v + v * v);
      }
      return (factor * mass * s) / 6;
    },
    gradient(x, _t, g) {
      const m = mean(x);
      for (let i = 0; i < n - 1; i++) {
        const u = x[i]! - m;
        const v = x[i + 1]! - m;
        const w = (factor * mass * share[i]!) / 6;
        g[i] = g[i]! + w * (2 * u + v);
        g[i + 1] = g[i + 1]! + w * (u + 2 * v);
      }
    },
    hessian(_x, _t, h) {
      for (let i = 0; i < n - 1; i++) {
        const w = (factor * mass * share[i]!) / 6;
        h.diagonal[i] = h.diagonal[i]! + 2 * w;
        h.diagonal[i + 1] = h.diagonal[i + 1]! + 2 * w;
        h.off[i] = h.off[i]! + w;
      }
    },
  };
}
