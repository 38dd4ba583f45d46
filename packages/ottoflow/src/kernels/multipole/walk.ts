import { log } from "../math.ts";
import type { Tree } from "./tree.ts";

/** What is done with the pairs of nodes that a walk ends at. */
export interface Visitor {
  /** far enough apart: moments of order below `ks` of the source make the target's series up to order `ls` */
  far(target: number, source: number, ks: number, ls: number): void;
  /** all pairs of their points */
  near(target: number, source: number): void;
}

/** entries of the tables below */
const steps = 2048;
/** 1 / -log q for quotients of radii and distances, at the upper end of each step */
const inverseLog: Float64Array = /* @__PURE__ */ Float64Array.from({ length: steps }, (_, i) =>
  i + 1 < steps ? -1 / log((i + 1) / steps) : Number.POSITIVE_INFINITY,
);
/** log((1 - v) / (1 + v)) likewise */
const logClose: Float64Array = /* @__PURE__ */ Float64Array.from({ length: steps }, (_, i) =>
  i + 1 < steps ? log((1 - (i + 1) / steps) / (1 + (i + 1) / steps)) : Number.NEGATIVE_INFINITY,
);

/** time of one pair of points over that of one pair of orders, and over the fixed part of a far pair */
const pairCost = 2.6;
const farCost = 350;
const orderCost = 14;

/**
 * Walks down both trees at once. For circles of radii a (source), b (target) at distance R the series cut at orders k < K and l < L is off by
 *
 *     q^K / (R - a - b) + p^L / (R - a - b),   q = a / (R - b),  p = b / (R - a),
 *
 * since the terms |s|^k |t|^l C(k + l, k) / R^(k + l + 1) beyond K add up to q^K / (R - a - b), and those beyond L alike. No term of the sum is
 * smaller than 1 / (R + a + b), so K and L are chosen with (q^K + p^L) (R + a + b) / (R - a - b) <= error: every term of the sum is within
 * `error` of itself. Pairs that need orders beyond `most` are divided, and those that are cheaper point by point are done so.
 */
export function walk(target: Tree, source: Tree, error: number, most: number, visit: Visitor): void {
  const goal = log(0.5 * error);
  const stack: number[] = [0, 0];
  const same = target === source;
  while (stack.length > 0) {
    const s = stack.pop()!;
    const t = stack.pop()!;
    const a = source.radius[s]!;
    const b = target.radius[t]!;
    // points of one place have no force on each other
    if (same && s === t && a === 0) continue;
    const pairs = source.count[s]! * target.count[t]!;
    const dx = target.cx[t]! - source.cx[s]!;
    const dy = target.cy[t]! - source.cy[s]!;
    const R = Math.sqrt(dx * dx + dy * dy) * (1 - 1e-15);
    if (a + b < R) {
      const room = goal + logClose[Math.floor(((a + b) / R) * steps)]!;
      const ks = order(room, a / (R - b));
      const ls = order(room, b / (R - a));
      if (ks <= most && ls <= most) {
        if (ks * ls + orderCost * (ks + ls) + farCost < pairCost * pairs) visit.far(t, s, ks, ls);
        else visit.near(t, s);
        continue;
      }
    }
    const leafS = source.child[s] === 0;
    const leafT = target.child[t] === 0;
    if (leafS && leafT) visit.near(t, s);
    else if (leafT || (!leafS && a >= b)) {
      const c = source.child[s]!;
      stack.push(t, c + 1, t, c);
    } else {
      const c = target.child[t]!;
      stack.push(c + 1, s, c, s);
    }
  }
}

/** the least multiple of four at or above log(error) / log(q), at least four */
function order(room: number, q: number): number {
  const at = Math.floor(q * steps);
  return at >= steps - 1 ? Number.POSITIVE_INFINITY : Math.max(4, 4 * Math.ceil((-room * inverseLog[at]!) / 4));
}
