/**
 * Exact transport for |x - y|^2 between masses on two grids: the network simplex from coarse grids to fine. The plan of a coarse grid is handed down as a
 * forest; arcs enter by reduced cost, found for all pairs at once by conjugates in linear time (no neighbourhood has to be guessed, and the last
 * search proves optimality over all pairs). [schmitzer2016, orlin1997, lucet1997]
 */
import type { TransportProgress, Work } from "../../contract.ts";
import * as generated from "../../kernels/grid-simplex.gen.ts";
import { openModule, roomFor, type SolverModule } from "../../kernels/solver-module.ts";
import { type Forest, firstForest, handDown, type Whole } from "./forest.ts";
import { coarser, coarserMass, type Lattice, sizeOf } from "./lattice.ts";

export interface GridOptimum {
  readonly forest: Forest;
  /** potentials of the points with mass, f + g <= |x - y|^2 between them; 0 at empty points */
  readonly f: Float64Array;
  readonly g: Float64Array;
  readonly optimal: boolean;
  readonly pivots: number;
  readonly searches: number;
  readonly levels: number;
  readonly bytes: number;
  readonly aborted: boolean;
}
/** cells per axis at which the coarsest grid may stand */
const COARSEST = 6;
/** searches between two looks at the clock */
const SEARCHES = 4;

/** X and Y carry whole masses of the same sum. */
export function* gridSimplex(X: Whole, Y: Whole, mostPivots: number): Work<TransportProgress, GridOptimum> {
  const levels = pyramid(X, Y);
  let forest = firstForest(...levels[0]!);
  let pivots = 0;
  let searches = 0;
  for (const [k, [x, y]] of levels.entries()) {
    if (k > 0) forest = handDown(forest, levels[k - 1]![0], x, levels[k - 1]![1], y);
    const tree = plant(x, y, forest);
    const stage = `grid ${k + 1} of ${levels.length}`;
    let done = false;
    let aborted = false;
    while (!done && !aborted && pivots + tree.pivots() < mostPivots) {
      done = tree.improve(SEARCHES);
      const stop = yield { stage, iteration: pivots + tree.pivots(), gap: null, defect: 0, fraction: null };
      if (stop === "stop") aborted = true;
    }
    pivots += tree.pivots();
    searches += tree.searches();
    if (k === levels.length - 1 || !done) {
      const last = k === levels.length - 1;
      if (!last) {
        forest = tree.forest();
        for (let l = k + 1; l < levels.length; l++) forest = handDown(forest, levels[l - 1]![0], levels[l]![0], levels[l - 1]![1], levels[l]![1]);
      }
      const end = last ? tree : plant(X, Y, forest);
      const { f, g } = end.potentials();
      return { forest: end.forest(), f, g, optimal: done && last, pivots, searches, levels: levels.length, bytes: end.bytes, aborted };
    }
    forest = tree.forest();
  }
  throw new Error("unreachable: the last level returns");
}

function pyramid(X: Whole, Y: Whole): (readonly [Whole, Whole])[] {
  const levels: (readonly [Whole, Whole])[] = [[X, Y]];
  const half = ({ lattice, mass }: Whole): Whole => ({ lattice: coarser(lattice), mass: coarserMass(lattice, mass) });
  while (Math.max(...levels[0]![0].lattice.shape, ...levels[0]![1].lattice.shape) > COARSEST) levels.unshift([half(levels[0]![0]), half(levels[0]![1])]);
  return levels;
}

interface Tree {
  /** some searches, each followed by its pivots; true at the optimum */
  improve(searches: number): boolean;
  pivots(): number;
  searches(): number;
  forest(): Forest;
  potentials(): { readonly f: Float64Array; readonly g: Float64Array };
  readonly bytes: number;
}

/** Bytes of a node: parent, mark, flow, both coordinates, potential. */
const NODE = 40;
/** Bytes of a tree between grids of n and m points. */
export function treeBytes(X: Lattice, Y: Lattice): number {
  const [n, m] = [sizeOf(X), sizeOf(Y)];
  const first = Math.max(X.shape[0] * Y.shape[1], Y.shape[0] * X.shape[1]);
  const long = Math.max(...X.shape, ...Y.shape);
  const most = Math.max(n, m);
  return roomFor(NODE * (n + m), 4 * (n + m), 8 * n, 8 * m, 8 * most, 8 * most, 4 * most, 8 * first, 4 * first, 144 * (long + 2), 4 * most, 4 * most, 8 * most);
}

interface Rows {
  readonly n: number;
  readonly m: number;
  /** parent of node v at place 10 v */
  readonly words: Int32Array;
  /** flow, x, y, potential of node v at 5 v + 1, … , 5 v + 4 */
  readonly reals: Float64Array;
}
const parentAt = (rows: Rows, v: number): number => rows.words[10 * v]!;
const flowAt = (rows: Rows, v: number): number => rows.reals[5 * v + 1]!;
function hang(rows: Rows, v: number, parent: number, flow: number): void {
  rows.words[10 * v] = parent;
  rows.reals[5 * v + 1] = flow;
}
function openRows(module: SolverModule, X: Whole, Y: Whole): Rows {
  const [n, m] = [sizeOf(X.lattice), sizeOf(Y.lattice)];
  const reals = module.f64(5 * (n + m));
  const words = new Int32Array(reals.buffer, reals.byteOffset, 10 * (n + m));
  for (const [l, at] of [[X.lattice, 0] as const, [Y.lattice, n] as const])
    for (let i = 0; i < sizeOf(l); i++) {
      words[10 * (at + i)] = -1;
      reals[5 * (at + i) + 2] = l.origin[0] + Math.floor(i / l.shape[1]) * l.h[0];
      reals[5 * (at + i) + 3] = l.origin[1] + (i % l.shape[1]) * l.h[1];
    }
  return { n, m, words, reals };
}

/** A spanning tree of the points with mass that holds the forest, in WASM memory. */
function plant(X: Whole, Y: Whole, forest: Forest): Tree {
  const bytes = treeBytes(X.lattice, Y.lattice);
  const module = openModule(generated, bytes);
  const rows = openRows(module, X, Y);
  const { n, m, reals } = rows;
  const root = grow(rows, X, forest);
  const calls = module.exports as unknown as Record<string, ((...a: number[]) => number) & WebAssembly.Global>;
  calls.open!(n, m, reals.byteOffset, module.i32(n + m).byteOffset);
  const search = searchOf(module, calls, rows, X, Y, root);
  return {
    bytes,
    improve(searches) {
      for (let k = 0; k < searches; k++) if (search.step()) return true;
      return false;
    },
    pivots: () => calls.pivots!.value,
    searches: () => search.count(),
    forest: () => forestOf(rows),
    potentials() {
      calls.refresh!(root);
      const pot = Float64Array.from({ length: n + m }, (_, v) => reals[5 * v + 4]!);
      return { f: pot.slice(0, n), g: pot.slice(n) };
    },
  };
}

/** Hangs the parts of the forest together. Points are met in order of rows: a part that was not met yet hangs, by an arc without flow, below a target of the point before. Returns the root. */
function grow(rows: Rows, X: Whole, forest: Forest): number {
  const { n, m } = rows;
  const { start, arc } = incidence(forest, n, m);
  const queue = new Int32Array(n + m);
  const seen = new Uint8Array(n + m);
  const spread = (from: number): void => {
    let [head, tail] = [0, 0];
    queue[tail++] = from;
    seen[from] = 1;
    while (head < tail) {
      const v = queue[head++]!;
      for (let k = start[v]!; k < start[v + 1]!; k++) {
        const e = arc[k]!;
        const w = v < n ? n + forest.to[e]! : forest.from[e]!;
        if (seen[w] === 1) continue;
        seen[w] = 1;
        hang(rows, w, v, forest.mass[e]!);
        queue[tail++] = w;
      }
    }
  };
  let root = -1;
  let before = -1;
  for (let i = 0; i < n; i++) {
    if (X.mass[i] === 0) continue;
    if (seen[i] === 0) {
      if (root < 0) root = i;
      else {
        const left = i % X.lattice.shape[1] > 0 ? i - 1 : -1;
        const up = i - X.lattice.shape[1];
        const near = left >= 0 && X.mass[left]! > 0 ? left : up >= 0 && X.mass[up]! > 0 ? up : before;
        // a target of a point is above it, or the first below the root
        hang(rows, i, near === root ? n + forest.to[arc[start[near]!]!]! : parentAt(rows, near), 0);
      }
      spread(i);
    }
    before = i;
  }
  return root;
}
/** Moves at each node. */
function incidence(forest: Forest, n: number, m: number): { start: Int32Array; arc: Int32Array } {
  const start = new Int32Array(n + m + 1);
  for (let e = 0; e < forest.count; e++) for (const v of [forest.from[e]!, n + forest.to[e]!]) start[v + 1] = start[v + 1]! + 1;
  for (let v = 0; v < n + m; v++) start[v + 1] = start[v + 1]! + start[v]!;
  const at = start.slice();
  const arc = new Int32Array(2 * forest.count);
  for (let e = 0; e < forest.count; e++)
    for (const v of [forest.from[e]!, n + forest.to[e]!]) {
      arc[at[v]!] = e;
      at[v] = at[v]! + 1;
    }
  return { start, arc };
}
function forestOf(rows: Rows): Forest {
  const { n, m } = rows;
  const from = new Int32Array(n + m);
  const to = new Int32Array(n + m);
  const mass = new Float64Array(n + m);
  let count = 0;
  for (let v = 0; v < n + m; v++) {
    const parent = parentAt(rows, v);
    if (!(parent >= 0 && flowAt(rows, v) > 0)) continue;
    from[count] = v < n ? v : parent;
    to[count] = (v < n ? parent : v) - n;
    mass[count++] = flowAt(rows, v);
  }
  return { count, from, to, mass };
}

interface Search {
  /** looks for arcs over all pairs and lets them enter; true when none is left */
  step(): boolean;
  count(): number;
}
function searchOf(module: SolverModule, calls: Record<string, (...a: number[]) => number>, rows: Rows, X: Whole, Y: Whole, root: number): Search {
  const { n, m } = rows;
  const most = Math.max(n, m);
  const [shapeX, shapeY] = [X.lattice.shape, Y.lattice.shape];
  const massX = module.f64(n);
  const massY = module.f64(m);
  massX.set(X.mass);
  massY.set(Y.mass);
  const first = Math.max(shapeX[0] * shapeY[1], shapeY[0] * shapeX[1]);
  const scratch = [
    module.f64(most),
    module.f64(most),
    module.i32(most),
    module.f64(first),
    module.i32(first),
    module.f64(18 * (Math.max(...shapeX, ...shapeY) + 2)),
  ];
  const list = [module.i32(most), module.i32(most), module.f64(most)].map((r) => r.byteOffset);
  const at = (l: Lattice): readonly number[] => [...l.shape, ...l.origin, ...l.h];
  const sides = [
    [...at(X.lattice), massX.byteOffset, 0],
    [...at(Y.lattice), massY.byteOffset, n],
  ] as const;
  const rounding = roundingOf(X, Y);
  let searches = 0;
  return {
    count: () => searches,
    step() {
      searches++;
      let made = 0;
      for (const turned of [0, 1] as const) {
        calls.refresh!(root);
        const worst = calls.price!(turned, ...sides[turned]!, ...sides[1 - turned]!, ...scratch.map((r) => r.byteOffset), ...list);
        if (worst >= -rounding) return true;
        const count = turned ? n : m;
        made += calls.enter!(count, ...list, Math.max(rounding, -0.03 * worst), rounding);
      }
      return made === 0;
    },
  };
}
/** Reduced costs below this are rounding: a few units in the last place of the largest squares. */
function roundingOf(X: Whole, Y: Whole): number {
  let top = 0;
  for (const { lattice: l } of [X, Y])
    for (const k of [0, 1] as const) top = Math.max(top, Math.abs(l.origin[k]), Math.abs(l.origin[k] + (l.shape[k] - 1) * l.h[k]));
  return 2 ** -44 * top * top;
}
