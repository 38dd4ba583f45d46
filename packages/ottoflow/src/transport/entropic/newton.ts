/**
 * Truncated Newton for the semi-dual of balanced entropic transport: the rows are kept exact by the pass, and the potential of the columns moves by
 * (diag(q) - P' diag(1/a) P) delta = epsilon (b - q), q = P' 1, solved by conjugate gradients with P in float32. One iteration of these is a Sinkhorn
 * iteration; many are Newton's step. The dual must rise, else the step is shortened. [brauer2017, tang2024]
 */
import { defects, dualOf, farthest, updateColumns } from "./measure.ts";
import type { Pairs } from "./pairs.ts";

export interface IterationOptions {
  readonly epsilon: number;
  /** passes at most */
  readonly passes: number;
  /** P_ij / (a_i b_j) below which pairs may be left out */
  readonly theta: number;
  /** whether the potentials of the last pass will do; `defect` is two-sided: sum |P 1 - a| + sum |P' 1 - b| */
  readonly enough: (defect: number) => boolean;
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
export const begun: IterationState = { defect: Number.POSITIVE_INFINITY, dual: Number.NEGATIVE_INFINITY, passes: 0, products: 0, done: false, stalled: false };

/** Exponents that columns may be off by for a Newton step to be worth its price, and that a step may change. */
const NEAR = 4;
const LONGEST = 8;
/** a step shorter than this is given up for a Sinkhorn iteration */
const SHORTEST = 1e-3;

export function* newton(p: Pairs, { epsilon, enough, passes: most, theta }: IterationOptions): Iteration {
  const solver = openDirection(p);
  const start = new Float64Array(p.b.padded);
  const move = (scale: number): void => {
    for (let j = 0; j < p.b.n; j++) p.g[j] = start[j]! + scale * solver.direction[j]!;
  };
  let held: { dual: number; scale: number } | null = null;
  let products = 0;
  let state = begun;
  const outOfPatience = openPatience(100);
  for (let passes = 1; passes <= most; passes++) {
    p.select(epsilon, theta);
    for (const _ of p.pass(epsilon, { update: {}, columns: true, store: p.storable })) if ((yield state) === "stop") return state;
    const [rows, columns] = defects(p);
    const dual = dualOf(p, epsilon);
    state = { defect: rows + columns, dual, passes, products, done: enough(rows + columns), stalled: outOfPatience(rows + columns) };
    if (state.done || state.stalled || passes === most) return state;
    if (held && !(dual >= held.dual - 1e-12 * Math.abs(held.dual)) && held.scale > SHORTEST) {
      held.scale *= 0.25;
      move(held.scale);
      continue;
    }
    const far = farthest(p);
    if (far > NEAR || !p.storable || (held && held.scale <= SHORTEST)) {
      updateColumns(p, epsilon);
      held = null;
      continue;
    }
    products += solver.solve(epsilon, Math.max(1e-4, Math.min(0.1, 0.3 * far)));
    start.set(p.g);
    let longest = 0;
    for (let j = 0; j < p.b.n; j++) longest = Math.max(longest, Math.abs(solver.direction[j]!));
    held = { dual, scale: Math.min(1, (LONGEST * epsilon) / longest) };
    move(held.scale);
  }
  return state;
}

const CG_MOST = 150;
/** Conjugate gradients for Newton's step, preconditioned by diag(q). */
function openDirection(p: Pairs): { readonly direction: Float64Array; solve(epsilon: number, tolerance: number): number } {
  const m = p.b.n;
  const [x, r, z, s, out] = Array.from({ length: 5 }, () => new Float64Array(p.b.padded)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const u = new Float64Array(p.a.padded);
  return {
    direction: x,
    /** to `tolerance` of the first residual; returns the number of products with P */
    solve(epsilon, tolerance) {
      const q = p.column;
      x.fill(0);
      let rz = 0;
      for (let j = 0; j < m; j++) {
        r[j] = epsilon * (p.b.weight[j]! - q[j]!);
        z[j] = r[j]! / q[j]!;
        s[j] = z[j]!;
        rz += r[j]! * z[j]!;
      }
      const enough = tolerance * tolerance * rz;
      let k = 0;
      while (k < CG_MOST && rz > enough) {
        k++;
        p.through(s, u, out);
        let curvature = 0;
        for (let j = 0; j < m; j++) {
          out[j] = q[j]! * s[j]! - out[j]!;
          curvature += s[j]! * out[j]!;
        }
        if (!(curvature > 0)) break;
        const alpha = rz / curvature;
        let next = 0;
        for (let j = 0; j < m; j++) {
          x[j] = x[j]! + alpha * s[j]!;
          r[j] = r[j]! - alpha * out[j]!;
          z[j] = r[j]! / q[j]!;
          next += r[j]! * z[j]!;
        }
        const beta = next / rz;
        rz = next;
        for (let j = 0; j < m; j++) s[j] = z[j]! + beta * s[j]!;
      }
      return k;
    },
  };
}
