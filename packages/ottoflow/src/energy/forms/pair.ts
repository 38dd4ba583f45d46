import type { Host, Kernel, Measure, Pair, Quantiles, Rows, Space } from "../../contract.ts";
import { OttoflowError } from "../../errors.ts";
import { powi } from "../../kernels/math.ts";
import { type Convolution, openConvolution, radialKernel } from "../../numeric/convolution.ts";
import { gaussLegendre } from "../../numeric/quadrature.ts";
import { addRows } from "./field.ts";
import { type PartOn, weighted, weighted3 } from "./on.ts";

const MAX_DIRECT_CELLS = 16_384;

/** 1/2 iint W: grids by FFT where W is radial (singular kernels enter by their cell average), else directly; particles by the kernel's own sums; quantiles by their cell means; Gaussians where W is quadratic. */
export function openPair(part: Pair, space: Space, host: Host): PartOn {
  const W = part.W;
  const cells = space.cells;
  const n = cells?.n ?? 0;
  const potential = host.alloc(n);
  let convolve: ((rho: Rows) => void) | undefined;
  const field = (rho: Rows): Float64Array => {
    convolve ??= openCells(W, space, potential, part.label);
    convolve(rho);
    return potential;
  };
  let scratch = new Float64Array(0);
  const room = (size: number): Float64Array => (scratch.length >= size ? scratch : (scratch = new Float64Array(size)));
  return {
    value(m: Measure) {
      switch (m.rep) {
        case "cells":
          return 0.5 * weighted3(n, field(m.rho), m.rho, cells!.volume);
        case "particles":
          W.sum(m.n, m.x, m.n, m.x, m.weight, room(m.n));
          return 0.5 * weighted(m.n, scratch, m.weight);
        case "quantiles":
          return onQuantiles(W, m);
        case "gaussian":
          return W.quadratic === undefined ? null : 0.5 * W.quadratic * m.mass * m.mass * trace(space.dim, m.cov);
      }
    },
    slope(m, _t, out) {
      if (m.rep === "cells") addRows(n, field(m.rho), out);
      else if (m.rep === "particles") {
        W.dx(m.n, m.x, m.n, m.x, m.weight, room(m.x.length));
        addRows(m.x.length, scratch, out);
      } else if (m.rep === "gaussian" && W.quadratic !== undefined) {
        const d = space.dim;
        for (let k = 0; k < d; k++) out[d + k * d + k] = out[d + k * d + k]! + W.quadratic * m.mass;
      } else throw new OttoflowError("UnsupportedError", `${part.label} has no slope on ${m.rep} unless its kernel is quadratic.`, { missing: ["pair"] });
    },
  };
}

function trace(d: number, a: Rows): number {
  let s = 0;
  for (let k = 0; k < d; k++) s += a[k * d + k]!;
  return s;
}

function openCells(W: Kernel, space: Space, out: Float64Array, label: string): (rho: Rows) => void {
  const cells = space.cells!;
  const grid = space.grid;
  if (W.radial && grid) {
    const volume = grid.h.reduce((a, b) => a * b, 1);
    const point = radialKernel(space.dim, W.radial.value);
    const origin = W.finite ? null : cellAverage(W, grid.h);
    const plan: Convolution = openConvolution(grid, (n, z, values) => {
      point(n, z, values);
      for (let i = 0; i < n; i++) {
        if (origin !== null && atOrigin(n, i, z, space.dim)) values[i] = origin;
        values[i] = values[i]! * volume;
      }
    });
    return (rho) => plan.apply(rho, out);
  }
  if (cells.n > MAX_DIRECT_CELLS)
    throw new OttoflowError(
      "LimitError",
      `${label}: a kernel that is not a function of |x - y| costs n² on cells; got ${cells.n} cells when at most ${MAX_DIRECT_CELLS} are summed directly. Use fewer cells or a radial formula.`,
      { got: cells.n, limit: MAX_DIRECT_CELLS },
    );
  const mass = new Float64Array(cells.n);
  return (rho) => {
    for (let i = 0; i < cells.n; i++) mass[i] = rho[i]! * cells.volume[i]!;
    W.sum(cells.n, cells.centre, cells.n, cells.centre, mass, out);
  };
}

function atOrigin(n: number, i: number, z: Rows, d: number): boolean {
  for (let k = 0; k < d; k++) if (z[k * n + i] !== 0) return false;
  return true;
}

/**
 * Average of k(|x|) over the cell around the origin, the potential of a full cell at its centre: Gauss–Legendre on
 * dyadic shells that shrink to the origin, where an integrable singularity loses its weight geometrically.
 */
export function cellAverage(W: Kernel, h: readonly number[]): number {
  const d = h.length;
  const rule = gaussLegendre(8);
  const boxes = shellBoxes(d);
  const per = rule.n;
  const r = new Float64Array(1);
  let total = 0;
  for (let level = 0; level < 60; level++) {
    const size = 0.5 * powi(0.5, level);
    for (const corner of boxes) {
      const points = d === 1 ? per : d === 2 ? per * per : per * per * per;
      for (let q = 0; q < points; q++) {
        let s = 0;
        let w = 1;
        for (let k = 0, rest = q; k < d; k++, rest = Math.floor(rest / per)) {
          const u = size * (corner[k]! + 0.5 * rule.at[rest % per]!);
          w *= 0.5 * rule.weight[rest % per]! * size;
          s += u * u * h[k]! * h[k]!;
        }
        r[0] = Math.sqrt(s);
        W.radial!.value(1, r, r);
        total += w * r[0]!;
      }
    }
  }
  return total * (1 << d);
}

/** The 2^d - 1 half-size boxes of the unit box [0, 1]^d that do not touch the origin, by lower corner. */
function shellBoxes(d: number): number[][] {
  const boxes: number[][] = [];
  for (let code = 1; code < 1 << d; code++) boxes.push(Array.from({ length: d }, (_, k) => ((code >> k) & 1) * 0.5));
  return boxes;
}

/** Exact for quadratic kernels by the variance; else the cells act from their midpoints, second order in the level spacing. */
function onQuantiles(W: Kernel, m: Quantiles): number {
  const n = m.x.length - 1;
  if (W.quadratic !== undefined) {
    let mean = 0;
    let square = 0;
    for (let i = 0; i < n; i++) {
      const [a, b, w] = [m.x[i]!, m.x[i + 1]!, m.level[i + 1]! - m.level[i]!];
      mean += 0.5 * w * (a + b);
      square += (w * (a * a + a * b + b * b)) / 3;
    }
    return 0.5 * W.quadratic * m.mass * m.mass * (square - mean * mean);
  }
  const x = new Float64Array(n);
  const w = new Float64Array(n);
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    x[i] = 0.5 * (m.x[i]! + m.x[i + 1]!);
    w[i] = m.mass * (m.level[i + 1]! - m.level[i]!);
  }
  W.sum(n, x, n, x, w, out);
  return 0.5 * weighted(n, out, w);
}
