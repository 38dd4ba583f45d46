/**
 * Sums of a Gaussian bump over particles: phi(x) = (2 pi)^{-d/2} width^{-d} exp(-|x|^2 / (2 width^2)).
 * Particles are binned, and pairs farther apart than 8.5 widths (e^{-36}, below the rounding of a particle's own term) are not met,
 * so a sum costs the number of neighbours and not n^2. Periodic axes repeat the particles, and walls mirror the bump (method of
 * images: the Neumann heat kernel), which keeps phi(x, y) symmetric and its integral over the box equal to one.
 */
import type { Host, Rows, Space } from "../../contract.ts";
import { specError } from "../../errors.ts";
import { expRows } from "../../kernels/rows.ts";
import { openBins } from "./bins.ts";

export interface Mollifier {
  /** out_i = sum_j w_j phi(x_i, x_j), [n]; sorts the particles. Not a number everywhere when a particle is not. */
  density(x: Rows, w: Rows, out: Rows): void;
  /** out_{k,i} = sum_j w_j (a_i + b_j) d phi(x_i, x_j) / d x_{i,k}, [d * n]; for the points of the last `density` */
  gradient(w: Rows, a: Rows, b: Rows, out: Rows): void;
}

const reachInWidths = 8.5;

export function openMollifier(space: Space, n: number, width: number, host: Host): Mollifier {
  const d = space.dim;
  const reach = reachInWidths * width;
  const images = openImages(space, width);
  const bins = openBins(d, n, reach, host);
  const [x, order] = [bins.x, bins.order];
  const cut = reach * reach;
  const minus = -1 / (2 * width * width);
  let norm = 1;
  for (let k = 0; k < d; k++) norm /= Math.sqrt(2 * Math.PI) * width;
  const ws = host.alloc(n);
  const bs = host.alloc(n);
  const force = host.alloc(d);
  // neighbours of one place: who they are, and the bump there
  const who = new Int32Array(n);
  const bump = host.alloc(n);

  /** fills `who` and `bump`, and says how many */
  function meet(here: Rows): number {
    const ranges = bins.near(here);
    let count = 0;
    for (let r = 0; r < ranges; r++) count = gather(d, n, x, bins.from[r]!, bins.to[r]!, here, minus, cut, count, who, bump);
    expRows(count, bump, bump);
    return count;
  }
  return {
    density(points, w, out) {
      if (!bins.sort(points)) {
        out.fill(Number.NaN);
        return;
      }
      for (let i = 0; i < n; i++) ws[i] = w[order[i]!]!;
      for (let i = 0; i < n; i++) {
        let sum = 0;
        const copies = images.of(n, x, i);
        for (let c = 0; c < copies; c++) {
          const count = meet(images.at[c]!);
          for (let p = 0; p < count; p++) sum += ws[who[p]!]! * bump[p]!;
        }
        out[order[i]!] = norm * sum;
      }
    },
    gradient(w, a, b, out) {
      const scale = 2 * minus * norm;
      for (let i = 0; i < n; i++) {
        ws[i] = w[order[i]!]!;
        bs[i] = b[order[i]!]!;
      }
      for (let i = 0; i < n; i++) {
        const own = a[order[i]!]!;
        for (let k = 0; k < d; k++) out[k * n + order[i]!] = 0;
        const copies = images.of(n, x, i);
        for (let c = 0; c < copies; c++) {
          const here = images.at[c]!;
          const count = meet(here);
          for (let p = 0; p < count; p++) bump[p] = ws[who[p]!]! * (own + bs[who[p]!]!) * bump[p]!;
          pull(d, n, x, here, count, who, bump, force);
          for (let k = 0; k < d; k++) out[k * n + order[i]!] = out[k * n + order[i]!]! + scale * images.sign[c * d + k]! * force[k]!;
        }
      }
    },
  };
}

/** Appends the sorted points of [from, to) closer to `here` than sqrt(cut), with minus |here - x_j|^2; returns the new count. */
function gather(
  d: number,
  n: number,
  x: Rows,
  from: number,
  to: number,
  here: Rows,
  minus: number,
  cut: number,
  count: number,
  who: Int32Array,
  exponent: Rows,
): number {
  if (d === 1) {
    const a = here[0]!;
    for (let j = from; j < to; j++) {
      const u = a - x[j]!;
      const r2 = u * u;
      if (r2 >= cut) continue;
      who[count] = j;
      exponent[count++] = minus * r2;
    }
  } else if (d === 2) {
    const [a, b] = [here[0]!, here[1]!];
    for (let j = from; j < to; j++) {
      const u = a - x[j]!;
      const v = b - x[n + j]!;
      const r2 = u * u + v * v;
      if (r2 >= cut) continue;
      who[count] = j;
      exponent[count++] = minus * r2;
    }
  } else {
    for (let j = from; j < to; j++) {
      let r2 = 0;
      for (let k = 0; k < d; k++) r2 += (here[k]! - x[k * n + j]!) * (here[k]! - x[k * n + j]!);
      if (r2 >= cut) continue;
      who[count] = j;
      exponent[count++] = minus * r2;
    }
  }
  return count;
}

/** force_k = sum_p f_p (here - x_{who p})_k */
function pull(d: number, n: number, x: Rows, here: Rows, count: number, who: Int32Array, f: Rows, force: Rows): void {
  for (let k = 0; k < d; k++) {
    const a = here[k]!;
    let sum = 0;
    for (let p = 0; p < count; p++) sum += f[p]! * (a - x[k * n + who[p]!]!);
    force[k] = sum;
  }
}

interface Images {
  /** places of the point and its images, [3^d][d] */
  readonly at: readonly Float64Array[];
  /** -1 on the axes in which image c is mirrored, [3^d * d] */
  readonly sign: Float64Array;
  /** fills both for point i of x [d * n] and says how many images lie within reach of the box */
  of(n: number, x: Rows, i: number): number;
}

/** Seen from a point, an image of the others is the same as the others seen from an image of the point. */
function openImages(space: Space, width: number): Images {
  const d = space.dim;
  const { grid } = space;
  const reach = reachInWidths * width;
  const closed = grid !== undefined && (space.bounded === true || grid.periodic.some(Boolean));
  const room = closed ? 27 : 1;
  const at = Array.from({ length: room }, () => new Float64Array(d));
  const sign = new Float64Array(room * d).fill(1);
  const axes: { k: number; lower: number; upper: number; periodic: boolean }[] = [];
  for (let k = 0; grid && k < d; k++) {
    const [lower, upper, periodic] = [grid.lower[k]!, grid.lower[k]! + grid.shape[k]! * grid.h[k]!, grid.periodic[k]!];
    if (!periodic && space.bounded !== true) continue;
    // One image on each side is enough as long as the bump does not reach across the whole axis.
    if (reach > upper - lower)
      throw specError(
        "scheme.width",
        `got ${width} when axis ${k} of length ${upper - lower} holds widths up to ${(upper - lower) / reachInWidths}. Use a smaller width or more particles.`,
      );
    axes.push({ k, lower, upper, periodic });
  }
  function of(n: number, x: Rows, i: number): number {
    for (let k = 0; k < d; k++) {
      at[0]![k] = x[k * n + i]!;
      sign[k] = 1;
    }
    let count = 1;
    for (let a = 0; a < axes.length; a++) {
      const { k, lower, upper, periodic } = axes[a]!;
      const here = x[k * n + i]!;
      const before = count;
      if (here - lower < reach)
        for (let c = 0; c < before; c++) count = copy(c, count, k, periodic ? here + upper - lower : 2 * lower - here, periodic ? 1 : -1);
      if (upper - here < reach)
        for (let c = 0; c < before; c++) count = copy(c, count, k, periodic ? here - upper + lower : 2 * upper - here, periodic ? 1 : -1);
    }
    return count;
  }
  function copy(c: number, to: number, k: number, place: number, side: number): number {
    at[to]!.set(at[c]!);
    for (let l = 0; l < d; l++) sign[to * d + l] = sign[c * d + l]!;
    at[to]![k] = place;
    sign[to * d + k] = side;
    return to + 1;
  }
  return { at, sign, of };
}
