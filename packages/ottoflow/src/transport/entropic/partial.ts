/**
 * Partial entropic transport: a given mass moves, each marginal at most what is there. Ascent of the dual by turns in f <= 0 and in both g <= 0 and the
 * price lambda of mass: Dykstra's algorithm in the Kullback-Leibler geometry with two of its three projections made one, since the price by itself creeps.
 * Potentials of the rows are kept as f + lambda. [benamou2015]
 */
import { exp, log } from "../../kernels/math.ts";
import { columnAfresh, defects, massOf, total } from "./measure.ts";
import { begun, type Iteration, type IterationOptions, type IterationState, newton, openPatience } from "./newton.ts";
import type { Pairs } from "./pairs.ts";
import { dualTerm, type Rules } from "./rules.ts";

/** Turns before Newton's method takes over. */
const TURNS = 30;
/** Prices that are tried, and by how many epsilon one may change. */
const PRICES = 40;
/** Passes that Newton's method may take; then the turns go on. */
const SPENT = 1000;
const LONGEST = 16;

export interface Partial {
  /** price of a unit of mass */
  lambda: number;
  /** rows at most a under f + lambda <= lambda, columns at most b */
  readonly rules: () => Rules;
  readonly iterate: (p: Pairs, o: IterationOptions) => Iteration;
  readonly dual: (p: Pairs, epsilon: number) => number;
}
export function openPartial(mass: number): Partial {
  const partial: Partial = {
    lambda: 0,
    rules: () => [
      { kind: "at-most", weight: Number.POSITIVE_INFINITY, cap: partial.lambda },
      { kind: "at-most", weight: Number.POSITIVE_INFINITY, cap: 0 },
    ],
    dual: (p, epsilon) => {
      const [first, second] = partial.rules();
      const s = dualTerm(first, p.a.n, p.a.weight, p.f) - partial.lambda * total(p.a.weight) + dualTerm(second, p.b.n, p.b.weight, p.g);
      return s + partial.lambda * mass - epsilon * (massOf(p) + p.left(epsilon) - total(p.a.weight) * total(p.b.weight));
    },
    *iterate(p, { epsilon, enough, passes: most }) {
      // rows of which all pairs are left out as too far would not follow the price
      const theta = 0;
      let state = begun;
      let outOfPatience = openPatience(2000);
      for (let [passes, turn] = [1, 1]; passes <= most; passes++, turn++) {
        p.select(epsilon, theta);
        for (const _ of p.pass(epsilon, { update: { cap: partial.lambda }, columns: true })) if ((yield state) === "stop") return state;
        const [rows, columns] = defects(p, partial.rules());
        const moved = massOf(p);
        const defect = rows + columns + Math.abs(moved - mass);
        state = { defect, dual: partial.dual(p, epsilon), passes, products: 0, done: enough(defect), stalled: outOfPatience(defect) };
        if (state.done || state.stalled || passes === most) return state;
        if (turn === TURNS && p.storable) {
          const found = yield* byPrice(p, partial, mass, { epsilon, enough, passes: Math.min(most, passes + SPENT), theta }, state);
          if (found.done || found.passes >= most) return found;
          passes = found.passes;
          outOfPatience = openPatience(2000);
          // the price has just moved: once more at the same columns
          continue;
        }
        const rise = raiseColumns(p, epsilon, mass);
        partial.lambda += rise;
        for (let i = 0; i < p.a.n; i++) p.f[i] = p.f[i]! + rise;
      }
      return state;
    },
  };
  return partial;
}

/**
 * The problem at a price is one whose marginals are at most the measures, which Newton's method solves; the mass it moves rises with the price. So the price is
 * the root of one equation, found by secants between bounds.
 */
function* byPrice(p: Pairs, partial: Partial, mass: number, { epsilon, enough, passes: most, theta }: IterationOptions, begin: IterationState): Iteration {
  let state = begin;
  let last: { readonly lambda: number; readonly off: number } | null = null;
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let tolerance = 1e-2 * mass;
  for (let k = 0; k < PRICES && state.passes < most; k++) {
    const inner = newton(p, { epsilon, theta, rules: partial.rules(), passes: most - state.passes, enough: (d) => d <= tolerance });
    let next = inner.next();
    while (!next.done) {
      if ((yield state) === "stop") return state;
      next = inner.next();
    }
    const [rows, columns] = defects(p, partial.rules());
    const moved = massOf(p);
    const defect = rows + columns + Math.abs(moved - mass);
    const { passes, products } = next.value;
    state = {
      defect,
      dual: partial.dual(p, epsilon),
      passes: state.passes + passes,
      products: state.products + products,
      done: enough(defect),
      stalled: false,
    };
    if (state.done) return state;
    const { lambda } = partial;
    const off = log(Math.max(moved, 1e-300) / mass);
    if (off < 0) low = Math.max(low, lambda);
    else high = Math.min(high, lambda);
    const slope: number = last && lambda !== last.lambda ? (off - last.off) / (lambda - last.lambda) : 0;
    let wanted: number = lambda - (slope > 0 ? off / slope : epsilon * off);
    wanted = Math.min(lambda + LONGEST * epsilon, Math.max(lambda - LONGEST * epsilon, wanted));
    if (!(wanted > low && wanted < high)) wanted = 0.5 * (low + high);
    if (!Number.isFinite(wanted) || wanted === lambda) break;
    last = { lambda, off };
    partial.lambda = wanted;
    tolerance = Math.max(1e-13 * mass, 1e-3 * Math.abs(moved - mass));
  }
  return state;
}
/**
 * The best g <= 0 and price together: columns have min(b_j, E s_j), s_j what reaches them at g = 0, and E is where these add up to the mass. Tells by how much the
 * price rises, which is still to be added to the rows' potentials.
 */
function raiseColumns(p: Pairs, epsilon: number, mass: number): number {
  const { n, weight } = p.b;
  // of what is below float64, without entropy
  const fill = Float64Array.from({ length: n }, (_, j) =>
    p.column[j]! > 1e-290 ? log(p.column[j]! / weight[j]!) - p.g[j]! / epsilon : -columnAfresh(p, j) / epsilon,
  );
  const rise = levelOf(weight, fill, mass);
  if (!Number.isFinite(rise)) return 0;
  for (let j = 0; j < n; j++) p.g[j] = Math.min(0, -epsilon * (fill[j]! + rise));
  return epsilon * rise;
}
/** The level l with sum w_i min(1, exp(fill_i + l)) = mass; NaN where nothing can be filled. */
function levelOf(weight: ArrayLike<number>, fill: Float64Array, mass: number): number {
  const order = Array.from(fill.keys())
    .filter((i) => fill[i]! > Number.NEGATIVE_INFINITY)
    .sort((i, k) => fill[k]! - fill[i]!);
  // masses of those from a place on that are not full, over the exponential of the first of them
  const rest = new Float64Array(order.length + 1);
  for (let k = order.length - 1; k >= 0; k--) {
    const next = k + 1 < order.length ? rest[k + 1]! * exp(fill[order[k + 1]!]! - fill[order[k]!]!) : 0;
    rest[k] = weight[order[k]!]! + next;
  }
  let level = order.length > 0 ? -fill[order[order.length - 1]!]! : Number.NaN;
  for (let [k, full] = [0, 0]; k < order.length && mass > full; full += weight[order[k]!]!, k++) {
    const above = log((mass - full) / rest[k]!);
    if (above > 0) continue;
    level = above - fill[order[k]!]!;
    break;
  }
  return level;
}
