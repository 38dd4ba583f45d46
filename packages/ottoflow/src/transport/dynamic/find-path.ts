/** The driver of dynamic problems on lattices: splits, looks at both bounds now and then, keeps the best of each and stops on their gap. */
import type { Work } from "../../contract.ts";
import { exactSum } from "../problem.ts";
import { openMender } from "./balance.ts";
import { dualBound, dualScratch } from "./dual.ts";
import { actionPerInterval, leastShare, mix, referencePath } from "./primal.ts";
import { type DynamicProblem, emptyPath, openSplitting, type Path, type Splitting } from "./splitting.ts";

export interface FindOptions {
  /** stop when upper - lower bound <= tolerance * upper, or tolerance * `leastAction` where that is more */
  readonly tolerance: number;
  readonly maxIterations: number;
}
export interface FindProgress {
  readonly iteration: number;
  readonly upper: number;
  readonly lower: number;
}
/** In units of the problem. */
export interface Found {
  readonly status: "optimal" | "max-iterations" | "aborted" | "not-finite";
  /** int int |v|^p M of the path: an upper bound of the discrete problem */
  readonly action: number;
  /** lower bound of the discrete problem */
  readonly dual: number;
  readonly path: Path;
  /** [n * (steps + 1)], those of the lower bound */
  readonly phi: Float64Array;
  /** action of each interval */
  readonly perInterval: Float64Array;
  /** share of the reference path that was mixed in to make the densities positive */
  readonly mixed: number;
  readonly iterations: number;
}

/**
 * In units of the problem: gaps of smaller actions are told against this, a billionth of what it costs to move all mass by the unit of length. Between
 * measures that are all but equal only rounding is left.
 */
export function leastAction({ lattice: l, from, to }: DynamicProblem): number {
  return 1e-9 * 0.5 * (exactSum(from) + exactSum(to)) * l.volume;
}

const RELAX = 1.8;
const FIRST_WEIGHT = 3;
/** iterations at which the weight is set anew from the sizes of both sides */
const REWEIGH = [10, 20, 40, 80, 160];
/** Large weights bring the potentials, small ones the path: they take turns, so many times apart. */
const TURN = 100;
/** Looks one after another that bring nothing before the turn ends. */
const POOR = 3;
/** elements of state between two yields */
const PER_YIELD = 60_000;

export function* findPath(problem: DynamicProblem, options: FindOptions): Work<FindProgress, Found> {
  if (problem.from.every((v, i) => v === problem.to[i])) return atRest(problem);
  const { n, steps, dim } = problem.lattice;
  const splitting = openSplitting(problem, FIRST_WEIGHT);
  const judge = openJudge(problem, splitting);
  const least = leastAction(problem);
  const close = (): boolean => judge.upper < Number.POSITIVE_INFINITY && judge.upper - judge.lower <= options.tolerance * Math.max(judge.upper, least);
  const pause = Math.max(1, Math.round(PER_YIELD / (n * steps * (1 + 2 * dim))));
  let status: Found["status"] = "max-iterations";
  let iteration = 0;
  let next = 30;
  let poor = 0;
  let side: "potentials" | "path" = "potentials";
  let enough = options.tolerance / 3; // relative gain of a look below which the other side takes its turn
  while (iteration < options.maxIterations) {
    splitting.step(RELAX);
    iteration++;
    if (REWEIGH.includes(iteration) && side === "potentials") splitting.reweigh(splitting.weight * Math.min(Math.max(splitting.balance(), 0.2), 5));
    if (iteration >= next) {
      if (!Number.isFinite(splitting.residual())) {
        status = "not-finite";
        break;
      }
      const gain = side === "potentials" ? judge.lookAtPotentials() : judge.lookAtPath();
      if (close()) {
        status = "optimal";
        break;
      }
      poor = gain < enough ? poor + 1 : 0;
      if (poor >= POOR) {
        poor = 0;
        splitting.reweigh(side === "potentials" ? splitting.weight / TURN : splitting.weight * TURN);
        if (side === "path") enough /= 3;
        side = side === "potentials" ? "path" : "potentials";
        next = iteration + 20;
      } else next = Math.ceil(iteration * 1.15) + (side === "path" ? 15 : 10);
    }
    if (iteration % pause === 0 && (yield { iteration, upper: judge.upper, lower: judge.lower }) === "stop") {
      status = "aborted";
      break;
    }
  }
  if (status === "max-iterations" || status === "aborted") {
    judge.lookAtPotentials();
    judge.lookAtPath();
    if (status === "max-iterations" && close()) status = "optimal";
  }
  return { status, ...judge.best(), iterations: iteration };
}

/** Between equal measures nothing moves, and potentials that vanish prove it. */
function atRest(problem: DynamicProblem): Found {
  const { n, steps } = problem.lattice;
  const path = emptyPath(problem);
  for (let i = 0; i < n; i++) path.rho.fill(problem.from[i]!, i * steps, (i + 1) * steps);
  return {
    status: "optimal",
    action: 0,
    dual: 0,
    path,
    phi: new Float64Array(n * (steps + 1)),
    perInterval: new Float64Array(steps),
    mixed: 0,
    iterations: 0,
  };
}

interface Judge {
  readonly upper: number;
  readonly lower: number;
  /** both return by how much the bound got better, relative to the upper one */
  lookAtPotentials(): number;
  lookAtPath(): number;
  best(): Omit<Found, "status" | "iterations">;
}

/** Makes feasible what the splitting has, on either side, and keeps the best. */
function openJudge(problem: DynamicProblem, splitting: Splitting): Judge {
  const { steps } = problem.lattice;
  const scratch = dualScratch(problem.lattice);
  const mender = openMender(problem);
  const reference = referencePath(problem);
  const now = emptyPath(problem);
  const trial = emptyPath(problem);
  const kept = emptyPath(problem);
  const phi = new Float64Array(splitting.phi.length);
  const perInterval = new Float64Array(steps);
  const action = (path: Path): number => actionPerInterval(problem, path, perInterval);
  const best = { action: Number.POSITIVE_INFINITY, dual: Number.NEGATIVE_INFINITY, mixed: 1 };
  const keep = (path: Path, value: number, share: number): void => {
    best.action = value;
    best.mixed = share;
    mix(path, path, 0, kept);
  };
  keep(reference, action(reference), 1);
  return {
    get upper() {
      return best.action;
    },
    get lower() {
      return best.dual;
    },
    lookAtPotentials() {
      const before = best.dual;
      const [dual, potentials] = dualBound(problem, splitting.phi, scratch);
      if (dual > before) {
        best.dual = dual;
        phi.set(potentials);
      }
      return (best.dual - before) / Math.abs(best.dual);
    },
    lookAtPath() {
      const before = best.action;
      splitting.path(now);
      mender.mend(now);
      // the action is convex in the share: rise from the least one until it does no good
      let share = Math.max(leastShare(problem, now, reference) * (1 + 1e-9), 1e-10);
      let last = Number.POSITIVE_INFINITY;
      for (; share < 1; share *= 3) {
        mix(now, reference, share, trial);
        const value = action(trial);
        if (value < best.action) keep(trial, value, share);
        if (value > last) break;
        last = value;
      }
      return (before - best.action) / best.action;
    },
    best() {
      action(kept);
      return { ...best, path: kept, phi, perInterval };
    },
  };
}
