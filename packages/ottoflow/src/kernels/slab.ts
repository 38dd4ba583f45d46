/**
 * One stage of explicit finite volumes in one or two dimensions, in one pass over the rows of the box, so that every row of memory is
 * read once. Cells add their faces in the order lower and upper of the first axis, lower and upper of the second. [carrillo2015fv]
 */
import type { Rows } from "../contract.ts";
import { wasm64 } from "./wasm.ts";

/** n0 rows of n1 cells; a line is one row */
export interface Slab {
  readonly n0: number;
  readonly n1: number;
  readonly wrap0: boolean;
  readonly wrap1: boolean;
  /** 1 / h^2 of each axis */
  readonly g0: number;
  readonly g1: number;
  /** steepness of the limited slopes */
  readonly theta: number;
  readonly noise: number;
}
/** values of `work` that a slab needs */
export const slabWork = (n1: number): number => 6 * (n1 + 2);

/**
 * out = c source + d rho - factor (flow out - flow in), where the flow over a face from a to b is
 *   g (edge drop + noise (rho_a - rho_b)),  drop = phi_a - phi_b,
 * and edge the limited value on the side that is left. `source` may be `out` or `rho`. False where a value of out is not >= 0.
 */
export function explicitSlab(s: Slab, factor: number, rho: Rows, phi: Rows, c: number, source: Rows, d: number, out: Rows, work: Rows): boolean {
  const wasm = wasm64(rho, phi, source, out);
  if (wasm === null || work.buffer !== out.buffer) return explicitSlabReference(s, factor, rho, phi, c, source, d, out);
  const { n0, n1, wrap0, wrap1, theta, noise, g0, g1 } = s;
  const [r, p, q, o, w] = [rho.byteOffset, phi.byteOffset, source.byteOffset, out.byteOffset, work.byteOffset];
  return wasm.exports.explicitSlab!(n0, n1, wrap0 ? 1 : 0, wrap1 ? 1 : 0, theta, noise, factor * g0, factor * g1, r, p, c, q, d, o, w) === 0;
}

export function explicitSlabReference(s: Slab, factor: number, rho: Rows, phi: Rows, c: number, source: Rows, d: number, out: Rows): boolean {
  const { n0, n1 } = s;
  let good = true;
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      const at = i * n1 + j;
      let y = c * source[at]! + d * rho[at]!;
      y = y + flow(s, true, factor, i - 1, j, rho, phi) - flow(s, true, factor, i, j, rho, phi);
      y = y + flow(s, false, factor, i, j - 1, rho, phi) - flow(s, false, factor, i, j, rho, phi);
      out[at] = y;
      if (!(y >= 0)) good = false;
    }
  return good;
}

/**
 * Largest sum over the axes of g (2 scale max(0, phi_i - phi_lower, phi_i - phi_upper) + faces (noise + rho_i stiff_i)), which a step
 * must not exceed the inverse of; stiff is a row or one number for all cells.
 */
export function slabRate(s: Slab, scale: number, rho: Rows, phi: Rows, stiff: Rows | number): number {
  const { n0, n1, wrap0, wrap1, noise, g0, g1 } = s;
  const row = typeof stiff === "number" ? null : stiff;
  const wasm = wasm64(rho, phi, row ?? rho);
  if (wasm === null) return slabRateReference(s, scale, rho, phi, stiff);
  const value = row ? 0 : (stiff as number);
  const [r, p, q] = [rho.byteOffset, phi.byteOffset, row ? row.byteOffset : 0];
  return wasm.exports.slabRate!(n0, n1, wrap0 ? 1 : 0, wrap1 ? 1 : 0, noise, g0, g1, scale, value, r, p, q);
}

export function slabRateReference(s: Slab, scale: number, rho: Rows, phi: Rows, stiff: Rows | number): number {
  const { n0, n1, noise } = s;
  let most = 0;
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      const at = i * n1 + j;
      const density = rho[at]!;
      const pressure = noise + (density > 0 ? density * (typeof stiff === "number" ? stiff : stiff[at]!) : 0);
      const rate = axisRate(s, true, i, j, scale, phi, pressure) + axisRate(s, false, i, j, scale, phi, pressure);
      if (rate > most) most = rate;
    }
  return most;
}
function axisRate(s: Slab, first: boolean, i: number, j: number, scale: number, phi: Rows, pressure: number): number {
  const [count, wrap, step, g, k] = first ? [s.n0, s.wrap0, s.n1, s.g0, i] : [s.n1, s.wrap1, 1, s.g1, j];
  const turns = wrap && count > 1;
  const at = i * s.n1 + j;
  const lower = k > 0 ? at - step : turns ? at + step * (count - 1) : at;
  const upper = k + 1 < count ? at + step : turns ? at - step * (count - 1) : at;
  const faces = (k > 0 || turns ? 1 : 0) + (k + 1 < count || turns ? 1 : 0);
  const [below, above] = [phi[at]! - phi[lower]!, phi[at]! - phi[upper]!];
  const fall = Math.max(below > 0 ? below : 0, above > 0 ? above : 0);
  return g * (2 * scale * fall + faces * pressure);
}

/** factor times the flow over the upper face of cell (i, j) on an axis; 0 on walls */
function flow(s: Slab, first: boolean, factor: number, i: number, j: number, rho: Rows, phi: Rows): number {
  const [count, wrap, step, g] = first ? [s.n0, s.wrap0, s.n1, s.g0] : [s.n1, s.wrap1, 1, s.g1];
  const base = first ? j : i * s.n1;
  const from = first ? i : j;
  const turns = wrap && count > 1;
  if (!turns && (from < 0 || from >= count - 1)) return 0;
  const at = (k: number): number => base + step * ((k + count) % count);
  const half = (k: number): number => (turns || (k > 0 && k < count - 1) ? halfSlope(rho[at(k - 1)]!, rho[at(k)]!, rho[at(k + 1)]!, s.theta) : 0);
  const [a, b] = [rho[at(from)]!, rho[at(from + 1)]!];
  const drop = phi[at(from)]! - phi[at(from + 1)]!;
  const edge = drop > 0 ? a + half(from) : b - half((from + 1) % count);
  return factor * g * (edge * drop + s.noise * (a - b));
}
/** half the generalised minmod slope */
function halfSlope(lower: number, here: number, upper: number, theta: number): number {
  const up = upper - here;
  const down = here - lower;
  if (!(up * down > 0)) return 0;
  const size = Math.min(0.5 * theta * Math.min(Math.abs(up), Math.abs(down)), Math.abs(0.25 * (up + down)));
  return up > 0 ? size : -size;
}
