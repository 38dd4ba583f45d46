/** A frame in words, for those who do not see it. */
import type { Opening, PlainFrame } from "../engine/messages.ts";

const number = (v: number): string => (Math.abs(v) < 5e-4 ? "0" : String(Number(v.toPrecision(3))));

export function summaryOf({ t, measure: m }: PlainFrame, { dim, grid, title }: Opening): string {
  const axes = ["x", "y", "z"].slice(0, Math.min(dim, 3));
  const { mean, deviation } = moments(m, dim, grid);
  const place = axes.map((name, k) => `${name} ${number(mean[k]!)} ± ${number(deviation[k]!)}`).join(", ");
  const what =
    m.rep === "particles" ? `${m.n} particles` : m.rep === "cells" ? "a density" : m.rep === "quantiles" ? "a density by its quantiles" : "a Gaussian";
  return `${title || "The flow"} at time ${number(t)}: ${what} around ${place}.`;
}
function moments(m: PlainFrame["measure"], dim: number, grid: Opening["grid"]): { mean: number[]; deviation: number[] } {
  if (m.rep === "gaussian") return { mean: Array.from(m.rows.mean!), deviation: Array.from({ length: dim }, (_, k) => Math.sqrt(m.rows.cov![k * dim + k]!)) };
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let k = 0; k < dim; k++) {
    let [w, s, q] = [0, 0, 0];
    const add = (x: number, weight: number): void => {
      w += weight;
      s += weight * x;
      q += weight * x * x;
    };
    if (m.rep === "cells" && grid) {
      const stride = grid.shape.slice(k + 1).reduce((a, b) => a * b, 1);
      const rho = m.rows.rho!;
      for (let i = 0; i < rho.length; i++) add(grid.lower[k]! + grid.h[k]! * ((Math.floor(i / stride) % grid.shape[k]!) + 0.5), rho[i]!);
    } else if (m.rep === "quantiles") {
      const { x, level } = m.rows as { x: Float64Array; level: Float64Array };
      for (let i = 1; i < x.length; i++) add(0.5 * (x[i]! + x[i - 1]!), level[i]! - level[i - 1]!);
    } else for (let i = 0; i < m.n!; i++) add(m.rows.x![k * m.n! + i]!, m.rows.weight![i]!);
    mean.push(s / w);
    deviation.push(Math.sqrt(Math.max(0, q / w - (s / w) * (s / w))));
  }
  return { mean, deviation };
}
