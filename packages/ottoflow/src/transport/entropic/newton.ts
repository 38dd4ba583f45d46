/**
 * Truncated Newton for the semi-dual of entropic transport: each pass makes the rows best for the columns, and the potential of the columns moves by
 * (diag(q + epsilon t / weight) - tau P' diag(1/p) P) delta = epsilon (t - q), with p = P 1, q = P' 1 and t what the potentials ask q to be, solved by
 * conjugate gradients with P in float32. One iteration of these is a Sinkhorn iteration; many are Newton's step. The dual must rise, else the step is
 * shortened. Where marginals are at most, potentials at their cap stay. [brauer2017, tang2024]
 */
import { log } from "../../kernels/math.ts";
import { defectOf, dualOf, updateColumns } from "./measure.ts";
import type { Pairs } from "./pairs.ts";
import { balanced, damping, type Rules, targetOf, translate, updateOf } from "./rules.ts";

export interface IterationOptions {
  readonly epsilon: number;
  /** passes at most */
  readonly passes: number;
  /** P_ij / (a_i b_j) below which pairs may be left out */
  readonly theta: number;
  /** whether the potentials of the last pass will do; `defect` is two-sided: sum |P 1 - a| + sum |P' 1 - b|, a and b as bent by the rules */
  readonly enough: (defect: number) => boolean;
  readonly rules?: Rules;
}
export interface IterationState {
  readonly defect: number;
  readonly dual: number;
  readonly passes: number;
  /** products with P made by conjugate gradients */
  readonly products: number;
  readonly done: boolean;
  /** the defect has not fallen for a long while */
  readonly stalled: boolean;
}
export const begun: IterationState = { defect: Number.POSITIVE_INFINITY, dual: Number.NEGATIVE_INFINITY, passes: 0, products: 0, done: false, stalled: false };
/** Says when the least defect has not fallen by a twentieth in `patience` passes. */
export function openPatience(patience: number): (defect: number) => boolean {
  let least = Number.POSITIVE_INFINITY;
  let since = 0;
  return (defect) => {
    if (defect < 0.95 * least) {
      least = defect;
      since = 0;
    } else since++;
    return since >= patience;
  };
}
export type Iteration = Generator<IterationState, IterationState, "stop" | undefined>;

/** Exponents that columns may be off by for a Newton step to be worth its price, and that a step may change. */
const NEAR = 4;
const LONGEST = 8;
/** a step shorter than this is given up for a Sinkhorn iteration */
const SHORTEST = 1e-3;

export function* newton(p: Pairs, { epsilon, enough, passes: most, theta, rules = balanced }: IterationOptions, patience = 100): Iteration {
  const solver = openDirection(p, rules, epsilon);
  const [start, before] = [new Float64Array(p.b.padded), new Float64Array(p.b.padded)];
  const move = (scale: number): void => {
    for (let j = 0; j < p.b.n; j++) p.g[j] = Math.min(rules[1].cap, start[j]! + scale * solver.direction[j]!);
  };
  let held: { dual: number; scale: number } | null = null;
  let products = 0;
  let state = begun;
  const outOfPatience = openPatience(patience);
  for (let passes = 1; passes <= most; passes++) {
    p.select(epsilon, theta);
    for (const _ of p.pass(epsilon, { update: updateOf(rules[0], epsilon), columns: true, store: p.storable })) if ((yield state) === "stop") return state;
    const defect = defectOf(p, epsilon, rules);
    const dual = dualOf(p, epsilon, rules);
    state = { defect, dual, passes, products, done: enough(defect), stalled: outOfPatience(defect) };
    if (state.done || state.stalled || passes === most) return state;
    if (held && !(dual >= held.dual - 1e-12 * Math.abs(held.dual)) && held.scale > SHORTEST) {
      held.scale *= 0.25;
      move(held.scale);
      continue;
    }
    before.set(p.g);
    const far = updateColumns(p, epsilon, 1, rules[1]);
    if (far > NEAR || (held && held.scale <= SHORTEST)) {
      translate(p, rules);
      held = null;
      continue;
    }
    p.g.set(before);
    // where not all of P fits, its largest entries, scaled to the sums of all
    const whole = p.storable;
    if (!whole && !(yield* storeLargest(p, epsilon, theta, state))) {
      updateColumns(p, epsilon, 1, rules[1]);
      translate(p, rules);
      held = null;
      continue;
    }
    const solved = yield* heeding(solver.solve(whole, Math.max(1e-4, Math.min(0.1, 0.3 * far))), state);
    if (solved === null) return state;
    products += solved;
    start.set(before);
    let longest = 0;
    for (let j = 0; j < p.b.n; j++) longest = Math.max(longest, Math.abs(solver.direction[j]!));
    held = { dual, scale: Math.min(whole ? 1 : spreadOf(solver.mass), (LONGEST * epsilon) / longest) };
    move(held.scale);
  }
  return state;
}

/** Passes its pauses on; null where it was told to stop. */
function* heeding<R>(work: Generator<void, R>, state: IterationState): Generator<IterationState, R | null, "stop" | undefined> {
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    if ((yield state) === "stop") return null;
  }
}
function* storeLargest(p: Pairs, epsilon: number, theta: number, state: IterationState): Generator<IterationState, boolean, "stop" | undefined> {
  const work = p.storeLargest(epsilon, theta);
  for (;;) {
    const next = work.next();
    if (next.done) return next.value;
    yield state;
  }
}

/**
 * A Gaussian cut off so that this part of its mass is left has less variance, by this factor in the plane; smooth errors seem that much larger to the
 * Hessian of what is left than they are.
 */
function spreadOf(mass: number): number {
  const rest = Math.max(1e-12, 1 - mass);
  return Math.max(0.2, 1 + (log(rest) * rest) / (1 - rest));
}

/**
 * Products after which a step is taken as it is. Where epsilon is tiny a plan hangs together by few pairs and steps cut short bring ever less (p = 1 stalled
 * at a defect of 4e-7): each one that was doubles what the next may take.
 */
const CG_MOST = 150;
const CG_LONGEST = 2400;
/** Entries of the plan that products look at between two pauses. */
const ENTRIES = 3e7;
/** Conjugate gradients for Newton's step, preconditioned by the diagonal. */
function openDirection(
  p: Pairs,
  [first, second]: Rules,
  epsilon: number,
): {
  readonly direction: Float64Array /** part of P that was stored */;
  readonly mass: number;
  solve(whole: boolean, tolerance: number): Generator<void, number>;
} {
  const m = p.b.n;
  const rows = Array.from({ length: 6 }, () => new Float64Array(p.b.padded));
  const [x, r, z, s, out, diagonal] = rows as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const [u, scale] = [new Float64Array(p.a.padded), new Float64Array(p.a.padded)];
  const tau = damping(first, epsilon);
  let mass = 1;
  let most = CG_MOST;
  /** right side, diagonal and weights of the rows; columns at their cap that need not move get no equation */
  const prepare = (whole: boolean): void => {
    for (let i = 0; i < p.a.n; i++) scale[i] = p.f[i]! >= first.cap || p.ratio[i] === 0 ? 0 : tau / p.ratio[i]!;
    for (let j = 0; j < m; j++) {
      const t = targetOf(second, p.b.weight[j]!, p.g[j]!);
      const still = p.g[j]! >= second.cap && t >= p.column[j]!;
      r[j] = still ? 0 : epsilon * (t - p.column[j]!);
      diagonal[j] = still ? Number.POSITIVE_INFINITY : p.column[j]! + (epsilon * t) / second.weight;
    }
    if (!whole) rescale();
  };
  /** rows of the stored part scaled to sum to what all of them do; its own column sums take the place of q, so that constants stay in the kernel */
  const rescale = (): void => {
    s.fill(1);
    p.through(s, u, out);
    let [part, all] = [0, 0];
    for (let i = 0; i < p.a.n; i++) {
      part += p.a.weight[i]! * u[i]!;
      all += p.a.weight[i]! * p.ratio[i]!;
    }
    mass = part / all;
    for (let i = 0; i < p.a.n; i++) scale[i] = u[i]! > 0 ? (scale[i]! * p.ratio[i]! * p.ratio[i]!) / (u[i]! * u[i]!) : 0;
    p.through(s, u, out, scale);
    for (let j = 0; j < m; j++) if (diagonal[j] !== Number.POSITIVE_INFINITY && out[j]! > 0) diagonal[j] = diagonal[j]! - p.column[j]! + out[j]! / tau;
  };
  return {
    direction: x,
    get mass() {
      return mass;
    },
    /** to `tolerance` of the first residual; returns the number of products with P */
    *solve(whole, tolerance) {
      prepare(whole);
      const pause = Math.max(1, Math.round(ENTRIES / p.count));
      x.fill(0);
      let rz = 0;
      for (let j = 0; j < m; j++) {
        z[j] = r[j]! / diagonal[j]!;
        s[j] = z[j]!;
        rz += r[j]! * z[j]!;
      }
      const enough = tolerance * tolerance * rz;
      let k = 0;
      while (k < most && rz > enough) {
        k++;
        if (k % pause === 0) yield;
        p.through(s, u, out, scale);
        let curvature = 0;
        for (let j = 0; j < m; j++) {
          out[j] = diagonal[j] === Number.POSITIVE_INFINITY ? 0 : diagonal[j]! * s[j]! - out[j]!;
          curvature += s[j]! * out[j]!;
        }
        if (!(curvature > 0)) break;
        const alpha = rz / curvature;
        let next = 0;
        for (let j = 0; j < m; j++) {
          if (diagonal[j] === Number.POSITIVE_INFINITY) continue;
          x[j] = x[j]! + alpha * s[j]!;
          r[j] = r[j]! - alpha * out[j]!;
          z[j] = r[j]! / diagonal[j]!;
          next += r[j]! * z[j]!;
        }
        const beta = next / rz;
        rz = next;
        for (let j = 0; j < m; j++) s[j] = z[j]! + beta * s[j]!;
      }
      if (k >= most) most = Math.min(2 * most, CG_LONGEST);
      return k;
    },
  };
}
