/** The circle: the best cyclic shift of the monotone coupling. */
import type { Cost, Coupling, Transport, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { certified } from "../certificate.ts";
import { circleCost } from "../cost.ts";
import { lifted } from "../lift.ts";
import { sortedOrder } from "../order.ts";
import { sparsePlan } from "../plan.ts";
import { type Atoms, atomsOf, cloud, transportProblem } from "../problem.ts";
import { monotoneMinima, staircase } from "../staircase.ts";

const PAIRS = 4e6;
/** Levels closer than this count as one: what rounding of running sums can do. */
const TOUCH = 1e-13;

export const circle: Unit<"transport"> = defineTransport({
  kind: "circle",
  title: "monotone coupling on the circle",
  tex: String.raw`\min_\theta \int_0^1 h\big(F_\mu^{-1}(s) - F_\nu^{-1}(s + \theta)\big)\, ds`,
  summary:
    "Exact transport between atoms on a circle for convex increasing costs of the arc length: the circle is cut and unrolled, and the shift of levels at the cut is found by bisection on the slope of a convex function, O((n + m) log) in all. Potentials come from the condition that they close up around the circle; they are feasible everywhere.",
  refs: ["delon2010", "rabin2011"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    label: "circle",
    answer: "exact",
    refuses,
    estimate: (p) => {
      const n = sizeOf(p.from) + sizeOf(p.to);
      return { work: 1500 * n, bytes: 200 * n };
    },
    solve: solveCircle,
  }),
});

function refuses(p: Transport): string | null {
  if (!p.cost.circle) return "takes costs of the arc length on a circle";
  if (p.from.space.dim !== 1 || p.to.space.dim !== 1) return "takes angles, one number per point";
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  for (const m of [p.from, p.to]) if (m.rep !== "particles" && m.rep !== "cells") return `takes atoms, not ${m.rep}`;
  return null;
}
const sizeOf = (m: Transport["from"]): number => (m.rep === "particles" ? m.n : (m.space.cells?.n ?? 0));

/** One side unrolled: place k of any sign is atom order[k mod n] at x + length * floor(k / n), and ends at level `level` + floor(k / n). */
interface Unrolled {
  readonly n: number;
  readonly order: Uint32Array;
  readonly x: Float64Array;
  readonly weight: Float64Array;
  /** [n + 1], from 0 to 1 */
  readonly level: Float64Array;
}
function unrolled(a: Atoms, length: number): Unrolled {
  const angle = a.x.map((v) => {
    const r = v - length * Math.floor(v / length);
    return r < length ? r : 0;
  });
  const order = sortedOrder(a.n, angle);
  const level = new Float64Array(a.n + 1);
  for (let k = 0; k < a.n; k++) level[k + 1] = level[k]! + a.weight[order[k]!]!;
  for (let k = 1; k < a.n; k++) level[k] = level[k]! / level[a.n]!;
  level[a.n] = 1;
  return { n: a.n, order, x: Float64Array.from(order, (i) => angle[i]!), weight: Float64Array.from(order, (i) => a.weight[i]!), level };
}

/** The shift of levels, and what the potential gains from row to row once around: it must close up to zero. */
interface Shift {
  /** sum of `low` and of `high`: falls as the shift grows; 0 in between at the optimum */
  readonly least: number;
  readonly most: number;
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** places where the next row and column begin together */
  readonly corner: readonly [row: number, column: number];
}
function shifted(a: Unrolled, b: Unrolled, length: number, h: (r: number) => number, theta: number): Shift {
  const { n } = a;
  const m = b.n;
  const x = (k: number): number => (k < n ? a.x[k]! : a.x[k - n]! + length);
  const y = (k: number): number => b.x[k - m * Math.floor(k / m)]! + length * Math.floor(k / m);
  const begin = (k: number): number => b.level[k - m * Math.floor(k / m)]! + Math.floor(k / m);
  const low = new Float64Array(n);
  const high = new Float64Array(n);
  let [least, most] = [0, 0];
  let corner: [number, number] = [0, 0];
  let near = Number.POSITIVE_INFINITY;
  let j = m * Math.floor(theta);
  for (let i = 0; i < n; i++) {
    const s = a.level[i + 1]! + theta;
    while (begin(j + 1) <= s + TOUCH) j++;
    let first = j;
    while (begin(first) >= s - TOUCH) first--;
    const gain = (k: number): number => h(Math.abs(x(i + 1) - y(k))) - h(Math.abs(x(i) - y(k)));
    high[i] = gain(first);
    low[i] = first === j ? high[i]! : gain(j);
    least += low[i]!;
    most += high[i]!;
    for (let k = first + 1; k <= j; k++)
      if (Math.abs(begin(k) - s) < near) {
        near = Math.abs(begin(k) - s);
        corner = [(i + 1) % n, k - m * Math.floor(k / m)];
      }
  }
  return { least, most, low, high, corner };
}

function bestShift(a: Unrolled, b: Unrolled, length: number, h: (r: number) => number): { shift: Shift; theta: number; steps: number } {
  let [lo, hi] = [-1, 1];
  for (let steps = 1; ; steps++) {
    const theta = 0.5 * (lo + hi);
    const shift = shifted(a, b, length, h, theta);
    const done = hi - lo < 0.25 * TOUCH;
    if (done || (shift.least <= 0 && shift.most >= 0 && shift.least < shift.most)) return { shift, theta, steps };
    if (shift.least > 0 || (shift.least === 0 && shift.most === 0)) lo = theta;
    else hi = theta;
  }
}

function* solveCircle(p: Transport): Work<TransportProgress, Coupling> {
  const a = atomsOf(p.from, "from");
  const b = atomsOf(p.to, "to");
  const { length, h } = p.cost.circle!;
  const u = unrolled(a, length);
  const v = unrolled(b, length);
  yield { stage: "sorted", iteration: 0, gap: null, defect: null, fraction: 0.2 };
  const { shift, theta, steps } = bestShift(u, v, length, h);
  yield { stage: "shift found", iteration: steps, gap: null, defect: null, fraction: 0.7 };
  const f = potential(u, shift);
  const found = certified(p.cost, a, b, {
    solver: "circle",
    status: "optimal",
    plan: planFrom(u, v, shift.corner),
    f,
    iterations: steps,
    figures: { shift: theta },
    ...(a.n * b.n > PAIRS && {
      transform: () => transformAround(p.cost, u, v, f),
      notes: [`The dual is feasible because the cost is a convex function of the arc length: not all ${a.n * b.n} pairs were looked at.`],
    }),
  });
  return lifted(found, p.cost, p.from, p.to, a, b);
}

/** Gains between their bounds that sum to zero, added up. */
function potential(u: Unrolled, { least, most, low, high }: Shift): Float64Array {
  const t = most > least ? Math.max(0, Math.min(1, -least / (most - least))) : 0;
  const f = new Float64Array(u.n);
  let sum = 0;
  for (let k = 0; k < u.n; k++) {
    f[u.order[k]!] = sum;
    sum += low[k]! + t * (high[k]! - low[k]!);
  }
  return f;
}
function planFrom(u: Unrolled, v: Unrolled, [row, column]: readonly [number, number]): ReturnType<typeof sparsePlan> {
  const i = (k: number): number => (row + k) % u.n;
  const j = (k: number): number => (column + k) % v.n;
  const steps = staircase(
    u.n,
    (k) => u.weight[i(k)]!,
    v.n,
    (k) => v.weight[j(k)]!,
  );
  return sparsePlan(
    u.n,
    v.n,
    steps.i.map((k) => u.order[i(k)]!),
    steps.j.map((k) => v.order[j(k)]!),
    steps.mass,
  );
}
/** g_j = min_i c_ij - f_i over three turns of the unrolled rows: there the cost is Monge. */
function transformAround(cost: Cost, u: Unrolled, v: Unrolled, f: Float64Array): Float64Array {
  const { length, h } = cost.circle!;
  const n = u.n;
  const x = Float64Array.from({ length: 3 * n }, (_, k) => u.x[k % n]! + length * (Math.floor(k / n) - 1));
  const fx = Float64Array.from({ length: 3 * n }, (_, k) => f[u.order[k % n]!]!);
  const least = monotoneMinima(3 * n, fx, v.n, (r, s) => h(Math.abs(x[r]! - v.x[s]!)));
  const g = new Float64Array(v.n);
  for (let s = 0; s < v.n; s++) g[v.order[s]!] = least[s]!;
  return g;
}

/**
 * Exact transport between angles on a circle of the given length (2 pi unless said) for (arc length)^p, p >= 1: `value` is W_p^p.
 * @throws {SpecError | ShapeError} on empty or NaN input, unequal masses, p below 1
 */
export function transportOnCircle(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly p?: number; readonly length?: number; readonly weights?: readonly [ArrayLike<number>, ArrayLike<number>] } = {},
): Coupling {
  const [a, b] = options.weights ?? [];
  const work = solveCircle(
    transportProblem({
      from: cloud(x, { name: "x", ...(a && { weights: a }) }),
      to: cloud(y, { name: "y", ...(b && { weights: b }) }),
      cost: circleCost(options.p ?? 2, options.length ?? 2 * Math.PI),
    }),
  );
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
