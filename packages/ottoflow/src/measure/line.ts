/** Measures on the line through their quantile functions: exact W1 and W2 between any storages, quadrature against laws. */
import type { As, Law, Map1, Measure, Rows } from "../contract.ts";
import { OttoflowError, specError } from "../errors.ts";
import { exp, normalQuantile } from "../kernels/math.ts";
import { gauss5 } from "./quadrature.ts";

/** A quantile function of a normalised measure: linear from left_i to right_i over the levels level_i .. level_{i+1}. */
export interface Pieces {
  readonly n: number;
  /** [n + 1], from 0 to 1 */
  readonly level: Float64Array;
  readonly left: Float64Array;
  readonly right: Float64Array;
}

/** Atoms at x (any order) with weights >= 0, as constant pieces. */
export function piecesOfAtoms(n: number, x: Rows, weight: ArrayLike<number>): Pieces {
  let equal = true;
  for (let i = 1; i < n && equal; i++) equal = weight[i] === weight[0];
  if (equal) {
    // plain numbers sort several times faster than indices
    const sorted = Float64Array.from({ length: n }, (_, i) => x[i]!).sort();
    return { n, level: cumulative(n, () => weight[0]!), left: sorted, right: sorted };
  }
  const order = Uint32Array.from({ length: n }, (_, i) => i).sort((i, j) => x[i]! - x[j]! || i - j);
  const at = Float64Array.from(order, (i) => x[i]!);
  return { n, level: cumulative(n, (r) => weight[order[r]!]!), left: at, right: at };
}

/** Running sums, divided by the total; the last level is exactly 1. */
function cumulative(n: number, weight: (i: number) => number): Float64Array {
  const level = new Float64Array(n + 1);
  for (let i = 0; i < n; i++) {
    const w = weight(i);
    if (!(w >= 0))
      throw new OttoflowError(
        "UnsupportedError",
        `cell or atom ${i} has mass ${w}: a signed or undefined measure has no quantile function and no Wasserstein distance.`,
        { missing: ["positivity"] },
      );
    level[i + 1] = level[i]! + w;
  }
  const total = level[n]!;
  if (!(total > 0)) throw new OttoflowError("UnsupportedError", "the measure has no mass, so no quantile function.", { missing: ["mass"] });
  for (let i = 1; i < n; i++) level[i] = level[i]! / total;
  level[n] = 1;
  return level;
}

function piecesOfCells(m: As<"cells">): Pieces {
  const grid = m.space.grid;
  if (grid?.shape.length !== 1) throw specError("space", "a quantile function needs cells on a line.");
  if (grid.periodic[0])
    throw new OttoflowError("UnsupportedError", "distances along a periodic axis are not those of the line; compare densities in L1 instead.", {
      missing: ["line"],
    });
  const n = grid.shape[0]!;
  const edge = (i: number): number => grid.lower[0]! + grid.h[0]! * i;
  return {
    n,
    level: cumulative(n, (i) => m.rho[i]!),
    left: Float64Array.from({ length: n }, (_, i) => edge(i)),
    right: Float64Array.from({ length: n }, (_, i) => edge(i + 1)),
  };
}

function piecesOfQuantiles(m: As<"quantiles">): Pieces {
  const n = m.x.length - 1;
  return { n, level: Float64Array.from(m.level), left: Float64Array.from(m.x.subarray(0, n)), right: Float64Array.from(m.x.subarray(1)) };
}

/** The quantile function of a stored measure on the line, or null for a Gaussian (whose quantiles are not piecewise linear). */
export function piecesOf(m: Measure): Pieces | null {
  if (m.space.dim !== 1) throw specError("space", `a quantile function needs the line; the measure lives in dimension ${m.space.dim}.`);
  switch (m.rep) {
    case "cells":
      return piecesOfCells(m);
    case "particles":
      return piecesOfAtoms(m.n, m.x, m.weight);
    case "quantiles":
      return piecesOfQuantiles(m);
    case "gaussian":
      return null;
  }
}

/**
 * W2^2 between atoms (pieces without slope) and N(mean, deviation^2), both of mass one, in closed form: with Q(u) = x_i between the levels u_i and u_{i+1},
 * int (Q - m - s z)^2 du = sum_i w_i (x_i - m)^2 + s^2 - 2 s sum_i (x_i - m)(phi(z_i) - phi(z_{i+1})), as int z du = phi(z_i) - phi(z_{i+1}).
 * The terms cancel to about 1e-15 s^2.
 */
export function costOfAtomsToGaussian({ n, level, left }: Pieces, mean: number, deviation: number): number {
  const density = (u: number): number => {
    if (u <= 0 || u >= 1) return 0;
    const z = normalQuantile(u);
    return 0.3989422804014327 * exp(-0.5 * z * z);
  };
  let [square, cross, before] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [x, after] = [left[i]! - mean, density(level[i + 1]!)];
    square += (level[i + 1]! - level[i]!) * x * x;
    cross += x * (before - after);
    before = after;
  }
  return Math.max(0, square + deviation * deviation - 2 * deviation * cross);
}

/** int_0^1 |X - Y|^p over both quantile functions, p = 1 or 2: exact for linear pieces, up to rounding. */
export function costOfPieces(p: 1 | 2, a: Pieces, b: Pieces): number {
  let s = 0;
  for (let i = 0, j = 0, from = 0; i < a.n && j < b.n; ) {
    const to = Math.min(a.level[i + 1]!, b.level[j + 1]!);
    if (to > from) s += (to - from) * meanPower(p, valueAt(a, i, from) - valueAt(b, j, from), valueAt(a, i, to) - valueAt(b, j, to));
    from = Math.max(from, to);
    if (a.level[i + 1]! <= to) i++;
    if (b.level[j + 1]! <= to) j++;
  }
  return s;
}

/** the quantile function at a level of piece i */
export function valueAt(a: Pieces, i: number, level: number): number {
  const width = a.level[i + 1]! - a.level[i]!;
  const l = a.left[i]!;
  const r = a.right[i]!;
  return l === r || width <= 0 ? l : l + (r - l) * Math.max(0, Math.min(1, (level - a.level[i]!) / width));
}

/** What rounding of the levels can do to the cost: a unit in the last place of mass, moved across the support. */
export function roundingCost(p: 1 | 2, a: Pieces): number {
  const range = a.right[a.n - 1]! - a.left[0]!;
  return Number.EPSILON * (p === 2 ? range * range : range);
}

/** Mean of |linear from u to v|^p. */
function meanPower(p: 1 | 2, u: number, v: number): number {
  if (p === 2) return (u * u + u * v + v * v) / 3;
  return u * v >= 0 ? Math.abs(u + v) / 2 : (u * u + v * v) / (2 * (Math.abs(u) + Math.abs(v)));
}

export interface Cost {
  readonly value: number;
  /** difference of two quadratures of different fineness, summed without sign */
  readonly error: number;
}

/**
 * int_0^1 |X - Q|^p for a law with quantile function Q: Gauss rules on every piece, halved until two levels agree or half a million halvings are spent, also towards the levels 0 and 1
 * where Q may be unbounded.
 */
export function costToQuantile(p: 1 | 2, a: Pieces, quantile: Map1): Cost {
  let value = 0;
  let error = 0;
  const size = gauss5.x.length;
  const block = 512;
  const level = new Float64Array(block * size);
  const q = new Float64Array(block * size);
  const rule = (list: readonly Span[]): Float64Array => {
    const out = new Float64Array(list.length);
    for (let first = 0; first < list.length; first += block) {
      const count = Math.min(block, list.length - first);
      for (let k = 0; k < count; k++)
        for (let g = 0; g < size; g++)
          level[k * size + g] = inside(list[first + k]!.from + (list[first + k]!.to - list[first + k]!.from) * 0.5 * (1 + gauss5.x[g]!));
      quantile(count * size, level, q);
      for (let k = 0; k < count; k++) {
        const span = list[first + k]!;
        for (let g = 0; g < size; g++) {
          const gap = Math.abs(valueAt(a, span.piece, level[k * size + g]!) - q[k * size + g]!);
          out[first + k]! += gauss5.w[g]! * (span.to - span.from) * (p === 2 ? gap * gap : gap);
        }
      }
    }
    return out;
  };
  let spans: Span[] = [];
  for (let i = 0; i < a.n; i++) if (a.level[i + 1]! > a.level[i]!) spans.push({ piece: i, from: a.level[i]!, to: a.level[i + 1]! });
  let whole = rule(spans);
  const tolerance = Math.max(roundingCost(p, a), 1e-13 * whole.reduce((s, v) => s + v, 0), 1e-300) / Math.sqrt(spans.length);
  let room = 500000;
  while (spans.length > 0) {
    const halves = spans.flatMap((s) => [
      { ...s, to: 0.5 * (s.from + s.to) },
      { ...s, from: 0.5 * (s.from + s.to) },
    ]);
    const fine = rule(halves);
    const next: Span[] = [];
    const kept: number[] = [];
    spans.forEach((span, i) => {
      const gap = Math.abs(whole[i]! - fine[2 * i]! - fine[2 * i + 1]!);
      if (gap > tolerance && room > 0 && span.to - span.from > 1e-15) {
        room--;
        next.push(halves[2 * i]!, halves[2 * i + 1]!);
        kept.push(fine[2 * i]!, fine[2 * i + 1]!);
      } else {
        value += fine[2 * i]! + fine[2 * i + 1]!;
        error += gap;
      }
    });
    spans = next;
    whole = Float64Array.from(kept);
  }
  return { value, error };
}
/** A node that rounds to 0 or 1 moves to the next level inside, where quantiles are finite; its span is narrower than 1e-15. */
const inside = (level: number): number => Math.min(Math.max(level, Number.MIN_VALUE), 1 - Number.EPSILON / 2);
interface Span {
  readonly piece: number;
  readonly from: number;
  readonly to: number;
}

/** The quantile function of a law on the line. */
export function lawQuantile(law: Law, invert: (law: Law) => Map1): Map1 {
  if (law.dim !== 1) throw specError("law", `a quantile function needs the line; the law lives in dimension ${law.dim}.`);
  return law.quantile ?? invert(law);
}
