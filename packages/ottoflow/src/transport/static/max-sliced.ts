/** Max-sliced Wasserstein: the direction on which the projections lie farthest apart, as a two-sided bound of W_p. */
import type { Coupling, Rows, Transport, TransportProgress, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { cos, sin } from "../../kernels/math.ts";
import { componentsOf, conventionOf, costOf, defectOf } from "../certificate.ts";
import { lifted } from "../lift.ts";
import { type Atoms, atomsOf } from "../problem.ts";
import { directionsOf, type Slicer, slicer } from "../slices.ts";
import { transportOnLine } from "./line.ts";
import { refusesSlices, sizeOf } from "./sliced.ts";

export const maxSliced: Unit<"transport"> = defineTransport({
  kind: "max-sliced",
  title: "max-sliced Wasserstein",
  tex: String.raw`\max_{|\theta| = 1} W_p^p(\theta_\# \mu, \theta_\# \nu) \le W_p^p(\mu, \nu)`,
  summary:
    "The direction whose projections are farthest apart, by search from many directions. Its potentials, functions of one coordinate, are feasible for the full cost: `dual` is max-sliced W_p^p and a certified lower bound of W_p^p. The monotone plan along that direction is a plan: `value` is its cost, an upper bound. Cheap brackets in any dimension, no optimum.",
  refs: ["deshpande2019", "rabin2011"],
  params: {
    starts: { type: "integer", default: 64, min: 2, max: 100000, doc: "directions to look at first; the best four are refined" },
    seed: { type: "integer", default: 1, doc: "of the directions" },
  },
  examples: [{ dim: 2, params: {} }],
  build: ({ starts, seed }) => ({
    label: "max-sliced",
    answer: "other-distance",
    refuses: refusesSlices,
    estimate: (p) => {
      const n = sizeOf(p.from) + sizeOf(p.to);
      return { work: (starts + 4 * ROUNDS * 30) * n * (30 + 3 * p.from.space.dim), bytes: 200 * n };
    },
    solve: (p) => solveMaxSliced(p, starts, seed),
  }),
});

/** Great circles searched from each of the best starts. */
const ROUNDS = 24;

function* solveMaxSliced(p: Transport, starts: number, seed: number): Work<TransportProgress, Coupling> {
  const a = atomsOf(p.from, "from");
  const b = atomsOf(p.to, "to");
  const room = slicer(a, b, p.cost.power!);
  const first = seeds(a, b, starts, seed);
  const ranked = first.map((theta) => ({ theta, cost: room.cost(theta) })).sort((s, t) => t.cost - s.cost);
  let best = ranked[0]!;
  for (const [k, start] of ranked.slice(0, a.d === 1 ? 0 : 4).entries()) {
    const found = climb(room, a.d, start.theta, start.cost, seed + k);
    if (found.cost > best.cost) best = found;
    if ((yield { stage: "climb", iteration: k + 1, gap: null, defect: null, fraction: (k + 1) / 4 }) === "stop") break;
  }
  return lifted(answerOf(p, a, b, room, best.theta, ranked.length), p.cost, p.from, p.to, a, b);
}
/** Spread directions and the one between the means. */
function seeds(a: Atoms, b: Atoms, starts: number, seed: number): Float64Array[] {
  const { d } = a;
  if (d === 1) return [Float64Array.of(1)];
  const all = directionsOf(d, starts, seed);
  const out = Array.from({ length: starts }, (_, j) => Float64Array.from({ length: d }, (_, k) => all[k * starts + j]!));
  const between = Float64Array.from({ length: d }, (_, k) => meanOf(a, k) - meanOf(b, k));
  if (normalise(between)) out.push(between);
  return out;
}
function meanOf(a: Atoms, k: number): number {
  let s = 0;
  for (let i = 0; i < a.n; i++) s += a.weight[i]! * a.x[k * a.n + i]!;
  return s / a.mass;
}
function normalise(v: Float64Array): boolean {
  const r = Math.sqrt(v.reduce((s, c) => s + c * c, 0));
  if (!(r > 0)) return false;
  for (let k = 0; k < v.length; k++) v[k] = v[k]! / r;
  return true;
}

/** Best points of great circles: towards the gradient and, since the maximum may sit on a ridge where gradients mislead, towards spread directions in turn. */
function climb(room: Slicer, d: number, from: Float64Array, cost: number, seed: number): { theta: Float64Array; cost: number } {
  let best = { theta: from, cost };
  const others = directionsOf(d, ROUNDS, seed);
  let reach = 0.5;
  for (let round = 0; round < ROUNDS; round++) {
    const gradient = new Float64Array(d);
    if (round % 2 === 0) room.alongTheta(best.theta, 1, gradient);
    else for (let k = 0; k < d; k++) gradient[k] = others[k * ROUNDS + round]!;
    const found = onCircle(room, best.theta, gradient, reach);
    if (found && found.cost > best.cost) best = found;
    else reach *= 0.7;
  }
  return best;
}
/** Golden section over angles within `reach` on the great circle through theta towards v. */
function onCircle(room: Slicer, theta: Float64Array, v: Float64Array, reach: number): { theta: Float64Array; cost: number } | null {
  const along = theta.reduce((s, c, k) => s + c * v[k]!, 0);
  const w = v.map((c, k) => c - along * theta[k]!);
  if (!normalise(w)) return null;
  const at = (angle: number): Float64Array => {
    const out = theta.map((c, k) => cos(angle) * c + sin(angle) * w[k]!);
    normalise(out);
    return out;
  };
  const golden = 0.5 * (Math.sqrt(5) - 1);
  let [lo, hi] = [-reach, reach];
  let [s, t] = [hi - golden * (hi - lo), lo + golden * (hi - lo)];
  let [fs, ft] = [room.cost(at(s)), room.cost(at(t))];
  for (let k = 0; k < 26; k++) {
    if (fs > ft) {
      [hi, t, ft] = [t, s, fs];
      s = hi - golden * (hi - lo);
      fs = room.cost(at(s));
    } else {
      [lo, s, fs] = [s, t, ft];
      t = lo + golden * (hi - lo);
      ft = room.cost(at(t));
    }
  }
  return fs > ft ? { theta: at(s), cost: fs } : { theta: at(t), cost: ft };
}

function answerOf(p: Transport, a: Atoms, b: Atoms, room: Slicer, theta: Rows, looked: number): Coupling {
  const power = p.cost.power!;
  room.cost(theta);
  const shadow = transportOnLine(room.u, room.v, { p: power, weights: [a.weight, b.weight] });
  const plan = shadow.plan!;
  const value = costOf(plan, p.cost, a, b);
  const figures: Record<string, number> = { maxSliced: shadow.value };
  for (let k = 0; k < Math.min(a.d, 16); k++) figures[`theta_${k + 1}`] = theta[k]!;
  return {
    solver: "max-sliced",
    status: "optimal",
    value,
    regularised: value,
    dual: shadow.dual,
    gap: value - shadow.dual,
    certifies: "discrete",
    unregularised: { lower: shadow.dual, upper: value },
    defect: defectOf(plan, a.weight, b.weight),
    potentials: shadow.potentials && { ...shadow.potentials, components: componentsOf(plan) },
    plan,
    iterations: looked,
    convention: `${conventionOf(p.cost, 0)}; max-sliced W_${power}^${power} = dual`,
    notes: [
      `A bracket, not the optimum: W_${power}^${power} lies between the largest slice found (dual, certified) and the cost of the plan that is monotone along it (value). Another direction may give a better one.`,
    ],
    figures,
  };
}
