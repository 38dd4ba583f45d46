import type { Space } from "../../contract.ts";
import { OttoflowError } from "../../errors.ts";
import { type EdgeRun, edgesOfBox } from "../../kernels/edges.ts";

/** The cells and edges of a box, as the finite volumes use them: equal volumes, edges sorted by axis. */
export interface Mesh {
  readonly space: Space;
  readonly n: number;
  readonly dim: number;
  readonly shape: readonly number[];
  readonly periodic: readonly boolean[];
  /** cell widths */
  readonly h: readonly number[];
  readonly volume: number;
  readonly edges: number;
  /** edges of axis k are first[k] to first[k + 1] - 1 */
  readonly first: readonly number[];
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** the same edges as stretches of rows, in the order of the edges */
  readonly runs: readonly EdgeRun[];
  /** where the edges of a cell are, see kernels/outflow.ts */
  readonly axes: readonly number[];
  /** area / distance / volume of each edge: 1 / h^2 */
  readonly stiffness: Float64Array;
}

/** @throws {UnsupportedError} when the space is no box with cells */
export function openMesh(space: Space): Mesh {
  const { cells, grid } = space;
  if (!cells || !grid)
    throw new OttoflowError("UnsupportedError", `finite-volume needs a box with cells; got the space "${space.kind}".`, { missing: ["cells", "grid"] });
  const { from, to, conductance } = cells.edges();
  const volume = grid.h.reduce((a, b) => a * b, 1);
  const { first, runs, axes } = edgesOfBox(grid.shape, grid.periodic);
  const stiffness = new Float64Array(from.length);
  for (let k = 0; k < grid.shape.length; k++) stiffness.fill(conductance[first[k]!]! / volume, first[k]!, first[k + 1]!);
  return {
    space,
    n: cells.n,
    dim: space.dim,
    shape: grid.shape,
    periodic: grid.periodic,
    h: grid.h,
    volume,
    edges: from.length,
    first,
    from,
    to,
    runs,
    axes,
    stiffness,
  };
}
