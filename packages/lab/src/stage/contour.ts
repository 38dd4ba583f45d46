/** Lines of equal density: marching squares between the centres of cells. */
import type { PlainField } from "../engine/messages.ts";

/**
 * Segments x1, y1, x2, y2 of the lines rho = level, level by level in one pass over the cells. Corners of a square are centres of four cells; where a line could
 * pass a saddle both ways the mean of the corners decides.
 * @param levels rising
 */
export function contours({ shape, lower, h, rho }: PlainField, levels: readonly number[]): number[] {
  const [columns, rows] = shape as [number, number];
  const [x0, y0, hx, hy] = [lower[0]! + 0.5 * h[0]!, lower[1]! + 0.5 * h[1]!, h[0]!, h[1]!];
  const out: number[] = [];
  const [first, last] = [levels[0]!, levels[levels.length - 1]!];
  for (let i = 0; i + 1 < columns; i++)
    for (let j = 0, at = i * rows; j + 1 < rows; j++, at++) {
      const a = rho[at]!;
      const b = rho[at + rows]!;
      const c = rho[at + rows + 1]!;
      const d = rho[at + 1]!;
      const least = Math.min(a, b, c, d);
      const most = Math.max(a, b, c, d);
      if (most <= first || least > last) continue;
      for (const level of levels) {
        if (most <= level) break;
        if (least <= level) square(out, x0 + hx * i, y0 + hy * j, hx, hy, a, b, c, d, level);
      }
    }
  return out;
}
export const contour = (field: PlainField, level: number): number[] => contours(field, [level]);

/** One square between centres: corners a, b, c, d anticlockwise from the lower left one at (x, y). */
function square(out: number[], x: number, y: number, hx: number, hy: number, a: number, b: number, c: number, d: number, level: number): void {
  const code = (a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0);
  // where the line cuts the sides; what is not cut is not used
  const south = x + (hx * (level - a)) / (b - a);
  const east = y + (hy * (level - b)) / (c - b);
  const north = x + (hx * (level - d)) / (c - d);
  const west = y + (hy * (level - a)) / (d - a);
  const high = code === 5 || code === 10 ? (a + b + c + d) / 4 > level : false;
  switch (code) {
    case 1:
    case 14:
      out.push(south, y, x, west);
      break;
    case 2:
    case 13:
      out.push(south, y, x + hx, east);
      break;
    case 4:
    case 11:
      out.push(x + hx, east, north, y + hy);
      break;
    case 8:
    case 7:
      out.push(north, y + hy, x, west);
      break;
    case 3:
    case 12:
      out.push(x + hx, east, x, west);
      break;
    case 6:
    case 9:
      out.push(south, y, north, y + hy);
      break;
    case 5:
      if (high) out.push(south, y, x + hx, east, north, y + hy, x, west);
      else out.push(south, y, x, west, x + hx, east, north, y + hy);
      break;
    case 10:
      if (high) out.push(south, y, x, west, x + hx, east, north, y + hy);
      else out.push(south, y, x + hx, east, north, y + hy, x, west);
      break;
  }
}
/** Levels at equal distances below a top. */
export const levelsOf = (top: number, count: number): number[] => Array.from({ length: count }, (_, k) => (top * (k + 1)) / (count + 1));
