/** Polynomials of degree at most two, recognised by collecting coefficients on the graph. */
import { ordered } from "./graph.ts";
import type { Node } from "./node.ts";

/** (1/2) x'Ax + b'x + c */
export interface Quadratic {
  readonly A: readonly number[];
  readonly b: readonly number[];
  readonly c: number;
}
/** coefficients of x_i x_j (i <= j, key i * d + j), of x_i, and the constant */
interface Poly {
  readonly two: ReadonlyMap<number, number>;
  readonly one: ReadonlyMap<number, number>;
  readonly zero: number;
}
const none: ReadonlyMap<number, number> = new Map();
const degree = (p: Poly): number => (p.two.size > 0 ? 2 : p.one.size > 0 ? 1 : 0);

/** The coefficients where `root`, free of time and radius, is such a polynomial in `d` rows; else null. */
export function quadraticOf(root: Node, d: number): Quadratic | null {
  const poly = new Map<Node, Poly | null>();
  for (const n of ordered([root]))
    poly.set(
      n,
      collect(n, d, (a) => poly.get(a) ?? null),
    );
  const p = poly.get(root);
  if (!p) return null;
  const A = new Array<number>(d * d).fill(0);
  const b = new Array<number>(d).fill(0);
  for (const [key, c] of p.two) {
    const [i, j] = [Math.floor(key / d), key % d];
    if (i === j) A[i * d + i] = 2 * c;
    else A[i * d + j] = A[j * d + i] = c;
  }
  for (const [i, c] of p.one) b[i] = c;
  return [...A, ...b, p.zero].every(Number.isFinite) ? { A, b, c: p.zero } : null;
}

function collect(n: Node, d: number, of: (a: Node) => Poly | null): Poly | null {
  const [a, b] = n.args.map(of) as [Poly | null, Poly | null];
  switch (n.op) {
    case "const":
      return { two: none, one: none, zero: n.value };
    case "var":
      return n.value >= 0 ? { two: none, one: new Map([[n.value, 1]]), zero: 0 } : null;
    case "neg":
      return a && combine(a, -1, null, 0);
    case "add":
      return a && b && combine(a, 1, b, 1);
    case "sub":
      return a && b && combine(a, 1, b, -1);
    case "mul":
      return a && b && product(a, b, d);
    case "div":
      return a && b && degree(b) === 0 && b.zero !== 0 ? scaled(a, (c) => c / b.zero) : null;
    case "powi":
      return a && n.value === 2 ? product(a, a, d) : null;
    default:
      return null;
  }
}
function scaled(p: Poly, by: (c: number) => number): Poly {
  const each = (m: ReadonlyMap<number, number>): Map<number, number> => new Map([...m].map(([k, c]) => [k, by(c)]));
  return { two: each(p.two), one: each(p.one), zero: by(p.zero) };
}
function combine(a: Poly, s: number, b: Poly | null, t: number): Poly {
  const each = (p: ReadonlyMap<number, number>, q: ReadonlyMap<number, number>): Map<number, number> => {
    const out = new Map<number, number>();
    for (const [k, c] of p) out.set(k, s * c);
    for (const [k, c] of q) out.set(k, (out.get(k) ?? 0) + t * c);
    for (const [k, c] of out) if (c === 0) out.delete(k);
    return out;
  };
  return { two: each(a.two, b?.two ?? none), one: each(a.one, b?.one ?? none), zero: s * a.zero + (b ? t * b.zero : 0) };
}
function product(a: Poly, b: Poly, d: number): Poly | null {
  if (degree(a) + degree(b) > 2) return null;
  if (degree(a) === 0) return scaled(b, (c) => a.zero * c);
  if (degree(b) === 0) return scaled(a, (c) => b.zero * c);
  const two = new Map<number, number>();
  for (const [i, p] of a.one)
    for (const [j, q] of b.one) {
      const key = Math.min(i, j) * d + Math.max(i, j);
      two.set(key, (two.get(key) ?? 0) + p * q);
    }
  const linear = combine({ ...a, zero: 0 }, b.zero, { ...b, zero: 0 }, a.zero);
  return { two, one: linear.one, zero: a.zero * b.zero };
}
