/** Named arrays, as our exports and other programs write them, as measures again. */
import type { Measure, Space } from "ottoflow/contract";
import { dataError } from "ottoflow/errors";

export interface NamedArray {
  readonly shape: readonly number[];
  readonly values: Float64Array | Float32Array;
}
type Arrays = ReadonlyMap<string, NamedArray>;

/** Every frame of the arrays on the storage that they are for: `density`; `mean` and `covariance`; `positions` with `levels`, or with `weights`. */
export function measuresOf(arrays: Arrays, frames: number, space: Space, name: string): Measure[] {
  const make = reader(arrays, frames, space, name);
  return Array.from({ length: frames }, (_, f) => make(f));
}

function reader(arrays: Arrays, frames: number, space: Space, name: string): (f: number) => Measure {
  const rows = (key: string, size: number, what: string): ((f: number) => Float64Array) => {
    const { values, shape } = need(arrays, key, name);
    if (shape[0] !== frames || values.length !== frames * size)
      throw dataError(name, `${key} has shape (${shape.join(", ")}) when expected ${frames} frames of ${size} values (${what}).`);
    return (f) => Float64Array.from(values.subarray(f * size, (f + 1) * size));
  };
  const d = space.dim;
  if (arrays.has("density")) {
    if (!space.cells) throw dataError(name, "holds a density, but the space of the spec has no cells.");
    const row = rows("density", space.cells.n, `the cells of the space${space.grid ? `, ${space.grid.shape.join(" × ")}` : ""}`);
    return (f) => ({ rep: "cells", space, rho: row(f) });
  }
  const mass = (f: number): number => arrays.get("mass")?.values[f] ?? 1;
  if (arrays.has("mean")) {
    const [mean, cov] = [rows("mean", d, "the mean"), rows("covariance", d * d, "the covariance")];
    return (f) => ({ rep: "gaussian", space, mean: mean(f), cov: cov(f), mass: mass(f) });
  }
  const positions = arrays.get("positions");
  if (!positions) throw dataError(name, `holds ${[...arrays.keys()].join(", ") || "nothing"} when density, positions or mean were expected.`);
  const levels = arrays.get("levels");
  if (levels) {
    const row = rows("positions", levels.values.length, "one per level");
    const level = Float64Array.from(levels.values);
    return (f) => ({ rep: "quantiles", space, x: row(f), level, mass: mass(f) });
  }
  const n = positions.values.length / (frames * d);
  const row = rows("positions", n * d, `points of dimension ${d}`);
  return (f) => ({ rep: "particles", space, n, x: coordinateMajor(row(f), n, d), weight: weightsOf(arrays, f, frames, n, name) });
}

function need(arrays: Arrays, key: string, name: string): NamedArray {
  const array = arrays.get(key);
  if (!array) throw dataError(name, `has no ${key}.`);
  return array;
}
function coordinateMajor(points: Float64Array, n: number, d: number): Float64Array {
  const x = new Float64Array(n * d);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) x[k * n + i] = points[i * d + k];
  return x;
}
function weightsOf(arrays: Arrays, f: number, frames: number, n: number, name: string): Float64Array {
  const weights = arrays.get("weights");
  if (!weights) return new Float64Array(n).fill(1 / n);
  if (weights.values.length === n) return Float64Array.from(weights.values);
  if (weights.values.length !== n * frames)
    throw dataError(name, `weights have shape (${weights.shape.join(", ")}) when expected ${n} of them, or ${n} for each of ${frames} frames.`);
  return Float64Array.from(weights.values.subarray(f * n, (f + 1) * n));
}
