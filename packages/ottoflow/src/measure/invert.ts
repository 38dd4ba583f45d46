import type { Law, Map1 } from "../contract.ts";

type BoxMass = NonNullable<Law["boxMass"]>;

/**
 * Quantile function on the line by inverting exact masses of half-lines. The component quantiles, where there are any, bracket the answer:
 * a quantile of a mixture lies between the least and the greatest of its components. Newton's steps where a density is known, kept in their bracket, else bisection, to the last bit or two.
 * Works on the smaller tail, so levels near 1 keep their relative accuracy.
 */
export function invertCdf(boxMass: BoxMass, mass: number, components: readonly Law[] = [], density?: Law["density"]): Map1 {
  const quantiles = components.map((law) => law.quantile);
  const lo = new Float64Array(1);
  const hi = new Float64Array(1);
  const got = new Float64Array(1);
  const tail = (x: number, upper: boolean): number => {
    lo[0] = upper ? x : Number.NEGATIVE_INFINITY;
    hi[0] = upper ? Number.POSITIVE_INFINITY : x;
    boxMass(1, lo, hi, got);
    return got[0]! / mass;
  };
  const slope = (x: number): number => {
    lo[0] = x;
    density!(1, lo, got);
    return got[0]! / mass;
  };
  return (n, a, out) => {
    for (let i = 0; i < n; i++) {
      const level = a[i]!;
      const upper = level > 0.5;
      const want = upper ? 1 - level : level;
      const short = upper ? (x: number) => tail(x, true) > want : (x: number) => tail(x, false) < want;
      const span = bracket(level, quantiles, short);
      out[i] = density ? newton((x) => (upper ? tail(x, true) - want : want - tail(x, false)), slope, span) : bisect(short, span);
    }
  };
}

/** An interval whose ends are short and not short of the level. */
function bracket(level: number, quantiles: readonly (Map1 | undefined)[], short: (x: number) => boolean): [number, number] {
  let a = Number.POSITIVE_INFINITY;
  let b = Number.NEGATIVE_INFINITY;
  const at = Float64Array.of(level);
  const q = new Float64Array(1);
  for (const quantile of quantiles) {
    if (!quantile) continue;
    quantile(1, at, q);
    a = Math.min(a, q[0]!);
    b = Math.max(b, q[0]!);
  }
  if (!(a <= b)) [a, b] = [-1, 1];
  let width = Math.max(1e-3 * (b - a), 1e-12 * Math.max(Math.abs(a), Math.abs(b)), 1e-300);
  for (let k = 0; k < 2100 && !short(a); k++, width *= 2) a -= width;
  for (let k = 0; k < 2100 && short(b); k++, width *= 2) b += width;
  return [a, b];
}

/** The point where `short` turns false, to rounding or within `width`. */
export function bisect(short: (x: number) => boolean, [a, b]: readonly [number, number], width = 0): number {
  let lo = a;
  let hi = b;
  for (let k = 0; k < 200; k++) {
    const mid = lo + 0.5 * (hi - lo);
    if (mid <= lo || mid >= hi || hi - lo <= width) break;
    if (short(mid)) lo = mid;
    else hi = mid;
  }
  return lo + 0.5 * (hi - lo);
}

/** The zero of a missing mass that falls with this slope, positive left of it; steps that leave the bracket are replaced by its middle. */
function newton(missing: (x: number) => number, slope: (x: number) => number, [a, b]: readonly [number, number]): number {
  let [lo, hi] = [a, b];
  let x = lo + 0.5 * (hi - lo);
  for (let k = 0; k < 200; k++) {
    const gap = missing(x);
    if (gap === 0) return x;
    if (gap > 0) lo = x;
    else hi = x;
    let next = x + gap / slope(x);
    if (!(next > lo && next < hi)) next = lo + 0.5 * (hi - lo);
    if (next === x || next <= lo || next >= hi || Math.abs(next - x) <= 2e-16 * Math.abs(x)) return next;
    x = next;
  }
  return x;
}
