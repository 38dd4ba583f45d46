/**
 * The image of masses on cells under the gradient of a convex function on the same grid. The gradient is taken at the corners of the cells and runs
 * bilinearly inside; a cell is cut into as many parts as cells of the target it is stretched over, and the mass of a part is shared between the
 * four points around its image. [jacobs2020]
 */
import type { Lattice } from "./lattice.ts";

/** Gradients of u at the corners of the cells, [2 * (n0 + 1) * (n1 + 1)]: differences of the four cells around inside, going on linearly at the rim. */
export function cornerGradients(l: Lattice, u: Float64Array, out: Float64Array): void {
  const [n0, n1] = l.shape;
  const corners = (n0 + 1) * (n1 + 1);
  const cell = (i: number, j: number): number => u[Math.min(i, n0 - 1) * n1 + Math.min(j, n1 - 1)]!;
  const [first, last] = [inner(n0), inner(n1)];
  for (const i of first)
    for (const j of last) {
      const [a, c] = [Math.max(i - 1, 0), Math.max(j - 1, 0)];
      const [b, d] = [n0 > 1 ? i : 0, n1 > 1 ? j : 0];
      out[i * (n1 + 1) + j] = (0.5 * (cell(b, c) + cell(b, d) - cell(a, c) - cell(a, d))) / l.h[0];
      out[corners + i * (n1 + 1) + j] = (0.5 * (cell(a, d) + cell(b, d) - cell(a, c) - cell(b, c))) / l.h[1];
    }
  for (const part of [out.subarray(0, corners), out.subarray(corners)]) {
    for (const i of first) rim(part, i * (n1 + 1), 1, n1);
    for (let j = 0; j <= n1; j++) rim(part, j, n1 + 1, n0);
  }
}
/** Corners with a cell on each side; the single cell of a line has its own value at both. */
const inner = (n: number): readonly number[] => (n === 1 ? [1] : Array.from({ length: n - 1 }, (_, i) => i + 1));
function rim(g: Float64Array, at: number, step: number, n: number): void {
  const end = at + n * step;
  g[at] = n < 3 ? g[at + step]! : 2 * g[at + step]! - g[at + 2 * step]!;
  g[end] = n < 3 ? g[at + step]! : 2 * g[end - step]! - g[end - 2 * step]!;
}

/** out: masses on the points of `to`. `grad`: scratch [2 * corners of `from`], left with the gradients. */
export function pushGradient(from: Lattice, u: Float64Array, mass: Float64Array, to: Lattice, out: Float64Array, grad: Float64Array): void {
  cornerGradients(from, u, grad);
  out.fill(0);
  const [n0, n1] = from.shape;
  const corners = (n0 + 1) * (n1 + 1);
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      const m = mass[i * n1 + j]!;
      if (m === 0) continue;
      const p = i * (n1 + 1) + j;
      const q = p + n1 + 1;
      // in units of the target's spacing, from its first point
      const X = [p, p + 1, q, q + 1].map((c) => (grad[c]! - to.origin[0]) / to.h[0]) as [number, number, number, number];
      const Y = [p, p + 1, q, q + 1].map((c) => (grad[corners + c]! - to.origin[1]) / to.h[1]) as [number, number, number, number];
      share(m, X, Y, parts(X, Y, 0, 2), parts(X, Y, 0, 1), to.shape, out);
    }
}
type Four = readonly [number, number, number, number];
/** How many cells of the target the sides along one axis of the cell reach over. */
function parts(X: Four, Y: Four, a: number, step: number): number {
  const other = step === 2 ? 1 : 2;
  let r = 0;
  for (const c of [a, a + other]) r = Math.max(r, Math.abs(X[c + step]! - X[c]!), Math.abs(Y[c + step]! - Y[c]!));
  return Math.max(1, Math.round(r));
}
function share(m: number, X: Four, Y: Four, k0: number, k1: number, shape: readonly [number, number], out: Float64Array): void {
  const part = m / (k0 * k1);
  for (let s = 0; s < k0; s++) {
    const b = (s + 0.5) / k0;
    for (let t = 0; t < k1; t++) {
      const a = (t + 0.5) / k1;
      const x = (1 - b) * ((1 - a) * X[0] + a * X[1]) + b * ((1 - a) * X[2] + a * X[3]);
      const y = (1 - b) * ((1 - a) * Y[0] + a * Y[1]) + b * ((1 - a) * Y[2] + a * Y[3]);
      splat(part, x, y, shape, out);
    }
  }
}
function splat(part: number, x: number, y: number, shape: readonly [number, number], out: Float64Array): void {
  const [n0, n1] = shape;
  const cx = Math.min(Math.max(x, 0), n0 - 1);
  const cy = Math.min(Math.max(y, 0), n1 - 1);
  const i = Math.min(Math.floor(cx), Math.max(n0 - 2, 0));
  const j = Math.min(Math.floor(cy), Math.max(n1 - 2, 0));
  const [fx, fy] = [cx - i, cy - j];
  const [di, dj] = [n0 > 1 ? n1 : 0, n1 > 1 ? 1 : 0];
  const at = i * n1 + j;
  out[at] = out[at]! + part * (1 - fx) * (1 - fy);
  out[at + dj] = out[at + dj]! + part * (1 - fx) * fy;
  out[at + di] = out[at + di]! + part * fx * (1 - fy);
  out[at + di + dj] = out[at + di + dj]! + part * fx * fy;
}
