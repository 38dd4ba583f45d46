/**
 * Sums over pairs with the logarithm of the distance, on the line and in the plane, in about n + m operations instead of n m: the multipole
 * method of Greengard and Rokhlin [greengard1987] in one complex variable, log|z| = Re log z and grad log|z| = conj(1 / z), on a tree that
 * follows the points (multipole/tree.ts), with orders chosen pair by pair from a bound (multipole/walk.ts).
 *
 * Up to rounding every term of the gradient is within `error` of itself, so out_i is within error * sum_j |w_j| / r_ij; values are within
 * 2 error * sum_j |w_j| of theirs. Rounding adds what it adds to a direct sum, a few 1e-15 of the same sums. As in kernels/pairs.ts points at
 * distance 0 have no part in it. The bits depend on nothing but the arguments.
 */
import type { Rows } from "../contract.ts";
import { type Passes, plainPasses, type Sources, simdPasses, type Tables, type Targets } from "./multipole/passes.ts";
import { growTree, type Tree } from "./multipole/tree.ts";
import { walk } from "./multipole/walk.ts";
import { base64, sharedFlag } from "./multipole.gen.ts";
import { openModule, type SolverModule } from "./solver-module.ts";

const generated = { base64, sharedFlag };
/** pairs of nodes that are collected before a pass takes them */
const chunk = 4096;

export interface Multipole {
  /** out_i = sum_j w_j log|x_i - y_j|; false, with nothing written, where the points are too far or too close for squares of distances */
  sum(d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, error: number): boolean;
  /** out_{k,i} = sum_j w_j (x_{k,i} - y_{k,j}) / r^2 */
  gradient(d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, error: number): boolean;
}

/** Orders that pairs of nodes may need: more for smaller errors, so that circles at about the same relative distance are far. */
export const mostOrders = (error: number): number => {
  let [order, reached] = [4, 1];
  // circles whose radii add up to 0.62 of their distance, of equal size: 0.31 / 0.69 of the rest an order
  for (; reached > error / 8 && order < 64; order += 4) for (let k = 0; k < 4; k++) reached *= 0.4493;
  return order;
};

/** One workspace, kept from call to call and grown where a call needs more. `reference` keeps away from SIMD. */
export function openMultipole(reference = false): Multipole {
  let room: { readonly module: SolverModule | null; readonly bytes: number; readonly start: number; readonly buffer: ArrayBuffer } | null = null;
  const lend = (bytes: number): NonNullable<typeof room> => {
    if (room && room.bytes >= bytes) return room;
    const size = 8 * Math.ceil((1.25 * bytes) / 8);
    const module = reference || typeof WebAssembly === "undefined" ? null : openModule(generated, size);
    const row = module ? module.f64(size / 8) : new Float64Array(size / 8);
    return (room = { module, bytes: size, start: row.byteOffset, buffer: row.buffer as ArrayBuffer });
  };
  const run = (values: boolean, d: number, n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows, error: number): boolean => {
    const target = growTree(d, n, x);
    const source = x === y && n === m ? target : growTree(d, m, y);
    if (!target || !source) return false;
    const P = mostOrders(error);
    const { module, start, buffer } = lend(bytesFor(P, target, source));
    let at = start;
    const real = (size: number): Float64Array => new Float64Array(buffer, (at += 8 * size) - 8 * size, size);
    const whole = (size: number): Int32Array => new Int32Array(buffer, (at += 8 * Math.ceil(size / 2)) - 8 * Math.ceil(size / 2), size);
    const tables = tablesOf(P, real);
    const passes: Passes = module ? simdPasses(module.exports, tables) : plainPasses(tables);
    const copied = (tree: Tree): Omit<Sources, "w" | "terms"> => {
      const { nodes } = tree;
      const keep = (row: Float64Array, size: number, extra = 0): Float64Array => {
        const to = real(size + extra);
        to.set(size === row.length ? row : row.subarray(0, size));
        to.fill(0, size);
        return to;
      };
      const keepWhole = (row: Int32Array): Int32Array => {
        const to = whole(nodes);
        to.set(row.subarray(0, nodes));
        return to;
      };
      return {
        nodes,
        first: keepWhole(tree.first),
        count: keepWhole(tree.count),
        child: keepWhole(tree.child),
        cx: keep(tree.cx, nodes),
        cy: keep(tree.cy, nodes),
        size: keep(tree.size, nodes),
        // read in fours
        x: keep(tree.x, tree.x.length, 4),
        y: keep(tree.y, tree.y.length, 4),
      };
    };
    const here = copied(source);
    const s: Sources = { ...here, terms: real(2 * P * source.nodes), w: real(m + 4) };
    for (let j = 0; j < m; j++) s.w[j] = w[source.order[j]!]!;
    s.w.fill(0, m);
    const there = target === source ? here : copied(target);
    const t: Targets = {
      ...there,
      terms: real(2 * P * target.nodes).fill(0),
      potential: real(target.nodes).fill(0),
      gx: real(n + 4).fill(0),
      gy: real(n + 4).fill(0),
    };
    passes.up(s);
    const [far, near] = [whole(4 * chunk), whole(2 * chunk)];
    let [fars, nears] = [0, 0];
    const takeFar = (): void => {
      passes.across(fars, far, values, s, t);
      fars = 0;
    };
    const takeNear = (): void => {
      passes.near(nears, near, values, s, t);
      nears = 0;
    };
    walk(target, source, error, P, {
      far(i, j, ks, ls) {
        if (fars === chunk) takeFar();
        const k = 4 * fars++;
        far[k] = i;
        far[k + 1] = j;
        far[k + 2] = ks;
        far[k + 3] = ls;
      },
      near(i, j) {
        if (nears === chunk) takeNear();
        near[2 * nears] = i;
        near[2 * nears++ + 1] = j;
      },
    });
    takeFar();
    takeNear();
    passes.down(values, t);
    const { order } = target;
    for (let i = 0; i < n; i++) out[order[i]!] = t.gx[i]!;
    if (!values && d > 1) for (let i = 0; i < n; i++) out[n + order[i]!] = t.gy[i]!;
    return true;
  };
  return {
    sum: (d, n, x, m, y, w, out, error) => run(true, d, n, x, m, y, w, out, error),
    gradient: (d, n, x, m, y, w, out, error) => run(false, d, n, x, m, y, w, out, error),
  };
}

function bytesFor(P: number, target: Tree, source: Tree): number {
  const tree = (t: Tree): number => 8 * (2 * t.x.length + 8 + 6 * t.nodes + 8);
  const trees = tree(source) + (target === source ? 0 : tree(target));
  const rows = 2 * P * (source.nodes + target.nodes) + target.nodes + source.x.length + 2 * target.x.length + 16;
  return trees + 8 * rows + 24 * chunk + 8 * (P * P + P + 1 + 2 * P + 64);
}

function tablesOf(P: number, real: (n: number) => Float64Array): Tables {
  const binomials = real(P * P);
  // C(k + l, k) = C(k + l - 1, k - 1) + C(k + l - 1, k)
  const place = (k: number, l: number): number => 4 * P * (l >> 2) + 4 * k + (l & 3);
  for (let l = 0; l < P; l++)
    for (let k = 0; k < P; k++) binomials[place(k, l)] = k === 0 || l === 0 ? 1 : binomials[place(k - 1, l)]! + binomials[place(k, l - 1)]!;
  const parts = real(P + 1);
  for (let k = 1; k <= P; k++) parts[k] = 1 / k;
  return { P, binomials, parts, scratch: real(2 * P) };
}
