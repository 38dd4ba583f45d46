import type { Map1 } from "../contract.ts";
import { specError } from "../errors.ts";
import { cosh, exp, sinh } from "../kernels/math.ts";

/** Nodes and weights of the double exponential rule on (0, 1): s = 1 / (1 + exp(-pi sinh t)), step 1/16, |t| <= 4. [takahasi1974] */
const step = 1 / 16;
const count = 64;
const node = new Float64Array(2 * count + 1);
const weight = new Float64Array(2 * count + 1);
for (let j = -count; j <= count; j++) {
  const e = exp(-Math.PI * sinh(Math.abs(j) * step));
  const small = e / (1 + e);
  node[j + count] = j <= 0 ? small : 1 - small;
  weight[j + count] = (step * Math.PI * cosh(j * step) * e) / ((1 + e) * (1 + e));
}

/**
 * Mean of the quantile function over the levels (0, p), or over (1 - p, 1) for the `upper` end, by double exponential quadrature: the ends of Q may be unbounded
 * like a logarithm or an integrable power.
 * @throws {SpecError} where the mean of the end is infinite or not a number
 */
export function endMean(quantile: Map1, p: number, upper: boolean): number {
  const level = Float64Array.from(node, (s) => (upper ? 1 - p * s : p * s));
  const keep = level.map((l) => (l > 0 && l < 1 ? 1 : 0));
  for (let j = 0; j < level.length; j++) if (!keep[j]) level[j] = 0.5;
  const q = new Float64Array(level.length);
  quantile(level.length, level, q);
  let s = 0;
  let w = 0;
  for (let j = 0; j < level.length; j++) {
    if (!keep[j]) continue;
    s += weight[j]! * q[j]!;
    w += weight[j]!;
  }
  if (!Number.isFinite(s / w))
    throw specError("initial", `the mean of the law over its ${upper ? "last" : "first"} ${p} of mass is not finite; quantile storage needs it.`);
  return s / w;
}
