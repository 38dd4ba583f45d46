/** The flow of the energy distance to atoms on the line: every level moves on its own, Q'(s) = 2 factor mass (s - G(Q)), G the distribution function of the target. [hertrich2024] */
import type { Pair, Problem, Rows } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { particleCount } from "../measure/law.ts";
import { pointsLaw } from "../measure/points.ts";
import { storeParticles } from "../measure/store.ts";
import { sortedOrder } from "../transport/order.ts";
import { isOpen, isTransport, sharedOf } from "./match.ts";

/** Atoms in order with the level below each and above the last, [m + 1] from 0 to 1. */
export interface Steps {
  readonly y: Float64Array;
  readonly level: Float64Array;
}
export function stepsOf(n: number, x: Rows, weight: Rows): Steps {
  const order = sortedOrder(n, x);
  const level = new Float64Array(n + 1);
  for (let r = 0; r < n; r++) level[r + 1] = level[r]! + weight[order[r]!]!;
  const mass = level[n]!;
  for (let r = 1; r <= n; r++) level[r] = level[r]! / mass;
  return { y: Float64Array.from(order, (i) => x[i]!), level };
}
/** First place whose atom is right of q, or at q where `at` counts as right. */
function place(y: Float64Array, q: number, at: boolean): number {
  let [lo, hi] = [0, y.length];
  while (lo < hi) {
    const k = (lo + hi) >> 1;
    if (y[k]! < q || (!at && y[k] === q)) lo = k + 1;
    else hi = k;
  }
  return lo;
}
/**
 * Where the quantile of level s is after a time, from q: between atoms it moves at the constant speed `pull` (s - G), and it rests at the atom whose levels
 * hold s. Exact; O(log m + atoms passed).
 */
export function travelled({ y, level }: Steps, pull: number, s: number, q: number, time: number): number {
  let left = time;
  let k = place(y, q, false);
  for (let at = q; s > level[k]!; k++) {
    // beyond the last atom s - 1 < 0, so there is one more
    const speed = pull * (s - level[k]!);
    const wait = (y[k]! - at) / speed;
    if (wait >= left) return at + speed * left;
    left -= wait;
    at = y[k]!;
    if (!(s > level[k + 1]!)) return at;
  }
  k = place(y, q, true);
  for (let at = q; s < level[k]!; k--) {
    const speed = pull * (level[k]! - s);
    const wait = (at - y[k - 1]!) / speed;
    if (wait >= left) return at - speed * left;
    left -= wait;
    at = y[k - 1]!;
    if (!(s < level[k - 1]!)) return at;
  }
  return q;
}

/** most pairs of particles and atoms that are gone through for one look */
const MOST = 5e7;

/** The repulsion -factor |x - y| of the points and the same attraction to the target, and nothing else. */
function pullOf({ parts, initial, drift }: Problem): { readonly pull: number; readonly part: Pair } | null {
  const [first, second] = parts;
  if (parts.length !== 2 || drift.length > 0) return null;
  const pair = first?.form === "pair" ? first : second?.form === "pair" ? second : undefined;
  const field = first?.form === "field" ? first : second?.form === "field" ? second : undefined;
  const k = pair?.W.parabola;
  if (!pair || !field || !pair.target?.points || pair.target !== field.target || !k) return null;
  return k.square === 0 && k.linear < 0 ? { pull: -2 * k.linear * initial.mass, part: pair } : null;
}

export const energyDistanceLine: Unit<"exact"> = defineExact({
  kind: "energy-distance-line",
  title: "energy distance on the line",
  tex: "\\dot Q(s) = 2\\,\\bigl(s - F_\\pi(Q(s))\\bigr)",
  summary:
    "Under the energy distance to a target on the line each quantile moves on its own, at twice its level less that of the target where it is. Against atoms the speed is constant between them and the quantile rests at the atom that holds its level: exact for the particles as they are stored, each at the middle of its levels.",
  refs: ["hertrich2024"],
  params: {},
  examples: [],
  fits: { parts: ["field", "pair"] },
  build: () => (p: Problem) => {
    const pulled = p.space.dim === 1 && !p.space.cells && isTransport(p) && isOpen(p) ? pullOf(p) : null;
    const n = particleCount(p.initial);
    if (!pulled || !(p.initial.points || p.initial.draw) || n * pulled.part.target!.points!.n > MOST) return null;
    const { points } = pulled.part.target!;
    const steps = stepsOf(points!.n, points!.x, points!.weight);
    const [x, weight] = [new Float64Array(n), new Float64Array(n)];
    storeParticles(p.initial, n, p.seed, x, weight, p.space);
    const own = stepsOf(n, x, weight);
    const heavy = Float64Array.from(sortedOrder(n, x), (i) => weight[i]!);
    return {
      label: "energy-distance-line",
      title: "energy distance on the line, level by level",
      refs: ["hertrich2024"],
      // of the particles as they are stored, from the first time on
      law: (t) =>
        pointsLaw(
          1,
          n,
          own.y.map((q, r) => travelled(steps, pulled.pull, 0.5 * (own.level[r]! + own.level[r + 1]!), q, t - p.start)),
          heavy,
          sharedOf(p.initial),
        ),
    };
  },
});
