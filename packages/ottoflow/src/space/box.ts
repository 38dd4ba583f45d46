import type { Cellular, Space } from "../contract.ts";
import { defineSpace, type Unit } from "../define.ts";
import { expectLength, limitError, specError } from "../errors.ts";
import { edgeEnds, edgesOfBox } from "../kernels/edges.ts";

/** Cells a box may have: 2^24 take 128 MiB per row. */
export const maxCells: number = 2 ** 24;

export interface BoxShape {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  /** cells per axis */
  readonly cells: readonly number[];
  /** per axis; all false unless said */
  readonly periodic?: readonly boolean[];
  /** false where the box stands for R^d; true unless said */
  readonly bounded?: boolean;
}

/**
 * Box of equal cells in one, two or three dimensions; the first axis varies slowest, so cell (i, j) of [m, n] is i * n + j.
 * Rows and edges are built on first use.
 * @throws {SpecError} on empty or reversed intervals and on cell counts that are no positive integers
 * @throws {LimitError} above 2^24 cells, before anything is allocated
 */
export function makeBox(box: BoxShape): Space {
  const { lower, upper, cells: shape } = box;
  const dim = lower.length;
  const periodic = box.periodic ?? shape.map(() => false);
  checkBox(lower, upper, shape, periodic);
  const h = shape.map((n, k) => (upper[k]! - lower[k]!) / n);
  const n = shape.reduce((a, b) => a * b, 1);
  const volume = once(() => new Float64Array(n).fill(h.reduce((a, b) => a * b, 1)));
  const centre = once(() => boxCentres(n, shape, lower, h));
  const cells: Cellular = {
    n,
    get volume() {
      return volume();
    },
    get centre() {
      return centre();
    },
    edges: once(() => boxEdges(shape, h, periodic)),
  };
  return { kind: "box", dim, cells, grid: { shape, lower, h, periodic }, bounded: box.bounded ?? true };
}

function checkBox(lower: readonly number[], upper: readonly number[], shape: readonly number[], periodic: readonly boolean[]): void {
  const dim = lower.length;
  if (dim < 1 || dim > 3) throw specError("space.lower", `got ${dim} axes when a box has 1, 2 or 3; use particles in free space for more.`);
  expectLength("space.upper", upper.length, dim);
  expectLength("space.cells", shape.length, dim);
  expectLength("space.boundary", periodic.length, dim);
  let total = 1;
  for (let k = 0; k < dim; k++) {
    const lo = lower[k]!;
    const hi = upper[k]!;
    const count = shape[k]!;
    if (!(Number.isFinite(lo) && Number.isFinite(hi) && lo < hi))
      throw specError("space.lower", `axis ${k} runs from ${lo} to ${hi}; give finite numbers with lower < upper.`);
    if (!Number.isInteger(count) || count < 1) throw specError("space.cells", `axis ${k} has ${count} cells; give a positive integer.`);
    total *= count;
  }
  if (total > maxCells) throw limitError("cells of the box", total, maxCells, "Use fewer cells per axis, or particles.");
}

/** Centres of the cells, [d * n]. */
function boxCentres(n: number, shape: readonly number[], lower: readonly number[], h: readonly number[]): Float64Array {
  const centre = new Float64Array(shape.length * n);
  for (let k = 0, stride = n; k < shape.length; k++) {
    const count = shape[k]!;
    const span = stride;
    stride /= count;
    const row = centre.subarray(k * n, (k + 1) * n);
    for (let at = 0; at < count; at++) row.fill(lower[k]! + h[k]! * (at + 0.5), at * stride, (at + 1) * stride);
    for (let done = span; done < n; done *= 2) row.copyWithin(done, 0, Math.min(done, n - done));
  }
  return centre;
}

/** The edges in the order of `edgesOfBox`. */
function boxEdges(shape: readonly number[], h: readonly number[], periodic: readonly boolean[]): ReturnType<Cellular["edges"]> {
  const volume = h.reduce((a, b) => a * b, 1);
  const { first, runs } = edgesOfBox(shape, periodic);
  const edges = first[shape.length]!;
  const conductance = new Float64Array(edges);
  for (let k = 0; k < shape.length; k++) conductance.fill(volume / (h[k]! * h[k]!), first[k]!, first[k + 1]!);
  return { ...edgeEnds(runs, edges), conductance };
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** One value for all axes, or one per axis. */
function perAxis<T>(name: string, values: readonly T[], dim: number): readonly T[] {
  if (values.length === 1) return new Array<T>(dim).fill(values[0]!);
  expectLength(`space.${name}`, values.length, dim);
  return values;
}

export const box: Unit<"space"> = defineSpace({
  kind: "box",
  title: "box of cells",
  tex: "\\prod_k [a_k, b_k]",
  summary:
    "An interval, rectangle or cuboid cut into equal cells, with walls that let no mass through or with opposite sides glued together. A box that stands for the whole space must be large enough that its outermost cells stay empty; certificates then watch them.",
  refs: ["eymard2000"],
  params: {
    lower: { type: "vector", broadcast: true, unit: "length", doc: "lower corner, one number per axis" },
    upper: { type: "vector", broadcast: true, unit: "length", doc: "upper corner, one number per axis" },
    cells: {
      type: "vector",
      broadcast: true,
      integer: true,
      above: 0,
      refines: { by: 2, order: "space", under: ["cells"] },
      doc: "number of cells, one per axis; at most 2^24 in all",
    },
    boundary: {
      type: "choices",
      of: ["no-flux", "periodic"],
      broadcast: true,
      default: ["no-flux"],
      doc: "what happens at both ends of an axis, one word for all axes or one per axis",
    },
    "stands-for": {
      type: "choice",
      of: ["itself", "whole-space"],
      default: "itself",
      doc: "whether the box is the whole world or a window on R^d whose edge no mass should reach",
    },
  },
  examples: [
    { dim: 1, params: { lower: [-3], upper: [3], cells: [60] } },
    { dim: 1, params: { lower: [0], upper: [1], cells: [32], boundary: "periodic" } },
    { dim: 2, params: { lower: [-3, -2], upper: [3, 2], cells: [24, 16], boundary: ["no-flux", "periodic"], "stands-for": "whole-space" } },
  ],
  build: (values) => {
    const dim = Math.max(values.lower.length, values.upper.length, values.cells.length, values.boundary.length);
    return makeBox({
      lower: perAxis("lower", values.lower, dim),
      upper: perAxis("upper", values.upper, dim),
      cells: perAxis("cells", values.cells, dim),
      periodic: perAxis("boundary", values.boundary, dim).map((side) => side === "periodic"),
      bounded: values["stands-for"] === "itself",
    });
  },
});
