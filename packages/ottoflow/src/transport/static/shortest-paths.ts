import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver, Work } from "../../contract.ts";
import { defineTransport, type Unit } from "../../define.ts";
import { answered, balancedOf, exactStatus, listing, lopsided, outOfRoom, progressOf, refusesBetweenPoints, sizeOf, unsolved } from "../balanced.ts";
import { conventionOf } from "../certificate.ts";
import { wholeMasses } from "../masses.ts";
import { pathsBetweenPoints, pathsBytes } from "../paths-module.ts";

const label = "shortest-paths";
/** Up to this many pairs the judge looks at all of them; beyond, the trees find the same least ones. */
const PAIRS = 1e6;
const BITS = 60;

export const shortestPaths: Unit<"transport"> = defineTransport({
  kind: label,
  title: "shortest paths over near pairs",
  tex: String.raw`\min_{P \ge 0} \sum_{ij} |x_i - y_j|^p P_{ij}, \quad P 1 = a,\ P^T 1 = b`,
  summary:
    "Exact transport between points of low dimension for powers of the distance, in bounded memory: successive shortest paths over lists of near pairs that lengthen where a path could be shorter elsewhere, with first potentials from coarser clouds. Masses are whole numbers inside. The potentials are judged among all pairs, by k-d trees for many points. In the plane, time grows little faster than the number of points for equal weights.",
  refs: ["jonkervolgenant1987", "ahuja1993", "friedmanbentleyfinkel1977", "merigot2011"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({ label, answer: "exact", refuses: refusesBetweenPoints, estimate, solve: couple }),
});

/** Measured: nanoseconds a point. Lists grow dear with the dimension; unequal weights join the points into large parts that every search goes through. */
function estimate(p: Transport): { work: number; bytes: number } {
  const [n, m, d] = [sizeOf(p.from), sizeOf(p.to), p.from.space.dim];
  const points = n + m;
  const even = n === m && sameWeights(p.from) && sameWeights(p.to);
  const search = even ? 5000 + 0.1 * points : 10_000 + 8 * points;
  // where the cost is not strictly convex far pairs are as good as near ones, and lists grow
  const far = p.cost.power! < 2 ? 10 : 1;
  return { work: far * points * (search + listing(p)) + 0.2 * lopsided(p), bytes: pathsBytes(n, m, d) };
}
function sameWeights(m: Transport["from"]): boolean {
  const w = m.rep === "particles" ? m.weight : null;
  if (!w) return false;
  for (let i = 1; i < w.length; i++) if (w[i] !== w[0]) return false;
  return true;
}

function* couple(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  const balanced = balancedOf(p);
  const { a, b, cost } = balanced;
  const whole = wholeMasses(a.weight, b.weight, a.mass, b.mass, BITS);
  const end = yield* progressOf(pathsBetweenPoints(a.d, cost.power!, { ...a, mass: whole.supply }, { ...b, mass: whole.demand }));
  if (end === "full") return outOfRoom(label, cost);
  if (end === "aborted" || "violator" in end) return { ...unsolved(label, 0, conventionOf(cost, 0)), status: "aborted" };
  const { transform, ...found } = end;
  const coupling = answered(p, balanced, {
    solver: label,
    status: "optimal",
    ...found,
    mass: Float64Array.from(found.mass, (v) => Number(v) * whole.unit),
    iterations: found.augmentations,
    ...(a.n * b.n > PAIRS && transform && { transform }),
  });
  return exactStatus(coupling, options);
}
