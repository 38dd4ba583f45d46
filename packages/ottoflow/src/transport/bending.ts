/**
 * Exact transport whose marginals are drawn to their measures by KL: a simplex method for a convex problem. What is used is a forest. In each of its trees
 * potentials are known up to one number, for which the masses that both sides ask for balance in closed form, and these masses fix the flows. Where one
 * would be negative the way there is cut short and its pair leaves; pairs of negative reduced cost enter, by joining two trees or by a turn around a cycle.
 * Every step lowers the value, so no forest comes back. [ahuja1993] [chizat2018]
 */
import type { Cost } from "../contract.ts";
import { exp, log } from "../kernels/math.ts";
import type { Atoms } from "./problem.ts";

export interface BendingFound {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly mass: readonly number[];
  readonly f: Float64Array;
  readonly g: Float64Array;
  /** pairs that entered */
  readonly pivots: number;
  readonly ended: "done" | "aborted" | "max-iterations";
}
export interface BendingTurn {
  readonly iteration: number;
  /** rows in a row that had no pair to offer, of all */
  readonly fraction: number;
}
/** Reduced costs above this share of what they are made of are rounding; the share grows where that many pairs per point entered and it does not end. */
const NONE = 1e-14;
const MANY = 30;
/** A root that asks for less than this share of the most is no root. */
const LIGHT = 1e-3;
/** Steps of a loop between two turns: some milliseconds. */
const STEPS_PER_TURN = 2e6;

/**
 * min over P >= 0 of <C, P> + first KL(P 1 | a) + second KL(P' 1 | b); a weight of Infinity keeps that marginal, and one of the two must be finite. Every point
 * has an allowed partner. `most` pairs enter.
 */
export function* bendingForest(
  cost: Cost,
  a: Atoms,
  b: Atoms,
  [first, second]: readonly [number, number],
  most: number = Number.POSITIVE_INFINITY,
): Generator<BendingTurn, BendingFound, "stop" | undefined> {
  const n = a.n;
  const forest = openForest(a.weight, b.weight, first, second);
  const row = new Float64Array(b.n);
  const read = (i: number): Float64Array => {
    cost.row(i, n, a.x, b.n, b.x, row);
    return row;
  };
  plant(forest, n, b.n, read, first === Number.POSITIVE_INFINITY || second < Number.POSITIVE_INFINITY, a.weight, b.weight);
  const { potential } = forest;
  let pivots = 0;
  let [patience, none] = [MANY * (n + b.n), NONE];
  let ended: BendingFound["ended"] = "done";
  let steps = 0;
  for (let i = 0, quiet = 0; quiet < n; i = (i + 1) % n) {
    const c = read(i);
    const f = potential[i]!;
    let [best, at] = [0, -1];
    for (let j = 0; j < b.n; j++) {
      const r = c[j]! - f - potential[n + j]!;
      if (r < best) [best, at] = [r, j];
    }
    steps += b.n;
    if (pivots > patience) [patience, none] = [patience + MANY * (n + b.n), 4 * none];
    if (at < 0 || best > -none * (Math.abs(c[at]!) + Math.abs(f) + Math.abs(potential[n + at]!))) quiet++;
    else if (pivots >= most) {
      ended = "max-iterations";
      break;
    } else {
      steps += forest.enter(i, n + at, c[at]!);
      pivots++;
      quiet = 0;
    }
    if (steps < STEPS_PER_TURN) continue;
    steps = 0;
    if ((yield { iteration: pivots, fraction: quiet / n }) === "stop") {
      ended = "aborted";
      break;
    }
  }
  return { ...forest.used(), f: potential.slice(0, n), g: potential.slice(n), pivots, ended };
}

/** Every point of the leading side goes to its cheapest partner, who is not met so is joined to its own cheapest. */
function plant(forest: Forest, n: number, m: number, read: (i: number) => Float64Array, rowsLead: boolean, a: Float64Array, b: Float64Array): void {
  const ofRow = new Int32Array(n);
  const ofColumn = new Int32Array(m);
  const [rowCost, columnCost] = [new Float64Array(n).fill(Number.POSITIVE_INFINITY), new Float64Array(m).fill(Number.POSITIVE_INFINITY)];
  for (let i = 0; i < n; i++) {
    const c = read(i);
    for (let j = 0; j < m; j++) {
      if (c[j]! < rowCost[i]!) [rowCost[i], ofRow[i]] = [c[j]!, j];
      if (c[j]! < columnCost[j]!) [columnCost[j], ofColumn[j]] = [c[j]!, i];
    }
  }
  const met = new Uint8Array(rowsLead ? m : n);
  if (rowsLead) {
    for (let i = 0; i < n; i++) {
      forest.add(i, n + ofRow[i]!, rowCost[i]!, a[i]!);
      met[ofRow[i]!] = 1;
    }
    for (let j = 0; j < m; j++) if (met[j] === 0) forest.add(ofColumn[j]!, n + j, columnCost[j]!, 0);
  } else {
    for (let j = 0; j < m; j++) {
      forest.add(ofColumn[j]!, n + j, columnCost[j]!, b[j]!);
      met[ofColumn[j]!] = 1;
    }
    for (let i = 0; i < n; i++) if (met[i] === 0) forest.add(i, n + ofRow[i]!, rowCost[i]!, 0);
  }
  forest.settleAll();
}

interface Forest {
  /** of rows, then of columns */
  readonly potential: Float64Array;
  add(row: number, column: number, cost: number, flow: number): void;
  settleAll(): void;
  /** a pair of negative reduced cost comes into use; tells how many nodes were looked at */
  enter(row: number, column: number, cost: number): number;
  used(): Pick<BendingFound, "from" | "to" | "mass">;
}
function openForest(a: Float64Array, b: Float64Array, first: number, second: number): Forest {
  const n = a.length;
  const nodes = n + b.length;
  const weight = new Float64Array(nodes);
  weight.set(a);
  weight.set(b, n);
  const logWeight = weight.map(log);
  const potential = new Float64Array(nodes);
  // pairs in use: ends, cost, flow, where the flow is to go; a free place has the row -1
  const [rowOf, columnOf] = [new Int32Array(nodes + 1).fill(-1), new Int32Array(nodes + 1)];
  const [price, flow, want] = [new Float64Array(nodes + 1), new Float64Array(nodes + 1), new Float64Array(nodes + 1)];
  const free = Array.from({ length: nodes + 1 }, (_, e) => nodes - e);
  const pairs: number[][] = Array.from({ length: nodes }, () => []);
  // the tree that was walked last: nodes from the root on, the pair that led to each
  const order = new Int32Array(nodes);
  const led = new Int32Array(nodes);
  const seen = new Int32Array(nodes);
  const need = new Float64Array(nodes);
  let walk = 0;

  const across = (e: number, v: number): number => (v < n ? columnOf[e]! : rowOf[e]!);
  const weightOf = (v: number): number => (v < n ? first : second);
  function add(row: number, column: number, cost: number, mass: number): number {
    const e = free.pop()!;
    [rowOf[e], columnOf[e], price[e], flow[e]] = [row, column, cost, mass];
    pairs[row]!.push(e);
    pairs[column]!.push(e);
    return e;
  }
  function remove(e: number): void {
    for (const v of [rowOf[e]!, columnOf[e]!]) {
      const list = pairs[v]!;
      list[list.indexOf(e)] = list[list.length - 1]!;
      list.pop();
    }
    rowOf[e] = -1;
    free.push(e);
  }
  function walkFrom(root: number): number {
    walk++;
    seen[root] = walk;
    order[0] = root;
    led[root] = -1;
    let count = 1;
    for (let k = 0; k < count; k++) {
      const v = order[k]!;
      for (const e of pairs[v]!) {
        const w = across(e, v);
        if (seen[w] === walk) continue;
        seen[w] = walk;
        led[w] = e;
        order[count++] = w;
      }
    }
    return count;
  }
  /** log of the mass that one side of the walked tree asks for at these potentials */
  function logAsked(count: number, rows: boolean): number {
    const w = rows ? first : second;
    let top = Number.NEGATIVE_INFINITY;
    for (let k = 0; k < count; k++) {
      const v = order[k]!;
      if (v < n === rows) top = Math.max(top, logWeight[v]! - potential[v]! / w);
    }
    let s = 0;
    for (let k = 0; k < count; k++) {
      const v = order[k]!;
      if (v < n === rows) s += exp(logWeight[v]! - potential[v]! / w - top);
    }
    return top + log(s);
  }
  /** Potentials of the walked tree: each pair's add up to its cost, and both sides ask for the same mass. */
  function pricing(count: number): void {
    potential[order[0]!] = 0;
    for (let k = 1; k < count; k++) {
      const v = order[k]!;
      const e = led[v]!;
      potential[v] = price[e]! - potential[across(e, v)]!;
    }
    const both = 1 / (1 / first + 1 / second);
    const shift = both * (logAsked(count, true) - logAsked(count, false));
    for (let k = 0; k < count; k++) {
      const v = order[k]!;
      potential[v] = potential[v]! + (v < n ? shift : -shift);
    }
  }
  /** Exponents round: what both sides ask for is made the same mass, at a side that is drawn by KL. */
  function balance(count: number): void {
    let [rows, columns] = [0, 0];
    for (let k = 0; k < count; k++) {
      const v = order[k]!;
      if (v < n) rows += need[v]!;
      else columns += need[v]!;
    }
    const drawn = second < Number.POSITIVE_INFINITY;
    const by = drawn ? rows / columns : columns / rows;
    if (!(by > 0 && by < Number.POSITIVE_INFINITY)) return;
    for (let k = 0; k < count; k++) {
      const v = order[k]!;
      if (v >= n === drawn) need[v] = need[v]! * by;
    }
  }
  /** Flows of the tree of `root` and of what it falls into go to their best, pairs that would turn negative leave. */
  function settle(root: number): number {
    const roots = [root];
    let looked = 0;
    while (roots.length > 0) {
      const count = walkFrom(roots.pop()!);
      looked += count;
      pricing(count);
      let heaviest = order[0]!;
      for (let k = 0; k < count; k++) {
        const v = order[k]!;
        need[v] = weight[v]! * exp(-potential[v]! / weightOf(v));
        if (need[v]! > need[heaviest]!) heaviest = v;
      }
      balance(count);
      // a flow is what its branch lacks: small branches must not be sums of what is heavy
      if (need[order[0]!]! < LIGHT * need[heaviest]!) walkFrom(heaviest);
      let [step, leaves] = [1, -1];
      for (let k = count - 1; k > 0; k--) {
        const v = order[k]!;
        const e = led[v]!;
        want[e] = need[v]!;
        const up = across(e, v);
        need[up] = need[up]! - need[v]!;
        if (want[e]! >= 0) continue;
        const share = flow[e]! / (flow[e]! - want[e]!);
        if (share < step || leaves < 0) [step, leaves] = [share, e];
      }
      for (let k = 1; k < count; k++) {
        const e = led[order[k]!]!;
        flow[e] = leaves < 0 ? want[e]! : Math.max(0, flow[e]! + step * (want[e]! - flow[e]!));
      }
      if (leaves < 0) continue;
      roots.push(rowOf[leaves]!, columnOf[leaves]!);
      remove(leaves);
    }
    return looked;
  }
  /** The walked tree joins both ends: mass turns around the cycle until a pair has none left. */
  function turn(row: number, column: number, cost: number): void {
    let [least, leaves, back] = [Number.POSITIVE_INFINITY, -1, true];
    for (let v = column; v !== row; back = !back) {
      const e = led[v]!;
      if (back && flow[e]! < least) [least, leaves] = [flow[e]!, e];
      v = across(e, v);
    }
    back = true;
    for (let v = column; v !== row; back = !back) {
      const e = led[v]!;
      flow[e] = flow[e]! + (back ? -least : least);
      v = across(e, v);
    }
    remove(leaves);
    add(row, column, cost, least);
  }
  return {
    potential,
    add,
    settleAll() {
      const done = new Uint8Array(nodes);
      for (let v = 0; v < nodes; v++) {
        if (done[v] === 1) continue;
        const count = walkFrom(v);
        for (let k = 0; k < count; k++) done[order[k]!] = 1;
        settle(v);
      }
    },
    enter(row, column, cost) {
      const count = walkFrom(row);
      if (seen[column] === walk) turn(row, column, cost);
      else add(row, column, cost, 0);
      return count + settle(row);
    },
    used() {
      const some = Array.from(rowOf.keys()).filter((e) => rowOf[e]! >= 0 && flow[e]! > 0);
      return { from: some.map((e) => rowOf[e]!), to: some.map((e) => columnOf[e]! - n), mass: some.map((e) => flow[e]!) };
    },
  };
}
