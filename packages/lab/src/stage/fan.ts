/** Quantiles of a measure on the line over time: the fan beneath its densities. */
import type { Opening, PlainFrame } from "../engine/messages.ts";

export const fanLevels: readonly number[] = [0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];

/** Quantiles at rising levels: exact for cells and nodes (whose densities are constant in between), of the sample for particles, by a table of the normal law for Gaussians. */
export function quantilesOf({ measure: m }: PlainFrame, levels: readonly number[], grid: Opening["grid"]): Float64Array {
  if (m.rep === "gaussian") {
    const [mean, s] = [m.rows.mean![0]!, Math.sqrt(m.rows.cov![0]!)];
    return Float64Array.from(levels, (u) => mean + s * normalQuantile(u));
  }
  if (m.rep === "particles") return ofSample(m.rows.x!, m.rows.weight!, levels);
  if (m.rep === "quantiles") return between(m.rows.x!, m.rows.level!, levels);
  const rho = m.rows.rho!;
  const edge = new Float64Array(rho.length + 1);
  const level = new Float64Array(rho.length + 1);
  const total = rho.reduce((s, v) => s + v, 0);
  edge[0] = grid!.lower[0]!;
  for (let i = 0; i < rho.length; i++) {
    edge[i + 1] = grid!.lower[0]! + (i + 1) * grid!.h[0]!;
    level[i + 1] = level[i]! + rho[i]! / total;
  }
  return between(edge, level, levels);
}
/** Piecewise linear quantile function through (level_i, x_i). */
function between(x: Float64Array, level: Float64Array, levels: readonly number[]): Float64Array {
  let k = 0;
  return Float64Array.from(levels, (u) => {
    while (k + 2 < level.length && level[k + 1]! < u) k++;
    const width = level[k + 1]! - level[k]!;
    return x[k]! + (x[k + 1]! - x[k]!) * (width > 0 ? Math.min(1, Math.max(0, (u - level[k]!) / width)) : 0);
  });
}
/** Of many points, every so many is sorted: a fan is a picture. */
const SORTED = 20_000;
function ofSample(x: Float64Array, weight: Float64Array, levels: readonly number[]): Float64Array {
  const stride = Math.max(1, Math.ceil(weight.length / SORTED));
  const even = weight.every((w) => w === weight[0]);
  const index = Array.from({ length: Math.floor((weight.length - 1) / stride) + 1 }, (_, i) => i * stride);
  if (even) {
    const sorted = Float64Array.from(index, (i) => x[i]!).sort();
    return Float64Array.from(levels, (u) => sorted[Math.min(sorted.length - 1, Math.floor(u * sorted.length))]!);
  }
  index.sort((i, j) => x[i]! - x[j]!);
  const total = index.reduce((s, i) => s + weight[i]!, 0);
  let [k, sum] = [0, weight[index[0]!]!];
  return Float64Array.from(levels, (u) => {
    while (k + 1 < index.length && sum < u * total) sum += weight[index[++k]!]!;
    return x[index[k]!]!;
  });
}
/** Of the standard normal law, for drawing (Hastings' fraction, off by 4.5e-4 at most). */
function normalQuantile(u: number): number {
  if (u > 0.5) return -normalQuantile(1 - u);
  const t = Math.sqrt(-2 * Math.log(u));
  return -(t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))));
}
