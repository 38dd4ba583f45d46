/** Integrals of a density that is constant on pixels, over regions given by their edges: mass and first moments by Green's formula, exact per pixel. */
import type { Lattice } from "../grid/lattice.ts";

/** x runs along the second axis of the grid (columns), y along the first (rows). */
export interface PixelDensity {
  readonly rows: number;
  readonly columns: number;
  readonly x0: number;
  readonly y0: number;
  readonly hx: number;
  readonly hy: number;
  readonly rho: Float64Array;
  /** int of rho and of x rho along x up to the left side of each pixel, [rows * (columns + 1)] */
  readonly sum: Float64Array;
  readonly moment: Float64Array;
}
export function pixelDensity(l: Lattice, rho: Float64Array): PixelDensity {
  const [rows, columns] = l.shape;
  const [hy, hx] = l.h;
  const [x0, y0] = [l.origin[1] - 0.5 * hx, l.origin[0] - 0.5 * hy];
  const sum = new Float64Array(rows * (columns + 1));
  const moment = new Float64Array(rows * (columns + 1));
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      const at = i * (columns + 1) + j;
      const m = rho[i * columns + j]! * hx;
      sum[at + 1] = sum[at]! + m;
      moment[at + 1] = moment[at]! + m * (x0 + (j + 0.5) * hx);
    }
  return { rows, columns, x0, y0, hx, hy, rho, sum, moment };
}

/** What an edge gives: mass, first moments in x and y of what lies left of it (signed, going up), and the mass on the edge itself. */
export interface EdgeIntegral {
  mass: number;
  mx: number;
  my: number;
  line: number;
}
const clampTo = (v: number, n: number): number => (v < 0 ? 0 : v >= n ? n - 1 : v);
const ROOT = 0.5 / Math.sqrt(3);

/** Integrals along the straight edge from (ax, ay) to (bx, by) inside the box, cut at the sides of pixels. */
export function alongEdge(d: PixelDensity, ax: number, ay: number, bx: number, by: number, out: EdgeIntegral): void {
  out.mass = out.mx = out.my = out.line = 0;
  const [dx, dy] = [bx - ax, by - ay];
  const long = Math.sqrt(dx * dx + dy * dy);
  if (long === 0) return;
  let s = 0;
  // parameters at which the next column and row begin
  const [stepX, stepY] = [dx === 0 ? Number.POSITIVE_INFINITY : d.hx / Math.abs(dx), dy === 0 ? Number.POSITIVE_INFINITY : d.hy / Math.abs(dy)];
  let nextX = firstCrossing(ax, dx, d.x0, d.hx);
  let nextY = firstCrossing(ay, dy, d.y0, d.hy);
  while (s < 1) {
    const end = Math.min(nextX, nextY, 1);
    if (end > s) {
      const middle = 0.5 * (s + end);
      piece(d, ax + s * dx, ay + s * dy, ax + end * dx, ay + end * dy, ax + middle * dx, ay + middle * dy, (end - s) * long, out);
    }
    s = end;
    if (nextX <= end) nextX += stepX;
    if (nextY <= end) nextY += stepY;
  }
}
function firstCrossing(a: number, da: number, start: number, h: number): number {
  if (da === 0) return Number.POSITIVE_INFINITY;
  const place = (a - start) / h;
  const next = da > 0 ? Math.floor(place) + 1 : Math.ceil(place) - 1;
  return (start + next * h - a) / da;
}
function piece(d: PixelDensity, ax: number, ay: number, bx: number, by: number, mx: number, my: number, length: number, out: EdgeIntegral): void {
  const j = clampTo(Math.floor((mx - d.x0) / d.hx), d.columns);
  const i = clampTo(Math.floor((my - d.y0) / d.hy), d.rows);
  const rho = d.rho[i * d.columns + j]!;
  const at = i * (d.columns + 1) + j;
  const left = d.x0 + j * d.hx;
  const [sum, moment] = [d.sum[at]!, d.moment[at]!];
  const height = by - ay;
  out.line += rho * length;
  // F is linear along the edge, its products with x and y are of second degree: two Gauss points
  for (const side of [-ROOT, ROOT]) {
    const x = mx + side * (bx - ax);
    const y = my + side * height;
    const F = sum + rho * (x - left);
    const G = moment + 0.5 * rho * (x * x - left * left);
    out.mass += 0.5 * height * F;
    out.mx += 0.5 * height * G;
    out.my += 0.5 * height * F * y;
  }
}
/** Mass, first moments and int |x|^2 rho of all. */
export function totals(d: PixelDensity): { mass: number; x: number; y: number; square: number } {
  const out = { mass: 0, x: 0, y: 0, square: 0 };
  const within = (d.hx * d.hx + d.hy * d.hy) / 12;
  for (let i = 0; i < d.rows; i++)
    for (let j = 0; j < d.columns; j++) {
      const m = d.rho[i * d.columns + j]! * d.hx * d.hy;
      const [x, y] = [d.x0 + (j + 0.5) * d.hx, d.y0 + (i + 0.5) * d.hy];
      out.mass += m;
      out.x += m * x;
      out.y += m * y;
      out.square += m * (x * x + y * y + within);
    }
  return out;
}
