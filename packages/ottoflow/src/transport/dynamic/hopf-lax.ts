/**
 * A lower bound of W_p^p between densities that are constant in each cell, valid on the continuum. By Kantorovich's duality
 *   W_p^p / p >= int phi_1 r_1 - int phi_0 r_0,  phi_1(y) = min_x phi_0(x) + |x - y|^p / p   (Hopf and Lax's formula at time 1),
 * for any phi_0; here one that is given at the corners of the cells. On a cell, phi_0 + |. - y|^p / p is, up to `slack`, at least its smallest
 * value at a corner, and phi_1 at least the mean of its corners: so both transforms need corners only. [evans2010]
 */
import type { Grid } from "../../contract.ts";
import { pow } from "../../kernels/math.ts";

/** Pairs of corners that the search for p other than 2 looks at, at most. */
const MOST_PAIRS = 4e8;

/**
 * max over a few choices of phi_0 made from potentials at the cells (at time 0 and at time 1) of the bound above, as a bound of W_p^p;
 * null where the search would take too long.
 */
export function hopfLaxBound(grid: Grid, r0: Float64Array, r1: Float64Array, phi0: Float64Array, phi1: Float64Array, p: number): number | null {
  const corners = grid.shape.map((count, k) => (grid.periodic[k] ? count : count + 1));
  const size = corners.reduce((a, b) => a * b, 1);
  if (p !== 2 && size * size > MOST_PAIRS) return null;
  const transform = p === 2 ? (f: Float64Array) => parabolas(grid, corners, f) : (f: Float64Array) => search(grid, corners, f, p);
  const negative = (f: Float64Array): Float64Array => f.map((v) => -v);
  const volume = grid.h.reduce((a, b) => a * b, 1);
  const w0 = cornerWeights(grid, corners, r0);
  const w1 = cornerWeights(grid, corners, r1);
  const mass = Math.min(
    w0.reduce((a, b) => a + b, 0),
    w1.reduce((a, b) => a + b, 0),
  );
  const pair = (start: Float64Array, end: Float64Array): number => {
    let s = 0;
    for (let i = 0; i < size; i++) s += w1[i]! * end[i]! - w0[i]! * start[i]!;
    return s - 2 * mass * slack(grid, p);
  };
  const forward = (start: Float64Array): number => {
    const end = transform(start);
    // the best start for this end: max_y phi_1(y) - |x - y|^p / p
    const back = negative(transform(negative(end)));
    return Math.max(pair(start, end), pair(back, end));
  };
  const best = Math.max(
    forward(atCorners(grid, corners, phi0)),
    forward(negative(transform(negative(atCorners(grid, corners, phi1))))),
    forward(straight(grid, corners, r0, r1, p)),
  );
  return p * volume * best;
}

/** |m|^(p-2) m . x for the shift m of the means along axes that are not periodic: the potential of a translation, which no obstacle spoils. */
function straight(grid: Grid, corners: readonly number[], r0: Float64Array, r1: Float64Array, p: number): Float64Array {
  const n = r0.length;
  const mass = r0.reduce((a, b) => a + b, 0);
  const shift = grid.shape.map((count, k) => {
    const stride = grid.shape.slice(k + 1).reduce((a, b) => a * b, 1);
    let s = 0;
    for (let i = 0; i < n; i++) s += (r1[i]! - r0[i]!) * (Math.floor(i / stride) % count);
    return grid.periodic[k] ? 0 : (s * grid.h[k]!) / mass;
  });
  const square = shift.reduce((s, v) => s + v * v, 0);
  const factor = p === 2 || square === 0 ? 1 : pow(square, (p - 2) / 2);
  return Float64Array.from({ length: corners.reduce((a, b) => a * b, 1) }, (_, q) => {
    let value = 0;
    for (let k = corners.length - 1, rest = q; k >= 0; k--) {
      value += shift[k]! * grid.h[k]! * (rest % corners[k]!);
      rest = Math.floor(rest / corners[k]!);
    }
    return factor * value;
  });
}

/** How far corners may overestimate, per transform. p = 2: phi_0 is taken with the bump (x - a)(b - x) / 2 that makes corners exact, of mean h^2 / 12. */
function slack(grid: Grid, p: number): number {
  const squares = grid.h.reduce((s, h) => s + h * h, 0);
  if (p === 2) return squares / 12;
  if (p < 2) return (pow(2, 2 - p) / p) * pow(squares / 4, p / 2);
  const diameter = Math.sqrt(grid.h.reduce((s, h, k) => s + h * h * grid.shape[k]! * grid.shape[k]!, 0));
  return ((p - 1) * pow(diameter, p - 2) * squares) / 8;
}

/** Calls `each(cell, corner)` for the 2^d corners of every cell. */
function overCorners(grid: Grid, corners: readonly number[], each: (cell: number, corner: number) => void): void {
  const d = corners.length;
  const n = grid.shape.reduce((a, b) => a * b, 1);
  for (let cell = 0; cell < n; cell++) {
    for (let side = 0; side < 1 << d; side++) {
      let corner = 0;
      for (let k = 0, rest = cell, stride = n; k < d; k++) {
        stride /= grid.shape[k]!;
        const at = Math.floor(rest / stride);
        rest -= at * stride;
        corner = corner * corners[k]! + ((at + ((side >> k) & 1)) % corners[k]!);
      }
      each(cell, corner);
    }
  }
}

function cornerWeights(grid: Grid, corners: readonly number[], r: Float64Array): Float64Array {
  const out = new Float64Array(corners.reduce((a, b) => a * b, 1));
  const share = 1 / (1 << corners.length);
  overCorners(grid, corners, (cell, corner) => {
    out[corner] = out[corner]! + share * r[cell]!;
  });
  return out;
}

/** Means of the cells around each corner, axis by axis; at walls the line through the last two cells. */
function atCorners(grid: Grid, corners: readonly number[], f: Float64Array): Float64Array {
  let values = f;
  let inner = 1;
  for (let k = corners.length - 1; k >= 0; k--) {
    const count = grid.shape[k]!;
    const wide = corners[k]!;
    const outer = values.length / (count * inner);
    const next = new Float64Array(outer * wide * inner);
    for (let o = 0; o < outer; o++)
      for (let j = 0; j < inner; j++) {
        const at = (i: number): number => values[(o * count + Math.min(Math.max(i, 0), count - 1)) * inner + j]!;
        for (let i = 0; i < wide; i++) {
          const to = (o * wide + i) * inner + j;
          if (grid.periodic[k]) next[to] = (at(i) + at(i === 0 ? count - 1 : i - 1)) / 2;
          else if (i === 0) next[to] = (3 * at(0) - at(1)) / 2;
          else if (i === wide - 1) next[to] = (3 * at(count - 1) - at(count - 2)) / 2;
          else next[to] = (at(i - 1) + at(i)) / 2;
        }
      }
    values = next;
    inner *= wide;
  }
  return values;
}

/** min_x f(x) + |x - y|^2 / 2 over corners, axis by axis: lower envelopes of parabolas in linear time. [felzenszwalb2012] */
function parabolas(grid: Grid, corners: readonly number[], f: Float64Array): Float64Array {
  const out = f.slice();
  for (let k = 0, inner = f.length; k < corners.length; k++) {
    const count = corners[k]!;
    const outer = f.length / inner;
    inner /= count;
    const images = grid.periodic[k] ? 3 : 1;
    const line = new Float64Array(count * images);
    const result = new Float64Array(count * images);
    for (let o = 0; o < outer; o++)
      for (let j = 0; j < inner; j++) {
        const base = o * count * inner + j;
        for (let i = 0; i < line.length; i++) line[i] = out[base + (i % count) * inner]!;
        envelope(line, (grid.h[k]! * grid.h[k]!) / 2, result);
        const from = images === 3 ? count : 0;
        for (let i = 0; i < count; i++) out[base + i * inner] = result[from + i]!;
      }
  }
  return out;
}

/** out_j = min_i f_i + c (i - j)^2 */
function envelope(f: Float64Array, c: number, out: Float64Array): void {
  const n = f.length;
  const vertex = new Int32Array(n);
  const start = new Float64Array(n + 1);
  let last = 0;
  start[0] = Number.NEGATIVE_INFINITY;
  for (let i = 1; i < n; i++) {
    let cross = 0;
    for (;;) {
      const v = vertex[last]!;
      cross = (f[i]! - f[v]!) / (2 * c * (i - v)) + (i + v) / 2;
      if (cross > start[last]! || last === 0) break;
      last--;
    }
    if (cross > start[last]!) last++;
    vertex[last] = i;
    start[last] = cross;
  }
  start[last + 1] = Number.POSITIVE_INFINITY;
  for (let j = 0, at = 0; j < n; j++) {
    while (start[at + 1]! < j) at++;
    const d = j - vertex[at]!;
    out[j] = f[vertex[at]!]! + c * d * d;
  }
}

/** min_x f(x) + |x - y|^p / p over all pairs of corners. */
function search(grid: Grid, corners: readonly number[], f: Float64Array, p: number): Float64Array {
  const n = f.length;
  const d = corners.length;
  const cost = new Float64Array(n); // by offset per axis
  for (let q = 0; q < n; q++) {
    let square = 0;
    for (let k = d - 1, rest = q; k >= 0; k--) {
      const count = corners[k]!;
      const o = rest % count;
      rest = Math.floor(rest / count);
      const z = grid.h[k]! * (grid.periodic[k] ? Math.min(o, count - o) : o);
      square += z * z;
    }
    cost[q] = square === 0 ? 0 : pow(square, p / 2) / p;
  }
  const index = new Int32Array(d * n);
  for (let q = 0; q < n; q++)
    for (let k = d - 1, rest = q; k >= 0; k--) {
      index[k * n + q] = rest % corners[k]!;
      rest = Math.floor(rest / corners[k]!);
    }
  const out = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let y = 0; y < n; y++) {
    let best = Number.POSITIVE_INFINITY;
    for (let x = 0; x < n; x++) {
      let q = 0;
      for (let k = 0; k < d; k++) q = q * corners[k]! + Math.abs(index[k * n + x]! - index[k * n + y]!);
      const v = f[x]! + cost[q]!;
      if (v < best) best = v;
    }
    out[y] = best;
  }
  return out;
}
