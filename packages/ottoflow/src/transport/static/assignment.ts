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
  outOfRoom,
  progressOf,
  refusesExact,
  sizeOf,
  unsolved,
} from "../balanced.ts";
import { conventionOf } from "../certificate.ts";
import { pathsInTable, tableBytes } from "../paths-listed.ts";

const label = "assignment";

export const assignment: Unit<"transport"> = defineTransport({
  kind: label,
  title: "assignment",
  tex: String.raw`\min_\sigma \tfrac{1}{n} \sum_i c(x_i, y_{\sigma(i)})`,
  summary:
    "Exact matching of n points with n points of equal weights, for any costs and forbidden pairs: column reduction, some phases of an auction, then shortest augmenting paths over each row's list of least reduced costs, which lengthens where a path could be shorter elsewhere. Costs are written out once, 8 n² bytes.",
  refs: ["kuhn1955", "jonkervolgenant1987", "bertsekas1988"],
  params: {},
  examples: [{ dim: 2, params: {} }],
  build: (): TransportSolver => ({ label, answer: "exact", refuses, estimate, solve: couple }),
});

function refuses(p: Transport): string | null {
  if (!isBalanced(p)) return "needs equal marginals";
  const why = refusesExact(p);
  if (why) return why;
  const balanced = [p.from, p.to].map((m) => (m.rep === "particles" ? m.weight : null));
  const counts = balanced.map((w) => (w ? positive(w) : null));
  if (counts[0] === null || counts[0] !== counts[1] || !balanced.every((w) => w && even(w))) return "needs as many points on either side, of equal weights";
  return null;
}
const positive = (w: ArrayLike<number>): number => {
  let n = 0;
  for (let i = 0; i < w.length; i++) if (w[i]! > 0) n++;
  return n;
};
function even(w: ArrayLike<number>): boolean {
  let some = 0;
  for (let i = 0; i < w.length; i++) {
    if (w[i] === 0) continue;
    if (some !== 0 && w[i] !== some) return false;
    some = w[i]!;
  }
  return true;
}
/** Measured: nanoseconds. */
function estimate(p: Transport): { work: number; bytes: number } {
  const n = sizeOf(p.from);
  return { work: 80 * n * n, bytes: tableBytes(n) };
}

function* couple(p: Transport, options: TransportOptions): Work<TransportProgress, Coupling> {
  const balanced = balancedOf(p);
  const { a, cost } = balanced;
  let finite = true;
  const end = yield* progressOf(
    pathsInTable(a.n, (costs) => {
      finite = fillTable(balanced, costs);
    }),
  );
  if (!finite) return notFinite(label, cost);
  if (end === "full") return outOfRoom(label, cost);
  if (end === "aborted") return { ...unsolved(label, 0, conventionOf(cost, 0)), status: "aborted" };
  if ("violator" in end) return infeasible(balanced, label, end.augmentations, end.violator);
  const coupling = answered(p, balanced, {
    solver: label,
    status: "optimal",
    ...end,
    mass: Float64Array.from(end.from, (i) => a.weight[i]!),
    iterations: end.augmentations,
  });
  return exactStatus(coupling, options);
}
