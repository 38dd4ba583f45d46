/** Reading two piecewise linear quantile functions together. */
import type { Pieces } from "../measure/line.ts";

/** X(level) on piece i. */
export function valueAt(a: Pieces, i: number, level: number): number {
  const width = a.level[i + 1]! - a.level[i]!;
  const [l, r] = [a.left[i]!, a.right[i]!];
  return l === r || width <= 0 ? l : l + (r - l) * Math.max(0, Math.min(1, (level - a.level[i]!) / width));
}
/** Calls `visit(i, j, from, to)` on every interval of levels where both quantile functions are linear. */
export function onCommonPieces(a: Pieces, b: Pieces, visit: (i: number, j: number, from: number, to: number) => void): void {
  for (let i = 0, j = 0, from = 0; i < a.n && j < b.n; ) {
    const to = Math.min(a.level[i + 1]!, b.level[j + 1]!);
    if (to > from) visit(i, j, from, to);
    from = Math.max(from, to);
    if (a.level[i + 1]! <= to) i++;
    if (b.level[j + 1]! <= to) j++;
  }
}
