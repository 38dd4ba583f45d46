/** One conjugate between two grids in WASM. */
import * as generated from "../../kernels/back-and-forth.gen.ts";
import { openModule, roomFor } from "../../kernels/solver-module.ts";
import { type Lattice, sizeOf } from "./lattice.ts";

/** u*(y) = max over the points x of `from` of x . y - u(x), at the points of `to`. u = Infinity leaves a point out. */
export function conjugateOn(from: Lattice, u: Float64Array, to: Lattice): Float64Array {
  const [n, m] = [sizeOf(from), sizeOf(to)];
  const long = Math.max(...from.shape, ...to.shape);
  const first = from.shape[0] * to.shape[1];
  const module = openModule(generated, roomFor(8 * n, 8 * m, 8 * first, 80 * (long + 2)));
  const [a, b, work, room] = [module.f64(n), module.f64(m), module.f64(first), module.f64(10 * (long + 2))];
  a.set(u);
  const { legendre } = module.exports as unknown as Record<string, (...args: number[]) => number>;
  const at = (l: Lattice): readonly number[] => [...l.shape, ...l.origin, ...l.h];
  legendre!(...at(from), a.byteOffset, ...at(to), b.byteOffset, work.byteOffset, room.byteOffset);
  return b;
}
