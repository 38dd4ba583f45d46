/**
 * Least-cost flow along the edges of an undirected graph, by the network simplex method. Edges carry any flow in either direction, so every spanning tree
 * carries one feasible flow, and a tree is optimal where no edge is shorter than the difference of the potentials at its ends. Masses are whole numbers of a
 * small unit inside, so pivots are exact; strongly feasible trees (flowless edges point to the root) rule out cycling. [ahuja1993]
 */
import { type Graph, lipschitz } from "./graph-cost.ts";

export interface GraphFlow {
  /** [edges] from `from` to `to` */
  readonly flow: Float64Array;
  /** [n] 1-Lipschitz along every edge: dual = sum supply * f */
  readonly f: Float64Array;
  readonly pivots: number;
  /** false where it was stopped */
  readonly optimal: boolean;
  /** excess of supply over demand of the part of the graph that cannot be balanced, with a vertex of it; null where all can */
  readonly stranded: { readonly vertex: number; readonly excess: number } | null;
  readonly parts: number;
}

interface Tree {
  readonly parent: Int32Array;
  /** edge to the parent, -1 at roots */
  readonly edge: Int32Array;
  /** flow on that edge, >= 0, to the parent where `up` is 1 */
  readonly carried: Float64Array;
  readonly up: Uint8Array;
  readonly depth: Int32Array;
  readonly child: Int32Array;
  readonly next: Int32Array;
  readonly before: Int32Array;
  /** potentials */
  readonly f: Float64Array;
}

/** @param supply what leaves (positive) or ends at (negative) each vertex; sums to zero in each part of the graph up to rounding */
export function* graphFlow(g: Graph, supply: Float64Array): Generator<number, GraphFlow, "stop" | undefined> {
  const { tree, order, roots } = spanning(g);
  const scale = supply.reduce((s, v) => s + Math.abs(v), 0);
  const parts = roots.length;
  const stranded = unbalanced(g.n, tree, order, supply, roots, 1e-9 * scale);
  const nothing = { flow: new Float64Array(g.from.length), f: new Float64Array(g.n), pivots: 0, parts };
  if (stranded) return { ...nothing, optimal: true, stranded };
  if (scale === 0) return { ...nothing, optimal: true, stranded: null };
  load(g, tree, order, whole(g.n, tree, order, supply, scale));
  const size = Math.max(16, Math.ceil(Math.sqrt(g.from.length)));
  let pivots = 0;
  let at = 0;
  let optimal = true;
  const slack = 1e-14 * g.length.reduce((s, l) => Math.max(s, l), 0);
  for (;;) {
    const found = price(g, tree.f, at, size, slack);
    if (found < 0) break;
    at = (found + 1) % g.from.length;
    pivot(g, tree, found);
    if (++pivots % 500 === 0 && (yield pivots) === "stop") {
      optimal = false;
      break;
    }
  }
  return { flow: treeFlow(g, tree, supply), f: feasible(g, tree), pivots, optimal, stranded: null, parts };
}

/** A shortest-path forest: one root for each part. */
function spanning(g: Graph): { tree: Tree; order: Int32Array; roots: number[] } {
  const { n } = g;
  const distance = new Float64Array(n);
  const via = new Int32Array(n).fill(-1);
  const roots = rootsOf(g);
  const given = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (const r of roots) given[r] = 0;
  lipschitz(g, given, distance, via);
  const ints = (fill: number): Int32Array => new Int32Array(n).fill(fill);
  const tree: Tree = {
    parent: ints(-1),
    edge: ints(-1),
    carried: new Float64Array(n),
    up: new Uint8Array(n).fill(1),
    depth: ints(0),
    child: ints(-1),
    next: ints(-1),
    before: ints(-1),
    f: new Float64Array(n),
  };
  for (let v = 0; v < n; v++) {
    if (via[v]! < 0) continue;
    tree.edge[v] = via[v]! >> 1;
    tree.parent[v] = (via[v]! & 1) === 0 ? g.to[tree.edge[v]!]! : g.from[tree.edge[v]!]!;
    adopt(tree, v, tree.parent[v]!);
  }
  const order = new Int32Array(n);
  let top = 0;
  for (const r of roots) order[top++] = r;
  for (let k = 0; k < top; k++)
    for (let c = tree.child[order[k]!]!; c >= 0; c = tree.next[c]!) {
      tree.depth[c] = tree.depth[order[k]!]! + 1;
      order[top++] = c;
    }
  return { tree, order, roots };
}
/** The first vertex of each part. */
function rootsOf(g: Graph): number[] {
  const seen = new Uint8Array(g.n);
  const stack: number[] = [];
  const roots: number[] = [];
  for (let r = 0; r < g.n; r++) {
    if (seen[r]) continue;
    roots.push(r);
    seen[r] = 1;
    stack.push(r);
    while (stack.length > 0) {
      const v = stack.pop()!;
      for (let h = g.start[v]!; h < g.start[v + 1]!; h++) {
        const e = g.half[h]! >> 1;
        const w = (g.half[h]! & 1) === 0 ? g.to[e]! : g.from[e]!;
        if (!seen[w]) {
          seen[w] = 1;
          stack.push(w);
        }
      }
    }
  }
  return roots;
}
function adopt(t: Tree, v: number, parent: number): void {
  t.next[v] = t.child[parent]!;
  t.before[v] = -1;
  if (t.child[parent]! >= 0) t.before[t.child[parent]!] = v;
  t.child[parent] = v;
}
function leave(t: Tree, v: number): void {
  const [b, n] = [t.before[v]!, t.next[v]!];
  if (b >= 0) t.next[b] = n;
  else t.child[t.parent[v]!] = n;
  if (n >= 0) t.before[n] = b;
}

/** Sums over subtrees end at the roots: what is left there cannot be balanced. */
function unbalanced(n: number, t: Tree, order: Int32Array, supply: Float64Array, roots: readonly number[], slack: number): GraphFlow["stranded"] {
  const sum = supply.slice();
  for (let k = n - 1; k >= 0; k--) if (t.parent[order[k]!]! >= 0) sum[t.parent[order[k]!]!] = sum[t.parent[order[k]!]!]! + sum[order[k]!]!;
  for (const r of roots) if (Math.abs(sum[r]!) > slack) return { vertex: r, excess: sum[r]! };
  return null;
}
/** Supplies as whole numbers of scale / 2^50; each root takes what rounding left over. */
function whole(n: number, t: Tree, order: Int32Array, supply: Float64Array, scale: number): Float64Array {
  const units = supply.map((v) => Math.round((v / scale) * 1125899906842624));
  const sum = units.slice();
  for (let k = n - 1; k >= 0; k--) {
    const v = order[k]!;
    if (t.parent[v]! >= 0) sum[t.parent[v]!] = sum[t.parent[v]!]! + sum[v]!;
    else units[v] = units[v]! - sum[v]!;
  }
  return units;
}
/** The flow of the tree: what a subtree has too much goes up, flowless edges point up; and the potentials that make its edges tight. */
function load(g: Graph, t: Tree, order: Int32Array, units: Float64Array): void {
  const sum = units.slice();
  for (let k = order.length - 1; k >= 0; k--) {
    const v = order[k]!;
    if (t.parent[v]! < 0) continue;
    t.carried[v] = Math.abs(sum[v]!);
    t.up[v] = sum[v]! >= 0 ? 1 : 0;
    sum[t.parent[v]!] = sum[t.parent[v]!]! + sum[v]!;
  }
  tighten(g, t, order);
}
/** f_v = f_parent + length where flow goes up, minus it where it comes down; f = 0 at roots. Parents stand before children in `order`. */
function tighten(g: Graph, t: Tree, order: Int32Array): void {
  for (const v of order) {
    if (t.parent[v]! < 0) t.f[v] = 0;
    else t.f[v] = t.f[t.parent[v]!]! + (t.up[v] ? 1 : -1) * g.length[t.edge[v]!]!;
  }
}

/** The edge of the next block in which some edge is shorter than the difference of its potentials by most; -1 where there is none at all. */
function price(g: Graph, f: Float64Array, first: number, size: number, slack: number): number {
  const count = g.from.length;
  let best = -1;
  let most = slack;
  for (let k = 0, left = size; k < count; k++) {
    const e = first + k < count ? first + k : first + k - count;
    const excess = Math.abs(f[g.from[e]!]! - f[g.to[e]!]!) - g.length[e]!;
    if (excess > most) {
      most = excess;
      best = e;
    }
    if (--left === 0) {
      if (best >= 0) return best;
      left = size;
    }
  }
  return best;
}

/** The edge enters with flow from its higher potential to its lower one; the last edge of the cycle that blocks leaves, seen from the join on. */
function pivot(g: Graph, t: Tree, e: number): void {
  const down = t.f[g.from[e]!]! > t.f[g.to[e]!]!;
  const u = down ? g.from[e]! : g.to[e]!;
  const v = down ? g.to[e]! : g.from[e]!;
  let [x, y] = [u, v];
  let amount = Number.POSITIVE_INFINITY;
  let out = -1;
  let cutU = true;
  const look = (w: number, side: boolean): void => {
    // the flow turns against edges that point up on u's side and down on v's side
    if (t.up[w] !== (side ? 1 : 0)) return;
    if (t.carried[w]! < amount || (!side && t.carried[w]! <= amount)) {
      amount = t.carried[w]!;
      out = w;
      cutU = side;
    }
  };
  const [pathU, pathV]: [number[], number[]] = [[], []];
  while (x !== y) {
    if (t.depth[x]! >= t.depth[y]!) {
      pathU.push(x);
      x = t.parent[x]!;
    } else {
      pathV.push(y);
      y = t.parent[y]!;
    }
  }
  for (const w of pathU) look(w, true);
  for (const w of pathV) look(w, false);
  for (const w of pathU) t.carried[w] = t.carried[w]! + (t.up[w] ? -amount : amount);
  for (const w of pathV) t.carried[w] = t.carried[w]! + (t.up[w] ? amount : -amount);
  const excess = t.f[u]! - t.f[v]! - g.length[e]!;
  // the part that is cut off hangs on the entering edge: under v if it holds u, under u if it holds v
  if (cutU) rehang(t, u, v, out, e, amount, 1);
  else rehang(t, v, u, out, e, amount, 0);
  shift(t, cutU ? u : v, cutU ? -excess : excess);
}
/** Cuts the subtree of `cut` off and hangs it by `inside`, one of its vertices, under `outside`; edges between change sides. */
function rehang(t: Tree, inside: number, outside: number, cut: number, edge: number, carried: number, up: number): void {
  let v = inside;
  let above = outside;
  let next = { edge, carried, up };
  for (;;) {
    const old = { parent: t.parent[v]!, edge: t.edge[v]!, carried: t.carried[v]!, up: t.up[v]! };
    leave(t, v);
    t.parent[v] = above;
    t.edge[v] = next.edge;
    t.carried[v] = next.carried;
    t.up[v] = next.up;
    adopt(t, v, above);
    if (v === cut) return;
    next = { edge: old.edge, carried: old.carried, up: 1 - old.up };
    above = v;
    v = old.parent;
  }
}
/** Depths and potentials below a vertex that has moved. */
function shift(t: Tree, top: number, by: number): void {
  let v = top;
  for (;;) {
    t.depth[v] = t.depth[t.parent[v]!]! + 1;
    t.f[v] = t.f[v]! + by;
    if (t.child[v]! >= 0) v = t.child[v]!;
    else {
      while (v !== top && t.next[v]! < 0) v = t.parent[v]!;
      if (v === top) return;
      v = t.next[v]!;
    }
  }
}

/** Vertices with parents first. */
function fromRoots(n: number, t: Tree): Int32Array {
  const order = new Int32Array(n);
  let top = 0;
  for (let v = 0; v < n; v++) if (t.parent[v]! < 0) order[top++] = v;
  for (let k = 0; k < top; k++) for (let c = t.child[order[k]!]!; c >= 0; c = t.next[c]!) order[top++] = c;
  return order;
}
/** The flow of the last tree for the supplies as they came, not in units. */
function treeFlow(g: Graph, t: Tree, supply: Float64Array): Float64Array {
  const order = fromRoots(g.n, t);
  const sum = supply.slice();
  const flow = new Float64Array(g.from.length);
  for (let k = g.n - 1; k >= 0; k--) {
    const v = order[k]!;
    const u = t.parent[v]!;
    if (u < 0) continue;
    if (t.carried[v]! > 0) flow[t.edge[v]!] = g.from[t.edge[v]!] === v ? sum[v]! : -sum[v]!;
    sum[u] = sum[u]! + sum[v]!;
  }
  return flow;
}
/** The tree's potentials afresh, drawn down to where they are 1-Lipschitz along every edge whatever rounding did. */
function feasible(g: Graph, t: Tree): Float64Array {
  tighten(g, t, fromRoots(g.n, t));
  const f = new Float64Array(g.n);
  lipschitz(g, t.f, f);
  return f;
}
