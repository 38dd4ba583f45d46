import type { Quantiles } from "../contract.ts";
import { specError } from "../errors.ts";

/**
 * W2^2 between two measures on the line stored by piecewise linear quantile functions, exact but for rounding:
 * mass * int_0^1 (X - Y)^2 ds with X - Y linear between the merged levels, so each piece is ds (a^2 + a b + b^2) / 3. O(n + m).
 * @throws {SpecError} when the masses differ: W2 compares measures of equal mass
 */
export function quantileDistance2(x: Quantiles, y: Quantiles): number {
  if (Math.abs(x.mass - y.mass) > 1e-12 * Math.max(x.mass, y.mass))
    throw specError("mass", `got ${x.mass} and ${y.mass}; the Wasserstein distance needs equal masses.`);
  const n = x.level.length;
  const m = y.level.length;
  let s = 0;
  let level = 0;
  let before = x.x[0]! - y.x[0]!;
  for (let i = 0, j = 0; i < n - 1 && j < m - 1; ) {
    const next = Math.min(x.level[i + 1]!, y.level[j + 1]!);
    const after = between(x, i, next) - between(y, j, next);
    s += (next - level) * (before * before + before * after + after * after);
    level = next;
    before = after;
    if (x.level[i + 1] === next) i++;
    if (y.level[j + 1] === next) j++;
  }
  return (x.mass * s) / 3;
}

/** the quantile function at a level between nodes i and i + 1 */
function between(q: Quantiles, i: number, level: number): number {
  const a = q.level[i]!;
  const b = q.level[i + 1]!;
  if (level === b) return q.x[i + 1]!;
  return q.x[i]! + ((level - a) / (b - a)) * (q.x[i + 1]! - q.x[i]!);
}
