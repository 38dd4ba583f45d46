/** The other straight line between measures: mass fades out here and in there, (1 - t) mu + t nu. */
import type { As, Measure } from "../../contract.ts";
import { OttoflowError } from "../../errors.ts";
import { expectSound } from "../sound.ts";
import { type Curve, checkTime } from "./curve.ts";

/**
 * Linear mixing of two measures on the same cells, or of points (whose union it is).
 * @throws {UnsupportedError} for other pairs: store both on the same cells first
 */
export function linearMixing(from: Measure, to: Measure): Curve {
  const label = "linear mixing";
  expectSound("from", from, true);
  expectSound("to", to, true);
  if (from.rep === "cells" && to.rep === "cells" && sameCells(from, to)) {
    return { label, at: (t) => ({ ...from, rho: Float64Array.from(from.rho, (r, i) => (1 - checkTime(t)) * r + t * to.rho[i]!) }) };
  }
  if (from.rep === "particles" && to.rep === "particles" && from.space.dim === to.space.dim) return { label, at: (t) => union(from, to, checkTime(t)) };
  throw new OttoflowError(
    "UnsupportedError",
    `linear mixing needs densities on the same cells or points on both sides, got ${from.rep} and ${to.rep}. Store both on the same cells.`,
    { missing: ["cells"] },
  );
}
function sameCells(a: As<"cells">, b: As<"cells">): boolean {
  const [p, q] = [a.space.grid, b.space.grid];
  if (a.space === b.space) return true;
  return (
    !!p &&
    !!q &&
    p.shape.length === q.shape.length &&
    p.shape.every((n, k) => n === q.shape[k] && p.h[k] === q.h[k] && p.lower[k] === q.lower[k] && p.periodic[k] === q.periodic[k])
  );
}
function union(a: As<"particles">, b: As<"particles">, t: number): As<"particles"> {
  const d = a.space.dim;
  const n = a.n + b.n;
  const x = new Float64Array(d * n);
  for (let k = 0; k < d; k++) {
    x.set(a.x.subarray(k * a.n, (k + 1) * a.n), k * n);
    x.set(b.x.subarray(k * b.n, (k + 1) * b.n), k * n + a.n);
  }
  const weight = new Float64Array(n);
  for (let i = 0; i < a.n; i++) weight[i] = (1 - t) * a.weight[i]!;
  for (let j = 0; j < b.n; j++) weight[a.n + j] = t * b.weight[j]!;
  return { rep: "particles", space: a.space, n, x, weight };
}
