/** Bounds from below of -2 log cos |x - y| - f(x) over the cells of a side, f = -log u, by the tangent planes of each. */
import { atan, cos, exp, log, tan } from "../../kernels/math.ts";
import { LEAST, REACH, type Side } from "./corner-side.ts";

/** -log u on the cells of a side: at the centre, slopes, how far the corners rise above that plane, and the greatest. */
export interface Planes {
  readonly middle: Float64Array;
  readonly slope: readonly Float64Array[];
  readonly twist: Float64Array;
  readonly top: Float64Array;
}
export function planesOf(a: Side): Planes {
  const { dim, h, corner } = a;
  const sides = 1 << dim;
  const n = a.cells.length;
  const f = a.values.map((u) => -log(u));
  const out: Planes = {
    middle: new Float64Array(n),
    slope: Array.from({ length: dim }, () => new Float64Array(n)),
    twist: new Float64Array(n),
    top: new Float64Array(n).fill(Number.NEGATIVE_INFINITY),
  };
  for (let c = 0; c < n; c++) {
    for (let s = 0; s < sides; s++) {
      const w = f[corner[c * sides + s]!]!;
      out.middle[c] = out.middle[c]! + w / sides;
      out.top[c] = Math.max(out.top[c]!, w);
      for (let k = 0; k < dim; k++) out.slope[k]![c] = out.slope[k]![c]! + ((s >> k) & 1 ? 2 : -2) * (w / sides / h[k]!);
    }
    for (let s = 0; s < sides; s++) {
      let plane = out.middle[c]!;
      for (let k = 0; k < dim; k++) plane += ((s >> k) & 1 ? 0.5 : -0.5) * h[k]! * out.slope[k]![c]!;
      out.twist[c] = Math.max(out.twist[c]!, f[corner[c * sides + s]!]! - plane);
    }
  }
  return out;
}

/** No -2 log cos |x - y| - f(x) is below this, x in the cells of the side; and the cell where it is least. */
export function lowest(
  a: Side,
  planes: Planes,
  y: Float64Array,
  shifts: readonly (readonly number[])[],
  hint: number,
): { readonly value: number; readonly cell: number } {
  let value = -log(LEAST);
  let cell = hint;
  const visit = (c: number): void => {
    for (const shift of shifts) {
      let r2 = 0;
      for (let k = 0; k < a.dim; k++) {
        const r = Math.max(0, Math.abs(a.centre[k]![c]! + shift[k]! - y[k]!) - 0.5 * a.h[k]!);
        r2 += r * r;
      }
      // -2 log cos r >= r^2
      if (r2 >= REACH || r2 - planes.top[c]! >= value) continue;
      const w = belowInCell(a, planes, c, shift, y);
      if (w < value) {
        value = w;
        cell = c;
      }
    }
  };
  if (a.cells.length > 0) visit(hint);
  for (let c = 0; c < a.cells.length; c++) visit(c);
  return { value, cell };
}
const at = new Float64Array(3);
/** The tangent plane at the point where the slope of f would be best, or at the nearest one, least over the cell. */
function belowInCell(a: Side, planes: Planes, c: number, shift: readonly number[], y: Float64Array): number {
  let steep = 0;
  for (let k = 0; k < a.dim; k++) steep += planes.slope[k]![c]! * planes.slope[k]![c]!;
  steep = Math.sqrt(steep);
  // 2 tan r = |slope|
  const far = steep > 0 ? atan(0.5 * steep) / steep : 0;
  let r = place(a, planes, c, shift, y, far);
  if (!(r * r < REACH * 0.999)) r = place(a, planes, c, shift, y, 0);
  const cosine = cos(r);
  if (!(cosine > 0)) return Number.POSITIVE_INFINITY;
  const pull = r > 0 ? (2 * tan(r)) / r : 2;
  let value = -2 * log(cosine) - planes.middle[c]! - planes.twist[c]!;
  for (let k = 0; k < a.dim; k++) {
    const middle = a.centre[k]![c]! + shift[k]!;
    const slope = planes.slope[k]![c]!;
    const g = pull * (at[k]! - y[k]!) - slope;
    value -= slope * (at[k]! - middle);
    value += Math.min(g * (middle - 0.5 * a.h[k]! - at[k]!), g * (middle + 0.5 * a.h[k]! - at[k]!));
  }
  return value;
}
/** `at` becomes the point of the cell next to y + far slope; returns its distance to y. */
function place(a: Side, planes: Planes, c: number, shift: readonly number[], y: Float64Array, far: number): number {
  let r2 = 0;
  for (let k = 0; k < a.dim; k++) {
    const middle = a.centre[k]![c]! + shift[k]!;
    const wanted = y[k]! + far * planes.slope[k]![c]!;
    at[k] = Math.min(Math.max(wanted, middle - 0.5 * a.h[k]!), middle + 0.5 * a.h[k]!);
    r2 += (at[k]! - y[k]!) * (at[k]! - y[k]!);
  }
  return Math.sqrt(r2);
}

/**
 * No second derivative of v along an axis is below minus this in cell c: those of cos^2 |x - y| / u are at least -2 cos |x - y| / u, and of the x in reach
 * only those count that may be the ones v is attained at.
 */
export function bendOf(a: Side, planes: Planes, b: Side, c: number, best: number, shifts: readonly (readonly number[])[]): number {
  const half = 0.5 * Math.sqrt(b.h.reduce((s, w) => s + w * w, 0));
  let value = Number.POSITIVE_INFINITY; // -log of a lower bound of v in the cell
  for (const shift of shifts) {
    let r2 = 0;
    for (let k = 0; k < a.dim; k++) {
      const r = a.centre[k]![best]! + shift[k]! - b.centre[k]![c]!;
      r2 += r * r;
    }
    const r = Math.sqrt(r2) + half;
    if (r * r < REACH) value = Math.min(value, -2 * log(cos(r)) - planes.middle[best]!);
  }
  let most = 0;
  for (let i = 0; i < a.cells.length; i++)
    for (const shift of shifts) {
      let r2 = 0;
      for (let k = 0; k < a.dim; k++) {
        const r = Math.max(0, Math.abs(a.centre[k]![i]! + shift[k]! - b.centre[k]![c]!) - 0.5 * (a.h[k]! + b.h[k]!));
        r2 += r * r;
      }
      if (r2 >= REACH || r2 - planes.top[i]! > value) continue;
      most = Math.max(most, 2 * cos(Math.sqrt(r2)) * exp(planes.top[i]!));
    }
  return most;
}
