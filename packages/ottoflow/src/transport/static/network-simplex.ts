import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { OttoflowError } from "../../errors.ts";
import {
  answered,
  balancedOf,
  exactStatus,
  fillTable,
  infeasible,
  isBalanced,
  lopsided,
  notFinite,
  progressOf,
  refusesExact,
  sizeOf,
  tooHeavy,
  unsolved,
} from "../balanced.ts";
import { conventionOf } from "../certificate.ts";
import { wholeMasses } from "../masses.ts";
import { type SimplexRoom, simplexInTable, simplexRoom, simplexTableBytes } from "../simplex-module.ts";

const label = "network-simplex";
const BITS = 60;

/** Whether the balanced problem has forbidden pairs. */
const forbidding = (p: Transport): boolean => p.cost.forbids === true || !isBalanced(p);

function* couple(p: Transport, options: TransportOptions, given?: SimplexRoom): Work<TransportProgress, Coupling> {
  const balanced = balancedOf(p);
  const { supply, demand, mass, cost } = balanced;
  const heavy = tooHeavy(p, balanced, label);
  if (heavy) return heavy;
  const whole = wholeMasses(supply, demand, mass[0], mass[1], BITS);
  const room = given ?? simplexRoom(supply.length, demand.length, forbidding(p));
  let finite = true;
  const fill = (costs: Float64Array): void => {
    finite = fillTable(balanced, costs);
  };
  const end = yield* progressOf(simplexInTable(supply.length, demand.length, whole.supply, whole.demand, fill, room, options.maxIterations));
  if (!finite) return notFinite(label, cost);
  if (end === "aborted") return { ...unsolved(label, 0, conventionOf(cost, 0)), status: "aborted" };
  if ("violator" in end) return infeasible(balanced, label, end.augmentations, end.violator);
  const coupling = answered(p, balanced, {
    solver: label,
    ...end,
    status: end.ended ?? "optimal",
    mass: Float64Array.from(end.mass, (v) => Number(v) * whole.unit),
    iterations: end.augmentations,
  });
  return exactStatus(coupling, options);
}

/**
 * Exact transport of many small problems in one call, without waiting in between; all share the memory of one module. Answers in the order of the problems.
 * @example
 * const couplings = networkSimplexMany(batches.map(([x, y]) => transportProblem({ from: cloud(x), to: cloud(y) })));
 * @throws {UnsupportedError} naming the first problem that the network simplex method cannot take
 */
export function networkSimplexMany(problems: readonly Transport[], options: TransportOptions = {}): Coupling[] {
  let [n, m, pairs, forbids] = [1, 1, 1, false];
  for (const [k, p] of problems.entries()) {
    const why = refusesExact(p);
    if (why !== null) throw new OttoflowError("UnsupportedError", `problems[${k}]: the network simplex method ${why}.`, { missing: [why] });
    const further = isBalanced(p) ? 0 : 1;
    const [r, c] = [sizeOf(p.from) + further, sizeOf(p.to) + further];
    [n, m, pairs, forbids] = [Math.max(n, r), Math.max(m, c), Math.max(pairs, r * c), forbids || forbidding(p)];
  }
  const room = simplexRoom(n, m, forbids, pairs);
  return problems.map((p) => {
    const work = couple(p, options, room);
    let next = work.next();
    while (!next.done) next = work.next(options.signal?.aborted ? "stop" : undefined);
    return next.value;
  });
}

export const networkSimplex: Unit<"transport"> = defineTransport({
  kind: label,
  title: "network simplex",
  tex: "\\min_{P \\ge 0} \\langle C, P \\rangle, \\quad P 1 = a,\\ P^T 1 = b",
  summary:
    "Exact plans between two sets of points, of any weights and for any costs, forbidden pairs and partial transport included. A spanning tree of pairs that carry the mass is improved pair by pair until no reduced cost is negative; masses are whole numbers, so marginals hold to the last digit and degenerate steps do not cycle. Costs are written out once, 8 n m bytes.",
  refs: ["ahuja1993", "cunningham1976"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({
    label,
    answer: "exact",
    refuses: refusesExact,
    estimate: (p) => {
      const pairs = sizeOf(p.from) * sizeOf(p.to);
      return {
        work: pairs * (80 + 0.05 * (sizeOf(p.from) + sizeOf(p.to))) + lopsided(p),
        bytes: simplexTableBytes(sizeOf(p.from), sizeOf(p.to), forbidding(p)),
      };
    },
    solve: (p, options) => couple(p, options),
  }),
});
