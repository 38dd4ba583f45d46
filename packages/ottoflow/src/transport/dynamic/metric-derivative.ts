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
import { expectEqualMasses, expectSound } from "../sound.ts";
import { divergence, type FaceRows, gradient, type Mesh, makeCompatible, meshOf, solveGradient } from "./weighted-gradient.ts";

export type { FaceRows };

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
  if (!velocity) throw specError("velocity", "is missing: numbers at the cells [d * n], or one row [n] per axis at the faces.");
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
    if (!(dt > 0 && dt < Number.POSITIVE_INFINITY)) throw specError(`frames[${k + 1}].t`, `got ${b.t} after ${a.t} when expected rising times.`);
    const [x, y] = [a.measure, b.measure];
    if (k === 0) expectSound("frames[0].measure", x, true);
    expectSound(`frames[${k + 1}].measure`, y, true);
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
  if (!a.space.cells!.centre.every((c, e) => c === b.space.cells!.centre[e]))
    throw specError("frames", "stand on different cells: a curve of densities needs one grid.");
  const mean = Float64Array.from(a.rho, (v, i) => (v + b.rho[i]!) / 2);
  const rate = Float64Array.from(a.rho, (v, i) => (b.rho[i]! - v) / dt);
  return leastMotion(a.space, mean, rate, obstacle);
}

function gaussianDistance(a: As<"gaussian">, b: As<"gaussian">): number {
  const d = a.mean.length;
  expectLength("mean", b.mean.length, d);
  expectEqualMasses(a.mass, b.mass);
  let square = 0;
  for (let k = 0; k < d; k++) square += (a.mean[k]! - b.mean[k]!) * (a.mean[k]! - b.mean[k]!);
  return Math.sqrt(a.mass * (square + bures2(d, a.cov, b.cov)));
}
