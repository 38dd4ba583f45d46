/** The flow of the energy distance on the line: every level moves on its own, Q'(s) = 2 factor mass (s - G(Q)), G the distribution function of the target. [hertrich2024] */
import type { Pair, Problem, Rows, Target } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { expm1, log } from "../kernels/math.ts";
import { particleCount } from "../measure/law.ts";
import { type Pieces, piecesOfAtoms } from "../measure/line.ts";
import { pointsLaw } from "../measure/points.ts";
import { storeParticles } from "../measure/store.ts";
import { sortedOrder } from "../transport/order.ts";
import { isOpen, isTransport, sharedOf } from "./match.ts";

/** A target and its mirror image, so that all motion is to the right. */
export interface Goal {
  readonly ahead: Pieces;
  readonly mirrored: Pieces;
}
export function goalOf(ahead: Pieces): Goal {
  const turn = (a: Float64Array, f: (v: number) => number): Float64Array => Float64Array.from(a, f).reverse();
  const minus = (v: number): number => -v;
  return { ahead, mirrored: { n: ahead.n, level: turn(ahead.level, (v) => 1 - v), left: turn(ahead.right, minus), right: turn(ahead.left, minus) } };
}

/**
 * Where the quantile of level s is after a time, from q: it moves at the speed `pull` (s - G), constant where the target has no mass, relaxing
 * exponentially where its density is constant, and rests where its level is met, at an atom if that holds it. Exact; O(log m + pieces passed).
 */
export function travelled(goal: Goal, pull: number, s: number, q: number, time: number): number {
  const right = ahead(goal.ahead, pull, s, q, time);
  return right > q ? right : -ahead(goal.mirrored, pull, 1 - s, -q, time);
}
function ahead({ n, level, left, right }: Pieces, pull: number, s: number, q: number, time: number): number {
  let [at, rest, k] = [q, time, firstBeyond(n, right, q)];
  for (; k < n && rest > 0; k++) {
    if (at < left[k]!) {
      const speed = pull * (s - level[k]!);
      if (!(speed > 0)) return at;
      const wait = (left[k]! - at) / speed;
      if (wait >= rest) return at + speed * rest;
      rest -= wait;
      at = left[k]!;
    }
    if (right[k]! > left[k]!) {
      const density = (level[k + 1]! - level[k]!) / (right[k]! - left[k]!);
      const lack = s - (level[k]! + density * (at - left[k]!));
      if (!(lack > 0)) return at;
      const rate = pull * density;
      const wait = s > level[k + 1]! ? log(lack / (s - level[k + 1]!)) / rate : Number.POSITIVE_INFINITY;
      if (wait >= rest) return density > 0 ? at - (lack / density) * expm1(-rate * rest) : at + pull * lack * rest;
      rest -= wait;
      at = right[k]!;
    } else if (!(s > level[k + 1]!)) return at;
  }
  // right of all of the target nothing pulls on
  return at;
}
/** First piece that ends right of q. */
function firstBeyond(n: number, right: Float64Array, q: number): number {
  let [lo, hi] = [0, n];
  while (lo < hi) {
    const k = (lo + hi) >> 1;
    if (right[k]! <= q) lo = k + 1;
    else hi = k;
  }
  return lo;
}

/** most pairs of particles and pieces that are gone through for one look */
const MOST = 1e7;

/** The repulsion -factor |x - y| of the points and the same attraction to the target, and nothing else. */
function pullOf({ parts, initial, drift }: Problem): { readonly pull: number; readonly target: Pieces } | null {
  const [first, second] = parts;
  if (parts.length !== 2 || drift.length > 0) return null;
  const pair = first?.form === "pair" ? first : second?.form === "pair" ? second : undefined;
  const field = first?.form === "field" ? first : second?.form === "field" ? second : undefined;
  const k = pair?.W.parabola;
  if (!pair || !field || !pair.target || pair.target !== field.target || !k) return null;
  const target = piecesOfTarget(pair);
  return target && k.square === 0 && k.linear < 0 ? { pull: -2 * k.linear * initial.mass, target } : null;
}
function piecesOfTarget({ target }: Pair): Pieces | null {
  const { points, line }: Pick<Target, "points" | "line"> = target ?? {};
  return line ?? (points ? piecesOfAtoms(points.n, points.x, points.weight) : null);
}
/** Levels in the middle of those of each particle, in order. */
function ownLevels(n: number, weight: Rows, order: Uint32Array): Float64Array {
  const out = new Float64Array(n);
  let below = 0;
  for (let r = 0; r < n; r++) {
    out[r] = below + 0.5 * weight[order[r]!]!;
    below += weight[order[r]!]!;
  }
  return out.map((v) => v / below);
}

export const energyDistanceLine: Unit<"exact"> = defineExact({
  kind: "energy-distance-line",
  title: "energy distance on the line",
  tex: "\\dot Q(s) = 2\\,\\bigl(s - F_\\pi(Q(s))\\bigr)",
  summary:
    "Under the energy distance to a target on the line each quantile moves on its own, at twice its level less that of the target where it is: at a constant speed where the target has no mass, relaxing where its density is constant, at rest where its level is met. Exact for the particles as they are stored, each at the middle of its levels.",
  refs: ["hertrich2024"],
  params: {},
  examples: [],
  fits: { parts: ["field", "pair"] },
  build: () => (p: Problem) => {
    const pulled = p.space.dim === 1 && !p.space.cells && isTransport(p) && isOpen(p) ? pullOf(p) : null;
    const n = particleCount(p.initial);
    if (!pulled || !(p.initial.points || p.initial.draw) || n * pulled.target.n > MOST) return null;
    const goal = goalOf(pulled.target);
    const [x, weight] = [new Float64Array(n), new Float64Array(n)];
    storeParticles(p.initial, n, p.seed, x, weight, p.space);
    const order = sortedOrder(n, x);
    const level = ownLevels(n, weight, order);
    return {
      label: "energy-distance-line",
      title: "energy distance on the line, level by level",
      refs: ["hertrich2024"],
      // of the particles as they are stored, from the first time on
      law: (t) =>
        pointsLaw(
          1,
          n,
          level.map((s, r) => travelled(goal, pulled.pull, s, x[order[r]!]!, t - p.start)),
          Float64Array.from(order, (i) => weight[i]!),
          sharedOf(p.initial),
        ),
    };
  },
});
