/** F = W2^2(., target) / 2 on the line, through the quantile function Y of the target: exact for all storages, O(n + m). [villani2003] */
import type { As, Law, On, Rows, Space } from "../../contract.ts";
import { costOfPieces, type Pieces, piecesOf, piecesOfAtoms, valueAt } from "../../measure/line.ts";
import { massOf } from "../../measure/rows.ts";
import { gradedLevels, storeQuantiles } from "../../measure/store.ts";
import { sortedOrder } from "../../transport/order.ts";
import { asTarget } from "./target.ts";

/** nodes of the quantile function of a law without atoms, crowded towards the tails */
const NODES = 2001;

/** The quantile function of the target: steps for atoms, else linear between nodes that are exact. */
export function pieceTarget(to: Law, space: Space): Pieces {
  if (to.points) return piecesOfAtoms(to.points.n, to.points.x, to.points.weight ?? new Float64Array(to.points.n).fill(1));
  const level = new Float64Array(NODES);
  const x = new Float64Array(NODES);
  gradedLevels(NODES, level);
  asTarget(() => storeQuantiles(to, level, x));
  return piecesOf({ rep: "quantiles", space, x, level, mass: to.mass })!;
}

/** Visits where interval i of the rising levels [n + 1] meets a piece of b: from level s to t, where Y runs from y to z. */
export function eachOverlap(n: number, level: Rows, b: Pieces, visit: (i: number, s: number, t: number, y: number, z: number) => void): void {
  for (let i = 0, j = 0, s = 0; i < n && j < b.n; ) {
    const t = Math.min(level[i + 1]!, b.level[j + 1]!);
    if (t > s) visit(i, s, t, valueAt(b, j, s), valueAt(b, j, t));
    s = Math.max(s, t);
    if (level[i + 1]! <= t) i++;
    if (b.level[j + 1]! <= t) j++;
  }
}
/** Y at a level */
function quantileAt(b: Pieces, level: number): number {
  let [lo, hi] = [0, b.n - 1];
  while (lo < hi) {
    const k = (lo + hi) >> 1;
    if (b.level[k + 1]! < level) lo = k + 1;
    else hi = k;
  }
  return valueAt(b, lo, level);
}
const half = (m: As<"particles"> | As<"quantiles"> | As<"cells">, b: Pieces): number => 0.5 * massOf(m) * costOfPieces(2, piecesOf(m)!, b);

/** Atom i sits on its interval of levels; the gradient is x_i minus the mean of Y there. */
export function particlesToLine(b: Pieces): On<As<"particles">> {
  let level = new Float64Array(0);
  let mean = new Float64Array(0);
  return {
    value: (m) => half(m, b),
    slope(m, _t, out) {
      const { n, x, weight } = m;
      if (mean.length !== n) [mean, level] = [new Float64Array(n), new Float64Array(n + 1)];
      const order = sortedOrder(n, x);
      for (let r = 0; r < n; r++) level[r + 1] = level[r]! + weight[order[r]!]!;
      const mass = level[n]!;
      for (let r = 1; r < n; r++) level[r] = level[r]! / mass;
      level[n] = 1;
      mean.fill(0);
      eachOverlap(n, level, b, (r, s, t, y, z) => {
        mean[r] = mean[r]! + 0.5 * (t - s) * (y + z);
      });
      for (let r = 0; r < n; r++) {
        const share = level[r + 1]! - level[r]!;
        const i = order[r]!;
        out[i] = x[i]! - (share > 0 ? mean[r]! / share : quantileAt(b, level[r]!));
      }
    },
  };
}

export function quantilesToLine(b: Pieces): On<As<"quantiles">> {
  return {
    value: (m) => half(m, b),
    slope(m, _t, out) {
      for (let i = 0; i < m.x.length; i++) out[i] = m.x[i]! - quantileAt(b, m.level[i]!);
    },
  };
}

/**
 * Of densities constant on cells, where the target takes their mass M: F = M W2^2(rho / M, target) / 2. dF/drho is Kantorovich's potential,
 * phi' = x - Y(F(x)), averaged over each cell and with the constant that makes F homogeneous of degree one. phi is piecewise quadratic: all integrals are exact.
 */
export function cellsToLine(b: Pieces): On<As<"cells">> {
  return {
    value: (m) => half(m, b),
    slope(m, _t, out) {
      const a = piecesOf(m)!;
      let [phi, j] = [0, 0];
      for (let i = 0; i < a.n; i++) {
        const [from, to, left, right] = [a.level[i]!, a.level[i + 1]!, a.left[i]!, a.right[i]!];
        let sum = 0;
        /** phi' runs from u to v over a stretch dx */
        const go = (dx: number, u: number, v: number): void => {
          sum += dx * (phi + (dx * (2 * u + v)) / 6);
          phi += 0.5 * dx * (u + v);
        };
        if (to > from)
          for (let s = from, x = left; s < to; ) {
            while (j < b.n - 1 && b.level[j + 1]! <= s) j++;
            const t = b.level[j + 1]! > s ? Math.min(to, b.level[j + 1]!) : to;
            const z = t === to ? right : left + ((right - left) * (t - from)) / (to - from);
            go(z - x, x - valueAt(b, j, s), z - valueAt(b, j, t));
            [s, x] = [t, z];
          }
        else {
          const y = quantileAt(b, from);
          go(right - left, left - y, right - y);
        }
        out[i] = sum / (right - left);
      }
      let mean = 0;
      for (let i = 0; i < a.n; i++) mean += (a.level[i + 1]! - a.level[i]!) * out[i]!;
      const constant = 0.5 * costOfPieces(2, a, b) - mean;
      for (let i = 0; i < a.n; i++) out[i] = out[i]! + constant;
    },
  };
}
