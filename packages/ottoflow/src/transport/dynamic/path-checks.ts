/** What is checked of a path on a grid: that it is one, and how far from the least it can be. */
import type { Check, PathBounds } from "../../contract.ts";
import { imbalance } from "./balance.ts";
import type { Found } from "./find-path.ts";
import type { DynamicProblem } from "./splitting.ts";

/** What of the question decides which checks there are. */
export interface Asked {
  /** length of growth; kept mass unless said */
  readonly delta?: number;
  readonly obstacle?: Uint8Array;
}
/** What was found of the path, in the user's units. */
export interface Facts {
  /** gap over the action, or over `leastAction` where that is more */
  readonly relative: number | null;
  readonly tolerance: number;
  readonly kinetic: Float64Array;
  readonly mass: Float64Array;
  readonly continuous: PathBounds;
}

export function checksOf(asked: Asked, problem: DynamicProblem, found: Found, facts: Facts): Check[] {
  const { relative, tolerance, kinetic, mass, continuous } = facts;
  return [
    check("duality-gap", "gap of the discrete problem, relative", true, relative, tolerance, {
      source: "weak duality of the discrete problem",
      detail: "between the action of a path that keeps the balance of mass and the value of potentials that obey every constraint",
    }),
    balance(problem, found),
    ...(asked.delta === undefined ? [keptMass(mass)] : []),
    ...densities(problem, found),
    ...(asked.obstacle ? [outsideObstacle(problem, found)] : []),
    orderOfBounds(continuous),
    constantSpeed(kinetic, relative, problem.lattice.steps),
  ];
}

function check(kind: string, title: string, hard: boolean, value: number | null, bound: number | null, words: Pick<Check, "source" | "detail">): Check {
  const verdict = value === null || bound === null ? "reported" : value <= bound ? "pass" : hard ? "fail" : "reported";
  return { kind, title, hard, value, bound, ...words, verdict };
}

function balance(problem: DynamicProblem, found: Found): Check {
  const { lattice: l, from, to } = problem;
  const missing = new Float64Array(l.n * (l.steps + 1));
  imbalance(problem, found.path, missing);
  const unbalanced = missing.reduce((s, v) => Math.max(s, Math.abs(v)), 0) * l.dt;
  const largest = [from, to].reduce((s, row) => row.reduce((t, v) => Math.max(t, v), s), 0);
  return check("balance", "largest violation of the balance of mass, relative", true, unbalanced / largest, 1e-9, {
    source: "d_t rho + div m = source at every cell and instant",
    detail: "over the largest density at the ends",
  });
}

function keptMass(mass: Float64Array): Check {
  const drift = mass.reduce((s, v) => Math.max(s, Math.abs(v / mass[0]! - 1)), 0);
  return check("mass", "drift of the mass, relative", true, drift, 1e-9, {
    source: "mass is neither made nor lost",
    detail: "largest over the middles of the intervals",
  });
}

/** Positivity, and the cap where there is one. */
function densities({ lattice: l, mobility }: DynamicProblem, found: Found): Check[] {
  let least = Number.POSITIVE_INFINITY;
  let most = 0;
  for (let i = 0; i < l.n; i++)
    for (let t = 0; l.free[i] && t < l.steps; t++) {
      least = Math.min(least, found.path.rho[i * l.steps + t]!);
      most = Math.max(most, found.path.rho[i * l.steps + t]!);
    }
  const detail = "over free cells and intervals";
  const positive = check("positivity", "least density", true, -least, 0, { source: "densities are not negative", detail });
  return [
    { ...positive, value: least, bound: 0, relation: "at-least" },
    ...(mobility.top < Number.POSITIVE_INFINITY
      ? [check("cap", "largest density over the largest allowed", true, most / mobility.top, 1 + 1e-9, { source: "rho <= top", detail })]
      : []),
  ];
}

function outsideObstacle({ lattice: l }: DynamicProblem, found: Found): Check {
  let most = 0;
  for (let i = 0; i < l.n; i++) {
    if (l.free[i]) continue;
    for (let q = i * l.steps; q < (i + 1) * l.steps; q++) {
      most = Math.max(most, Math.abs(found.path.rho[q]!));
      for (const row of found.path.flux) most = Math.max(most, Math.abs(row[q]!));
    }
  }
  return check("obstacle", "mass in the obstacle", true, most, 0, {
    source: "the obstacle's cells are missing",
    detail: "density or flux at cells of the obstacle, largest",
  });
}

function orderOfBounds({ lower, upper, because }: PathBounds): Check {
  const ratio = lower === null || upper === null ? null : lower === upper ? 1 : lower / upper;
  return check("order-of-bounds", "lower over upper bound of the continuous action", true, ratio, 1, {
    source: "both are rigorous",
    detail: `${lower} to ${upper}; ${because}`,
  });
}

function constantSpeed(kinetic: Float64Array, relative: number | null, steps: number): Check {
  const mean = kinetic.reduce((a, b) => a + b, 0) / kinetic.length;
  const uneven = mean > 0 ? kinetic.reduce((s, v) => Math.max(s, Math.abs(v / mean - 1)), 0) : 0;
  const bound = Math.sqrt(Math.max(relative ?? 0, 0)) * 3 + 1 / steps;
  return check("constant-speed", "largest deviation of the action of an interval from their mean, relative", false, uneven, bound, {
    source: "a path of least action has constant speed",
    detail: "over all intervals; expected to vanish with the gap and the step",
  });
}
