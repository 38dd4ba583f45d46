/** On which side of a line a point lies, without error: a filter in float64, and where it cannot tell an exact sum. [shewchuk1997] */

const SPLIT = 2 ** 27 + 1;
/** Error of the determinant in units of the sum of the sizes of its two products. */
const FILTER = 3.4e-16;

/** Positive where a, b, c turn to the left, negative where they turn to the right, 0 where they lie on a line: never a wrong sign. */
export function orientation(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const left = (ax - cx) * (by - cy);
  const right = (ay - cy) * (bx - cx);
  const det = left - right;
  if (Math.abs(det) > FILTER * (Math.abs(left) + Math.abs(right))) return det;
  return exactDeterminant(ax, ay, bx, by, cx, cy);
}

/** ax by - ax cy - cx by - ay bx + ay cx + cy bx as a sum of products without rounding; exact in sign. */
function exactDeterminant(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  const parts: number[] = [];
  for (const [p, q] of [
    [ax, by],
    [-ax, cy],
    [-cx, by],
    [-ay, bx],
    [ay, cx],
    [cy, bx],
  ] as const) {
    const hi = p * q;
    grow(parts, productError(p, q, hi));
    grow(parts, hi);
  }
  // parts do not overlap and grow: the last that is not zero has the sign
  for (let k = parts.length - 1; k >= 0; k--) if (parts[k] !== 0) return parts[k]!;
  return 0;
}
/** p q - hi exactly, hi being the rounded product (Dekker). */
function productError(p: number, q: number, hi: number): number {
  const [p1, q1] = [high(p), high(q)];
  const [p2, q2] = [p - p1, q - q1];
  return p2 * q2 - (hi - p1 * q1 - p2 * q1 - p1 * q2);
}
function high(v: number): number {
  const c = SPLIT * v;
  return c - (c - v);
}
/** Adds v to a sum kept as numbers that do not overlap, smallest first. */
function grow(parts: number[], v: number): void {
  let q = v;
  for (let k = 0; k < parts.length; k++) {
    const a = parts[k]!;
    const s = q + a;
    const b = s - q;
    parts[k] = q - (s - b) + (a - b);
    q = s;
  }
  parts.push(q);
}
