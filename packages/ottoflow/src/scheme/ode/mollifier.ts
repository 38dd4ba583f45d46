/**
 * Sums of a Gaussian bump over particles: phi(x) = (2 pi)^{-d/2} width^{-d} exp(-|x|^2 / (2 width^2)).
 * Particles are sorted into bins of side at least `reach`, beyond which the bump is below rounding (e^{-40}), so a sum costs
 * the number of neighbours and not n^2. Periodic axes use the nearest image; at walls the bump is reflected (method of
 * images: the Neumann heat kernel), which keeps phi(x, y) symmetric and its integral over the box equal to one.
 */
import type { Host, Rows, Space } from "../../contract.ts";
import { specError } from "../../errors.ts";
import { exp, powi } from "../../kernels/math.ts";

export interface Mollifier {
  /** out_i = sum_j w_j phi(x_i, x_j), [n]; sorts the particles */
  density(x: Rows, w: Rows, out: Rows): void;
  /** out_{k,i} = sum_j w_j (a_i + b_j) d phi(x_i, x_j) / d x_{i,k}, [d * n]; for the points of the last `density` */
  gradient(w: Rows, a: Rows, b: Rows, out: Rows): void;
}

interface Axis {
  readonly lower: number;
  readonly upper: number;
  readonly periodic: boolean;
  readonly wall: boolean;
}

/** exp(-r^2 / 2) at this many widths is e^{-40.5} = 2.6e-18 */
const reachInWidths = 9;
/** axes that are sorted; more would mean 3^d neighbouring bins */
const maxBinned = 3;

function axesOf(space: Space): readonly Axis[] {
  const { grid, dim } = space;
  return Array.from({ length: dim }, (_, k) => {
    if (!grid) return { lower: Number.NEGATIVE_INFINITY, upper: Number.POSITIVE_INFINITY, periodic: false, wall: false };
    const [lower, upper, periodic] = [grid.lower[k]!, grid.lower[k]! + grid.shape[k]! * grid.h[k]!, grid.periodic[k]!];
    return { lower, upper, periodic, wall: !periodic && space.bounded === true };
  });
}

export function openMollifier(space: Space, n: number, width: number, host: Host): Mollifier {
  const d = space.dim;
  const axes = axesOf(space);
  for (const [k, axis] of axes.entries())
    if ((axis.periodic || axis.wall) && width > (axis.upper - axis.lower) / 12)
      throw specError(
        "scheme.width",
        `got ${width} when axis ${k} of length ${axis.upper - axis.lower} holds bumps up to a twelfth of it. Use a smaller width or more particles.`,
      );
  const bins = openBins(axes, n, reachInWidths * width, host);
  const cut = reachInWidths * reachInWidths * width * width;
  const minus = -1 / (2 * width * width);
  let norm = 1;
  for (let k = 0; k < d; k++) norm /= Math.sqrt(2 * Math.PI) * width;
  const ws = host.alloc(n);
  const bs = host.alloc(n);
  const here = host.alloc(d);
  const delta = host.alloc(d);
  const sign = host.alloc(d);
  const force = host.alloc(d);
  let value = 0;

  /** displacement from sorted particle j to the target; its square */
  function distance2(j: number): number {
    let r2 = 0;
    for (let k = 0; k < d; k++) {
      let dx = here[k]! - bins.x[k * n + j]!;
      const axis = axes[k]!;
      if (axis.periodic) dx -= (axis.upper - axis.lower) * Math.round(dx / (axis.upper - axis.lower));
      delta[k] = dx;
      r2 += dx * dx;
    }
    return r2;
  }
  function addDensity(from: number, to: number): void {
    for (let j = from; j < to; j++) {
      const r2 = distance2(j);
      if (r2 < cut) value += ws[j]! * exp(minus * r2);
    }
  }
  let own = 0;
  function addForce(from: number, to: number): void {
    for (let j = from; j < to; j++) {
      const r2 = distance2(j);
      if (r2 >= cut) continue;
      const f = ws[j]! * (own + bs[j]!) * exp(minus * r2);
      for (let k = 0; k < d; k++) force[k] = force[k]! + f * sign[k]! * delta[k]!;
    }
  }
  /** the target and its mirror images in walls within reach, axis by axis */
  function images(k: number, add: (from: number, to: number) => void): void {
    if (k === d) {
      bins.around(here, add);
      return;
    }
    images(k + 1, add);
    const axis = axes[k]!;
    if (!axis.wall) return;
    const at = here[k]!;
    sign[k] = -1;
    for (const mirror of [axis.lower, axis.upper]) {
      if (Math.abs(at - mirror) > bins.reach) continue;
      here[k] = 2 * mirror - at;
      images(k + 1, add);
    }
    here[k] = at;
    sign[k] = 1;
  }
  function aim(i: number): void {
    for (let k = 0; k < d; k++) here[k] = bins.x[k * n + i]!;
    sign.fill(1);
  }
  return {
    density(x, w, out) {
      bins.sort(x);
      for (let i = 0; i < n; i++) ws[i] = w[bins.order[i]!]!;
      for (let i = 0; i < n; i++) {
        aim(i);
        value = 0;
        images(0, addDensity);
        out[bins.order[i]!] = norm * value;
      }
    },
    gradient(w, a, b, out) {
      const scale = 2 * minus * norm;
      for (let i = 0; i < n; i++) {
        ws[i] = w[bins.order[i]!]!;
        bs[i] = b[bins.order[i]!]!;
      }
      for (let i = 0; i < n; i++) {
        const at = bins.order[i]!;
        aim(i);
        own = a[at]!;
        force.fill(0);
        images(0, addForce);
        for (let k = 0; k < d; k++) out[k * n + at] = scale * force[k]!;
      }
    },
  };
}

interface Bins {
  readonly reach: number;
  /** sorted points [d * n]; sorted point i is point order[i] */
  readonly x: Rows;
  readonly order: Int32Array;
  sort(x: Rows): void;
  /** calls `add` with ranges of sorted points that hold every point within reach of `here` */
  around(here: Rows, add: (from: number, to: number) => void): void;
}

function openBins(axes: readonly Axis[], n: number, reach: number, host: Host): Bins {
  const d = axes.length;
  const binned = Math.min(d, maxBinned);
  const sorted = host.alloc(d * n);
  const order = new Int32Array(n);
  const bin = new Int32Array(n);
  const shape = new Int32Array(maxBinned).fill(1);
  const low = new Float64Array(maxBinned);
  const side = new Float64Array(maxBinned).fill(1);
  const most = binsPerAxis(n, binned);
  let total = 1;
  for (let k = 0; k < binned; k++) total *= most;
  const first = new Int32Array(total + 1);
  const at = new Int32Array(maxBinned);
  const index = (k: number, value: number): number => Math.floor((value - low[k]!) / side[k]!);

  function shapeBins(x: Rows): void {
    for (let k = 0; k < binned; k++) {
      const axis = axes[k]!;
      let [lo, hi] = [axis.lower, axis.upper];
      if (!axis.periodic) {
        [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
        for (let i = k * n; i < (k + 1) * n; i++) {
          if (x[i]! < lo) lo = x[i]!;
          if (x[i]! > hi) hi = x[i]!;
        }
      }
      let count = Math.min(most, Math.floor((hi - lo) / reach));
      if (!(count >= (axis.periodic ? 3 : 1))) count = 1; // fewer than three bins on a circle would meet twice
      shape[k] = count;
      low[k] = lo;
      side[k] = count > 1 ? (hi - lo) / count : Number.POSITIVE_INFINITY;
    }
  }
  function sort(x: Rows): void {
    shapeBins(x);
    first.fill(0);
    for (let i = 0; i < n; i++) {
      let b = 0;
      for (let k = 0; k < binned; k++) b = b * shape[k]! + Math.max(0, Math.min(shape[k]! - 1, index(k, x[k * n + i]!)));
      bin[i] = b;
      first[b + 1]!++;
    }
    for (let b = 0; b < total; b++) first[b + 1]! += first[b]!;
    for (let i = 0; i < n; i++) order[first[bin[i]!]!++] = i;
    for (let b = total; b > 0; b--) first[b] = first[b - 1]!;
    first[0] = 0;
    for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) sorted[k * n + i] = x[k * n + order[i]!]!;
  }
  function around(here: Rows, add: (from: number, to: number) => void): void {
    for (let k = 0; k < binned; k++) at[k] = shape[k] === 1 ? 0 : index(k, here[k]!);
    walk(0, 0, add);
  }
  function walk(k: number, b: number, add: (from: number, to: number) => void): void {
    if (k === binned) {
      if (first[b + 1]! > first[b]!) add(first[b]!, first[b + 1]!);
      return;
    }
    const count = shape[k]!;
    if (count === 1) {
      walk(k + 1, b, add);
      return;
    }
    for (let c = at[k]! - 1; c <= at[k]! + 1; c++) {
      if (axes[k]!.periodic) walk(k + 1, b * count + (((c % count) + count) % count), add);
      else if (c >= 0 && c < count) walk(k + 1, b * count + c, add);
    }
  }
  return { reach, x: sorted, order, sort, around };
}

/** Bins per axis so that all bins together are about as many as the particles. */
function binsPerAxis(n: number, binned: number): number {
  let most = 1;
  while (powi(most + 1, binned) <= 2 * n) most++;
  return most;
}
