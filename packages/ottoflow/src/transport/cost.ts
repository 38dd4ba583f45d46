/** Ground costs. Each is data plus two ways to read it; facts (`power`, `metric`, `line`, `circle`) tell solvers what they may rely on. */
import type { Cost, Rows } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { asin, pow } from "../kernels/math.ts";

/** r^p to the digits of a product for the usual exponents. */
function power(p: number): (r2: number) => number {
  if (p === 2) return (r2) => r2;
  if (p === 1 || p === Number.POSITIVE_INFINITY) return (r2) => Math.sqrt(r2);
  if (p === 4) return (r2) => r2 * r2;
  if (p === 3) return (r2) => r2 * Math.sqrt(r2);
  return (r2) => (r2 === 0 ? 0 : pow(r2, 0.5 * p));
}
function squared(i: number, j: number, n: number, x: Rows, m: number, y: Rows): number {
  const d = x.length / n;
  let s = 0;
  for (let k = 0; k < d; k++) {
    const r = x[k * n + i]! - y[k * m + j]!;
    s += r * r;
  }
  return s;
}
/** Squared distances of x_i to all y, axis by axis: no branch inside. */
function squaredRow(i: number, n: number, x: Rows, m: number, y: Rows, out: Float64Array): void {
  const d = x.length / n;
  out.fill(0, 0, m);
  for (let k = 0; k < d; k++) {
    const xi = x[k * n + i]!;
    const at = k * m;
    for (let j = 0; j < m; j++) {
      const r = xi - y[at + j]!;
      out[j] = out[j]! + r * r;
    }
  }
}
const exponent = (p: number): string => (p === 1 ? "" : `^{${p}}`);

/**
 * c(x, y) = |x - y|^p with the Euclidean distance, p >= 1; p = Infinity stands for the bottleneck: the largest distance any mass moves.
 * @throws {SpecError} for p below 1
 */
export function powerCost(p: number): Cost {
  if (!(p >= 1)) throw specError("p", `got ${p} when expected a number from 1 to Infinity: below 1 the cost |x - y|^p is concave and no Wasserstein distance.`);
  const raise = power(p);
  const finite = Number.isFinite(p);
  return {
    tex: finite ? `|x - y|${exponent(p)}` : "\\sup |x - y|",
    power: p,
    ...(finite ? { metric: p, line: { h: (r: number) => raise(r * r) } } : {}),
    at: (i, j, n, x, m, y) => raise(squared(i, j, n, x, m, y)),
    row(i, n, x, m, y, out) {
      squaredRow(i, n, x, m, y, out);
      if (p !== 2) for (let j = 0; j < m; j++) out[j] = raise(out[j]!);
    },
    ...(finite && {
      gradient(i: number, n: number, x: Rows, m: number, y: Rows, out: Float64Array) {
        const d = x.length / n;
        squaredRow(i, n, x, m, y, out);
        // p |x - y|^(p - 2) (x - y); where the points coincide the least subgradient, 0
        for (let j = 0; j < m; j++) {
          const r2 = out[j]!;
          const s = p === 2 ? 2 : r2 === 0 ? 0 : p * (p === 1 ? 1 / Math.sqrt(r2) : pow(r2, 0.5 * (p - 2)));
          for (let k = d - 1; k >= 0; k--) out[k * m + j] = s * (x[k * n + i]! - y[k * m + j]!);
        }
      },
    }),
  };
}

/** c = h(x - y) on the line with h convex: the monotone coupling is optimal for every such cost. */
export function lineCost(h: (r: number) => number, tex: string): Cost {
  const at = (i: number, j: number, _n: number, x: Rows, _m: number, y: Rows): number => h(x[i]! - y[j]!);
  return {
    tex,
    line: { h },
    at,
    row: (i, n, x, m, y, out) => {
      for (let j = 0; j < m; j++) out[j] = at(i, j, n, x, m, y);
    },
  };
}

/** c = (arc length)^p between angles on a circle of the given length, p >= 1. */
export function circleCost(p: number, length: number): Cost {
  if (!(p >= 1 && Number.isFinite(p))) throw specError("p", `got ${p} when expected a finite number of at least 1.`);
  if (!(length > 0 && Number.isFinite(length))) throw specError("length", `got ${length} when expected a positive length of the circle.`);
  const raise = power(p);
  const arc = (a: number, b: number): number => {
    const r = Math.abs(a - b) % length;
    return Math.min(r, length - r);
  };
  const h = (r: number): number => raise(r * r);
  const at = (i: number, j: number, _n: number, x: Rows, _m: number, y: Rows): number => h(arc(x[i]!, y[j]!));
  return {
    tex: `d_{S^1}(x, y)${exponent(p)}`,
    metric: p,
    circle: { length, h },
    at,
    row: (i, n, x, m, y, out) => {
      for (let j = 0; j < m; j++) out[j] = at(i, j, n, x, m, y);
    },
  };
}

/** c = (great-circle distance)^p between unit vectors of R^d. Points are normalised by whoever makes them; a length off by 1e-9 is refused by `checkedOnSphere`. */
export function sphereCost(p: number): Cost {
  if (!(p >= 1 && Number.isFinite(p))) throw specError("p", `got ${p} when expected a finite number of at least 1.`);
  const raise = power(p);
  // 2 asin(|x - y| / 2) keeps its digits for close points, where acos(x.y) loses half of them
  const angle = (r2: number): number => (r2 < 2 ? 2 * asin(0.5 * Math.sqrt(r2)) : Math.PI - 2 * asin(0.5 * Math.sqrt(Math.max(0, 4 - r2))));
  const c = (r2: number): number => {
    const a = angle(r2);
    return raise(a * a);
  };
  return {
    tex: `d_{S}(x, y)${exponent(p)}`,
    metric: p,
    check: checkedOnSphere,
    at: (i, j, n, x, m, y) => c(squared(i, j, n, x, m, y)),
    row(i, n, x, m, y, out) {
      squaredRow(i, n, x, m, y, out);
      for (let j = 0; j < m; j++) out[j] = c(out[j]!);
    },
  };
}

/** A table of n * m costs, row by row; +Infinity forbids a pair. @throws {ShapeError | SpecError} */
export function tableCost(n: number, m: number, values: ArrayLike<number>, tex = "C"): Cost {
  expectLength("cost", values.length, n * m);
  const table = Float64Array.from(values);
  let forbids = false;
  for (let i = 0; i < table.length; i++) {
    const c = table[i]!;
    if (Number.isNaN(c) || c === Number.NEGATIVE_INFINITY)
      throw specError(`cost[${Math.floor(i / m)}][${i % m}]`, `got ${c} when expected a number, or Infinity for a pair that must not be used.`);
    if (c === Number.POSITIVE_INFINITY) forbids = true;
  }
  return {
    tex,
    forbids,
    table: { n, m, values: table },
    at: (i, j) => table[i * m + j]!,
    row: (i, _n, _x, _m, _y, out) => out.set(table.subarray(i * m, (i + 1) * m)),
  };
}

/** Any function of two points; what it returns is checked when it is read. @throws {SpecError} while a solver runs, if it gives NaN */
export function functionCost(d: number, c: (x: Float64Array, y: Float64Array) => number, tex = "c(x, y)"): Cost {
  const p = new Float64Array(d);
  const q = new Float64Array(d);
  const at = (i: number, j: number, n: number, x: Rows, m: number, y: Rows): number => {
    for (let k = 0; k < d; k++) {
      p[k] = x[k * n + i]!;
      q[k] = y[k * m + j]!;
    }
    const v = c(p, q);
    if (Number.isNaN(v) || v === Number.NEGATIVE_INFINITY)
      throw specError("cost", `c(${p.join(", ")}; ${q.join(", ")}) is ${v} when expected a number or Infinity.`);
    return v;
  };
  return {
    tex,
    forbids: true,
    at,
    row: (i, n, x, m, y, out) => {
      for (let j = 0; j < m; j++) out[j] = at(i, j, n, x, m, y);
    },
  };
}

/** The same cost with some pairs forbidden: +Infinity where `allowed` is false. Asked about every pair; where few are allowed, list them: `allowPairs`. */
export function allowOnly(cost: Cost, allowed: (i: number, j: number) => boolean): Cost {
  const { gradient: _, line: __, circle: ___, power: ____, graph: _____, ...rest } = cost;
  return {
    ...rest,
    forbids: true,
    at: (i, j, n, x, m, y) => (allowed(i, j) ? cost.at(i, j, n, x, m, y) : Number.POSITIVE_INFINITY),
    row(i, n, x, m, y, out) {
      cost.row(i, n, x, m, y, out);
      for (let j = 0; j < m; j++) if (!allowed(i, j)) out[j] = Number.POSITIVE_INFINITY;
    },
    kept: (from, to) => allowOnly(keptOf(cost, from, to), (i, j) => allowed(from ? from[i]! : i, to ? to[j]! : j)),
  };
}

/** The cost between the points that are left of either side (null: all): costs that know points by their index are asked about the old ones. */
export function keptOf(cost: Cost, from: Int32Array | null, to: Int32Array | null): Cost {
  if (from === null && to === null) return cost;
  if (cost.kept) return cost.kept(from, to);
  if (!cost.table) return cost;
  const { n, m, values } = cost.table;
  const [rows, columns] = [from ? from.length : n, to ? to.length : m];
  const old = (index: Int32Array | null, i: number): number => (index ? index[i]! : i);
  const none = new Float64Array(0);
  const row = new Float64Array(m);
  return {
    ...cost,
    table: {
      n: rows,
      m: columns,
      ...(values && {
        values: Float64Array.from({ length: rows * columns }, (_, e) => values[old(from, Math.floor(e / columns)) * m + old(to, e % columns)]!),
      }),
    },
    at: (i, j) => cost.at(old(from, i), old(to, j), n, none, m, none),
    row(i, _n, _x, _m, _y, out) {
      cost.row(old(from, i), n, none, m, none, row);
      for (let j = 0; j < columns; j++) out[j] = row[old(to, j)]!;
    },
  };
}

/** Coordinates in which every point of both sides has length 1 to 1e-9. @throws {OttoflowError} */
export function checkedOnSphere(name: string, n: number, x: Rows): void {
  const d = x.length / n;
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let k = 0; k < d; k++) s += x[k * n + i]! * x[k * n + i]!;
    if (!(Math.abs(s - 1) <= 2e-9))
      throw new OttoflowError("SpecError", `${name}: point ${i} has length ${Math.sqrt(s)} when expected 1. Divide points by their length.`, { path: name });
  }
}
