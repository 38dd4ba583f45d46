/**
 * How fast a curve of measures goes, and by which motion. At each time the velocity of least norm that drives it is a gradient,
 *   -div(rho grad phi) = d_t rho,  |rho'|^2 = int |grad phi|^2 rho,
 * and any other velocity that drives the same curve differs from it by one that leaves rho in place: both energies add up. [ags2008]
 * On a grid rho stands at the faces as the mean of both sides, so mass moves into an empty cell from a full one, but not through emptiness:
 * where that would be needed there is no velocity, the metric derivative is infinite, and the mass that appears from nowhere is reported.
 */
import type { As, Measure, Space } from "../../contract.ts";
import { expectLength, OttoflowError, specError } from "../../errors.ts";
import { bures2 } from "../../measure/bures.ts";
import { quantileDistance2 } from "../../measure/quantile-distance.ts";
import { type AxisTransform, openAxis } from "../../numeric/axis-transform.ts";
import { conjugateGradients } from "./balance.ts";

/** A motion on a grid, through the faces above each cell: one row [n] per axis, 0 at walls. */
export type FaceRows = readonly Float64Array[];
export interface LeastMotion {
  /** int |v|^2 rho of the velocity of least norm; Infinity where no velocity drives this change */
  readonly energy: number;
  /** mass per unit of time that appears or vanishes where no flux can reach it; 0 where the change is a motion */
  readonly defect: number;
  /** mass per unit of time that the computed motion leaves unexplained: rounding, or conjugate gradients that did not converge */
  readonly unexplained: number;
  /** the velocity, a gradient */
  readonly velocity: FaceRows;
  /** rho at the faces times velocity */
  readonly flux: FaceRows;
  /** [n], of which the velocity is the gradient, up to a constant for each part of the support */
  readonly potential: Float64Array;
}

interface Mesh {
  readonly n: number;
  readonly volume: number;
  readonly shape: readonly number[];
  readonly h: readonly number[];
  readonly periodic: readonly boolean[];
  readonly up: readonly Int32Array[];
  /** rho at the faces, 0 at walls */
  readonly theta: FaceRows;
}

/** Parts of what rho joins: cells of one part exchange mass. */
function partsOf({ n, up, theta }: Mesh): { part: Int32Array; parts: number } {
  const root = Int32Array.from({ length: n }, (_, i) => i);
  const find = (i: number): number => {
    let r = i;
    while (root[r] !== r) {
      root[r] = root[root[r]!]!;
      r = root[r]!;
    }
    return r;
  };
  for (const [k, row] of theta.entries()) for (let i = 0; i < n; i++) if (row[i]! > 0) root[find(i)] = find(up[k]![i]!);
  const part = new Int32Array(n);
  const names = new Map<number, number>();
  for (let i = 0; i < n; i++) {
    const r = find(i);
    if (!names.has(r)) names.set(r, names.size);
    part[i] = names.get(r)!;
  }
  return { part, parts: names.size };
}

function meshOf(space: Space, rho: ArrayLike<number>, obstacle?: ArrayLike<number>): Mesh {
  const grid = space.grid;
  if (!grid) throw new OttoflowError("UnsupportedError", `A ${space.kind} has no grid; metric derivatives of densities need a box.`, { missing: ["grid"] });
  const n = space.cells!.n;
  expectLength("rho", rho.length, n);
  for (let i = 0; i < n; i++)
    if (!(rho[i]! >= 0 && rho[i]! < Number.POSITIVE_INFINITY))
      throw specError("rho", `cell ${i} has the density ${rho[i]} when expected a finite number of at least 0.`);
  if (obstacle) expectLength("obstacle", obstacle.length, n);
  const up: Int32Array[] = [];
  const theta: Float64Array[] = [];
  for (let k = 0, stride = n; k < grid.shape.length; k++) {
    const count = grid.shape[k]!;
    stride /= count;
    const above = new Int32Array(n).fill(-1);
    const at = new Float64Array(n);
    for (let i = 0; i < n; i++) {
      const c = Math.floor(i / stride) % count;
      const j = c + 1 < count ? i + stride : grid.periodic[k] && count > 1 ? i - stride * (count - 1) : -1;
      if (j < 0) continue;
      above[i] = j;
      if (!obstacle?.[i] && !obstacle?.[j]) at[i] = (rho[i]! + rho[j]!) / 2;
    }
    up.push(above);
    theta.push(at);
  }
  return { n, volume: grid.h.reduce((a, b) => a * b, 1), shape: grid.shape, h: grid.h, periodic: grid.periodic, up, theta };
}

/** out = what flows out of each cell, per volume */
function divergence({ n, up, h }: Mesh, flux: FaceRows, out: Float64Array): void {
  out.fill(0);
  for (const [k, row] of flux.entries())
    for (let i = 0; i < n; i++) {
      const f = row[i]! / h[k]!;
      if (f === 0) continue;
      out[i] = out[i]! + f;
      const j = up[k]![i]!;
      out[j] = out[j]! - f;
    }
}

/**
 * The velocity of least norm that changes the density rho at the given rate [n]: div(rho v) = -rate.
 * @throws {UnsupportedError} without a grid; {ShapeError | SpecError} on rows of another size, negative or not finite numbers
 */
export function leastMotion(space: Space, rho: ArrayLike<number>, rate: ArrayLike<number>, obstacle?: ArrayLike<number>): LeastMotion {
  const mesh = meshOf(space, rho, obstacle);
  const { n, volume } = mesh;
  expectLength("rate", rate.length, n);
  const wanted = Float64Array.from(rate);
  if (!wanted.every(Number.isFinite)) throw specError("rate", "has values that are not finite.");
  const defect = makeCompatible(mesh, rho, wanted) * volume;
  const potential = solveGradient(mesh, wanted);
  const velocity = gradient(mesh, potential);
  const flux = velocity.map((row, k) => row.map((v, i) => v * mesh.theta[k]![i]!));
  const left = new Float64Array(n);
  divergence(mesh, flux, left);
  const size = wanted.reduce((s, v) => s + Math.abs(v), 0) * volume;
  const unexplained = left.reduce((s, v, i) => s + Math.abs(v + wanted[i]!), 0) * volume;
  const mass = Float64Array.from(rho).reduce((s, v) => s + v, 0) * volume;
  // masses of measures count as equal to this everywhere in transport
  const impossible = defect > 1e-9 * Math.max(size, mass);
  return { energy: impossible ? Number.POSITIVE_INFINITY : energyOf(mesh, velocity), defect: impossible ? defect : 0, unexplained, velocity, flux, potential };
}

const energyOf = ({ volume, theta }: Mesh, velocity: FaceRows): number =>
  velocity.reduce((sum, row, k) => sum + row.reduce((s, v, i) => s + v * v * theta[k]![i]!, 0), 0) * volume;

/** Takes from the rate what no flux can bring, per part, in proportion to rho; returns how much per volume. */
function makeCompatible(mesh: Mesh, rho: ArrayLike<number>, rate: Float64Array): number {
  const { part, parts } = partsOf(mesh);
  const excess = new Float64Array(parts);
  const mass = new Float64Array(parts);
  const cells = new Float64Array(parts);
  for (let i = 0; i < mesh.n; i++) {
    excess[part[i]!] = excess[part[i]!]! + rate[i]!;
    mass[part[i]!] = mass[part[i]!]! + rho[i]!;
    cells[part[i]!] = cells[part[i]!]! + 1;
  }
  for (let i = 0; i < mesh.n; i++) {
    const p = part[i]!;
    rate[i] = rate[i]! - excess[p]! * (mass[p]! > 0 ? rho[i]! / mass[p]! : 1 / cells[p]!);
  }
  return excess.reduce((s, v) => s + Math.abs(v), 0);
}

/** phi with -div(theta grad phi) = rate: by sums on the line, by conjugate gradients elsewhere. */
function solveGradient(mesh: Mesh, rate: Float64Array): Float64Array {
  if (mesh.shape.length === 1) return onLine(mesh, rate);
  const { n, theta, up, h } = mesh;
  const phi = new Float64Array(n);
  const scale = new Float64Array(n);
  const open = new Uint8Array(n);
  let top = 0;
  for (const [k, row] of theta.entries())
    for (let i = 0; i < n; i++) {
      if (!(row[i]! > 0)) continue;
      const j = up[k]![i]!;
      scale[i] = scale[i]! + row[i]! / (2 * theta.length);
      scale[j] = scale[j]! + row[i]! / (2 * theta.length);
      open[i] = 1;
      open[j] = 1;
      top = Math.max(top, row[i]!);
    }
  for (let i = 0; i < n; i++) scale[i] = open[i] ? 1 / Math.sqrt(scale[i]!) : 0;
  const helmholtz = openHelmholtz(mesh);
  conjugateGradients(
    (x, y) => {
      y.fill(0);
      for (const [k, row] of theta.entries()) {
        const c = 1 / (h[k]! * h[k]!);
        for (let i = 0; i < n; i++) {
          if (!(row[i]! > 0)) continue;
          const j = up[k]![i]!;
          const f = c * row[i]! * (x[i]! - x[j]!);
          y[i] = y[i]! + f;
          y[j] = y[j]! - f;
        }
      }
    },
    (x) => {
      for (let i = 0; i < n; i++) x[i] = x[i]! * scale[i]!;
      helmholtz(x);
      for (let i = 0; i < n; i++) x[i] = x[i]! * scale[i]!;
    },
    rate,
    phi,
    1e-13,
    4 * n + 200,
  );
  return phi;
}

/** x = (1 / L^2 - Lap)^-1 x over the box, L a quarter of its size: the shape of the preconditioner where rho is smooth. [concus1973] */
function openHelmholtz({ n, shape, h, periodic }: Mesh): (x: Float64Array) => void {
  const axes: readonly AxisTransform[] = shape.map((count, k) => openAxis(count, periodic[k]!));
  const size = shape.reduce((s, count, k) => s + count * h[k]! * count * h[k]!, 0);
  const inverse = Float64Array.from({ length: n }, (_, q) => {
    let mu = 16 / size;
    for (let k = axes.length - 1, rest = q; k >= 0; k--) {
      mu += axes[k]!.eigenvalue[rest % shape[k]!]! / (h[k]! * h[k]!);
      rest = Math.floor(rest / shape[k]!);
    }
    return 1 / mu;
  });
  const work = new Float64Array(n);
  const transform = (x: Float64Array, back: boolean): void => {
    let lanes = n;
    for (const axis of axes) {
      const length = lanes;
      lanes /= axis.n;
      if (axis.n > 1) for (let at = 0; at < n; at += length) back ? axis.inverse(x, at, lanes, work) : axis.forward(x, at, lanes, work);
    }
  };
  return (x) => {
    transform(x, false);
    for (let q = 0; q < n; q++) x[q] = x[q]! * inverse[q]!;
    transform(x, true);
  };
}

/** On the line the flux is the sum of the rate from the end of its part; on a circle without a gap one constant is free and the gradient fixes it. */
function onLine({ n, h, periodic, theta }: Mesh, rate: Float64Array): Float64Array {
  const row = theta[0]!;
  const phi = new Float64Array(n);
  const gap = periodic[0] ? row.findIndex((v) => !(v > 0)) : n - 1;
  const start = gap < 0 ? 0 : (gap + 1) % n;
  const flux = new Float64Array(n);
  let sum = 0;
  let around = 0;
  let conductance = 0;
  for (let q = 0; q < n; q++) {
    const i = (start + q) % n;
    sum -= rate[i]! * h[0]!;
    if (!(row[i]! > 0)) sum = 0; // the end of a part, whose rates sum to zero
    flux[i] = sum;
    if (row[i]! > 0) {
      around += sum / row[i]!;
      conductance += 1 / row[i]!;
    }
  }
  const constant = gap < 0 ? -around / conductance : 0;
  for (let q = 1; q < n; q++) {
    const before = (start + q - 1) % n;
    phi[(start + q) % n] = phi[before]! + (row[before]! > 0 ? (h[0]! * (flux[before]! + constant)) / row[before]! : 0);
  }
  return phi;
}

function gradient({ n, up, h, theta }: Mesh, phi: Float64Array): Float64Array[] {
  return theta.map((row, k) => Float64Array.from({ length: n }, (_, i) => (row[i]! > 0 ? (phi[up[k]![i]!]! - phi[i]!) / h[k]! : 0)));
}

export interface Hodge {
  /** int |v|^2 rho of the given velocity, of its gradient part and of the part that leaves rho in place: the first is the sum of the others */
  readonly energy: { readonly given: number; readonly gradient: number; readonly circulation: number };
  readonly gradient: LeastMotion;
  /** given velocity less the gradient, at the faces where rho is not 0 */
  readonly circulation: FaceRows;
}

/**
 * Splits a velocity, given at the cells [d * n] or at the faces (one row [n] per axis), into a gradient, which changes rho as it does, and a motion with
 * div(rho w) = 0. Helmholtz and Hodge's decomposition with the weight rho.
 */
export function hodge(space: Space, rho: ArrayLike<number>, velocity: Float64Array | FaceRows, obstacle?: ArrayLike<number>): Hodge {
  const mesh = meshOf(space, rho, obstacle);
  const { n, theta, up } = mesh;
  const given = mesh.shape.map((_, k) => {
    const row = velocity instanceof Float64Array ? null : velocity[k];
    if (velocity instanceof Float64Array) expectLength("velocity", velocity.length, mesh.shape.length * n);
    else expectLength(`velocity[${k}]`, row?.length ?? 0, n);
    return Float64Array.from({ length: n }, (_value, i) => {
      if (!(theta[k]![i]! > 0)) return 0;
      return row ? row[i]! : ((velocity as Float64Array)[k * n + i]! + (velocity as Float64Array)[k * n + up[k]![i]!]!) / 2;
    });
  });
  const outflow = new Float64Array(n);
  divergence(
    mesh,
    given.map((row, k) => row.map((v, i) => v * theta[k]![i]!)),
    outflow,
  );
  const least = leastMotion(
    space,
    rho,
    outflow.map((v) => -v),
    obstacle,
  );
  const circulation = given.map((row, k) => row.map((v, i) => v - least.velocity[k]![i]!));
  return {
    energy: { given: energyOf(mesh, given), gradient: least.energy, circulation: energyOf(mesh, circulation) },
    gradient: least,
    circulation,
  };
}

export interface Speeds {
  /** middles between consecutive times */
  readonly times: Float64Array;
  /** |rho'| between them */
  readonly speed: Float64Array;
  /** int |rho'| dt: at least the distance of the ends */
  readonly length: number;
  /** int |rho'|^2 dt: at least the squared distance of the ends over the time taken */
  readonly action: number;
  /** of densities on a grid: the motions of least norm; absent for storages whose distance is a closed form */
  readonly motions?: readonly LeastMotion[];
}

/**
 * The metric derivative of a curve given by frames, in W2. Densities on a grid: the motion of least norm at the mean density of each pair of frames that makes
 * their difference. Quantile functions and Gaussians: their distance over the time between.
 * @throws {SpecError} on fewer than two frames, times that do not rise, storages or grids that change; {UnsupportedError} for particles
 */
export function metricDerivative(frames: readonly { readonly t: number; readonly measure: Measure }[], obstacle?: ArrayLike<number>): Speeds {
  if (frames.length < 2) throw specError("frames", `got ${frames.length} when expected at least 2.`);
  const pairs = frames.slice(1).map((b, k) => [frames[k]!, b] as const);
  const motions: LeastMotion[] = [];
  const speed = pairs.map(([a, b], k) => {
    const dt = b.t - a.t;
    if (!(dt > 0)) throw specError(`frames[${k + 1}].t`, `got ${b.t} after ${a.t} when expected rising times.`);
    const [x, y] = [a.measure, b.measure];
    if (x.rep === "cells" && y.rep === "cells") {
      const motion = between(x, y, dt, obstacle);
      motions.push(motion);
      return Math.sqrt(motion.energy);
    }
    if (x.rep === "quantiles" && y.rep === "quantiles") return Math.sqrt(quantileDistance2(x, y)) / dt;
    if (x.rep === "gaussian" && y.rep === "gaussian") return gaussianDistance(x, y) / dt;
    if (x.rep !== y.rep) throw specError(`frames[${k + 1}]`, `is stored as ${y.rep} after a frame stored as ${x.rep}.`);
    throw new OttoflowError(
      "UnsupportedError",
      "The metric derivative of particles is not known from their frames alone: a plan joins them. Use transport between the frames.",
      {
        missing: [x.rep],
      },
    );
  });
  const dts = pairs.map(([a, b]) => b.t - a.t);
  return {
    times: Float64Array.from(pairs, ([a, b]) => (a.t + b.t) / 2),
    speed: Float64Array.from(speed),
    length: speed.reduce((s, v, k) => s + v * dts[k]!, 0),
    action: speed.reduce((s, v, k) => s + v * v * dts[k]!, 0),
    ...(motions.length > 0 && { motions }),
  };
}

function between(a: As<"cells">, b: As<"cells">, dt: number, obstacle?: ArrayLike<number>): LeastMotion {
  expectLength("rho", b.rho.length, a.rho.length);
  const mean = Float64Array.from(a.rho, (v, i) => (v + b.rho[i]!) / 2);
  const rate = Float64Array.from(a.rho, (v, i) => (b.rho[i]! - v) / dt);
  return leastMotion(a.space, mean, rate, obstacle);
}

function gaussianDistance(a: As<"gaussian">, b: As<"gaussian">): number {
  const d = a.mean.length;
  let square = 0;
  for (let k = 0; k < d; k++) square += (a.mean[k]! - b.mean[k]!) * (a.mean[k]! - b.mean[k]!);
  return Math.sqrt(a.mass * (square + bures2(d, a.cov, b.cov)));
}
