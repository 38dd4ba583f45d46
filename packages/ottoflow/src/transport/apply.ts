/** New points through a coupling that was computed on others. */
import type { Coupling, Rows, Transport } from "../contract.ts";
import { OttoflowError } from "../errors.ts";
import { exp } from "../kernels/math.ts";
import { centralPotentials } from "./central.ts";
import { type Atoms, atomsOf } from "./problem.ts";

const MOST_PAIRS = 3e8;

export interface Applied {
  /** [d * n] */
  readonly target: Float64Array;
  readonly how: string;
}

/**
 * Where n new points x [d * n] go. The solver's own map where it has one; for an entropic coupling the conditional mean
 * T(x) = sum_j y_j b_j e^{(g_j - c(x, y_j)) / epsilon} / sum_j b_j e^{(g_j - c(x, y_j)) / epsilon} [pooladian2021]; for an exact one the Brenier map of its
 * potential, which sends x to the y_j that minimises c(x, y_j) - g_j.
 * @throws {UnsupportedError} where there are neither map nor potentials, or the cost is a table
 */
export function applyCoupling(p: Transport, answer: Coupling, n: number, x: Rows): Applied {
  const d = p.from.space.dim;
  const target = new Float64Array(d * n);
  if (answer.map) {
    answer.map(n, x, target);
    return { target, how: "the optimal map of the solver" };
  }
  if (!answer.potentials || p.cost.table)
    throw new OttoflowError("UnsupportedError", "New points need a map, or potentials and a cost of any two points.", { missing: ["map"] });
  const y = atomsOf(p.to, "to");
  const g = p.epsilon > 0 ? kept(y, answer.potentials.g) : middle(p, answer, y);
  const row = new Float64Array(y.n);
  const entropic = p.epsilon > 0 && answer.potentials.kind === "entropic";
  for (let i = 0; i < n; i++) {
    p.cost.row(i, n, x, y.n, y.x, row);
    for (let j = 0; j < y.n; j++) row[j] = row[j]! - g[j]!;
    if (entropic) mean(row, p.epsilon, y.weight, y.n, y.x, d, n, i, target);
    else {
      let best = 0;
      for (let j = 1; j < y.n; j++) if (row[j]! < row[best]!) best = j;
      for (let k = 0; k < d; k++) target[k * n + i] = y.x[k * y.n + best]!;
    }
  }
  return {
    target,
    how: entropic
      ? "the entropic map: conditional means of the plan's density"
      : "the Brenier map of the discrete potential: the point of the second side with the least c(x, y) - g(y)",
  };
}
const kept = (side: Atoms, values: Float64Array): Float64Array => (side.index ? Float64Array.from(side.index, (i) => values[i]!) : values);

/** Potentials away from ties, so that a point of the first side goes where its own mass goes; beyond MOST_PAIRS as they are. */
function middle(p: Transport, answer: Coupling, y: Atoms): Float64Array {
  const { potentials, plan } = answer;
  const g = kept(y, potentials!.g);
  const x = atomsOf(p.from, "from");
  if (answer.certifies !== "discrete" || !plan?.sparse || potentials!.kind !== "feasible" || x.n * y.n > MOST_PAIRS || x.index || y.index) return g;
  return centralPotentials(p.cost, x, y, plan, kept(x, potentials!.f), g).g;
}
function mean(
  row: Float64Array,
  epsilon: number,
  weight: Float64Array,
  m: number,
  y: Float64Array,
  d: number,
  n: number,
  i: number,
  target: Float64Array,
): void {
  let least = Number.POSITIVE_INFINITY;
  for (let j = 0; j < m; j++) least = Math.min(least, row[j]!);
  let sum = 0;
  for (let j = 0; j < m; j++) {
    row[j] = weight[j]! * exp((least - row[j]!) / epsilon);
    sum += row[j]!;
  }
  for (let k = 0; k < d; k++) {
    let s = 0;
    for (let j = 0; j < m; j++) s += row[j]! * y[k * m + j]!;
    target[k * n + i] = s / sum;
  }
}
