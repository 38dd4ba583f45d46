/** Graphs as ground spaces: shortest paths, and the cost they make. [dijkstra1959] */
import type { Cost } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { pow } from "../kernels/math.ts";

/** An undirected graph with lengths, and its edges by vertex: edges of v are half[start[v] .. start[v + 1]), as 2 e or 2 e + 1 by the end that v is. */
export interface Graph {
  readonly n: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly length: Float64Array;
  readonly start: Int32Array;
  readonly half: Int32Array;
}
/**
 * @param edges pairs of vertices 0 .. n - 1, with their lengths >= 0
 * @throws {SpecError | ShapeError} on vertices that do not exist and lengths that are none
 */
export function makeGraph(n: number, edges: readonly (readonly [from: number, to: number, length: number])[]): Graph {
  return graphOf({ n, from: Int32Array.from(edges, (e) => e[0]), to: Int32Array.from(edges, (e) => e[1]), length: Float64Array.from(edges, (e) => e[2]) });
}
export function graphOf({ n, from, to, length }: NonNullable<Cost["graph"]>): Graph {
  if (!(Number.isInteger(n) && n > 0)) throw specError("n", `got ${n} when expected a number of vertices.`);
  expectLength("to", to.length, from.length);
  expectLength("length", length.length, from.length);
  const start = new Int32Array(n + 1);
  for (let e = 0; e < from.length; e++) {
    for (const v of [from[e]!, to[e]!]) {
      if (!(v >= 0 && v < n)) throw specError(`edges[${e}]`, `joins vertex ${v} when there are ${n}, numbered from 0.`);
      start[v + 1] = start[v + 1]! + 1;
    }
    if (!(length[e]! >= 0 && length[e]! < Number.POSITIVE_INFINITY))
      throw specError(`edges[${e}]`, `has the length ${length[e]} when expected a finite number of at least 0.`);
  }
  for (let v = 0; v < n; v++) start[v + 1] = start[v + 1]! + start[v]!;
  const next = start.slice();
  const half = new Int32Array(2 * from.length);
  for (let e = 0; e < from.length; e++) {
    for (const [end, v] of [from[e]!, to[e]!].entries()) {
      half[next[v]!] = 2 * e + end;
      next[v] = next[v]! + 1;
    }
  }
  return { n, from, to, length, start, half };
}

/**
 * out_v = min over u of given_u + d(u, v): distances from several vertices at once, the largest 1-Lipschitz function below `given` (Infinity: no start).
 * `via` receives the half edge that v was reached by, -1 at starts and where nothing reaches.
 */
export function lipschitz(g: Graph, given: ArrayLike<number>, out: Float64Array, via?: Int32Array): void {
  const heap = new Int32Array(g.n);
  const place = new Int32Array(g.n).fill(-1);
  let size = 0;
  const rise = (v: number): void => {
    let k = place[v]!;
    for (; k > 0; ) {
      const up = (k - 1) >> 1;
      if (!(out[heap[up]!]! > out[v]!)) break;
      heap[k] = heap[up]!;
      place[heap[k]!] = k;
      k = up;
    }
    heap[k] = v;
    place[v] = k;
  };
  const sink = (v: number): void => {
    let k = 0;
    for (;;) {
      let child = 2 * k + 1;
      if (child >= size) break;
      if (child + 1 < size && out[heap[child + 1]!]! < out[heap[child]!]!) child++;
      if (!(out[heap[child]!]! < out[v]!)) break;
      heap[k] = heap[child]!;
      place[heap[k]!] = k;
      k = child;
    }
    heap[k] = v;
    place[v] = k;
  };
  const add = (v: number): void => {
    if (place[v]! < 0) place[v] = size++;
    rise(v);
  };
  via?.fill(-1);
  for (let v = 0; v < g.n; v++) out[v] = given[v]!;
  for (let v = 0; v < g.n; v++) if (out[v]! < Number.POSITIVE_INFINITY) add(v);
  while (size > 0) {
    const v = heap[0]!;
    const last = heap[--size]!;
    place[v] = -2;
    if (size > 0) sink(last);
    for (let h = g.start[v]!; h < g.start[v + 1]!; h++) {
      const e = g.half[h]! >> 1;
      const w = (g.half[h]! & 1) === 0 ? g.to[e]! : g.from[e]!;
      const d = out[v]! + g.length[e]!;
      if (place[w] === -2 || !(d < out[w]!)) continue;
      out[w] = d;
      if (via) via[w] = g.half[h]! ^ 1;
      add(w);
    }
  }
}

const ROOM = 4e6;
/**
 * c(i, j) = d(i, j)^p with the length d of the shortest path in the graph; vertices in different parts are forbidden pairs. Give measures by their weights
 * at the vertices: `placeholders(n, weights)`. With p = 1 the solver `graph` moves mass along the edges and never looks at pairs.
 */
export function graphCost(graph: Graph, p = 1): Cost {
  if (!(p >= 1 && Number.isFinite(p))) throw specError("p", `got ${p} when expected a finite number of at least 1.`);
  const { n } = graph;
  const rows = new Map<number, Float64Array>();
  const rowOf = (i: number): Float64Array => {
    const known = rows.get(i);
    if (known) return known;
    if (!(i >= 0 && i < n)) throw new OttoflowError("ShapeError", `vertex ${i} is none of the ${n} of the graph.`, { got: i, want: n });
    const given = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
    given[i] = 0;
    const out = new Float64Array(n);
    lipschitz(graph, given, out);
    if (p !== 1) for (let j = 0; j < n; j++) out[j] = p === 2 ? out[j]! * out[j]! : out[j] === 0 ? 0 : pow(out[j]!, p);
    if ((rows.size + 1) * n > ROOM) rows.clear();
    rows.set(i, out);
    return out;
  };
  return {
    tex: p === 1 ? "d_G(x, y)" : `d_G(x, y)^{${p}}`,
    metric: p,
    forbids: true,
    table: { n, m: n },
    ...(p === 1 && { graph: { n, from: graph.from, to: graph.to, length: graph.length } }),
    at: (i, j) => rowOf(i)[j]!,
    row: (i, _n, _x, m, _y, out) => out.set(rowOf(i).subarray(0, m)),
  };
}
