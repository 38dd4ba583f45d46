import type { Grid, Map1, Rows } from "../contract.ts";
import { type Fft, openFft, powerOfTwoAbove } from "./fft.ts";

export interface Convolution {
  /** out_i = sum_j k(x_i - x_j) w_j over the cells of the grid; `out` may be `w` */
  apply(w: Rows, out: Rows): void;
}

/** k at n displacements z [d * n]; on periodic axes they are folded to (-L/2, L/2] */
export type Displaced = (n: number, z: Rows, out: Rows) => void;

/** Displacement kernel of a radial function k(|z|). */
export function radialKernel(dim: number, value: Map1): Displaced {
  return (n, z, out) => {
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let k = 0; k < dim; k++) s += z[k * n + i]! * z[k * n + i]!;
      out[i] = Math.sqrt(s);
    }
    value(n, out, out);
  };
}

const block = 8;

/**
 * Plan for the convolution of cell rows with a kernel of the displacement, exact up to rounding: open axes are padded with
 * zeros to a power of two of at least 2n - 1, periodic ones wrap. Memory: two rows of the padded size. `apply` allocates nothing.
 */
export function openConvolution(grid: Grid, kernel: Displaced): Convolution {
  const shape = grid.shape;
  const dim = shape.length;
  const padded = shape.map((n, k) => (grid.periodic[k] && powerOfTwoAbove(n) === n ? n : powerOfTwoAbove(2 * n - 1)));
  const transform = openTransform(padded);
  const symbol = transform.spectrum();
  const values = new Float64Array(padded.reduce((a, b) => a * b, 1));
  sampleKernel(grid, padded, kernel, values);
  transform.forward(values, padded, symbol);
  const work = transform.spectrum();
  return {
    apply(w, out) {
      transform.forward(w, shape, work);
      for (let i = 0; i < work.length; i += 2) {
        const a = work[i]!;
        const b = work[i + 1]!;
        const c = symbol[i]!;
        const d = symbol[i + 1]!;
        work[i] = a * c - b * d;
        work[i + 1] = a * d + b * c;
      }
      transform.inverse(work, shape, out);
    },
  };
  /** k at every offset that occurs, zero at the others */
  function sampleKernel(g: Grid, size: readonly number[], k: Displaced, out: Float64Array): void {
    const last = size[dim - 1]!;
    const z = new Float64Array(dim * last);
    const row = new Float64Array(last);
    const index = new Array<number>(dim).fill(0);
    for (let start = 0; start < out.length; start += last) {
      for (let axis = dim - 2, rest = start / last; axis >= 0; axis--) {
        index[axis] = rest % size[axis]!;
        rest = Math.floor(rest / size[axis]!);
      }
      let used = true;
      for (let axis = 0; axis < dim - 1; axis++) {
        const offset = offsetOf(index[axis]!, g, axis, size[axis]!);
        if (offset === null) used = false;
        else z.fill(offset, axis * last, (axis + 1) * last);
      }
      if (!used) continue;
      for (let i = 0; i < last; i++) z[(dim - 1) * last + i] = offsetOf(i, g, dim - 1, last) ?? 0;
      k(last, z, row);
      for (let i = 0; i < last; i++) out[start + i] = offsetOf(i, g, dim - 1, last) === null ? 0 : row[i]!;
    }
  }
}

/** Displacement that entry q of the padded axis stands for, or null where it stands for none. */
function offsetOf(q: number, grid: Grid, axis: number, size: number): number | null {
  const n = grid.shape[axis]!;
  let offset = q < n ? q : q - size;
  if (offset <= -n) return null;
  if (grid.periodic[axis]) {
    if (2 * offset > n) offset -= n;
    else if (2 * offset <= -n) offset += n;
  }
  return offset * grid.h[axis]!;
}

/** Real transform over a padded array: the last axis keeps the non-negative frequencies only. */
function openTransform(padded: readonly number[]): {
  spectrum(): Float64Array;
  forward(real: Rows, filled: readonly number[], out: Float64Array): void;
  inverse(spectrum: Float64Array, kept: readonly number[], out: Rows): void;
} {
  const dim = padded.length;
  const last = padded[dim - 1]!;
  const half = (last >> 1) + 1;
  const rows = padded.slice(0, -1).reduce((a, b) => a * b, 1);
  const along = padded.map(openFft);
  const line = new Float64Array(2 * last);
  const image = new Float64Array(2 * last);
  const buffers = padded.map((p) => ({
    a: Array.from({ length: block }, () => new Float64Array(2 * p)),
    b: Array.from({ length: block }, () => new Float64Array(2 * p)),
  }));

  /** padded row number of the r-th row of a smaller array */
  const rowOf = (r: number, size: readonly number[]): number => {
    let row = 0;
    for (let axis = dim - 2, step = 1; axis >= 0; axis--) {
      row += (r % size[axis]!) * step;
      r = Math.floor(r / size[axis]!);
      step *= padded[axis]!;
    }
    return row;
  };

  /** Transforms along one of the leading axes; axes before it hold `size` lines, axes after it all of them. */
  const pass = (data: Float64Array, axis: number, size: readonly number[], inverse: boolean): void => {
    const length = padded[axis]!;
    const filled = size[axis]!;
    let stride = half;
    for (let k = axis + 1; k < dim - 1; k++) stride *= padded[k]!;
    const outer = size.slice(0, axis).reduce((a, b) => a * b, 1);
    for (let o = 0; o < outer; o++) {
      let base = 0;
      for (let k = axis - 1, rest = o, step = stride * length; k >= 0; k--) {
        base += (rest % size[k]!) * step;
        rest = Math.floor(rest / size[k]!);
        step *= padded[k]!;
      }
      for (let s = 0; s < stride; s += block) strip(data, base + s, Math.min(block, stride - s), stride, length, filled, along[axis]!, buffers[axis]!, inverse);
    }
  };

  return {
    spectrum: () => new Float64Array(2 * rows * half),
    forward(real, filled, out) {
      out.fill(0);
      const count = filled.slice(0, -1).reduce((a, b) => a * b, 1);
      const n = filled[dim - 1]!;
      for (let r = 0; r < count; r += 2) {
        const pair = r + 1 < count;
        line.fill(0);
        for (let i = 0; i < n; i++) {
          line[2 * i] = real[r * n + i]!;
          if (pair) line[2 * i + 1] = real[(r + 1) * n + i]!;
        }
        along[dim - 1]!.forward(line, image);
        separate(image, last, half, out, 2 * half * rowOf(r, filled), pair ? 2 * half * rowOf(r + 1, filled) : -1);
      }
      for (let axis = dim - 2; axis >= 0; axis--) pass(out, axis, filled, false);
    },
    inverse(spectrum, kept, out) {
      for (let axis = 0; axis < dim - 1; axis++) pass(spectrum, axis, kept, true);
      const count = kept.slice(0, -1).reduce((a, b) => a * b, 1);
      const n = kept[dim - 1]!;
      for (let r = 0; r < count; r += 2) {
        const pair = r + 1 < count;
        combine(spectrum, 2 * half * rowOf(r, kept), pair ? 2 * half * rowOf(r + 1, kept) : -1, last, half, line);
        along[dim - 1]!.inverse(line, image);
        for (let i = 0; i < n; i++) {
          out[r * n + i] = image[2 * i]!;
          if (pair) out[(r + 1) * n + i] = image[2 * i + 1]!;
        }
      }
    },
  };
}

/** Up to eight neighbouring lines at once, because they share cache lines. */
function strip(
  data: Float64Array,
  base: number,
  count: number,
  stride: number,
  length: number,
  filled: number,
  fft: Fft,
  buffer: { readonly a: readonly Float64Array[]; readonly b: readonly Float64Array[] },
  inverse: boolean,
): void {
  const read = inverse ? length : filled;
  const write = inverse ? filled : length;
  for (let i = 0; i < read; i++) {
    let at = 2 * (base + i * stride);
    for (let c = 0; c < count; c++) {
      const to = buffer.a[c]!;
      to[2 * i] = data[at++]!;
      to[2 * i + 1] = data[at++]!;
    }
  }
  for (let c = 0; c < count; c++) {
    const from = buffer.a[c]!;
    if (inverse) fft.inverse(from, buffer.b[c]!);
    else fft.forward(from.fill(0, 2 * read), buffer.b[c]!);
  }
  for (let i = 0; i < write; i++) {
    let at = 2 * (base + i * stride);
    for (let c = 0; c < count; c++) {
      const from = buffer.b[c]!;
      data[at++] = from[2 * i]!;
      data[at++] = from[2 * i + 1]!;
    }
  }
}

/** Spectra of two real rows from the transform of (row a) + i (row b); b < 0: there is no second row. */
function separate(z: Float64Array, size: number, half: number, out: Float64Array, a: number, b: number): void {
  for (let k = 0; k < half; k++) {
    const m = 2 * ((size - k) % size);
    const re = z[2 * k]!;
    const im = z[2 * k + 1]!;
    out[a + 2 * k] = 0.5 * (re + z[m]!);
    out[a + 2 * k + 1] = 0.5 * (im - z[m + 1]!);
    if (b < 0) continue;
    out[b + 2 * k] = 0.5 * (im + z[m + 1]!);
    out[b + 2 * k + 1] = 0.5 * (z[m]! - re);
  }
}

/** Full spectrum of (row a) + i (row b) from the halves of two real rows: the inverse of `separate`. */
function combine(data: Float64Array, a: number, b: number, size: number, half: number, z: Float64Array): void {
  for (let k = 0; k < half; k++) {
    const m = 2 * ((size - k) % size);
    const ar = data[a + 2 * k]!;
    const ai = data[a + 2 * k + 1]!;
    const br = b < 0 ? 0 : data[b + 2 * k]!;
    const bi = b < 0 ? 0 : data[b + 2 * k + 1]!;
    z[m] = ar + bi;
    z[m + 1] = br - ai;
    z[2 * k] = ar - bi;
    z[2 * k + 1] = ai + br;
  }
}
