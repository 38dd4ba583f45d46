/** The line: the monotone coupling. */
import type { Cost, Coupling, Transport, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { certified, conventionOf } from "../certificate.ts";
import { powerCost } from "../cost.ts";
import { lifted } from "../lift.ts";
import { sortedOrder } from "../order.ts";
import { sparsePlan } from "../plan.ts";
import { type Atoms, atomsOf, cloud, transportProblem } from "../problem.ts";
import { quantileCoupling, refusesQuantiles } from "../quantile-plan.ts";
import { monotoneMinima, type Staircase, staircase, staircasePotential } from "../staircase.ts";

/** Up to this many pairs the judge looks at all of them; beyond, the convexity of the cost carries the c-transform. */
const PAIRS = 4e6;

export const line: Unit<"transport"> = defineTransport({
  kind: "line",
  title: "monotone coupling on the line",
  tex: String.raw`\min_P \sum_{ij} h(x_i - y_j)\, P_{ij} = \int_0^1 h\big(F_\mu^{-1}(s) - F_\nu^{-1}(s)\big)\, ds`,
  summary:
    "Exact transport on the line for any convex cost of the difference: both sides sorted and served in order, O(n log n). Atoms with weights, or densities on cells and quantile nodes by their quantile functions for powers of the distance (p = Infinity: the largest distance). Potentials along the staircase of the plan, feasible everywhere because the cost is Monge; the map where no atom splits.",
  refs: ["villani2003", "peyre2019", "burkard1996"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    label: "line",
    answer: "exact",
    refuses,
    estimate: (p) => {
      const n = sizeOf(p.from) + sizeOf(p.to);
      return { work: 20 * n * (1 + Math.ceil(Math.sqrt(Math.sqrt(n)))), bytes: 120 * n };
    },
    solve: solveLine,
  }),
});

function refuses(p: Transport): string | null {
  if (p.from.space.dim !== 1 || p.to.space.dim !== 1) return "takes measures on the line";
  if (p.epsilon > 0) return "knows no entropy";
  if (p.marginals.some((m) => m.kind !== "equal")) return "keeps both marginals as they are";
  if (!p.cost.line && p.cost.power !== Number.POSITIVE_INFINITY) return "takes convex costs h(x - y) only";
  if (p.from.rep === "particles" && p.to.rep === "particles") return null;
  return refusesQuantiles(p);
}
const sizeOf = (m: Transport["from"]): number =>
  m.rep === "particles" ? m.n : m.rep === "cells" ? m.space.cells!.n : m.rep === "quantiles" ? m.x.length : 1000;

function* solveLine(p: Transport): Work<TransportProgress, Coupling> {
  if (p.from.rep !== "particles" || p.to.rep !== "particles") return quantileCoupling(p, p.cost.power!);
  const a = atomsOf(p.from, "from");
  const b = atomsOf(p.to, "to");
  const sorted = sortBoth(a, b);
  yield { stage: "sorted", iteration: 0, gap: null, defect: null, fraction: 0.5 };
  const found = p.cost.power === Number.POSITIVE_INFINITY ? bottleneck(p.cost, a, b, sorted) : monotone(p.cost, a, b, sorted);
  return lifted(found, p.cost, p.from, p.to, a, b);
}

interface Sorted {
  readonly row: Uint32Array;
  readonly column: Uint32Array;
  readonly steps: Staircase;
}
function sortBoth(a: Atoms, b: Atoms): Sorted {
  const row = sortedOrder(a.n, a.x);
  const column = sortedOrder(b.n, b.x);
  return {
    row,
    column,
    steps: staircase(
      a.n,
      (r) => a.weight[row[r]!]!,
      b.n,
      (s) => b.weight[column[s]!]!,
    ),
  };
}
function planOf(a: Atoms, b: Atoms, { row, column, steps }: Sorted): ReturnType<typeof sparsePlan> {
  return sparsePlan(
    a.n,
    b.n,
    steps.i.map((r) => row[r]!),
    steps.j.map((s) => column[s]!),
    steps.mass,
  );
}

function monotone(cost: Cost, a: Atoms, b: Atoms, sorted: Sorted): Coupling {
  const { row, column, steps } = sorted;
  const at = (r: number, s: number): number => cost.at(row[r]!, column[s]!, a.n, a.x, b.n, b.x);
  const rising = staircasePotential(steps, a.n, at);
  const f = new Float64Array(a.n);
  for (let r = 0; r < a.n; r++) f[row[r]!] = rising[r]!;
  const plan = planOf(a, b, sorted);
  const large = a.n * b.n > PAIRS;
  const found = certified(cost, a, b, {
    solver: "line",
    status: "optimal",
    plan,
    f,
    iterations: 1,
    ...(large && {
      transform: () => {
        const g = new Float64Array(b.n);
        const least = monotoneMinima(a.n, rising, b.n, at);
        for (let s = 0; s < b.n; s++) g[column[s]!] = least[s]!;
        return g;
      },
      notes: [`The dual is feasible because the cost is a convex function of x - y: not all ${a.n * b.n} pairs were looked at.`],
    }),
  });
  const map = mapOf(a, b, sorted);
  return map ? { ...found, map } : found;
}

/** T as a step function through the atoms, where none of them splits. */
function mapOf(a: Atoms, b: Atoms, { row, column, steps }: Sorted): Coupling["map"] {
  const target = new Float64Array(a.n).fill(Number.NaN);
  for (let e = 0; e < steps.i.length; e++) {
    if (steps.mass[e] === 0) continue;
    const y = b.x[column[steps.j[e]!]!]!;
    const r = steps.i[e]!;
    if (!Number.isNaN(target[r]!) && target[r] !== y) return undefined;
    target[r] = y;
  }
  const x = Float64Array.from(row, (i) => a.x[i]!);
  for (let r = 1; r < a.n; r++) if (x[r] === x[r - 1] && target[r] !== target[r - 1]) return undefined;
  return (n, points, out) => {
    for (let q = 0; q < n; q++) {
      let lo = 0; // the last atom at or left of the point
      for (let hi = a.n - 1; lo < hi; ) {
        const k = (lo + hi + 1) >> 1;
        if (x[k]! <= points[q]!) lo = k;
        else hi = k - 1;
      }
      out[q] = target[lo]!;
    }
  };
}

/** The largest distance of the monotone coupling, and by Hall's condition the distance that some mass must go: rises of either distribution function. */
function bottleneck(cost: Cost, a: Atoms, b: Atoms, sorted: Sorted): Coupling {
  const { row, column, steps } = sorted;
  const slack = 1e-13 * a.mass;
  let value = 0;
  for (let e = 0; e < steps.i.length; e++)
    if (steps.mass[e]! > slack) value = Math.max(value, cost.at(row[steps.i[e]!]!, column[steps.j[e]!]!, a.n, a.x, b.n, b.x));
  const dual = Math.min(value, Math.max(farthest(a, row, b, column, slack), farthest(b, column, a, row, slack)));
  const plan = planOf(a, b, sorted);
  const judged = certified(powerCost(1), a, b, { solver: "line", status: "optimal", plan, f: new Float64Array(a.n), iterations: 1 });
  const map = mapOf(a, b, sorted);
  return {
    ...judged,
    value,
    regularised: value,
    dual,
    gap: value - dual,
    unregularised: { lower: dual, upper: value },
    potentials: null,
    convention: conventionOf(cost, 0),
    notes: [
      `Value is the largest distance that any mass moves; moves of less than ${slack.toExponential(1)} are rounding of the weights and do not count. The bound is Hall's: mass left of a point that finds too little room left of another.`,
    ],
    ...(map && { map }),
  };
}
/** max y_s - x_r such that the mass at and left of x_r exceeds that left of y_s: it must cross. */
function farthest(a: Atoms, row: Uint32Array, b: Atoms, column: Uint32Array, slack: number): number {
  let far = 0;
  let [here, there, s] = [0, 0, 0];
  for (let r = 0; r < a.n; r++) {
    here += a.weight[row[r]!]!;
    while (s < b.n - 1 && there + b.weight[column[s]!]! < here - slack) there += b.weight[column[s++]!]!;
    far = Math.max(far, b.x[column[s]!]! - a.x[row[r]!]!);
  }
  return far;
}

/**
 * Exact transport between points of the line for |x - y|^p, p >= 1, in O(n log n): `value` is W_p^p. Weights default to 1/n each.
 * @throws {SpecError | ShapeError} on empty or NaN input, unequal masses, p below 1
 */
export function transportOnLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  options: { readonly p?: number; readonly cost?: Cost; readonly weights?: readonly [ArrayLike<number>, ArrayLike<number>] } = {},
): Coupling {
  const [u, v] = options.weights ?? [];
  const work = solveLine(
    transportProblem({
      from: cloud(x, { name: "x", ...(u && { weights: u }) }),
      to: cloud(y, { name: "y", ...(v && { weights: v }) }),
      cost: options.cost ?? powerCost(options.p ?? 2),
    }),
  );
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
  }
}
