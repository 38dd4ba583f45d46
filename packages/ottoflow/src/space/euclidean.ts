import type { Space } from "../contract.ts";
import { specError } from "../errors.ts";

/**
 * R^d without cells: the space of particles, quantiles and Gaussians.
 * @throws {SpecError} when the dimension is no positive integer
 */
export function makeFree(dim: number): Space {
  if (!Number.isInteger(dim) || dim < 1) throw specError("space.dimension", `got ${dim}; give a positive integer.`);
  return { kind: "free", dim };
}
