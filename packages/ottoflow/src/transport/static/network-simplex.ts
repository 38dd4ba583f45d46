import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import {
  answered,
  balancedOf,
  exactStatus,
  fillTable,
  infeasible,
  isBalanced,
  notFinite,
  progressOf,
  refusesExact,
  sizeOf,
  tooHeavy,
  unsolved,
} from "../balanced.ts";
import { conventionOf } from "../certificate.ts";
import { wholeMasses } from "../masses.ts";
import { simplexInTable, simplexTableBytes } from "../simplex-module.ts";

const label = "network-simplex";
const BITS = 60;

function* couple(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  const balanced = balancedOf(p);
  const { supply, demand, mass, cost } = balanced;
  const heavy = tooHeavy(p, balanced, label);
  if (heavy) return heavy;
  const whole = wholeMasses(supply, demand, mass[0], mass[1], BITS);
  let finite = true;
  const end = yield* progressOf(
    simplexInTable(supply.length, demand.length, whole.supply, whole.demand, cost.forbids === true || balanced.further.row, (costs) => {
      finite = fillTable(balanced, costs);
    }),
  );
  if (!finite) return notFinite(label, cost);
  if (end === "aborted") return { ...unsolved(label, 0, conventionOf(cost, 0)), status: "aborted" };
  if ("violator" in end) return infeasible(balanced, label, end.augmentations, end.violator);
  const coupling = answered(p, balanced, {
    solver: label,
    status: "optimal",
    ...end,
    mass: Float64Array.from(end.mass, (v) => Number(v) * whole.unit),
    iterations: end.augmentations,
  });
  return exactStatus(coupling, options);
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
        work: pairs * (80 + 0.05 * (sizeOf(p.from) + sizeOf(p.to))),
        bytes: simplexTableBytes(sizeOf(p.from), sizeOf(p.to), p.cost.forbids === true || !isBalanced(p)),
      };
    },
    solve: couple,
  }),
});
