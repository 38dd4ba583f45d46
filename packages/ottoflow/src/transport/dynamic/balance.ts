/** The balance of mass on a lattice with obstacles: what a path violates, and the least correction that mends it. */
import { type AxisTransform, openAxis } from "../../numeric/axis-transform.ts";
import { type Lattice, openPoisson } from "./lattice.ts";
import type { DynamicProblem, Path } from "./splitting.ts";

const dot = (a: Float64Array, b: Float64Array): number => {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!;
  return s;
};

/** Iterations without a smaller residual after which rounding is taken to have the last word. */
const PATIENCE = 400;

/** Conjugate gradients for a symmetric semi-definite operator; x from 0; stops when |r| <= enough |f| or where rounding ends progress, with the best x. */
export function conjugateGradients(
  apply: (x: Float64Array, y: Float64Array) => void,
  precondition: (x: Float64Array) => void,
  f: Float64Array,
  x: Float64Array,
  enough: number,
  most: number,
): number {
  const r = f.slice();
  const z = f.slice();
  const w = new Float64Array(f.length);
  x.fill(0);
  const target = enough * Math.sqrt(dot(f, f));
  if (!(target > 0)) return 0;
  precondition(z);
  const p = z.slice();
  const kept = new Float64Array(x.length);
  let rz = dot(r, z);
  let least = Number.POSITIVE_INFINITY;
  let since = 0;
  for (let k = 0; k < most; k++) {
    const size = Math.sqrt(dot(r, r));
    if (size <= target) return k;
    since = size < 0.9 * least ? 0 : since + 1;
    if (size < 0.9 * least) {
      least = size;
      kept.set(x);
    }
    if (since > PATIENCE || !(size < 1e6 * least)) {
      x.set(kept);
      return k;
    }
    apply(p, w);
    const alpha = rz / dot(p, w);
    if (!(Number.isFinite(alpha) && alpha > 0)) return k;
    for (let i = 0; i < x.length; i++) {
      x[i] = x[i]! + alpha * p[i]!;
      r[i] = r[i]! - alpha * w[i]!;
    }
    z.set(r);
    precondition(z);
    const next = dot(r, z);
    const beta = next / rz;
    rz = next;
    for (let i = 0; i < p.length; i++) p[i] = z[i]! + beta * p[i]!;
  }
  return most;
}

/** out = what is missing in the balance of mass at the instants, times 1 / dt: S / dt - L' path, 0 in obstacles. */
export function imbalance(problem: DynamicProblem, path: Path, out: Float64Array): void {
  const { lattice: l, from, to } = problem;
  const { n, steps, dt } = l;
  const instants = steps + 1;
  out.fill(0);
  for (let k = 0; k < l.dim; k++) {
    const c = 0.5 / l.h[k]!;
    for (let i = 0; i < n; i++) {
      if (!l.open[k]![i]) continue;
      const j = l.up[k]![i]!;
      for (let t = 0; t < steps; t++) {
        const v = c * path.flux[k]![i * steps + t]!;
        const a = i * instants + t;
        const b = j * instants + t;
        out[a] = out[a]! + v;
        out[a + 1] = out[a + 1]! + v;
        out[b] = out[b]! - v;
        out[b + 1] = out[b + 1]! - v;
      }
    }
  }
  for (let i = 0; i < n; i++) {
    const b = i * instants;
    if (!l.free[i]) {
      out.fill(0, b, b + instants);
      continue;
    }
    for (let t = 0; t < steps; t++) {
      const r = path.rho[i * steps + t]! / dt;
      const s = path.source ? path.source[i * steps + t]! / 2 : 0;
      out[b + t] = out[b + t]! + r - s;
      out[b + t + 1] = out[b + t + 1]! - r - s;
    }
    out[b] = out[b]! - from[i]! / dt;
    out[b + steps] = out[b + steps]! + to[i]! / dt;
  }
}

/** path += W L psi through open faces, W the weight of each cell and interval and its mean over the two sides of a face */
function addGradient(problem: DynamicProblem, weight: Float64Array, psi: Float64Array, path: Path): void {
  const { lattice: l, reaction } = problem;
  const { n, steps, dt } = l;
  const instants = steps + 1;
  for (let i = 0; i < n; i++) {
    if (!l.free[i]) continue;
    for (let t = 0, a = i * steps, b = i * instants; t < steps; t++) {
      const w = weight[a + t]!;
      path.rho[a + t] = path.rho[a + t]! + (w * (psi[b + t + 1]! - psi[b + t]!)) / dt;
      if (path.source) path.source[a + t] = path.source[a + t]! + (w * reaction * reaction * (psi[b + t]! + psi[b + t + 1]!)) / 2;
    }
  }
  for (let k = 0; k < l.dim; k++) {
    const c = 0.25 / l.h[k]!;
    const row = path.flux[k]!;
    for (let i = 0; i < n; i++) {
      if (!l.open[k]![i]) continue;
      const j = l.up[k]![i]!;
      const a = i * instants;
      const b = j * instants;
      for (let t = 0; t < steps; t++) {
        const q = i * steps + t;
        row[q] = row[q]! + c * (weight[q]! + weight[j * steps + t]!) * (psi[b + t]! + psi[b + t + 1]! - psi[a + t]! - psi[a + t + 1]!);
      }
    }
  }
}

/** What may be missing in the balance, over the size of the data. */
const ENOUGH = 1e-11;
/** Least weight of a cell, so that no cell is cut off. */
const FLOOR = 1e-3;

/** How much a cell and interval may be corrected: about as much as there is of mass, and of room below the top. */
function weights({ mobility }: DynamicProblem, path: Path): Float64Array {
  const { top } = mobility;
  let most = 0;
  const out = path.rho.map((r) => {
    const w = Math.max(top < Number.POSITIVE_INFINITY ? Math.max(Math.min(r, top - r), r / 10) : r, 0);
    most = Math.max(most, w);
    return w;
  });
  for (let q = 0; q < out.length; q++) out[q] = out[q]! / most + FLOOR;
  return out;
}

export interface Mender {
  /** makes the path obey the balance of mass without passing obstacles, changing most where most mass is; returns the iterations */
  mend(path: Path): number;
}

/**
 * Conjugate gradients on the weighted normal equations L' W L psi = what is missing, preconditioned by D^-1/2 (L'L + 1)^-1 D^-1/2 over the
 * whole box with D the weight at the instants [concus1973]. Corrections in empty places stay small, so few densities turn negative.
 */
export function openMender(problem: DynamicProblem): Mender {
  const { lattice: l, from, to } = problem;
  const { n, steps } = l;
  const instants = steps + 1;
  const poisson = openPoisson(l, Math.max(problem.reaction, 1));
  const f = new Float64Array(n * instants);
  const psi = new Float64Array(n * instants);
  const root = new Float64Array(n * instants);
  const nothing = { ...problem, from: new Float64Array(n), to: new Float64Array(n) };
  const image: Path = {
    rho: new Float64Array(n * steps),
    flux: l.shape.map(() => new Float64Array(n * steps)),
    source: problem.reaction > 0 ? new Float64Array(n * steps) : null,
  };
  const scale = Math.sqrt(dot(from, from) + dot(to, to)) / l.dt;
  const clear = (path: Path): void => {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < l.dim; k++) if (!l.open[k]![i]) path.flux[k]!.fill(0, i * steps, (i + 1) * steps);
      if (l.free[i]) continue;
      path.rho.fill(0, i * steps, (i + 1) * steps);
      path.source?.fill(0, i * steps, (i + 1) * steps);
    }
  };
  return {
    mend(path) {
      clear(path);
      imbalance(problem, path, f);
      const size = Math.sqrt(dot(f, f));
      if (size <= ENOUGH * scale) return 0;
      const weight = weights(problem, path);
      for (let i = 0; i < n; i++)
        for (let t = 0; t < instants; t++) {
          const a = weight[i * steps + Math.max(t - 1, 0)]!;
          const b = weight[i * steps + Math.min(t, steps - 1)]!;
          root[i * instants + t] = l.free[i] ? Math.sqrt(2 / (a + b)) : 0;
        }
      const iterations = conjugateGradients(
        (x, y) => {
          image.rho.fill(0);
          for (const row of image.flux) row.fill(0);
          image.source?.fill(0);
          addGradient(problem, weight, x, image);
          imbalance(nothing, image, y);
          for (let q = 0; q < y.length; q++) y[q] = -y[q]!;
        },
        (x) => {
          for (let q = 0; q < x.length; q++) x[q] = x[q]! * root[q]!;
          poisson.solve(x);
          for (let q = 0; q < x.length; q++) x[q] = x[q]! * root[q]!;
        },
        f,
        psi,
        (ENOUGH * scale) / size,
        1000,
      );
      addGradient(problem, weight, psi, path);
      return iterations;
    },
  };
}

/**
 * Fluxes -grad u through open faces, one number per face, whose divergence is f at every free cell; f must sum to zero over each part.
 */
export function spaceFlux(l: Lattice, f: Float64Array): Float64Array[] {
  const { n } = l;
  const axes = l.shape.map((count, k) => openAxis(count, l.periodic[k]!));
  const eigen = eigenvalues(l, axes);
  const work = new Float64Array(n);
  const solveBox = (x: Float64Array): void => {
    transform(l, axes, x, work, false);
    x[0] = 0;
    for (let q = 1; q < n; q++) x[q] = x[q]! / eigen[q]!;
    transform(l, axes, x, work, true);
    for (let i = 0; i < n; i++) if (!l.free[i]) x[i] = 0;
  };
  const u = new Float64Array(n);
  const balanced = withoutMeans(l, f);
  conjugateGradients((x, y) => minusLaplacian(l, x, y), solveBox, balanced, u, 1e-14, 2000);
  return l.shape.map((_, k) => Float64Array.from({ length: n }, (_value, i) => (l.open[k]![i] ? (u[i]! - u[l.up[k]![i]!]!) / l.h[k]! : 0)));
}

/** f less its mean over each part: what rounding left of sums that are zero. */
function withoutMeans(l: Lattice, f: Float64Array): Float64Array {
  const sum = new Float64Array(l.parts);
  const cells = new Float64Array(l.parts);
  for (let i = 0; i < l.n; i++) {
    const part = l.part[i]!;
    if (part < 0) continue;
    sum[part] = sum[part]! + f[i]!;
    cells[part] = cells[part]! + 1;
  }
  return f.map((v, i) => (l.part[i]! < 0 ? 0 : v - sum[l.part[i]!]! / cells[l.part[i]!]!));
}

function minusLaplacian(l: Lattice, x: Float64Array, y: Float64Array): void {
  y.fill(0);
  for (let k = 0; k < l.dim; k++) {
    const c = 1 / (l.h[k]! * l.h[k]!);
    for (let i = 0; i < l.n; i++) {
      if (!l.open[k]![i]) continue;
      const j = l.up[k]![i]!;
      const v = c * (x[i]! - x[j]!);
      y[i] = y[i]! + v;
      y[j] = y[j]! - v;
    }
  }
}

function eigenvalues(l: Lattice, axes: readonly AxisTransform[]): Float64Array {
  return Float64Array.from({ length: l.n }, (_, q) => {
    let mu = 0;
    for (let k = axes.length - 1, rest = q; k >= 0; k--) {
      const count = axes[k]!.n;
      mu += axes[k]!.eigenvalue[rest % count]! / (l.h[k]! * l.h[k]!);
      rest = Math.floor(rest / count);
    }
    return mu;
  });
}

function transform(l: Lattice, axes: readonly AxisTransform[], x: Float64Array, work: Float64Array, inverse: boolean): void {
  let lanes = l.n;
  for (const axis of axes) {
    const length = lanes;
    lanes /= axis.n;
    if (axis.n === 1) continue;
    for (let at = 0; at < x.length; at += length) inverse ? axis.inverse(x, at, lanes, work) : axis.forward(x, at, lanes, work);
  }
}
