/** Gluing: two plans with a measure in common make one of three, and so a plan between the outer two. It is how W_p gets its triangle inequality. [villani2003] */
import type { Plan } from "../contract.ts";
import { expectLength, OttoflowError } from "../errors.ts";
import { entriesOf, marginalsOf, sparsePlan } from "./plan.ts";

export interface Glued {
  /** between the first and the third measure */
  readonly plan: Plan & { readonly sparse: NonNullable<Plan["sparse"]> };
  /** moves through all three: mass[e] goes from first[e] by middle[e] to last[e] */
  readonly first: Int32Array;
  readonly middle: Int32Array;
  readonly last: Int32Array;
  readonly mass: Float64Array;
  /** sum over the middle of the difference of both plans' marginals there: what was rescaled to meet */
  readonly mismatch: number;
}

/**
 * Glues P (first, middle) to Q (middle, last).
 * `independent`: first and last are independent given the middle, P_ij Q_jk / b_j: the canonical gluing, with as many moves as pairs meet.
 * `sparse`: mass is handed on in order, with at most as many moves as both plans have entries.
 * @throws {ShapeError} where the middle sizes differ; {UnsupportedError} where the marginals there differ by more than 1e-6 of the mass
 */
export function glue(P: Plan, Q: Plan, how: "independent" | "sparse" = "independent"): Glued {
  expectLength("points of the measure in common", Q.n, P.m);
  const [b, c] = [marginalsOf(P)[1], marginalsOf(Q)[0]];
  const mass = b.reduce((s, v) => s + v, 0);
  const mismatch = b.reduce((s, v, j) => s + Math.abs(v - c[j]!), 0);
  if (!(mismatch <= 1e-6 * mass))
    throw new OttoflowError("UnsupportedError", `glue: the plans' marginals on the measure in common differ by ${mismatch} when they must be equal.`, {
      missing: ["equal marginals"],
    });
  const before = byKey(P, "to");
  const after = byKey(Q, "from");
  const out = { first: [] as number[], middle: [] as number[], last: [] as number[], mass: [] as number[] };
  const move = (i: number, j: number, k: number, m: number): void => {
    if (!(m > 0)) return;
    out.first.push(i);
    out.middle.push(j);
    out.last.push(k);
    out.mass.push(m);
  };
  for (let j = 0; j < P.m; j++) {
    if (!(b[j]! > 0 && c[j]! > 0)) continue;
    if (how === "independent") for (const [i, p] of before[j]!) for (const [k, q] of after[j]!) move(i, j, k, (p * q) / c[j]!);
    else inOrder(before[j]!, after[j]!, b[j]! / c[j]!, (i, k, m) => move(i, j, k, m));
  }
  return {
    plan: sparsePlan(P.n, Q.m, out.first, out.last, out.mass),
    first: Int32Array.from(out.first),
    middle: Int32Array.from(out.middle),
    last: Int32Array.from(out.last),
    mass: Float64Array.from(out.mass),
    mismatch,
  };
}
type Move = readonly [other: number, mass: number];
function byKey(plan: Plan, key: "from" | "to"): Move[][] {
  const { from, to, mass } = entriesOf(plan);
  const out: Move[][] = Array.from({ length: key === "to" ? plan.m : plan.n }, () => []);
  for (let e = 0; e < mass.length; e++) {
    if (key === "to") out[to[e]!]!.push([from[e]!, mass[e]!]);
    else out[from[e]!]!.push([to[e]!, mass[e]!]);
  }
  return out;
}
/** North-west rule between what arrives and what leaves, the latter scaled to the former; rounding ends with the last. */
function inOrder(arrive: readonly Move[], depart: readonly Move[], scale: number, give: (i: number, k: number, mass: number) => void): void {
  let k = 0;
  let room = depart[0]![1] * scale;
  for (const [i, mass] of arrive) {
    let left = mass;
    while (left > room && k < depart.length - 1) {
      give(i, depart[k]![0], room);
      left -= room;
      room = depart[++k]![1] * scale;
    }
    give(i, depart[k]![0], left);
    room -= left;
  }
}
