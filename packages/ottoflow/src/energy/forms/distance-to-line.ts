import type { Field } from "../../contract.ts";
import type { Pieces } from "../../measure/line.ts";

/**
 * V(x) = factor (int_0^1 |x - Y| ds - E|Y - Y'| / 2) for a quantile function Y of linear pieces: V' = factor (2 G(x) - 1) with G the distribution function,
 * continuous where there are no atoms. O(log m) a point.
 */
export function distanceToLine(b: Pieces, factor: number): Pick<Field, "value" | "gradient"> {
  /** int_0^level_i Y */
  const sum = new Float64Array(b.n + 1);
  let spread = 0;
  for (let i = 0; i < b.n; i++) {
    const [s, t, y, z] = [b.level[i]!, b.level[i + 1]!, b.left[i]!, b.right[i]!];
    sum[i + 1] = sum[i]! + 0.5 * (t - s) * (y + z);
    // E|Y - Y'| = 2 int (2 s - 1) Y ds
    const [f, g] = [2 * s - 1, 2 * t - 1];
    spread += (t - s) * (2 * f * y + f * z + g * y + 2 * g * z);
  }
  const constant = spread / 6;
  /** first piece that does not end left of x */
  const place = (x: number): number => {
    let [lo, hi] = [0, b.n];
    while (lo < hi) {
      const k = (lo + hi) >> 1;
      if (b.right[k]! < x) lo = k + 1;
      else hi = k;
    }
    return lo;
  };
  /** how much of piece k lies left of x; half of an atom at x */
  const share = (k: number, x: number): number => {
    if (k === b.n || x < b.left[k]!) return 0;
    return b.right[k]! > b.left[k]! ? (x - b.left[k]!) / (b.right[k]! - b.left[k]!) : 0.5;
  };
  const level = (x: number): number => {
    const k = place(x);
    return k === b.n ? 1 : b.level[k]! + share(k, x) * (b.level[k + 1]! - b.level[k]!);
  };
  return {
    value(n, x, _t, out) {
      for (let i = 0; i < n; i++) {
        const at = x[i]!;
        const k = place(at);
        const u = share(k, at);
        const below = k === b.n ? 1 : b.level[k]! + u * (b.level[k + 1]! - b.level[k]!);
        const part = u > 0 ? 0.5 * u * (b.level[k + 1]! - b.level[k]!) * (2 * b.left[k]! + u * (b.right[k]! - b.left[k]!)) : 0;
        out[i] = factor * (at * (2 * below - 1) + sum[b.n]! - 2 * (sum[k]! + part) - constant);
      }
    },
    gradient(n, x, _t, out) {
      for (let i = 0; i < n; i++) out[i] = factor * (2 * level(x[i]!) - 1);
    },
  };
}
