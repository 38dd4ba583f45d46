import type { Space } from "../../contract.ts";
import { OttoflowError } from "../../errors.ts";
import { type EdgeRun, edgeEnds, edgesOfBox } from "../../kernels/edges.ts";

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
  /** area / distance / volume of the edges of each axis: 1 / h^2 */
  readonly coupling: readonly number[];
  /** the same of each edge */
  readonly stiffness: Float64Array;
}

type Ends = Pick<Mesh, "from" | "to">;

/** @throws {UnsupportedError} when the space is no box with cells */
export function openMesh(space: Space): Mesh {
  const { cells, grid } = space;
  if (!cells || !grid)
    throw new OttoflowError("UnsupportedError", `finite-volume needs a box with cells; got the space "${space.kind}".`, { missing: ["cells", "grid"] });
  return meshOf(space, grid.shape, grid.periodic, grid.h, () => cells.edges());
}

/** The plane with its axes exchanged: cell (i, j) is cell (j, i) of the box, and so for the edges. */
export function turned({ space, shape, periodic, h }: Mesh): Mesh {
  const flip = <T>(two: readonly T[]): readonly T[] => [two[1]!, two[0]!];
  const { runs, first } = edgesOfBox(flip(shape), flip(periodic));
  return meshOf(space, flip(shape), flip(periodic), flip(h), () => edgeEnds(runs, first[2]!));
}

/** What only some schemes look at, rows of edges, is made when first looked at. */
function meshOf(space: Space, shape: readonly number[], periodic: readonly boolean[], h: readonly number[], ends: () => Ends): Mesh {
  const volume = h.reduce((a, b) => a * b, 1);
  const { first, runs, axes } = edgesOfBox(shape, periodic);
  // conductance of the edges of the box over the volume, rounded as these two are
  const coupling = h.map((width) => volume / (width * width) / volume);
  const edges = first[shape.length]!;
  let row: Float64Array | null = null;
  let known: Ends | null = null;
  return {
    space,
    n: shape.reduce((a, b) => a * b, 1),
    dim: space.dim,
    shape,
    periodic,
    h,
    volume,
    edges,
    first,
    get from() {
      known ??= ends();
      return known.from;
    },
    get to() {
      known ??= ends();
      return known.to;
    },
    runs,
    axes,
    coupling,
    get stiffness() {
      if (row) return row;
      row = new Float64Array(edges);
      for (let k = 0; k < shape.length; k++) row.fill(coupling[k]!, first[k]!, first[k + 1]!);
      return row;
    },
  };
}
