import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { answered, balancedOf, exactStatus, listing, progressOf, refusesBetweenPoints, sizeOf, unsolved } from "../balanced.ts";
import { conventionOf } from "../certificate.ts";
import { wholeMasses } from "../masses.ts";
import { simplexBetweenPoints, simplexPointsBytes } from "../simplex-points.ts";

const label = "sparse-simplex";
/** Up to this many pairs the judge looks at all of them; beyond, the trees find the same least ones. */
const PAIRS = 1e6;
const BITS = 60;

export const sparseSimplex: Unit<"transport"> = defineTransport({
  kind: label,
  title: "network simplex over near pairs",
  tex: String.raw`\min_{P \ge 0} \sum_{ij} |x_i - y_j|^p P_{ij}, \quad P 1 = a,\ P^T 1 = b`,
  summary:
    "Exact transport between points of low dimension with any weights, for powers of the distance, in bounded memory: the network simplex method over lists of near pairs, started from the plan between coarser clouds, with rounds of pricing over all pairs by k-d trees until no reduced cost is negative. Masses are whole numbers inside. The potentials are judged among all pairs.",
  refs: ["ahuja1993", "cunningham1976", "merigot2011", "friedmanbentleyfinkel1977"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({ label, answer: "exact", refuses: refusesBetweenPoints, estimate, solve: couple }),
});

/** Measured: nanoseconds. Lists grow dear with the dimension; a pivot moves a share of the tree. */
function estimate(p: Transport): { work: number; bytes: number } {
  const [n, m, d] = [sizeOf(p.from), sizeOf(p.to), p.from.space.dim];
  const points = n + m;
  return { work: points * (10_000 + points + 2 * listing(p)), bytes: simplexPointsBytes(n, m, d) };
}

function* couple(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  const balanced = balancedOf(p);
  const { a, b, cost } = balanced;
  const whole = wholeMasses(a.weight, b.weight, a.mass, b.mass, BITS);
  const end = yield* progressOf(simplexBetweenPoints(a.d, cost.power!, { ...a, mass: whole.supply }, { ...b, mass: whole.demand }));
  if (end === "aborted") return { ...unsolved(label, 0, conventionOf(cost, 0)), status: "aborted" };
  const { transform, ...found } = end;
  const coupling = answered(p, balanced, {
    solver: label,
    status: "optimal",
    ...found,
    mass: Float64Array.from(found.mass, (v) => Number(v) * whole.unit),
    iterations: found.augmentations,
    ...(a.n * b.n > PAIRS && { transform }),
  });
  return exactStatus(coupling, options);
}
