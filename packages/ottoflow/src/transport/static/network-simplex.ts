import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { answered, balancedOf, balancedRow, infeasible, refusesExact, sizeOf } from "../balanced.ts";
import { wholeMasses } from "../masses.ts";
import { referencePlan } from "../shortest-paths.ts";

const label = "network-simplex";

function* couple(p: Transport, _options: TransportOptions): Work<TransportProgress, Coupling> {
  const balanced = balancedOf(p);
  const { supply, demand, mass } = balanced;
  const [n, m] = [supply.length, demand.length];
  const costs = new Float64Array(n * m);
  for (let i = 0; i < n; i++) balancedRow(balanced, i, costs.subarray(i * m, (i + 1) * m));
  yield { stage: "costs", iteration: 0, gap: null, defect: null, fraction: null };
  const whole = wholeMasses(supply, demand, mass[0], mass[1], 52);
  const { flow, u, v, augmentations, violator } = referencePlan(n, m, costs, Float64Array.from(whole.supply, Number), Float64Array.from(whole.demand, Number));
  if (violator) return infeasible(balanced, label, augmentations, violator);
  const used = Array.from({ length: n * m }, (_, e) => e).filter((e) => flow[e]! > 0);
  return answered(p, balanced, {
    solver: label,
    status: "optimal",
    from: used.map((e) => Math.floor(e / m)),
    to: used.map((e) => e % m),
    mass: used.map((e) => flow[e]! * whole.unit),
    f: u,
    g: v,
    iterations: augmentations,
  });
}

export const networkSimplex: Unit<"transport"> = defineTransport({
  kind: label,
  title: "network simplex",
  tex: "\\min_{P \\ge 0} \\langle C, P \\rangle, \\quad P 1 = a,\\ P^T 1 = b",
  summary: "Exact plans between two sets of points of any weights and any costs.",
  refs: [],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({
    label,
    answer: "exact",
    refuses: refusesExact,
    estimate: (p) => {
      const pairs = sizeOf(p.from) * sizeOf(p.to);
      return { work: 200 * pairs, bytes: 16 * pairs };
    },
    solve: couple,
  }),
});
