import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as math from "./math.ts";

const scalars: Readonly<Record<string, unknown>> = { ...math };
const bits = new Float64Array(1);
const word = new BigInt64Array(bits.buffer);
const order = (x: number): bigint => {
  bits[0] = x;
  return word[0]! < 0n ? -(2n ** 63n) - word[0]! : word[0]!;
};
/** distance in units in the last place; 0 for two NaNs */
const ulps = (a: number, b: number): number => {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Number.POSITIVE_INFINITY;
  const d = order(a) - order(b);
  return Number(d < 0n ? -d : d);
};
const edges = [
  0,
  -0,
  1,
  -1,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  5e-324,
  -1e-310,
  2.2250738585072014e-308,
  1.7976931348623157e308,
  0.5,
  -0.5,
  2,
  1e-9,
  -1e-20,
  709.78,
  745.13,
  -745.13,
  1e22,
  -1e300,
];
const within = (lower: number, upper: number) => fc.double({ min: lower, max: upper, noNaN: true });
const any = fc.double();

/** name, oracle of the engine, argument ranges, units in the last place allowed (the oracle itself is up to one off) */
const unary: readonly [keyof typeof math, (x: number) => number, readonly fc.Arbitrary<number>[], number][] = [
  ["exp", Math.exp, [any, within(-745, 710), within(-1, 1)], 1],
  ["expm1", Math.expm1, [any, within(-50, 710), within(-1, 1)], 2],
  ["log", Math.log, [any, within(0, 2), within(1e-320, 1e-300)], 1],
  ["log1p", Math.log1p, [any, within(-1, 2)], 2],
  ["sin", Math.sin, [any, within(-10, 10), within(-2e6, 2e6)], 2],
  ["cos", Math.cos, [any, within(-10, 10), within(-2e6, 2e6)], 2],
  ["tan", Math.tan, [any, within(-10, 10), within(-2e6, 2e6)], 3],
  ["asin", Math.asin, [any, within(-1, 1)], 2],
  ["acos", Math.acos, [any, within(-1, 1)], 2],
  ["atan", Math.atan, [any, within(-3, 3)], 2],
  ["sinh", Math.sinh, [any, within(-25, 25), within(-710, 710)], 3],
  ["cosh", Math.cosh, [any, within(-25, 25), within(-710, 710)], 3],
  ["tanh", Math.tanh, [any, within(-25, 25)], 3],
  ["asinh", Math.asinh, [any, within(-3, 3)], 4],
  ["acosh", Math.acosh, [any, within(1, 5)], 4],
  ["atanh", Math.atanh, [any, within(-1, 1)], 4],
  ["cbrt", Math.cbrt, [any, within(-8, 8)], 1],
];
test.each(unary)("%s agrees with the engine's own to a few units in the last place", (name, oracle, ranges, most) => {
  const f = scalars[name] as (x: number) => number;
  for (const x of edges) expect(ulps(f(x), oracle(x)), `${name}(${x}) = ${f(x)}, engine ${oracle(x)}`).toBeLessThanOrEqual(most);
  for (const x of [0, -0]) if (oracle(x) === 0) expect(Object.is(f(x), oracle(x)), `sign of ${name}(${x})`).toBe(true);
  for (const range of ranges)
    fc.assert(
      fc.property(range, (x) => ulps(f(x), oracle(x)) <= most),
      { numRuns: 1000 },
    );
});

test("pow, atan2 and hypot agree with the engine's own, special cases included", () => {
  const specials = [...edges, 3, -3, 4, 1e15, 2 ** 53, 2 ** 53 + 2, 0.1, -0.1];
  for (const x of specials)
    for (const y of specials) {
      expect(ulps(math.pow(x, y), x ** y), `${x}^${y} = ${math.pow(x, y)}, engine ${x ** y}`).toBeLessThanOrEqual(1);
      expect(ulps(math.atan2(y, x), Math.atan2(y, x)), `atan2(${y}, ${x})`).toBeLessThanOrEqual(2);
      expect(ulps(math.hypot(x, y), Math.hypot(x, y)), `hypot(${x}, ${y})`).toBeLessThanOrEqual(2);
    }
  fc.assert(fc.property(within(0, 100), within(-100, 100), (x, y) => ulps(math.pow(x, y), x ** y) <= 1));
  fc.assert(fc.property(any, any, (x, y) => ulps(math.pow(x, y), x ** y) <= 1));
  fc.assert(fc.property(any, any, (y, x) => ulps(math.atan2(y, x), Math.atan2(y, x)) <= 2));
  for (let n = -20; n <= 20; n++) expect(math.powi(3, n)).toBe(n < 0 ? 1 / 3 ** -n : 3 ** n);
});

describe("against digits computed with 60 decimals", () => {
  test("huge angles: the worst case of Kahan and 1e22", () => {
    expect(ulps(math.cos(6381956970095103 * 2 ** 797), -4.687165924254628e-19)).toBeLessThanOrEqual(1);
    expect(ulps(math.sin(1e22), -0.8522008497671888)).toBeLessThanOrEqual(1);
    expect(ulps(math.cos(1e22), 0.523214785395139)).toBeLessThanOrEqual(1);
    expect(ulps(math.sin(Math.PI), 1.2246467991473532e-16)).toBeLessThanOrEqual(1);
  });
  test.each([
    ["erf", 0.5, 0.5204998778130465],
    ["erf", 1, 0.8427007929497149],
    ["erf", 2, 0.9953222650189527],
    ["erfc", 3, 2.209049699858544e-5],
    ["erfc", 10, 2.088487583762545e-45],
    ["erfc", -1, 1.8427007929497148],
    ["normalCdf", -3, 0.0013498980316300946],
    ["normalCdf", -10, 7.619853024160525e-24],
    ["normalQuantile", 0.975, 1.9599639845400538],
    ["normalQuantile", 1e-10, -6.361340902404057],
    ["gamma", 0.5, 1.772453850905516],
    ["gamma", 5, 24.0],
    ["gamma", -1.5, 2.363271801207355],
    ["gamma", 100.5, 9.320963104082716e156],
    ["lgamma", 0.25, 1.2880225246980774],
    ["lgamma", 100, 359.1342053695754],
    ["lgamma", 1.5, -0.12078223763524522],
    ["lgamma", -0.5, 1.2655121234846454],
  ] as const)("%s(%d)", (name, x, digits) => {
    const value = (scalars[name] as (x: number) => number)(x);
    expect(Math.abs(value / digits - 1)).toBeLessThan(2e-15);
  });
});

describe("identities", () => {
  test("normalQuantile inverts normalCdf", () => {
    fc.assert(fc.property(within(-7, 2), (x) => Math.abs(math.normalQuantile(math.normalCdf(x)) - x) <= 1e-13 * Math.max(1, Math.abs(x))));
  });
  // x + 1 is rounded, and gamma(x (1 + e)) = gamma(x) (1 + e x log x) about
  test("gamma(x + 1) = x gamma(x), and lgamma is its logarithm", () => {
    fc.assert(fc.property(within(0.01, 150), (x) => Math.abs(math.gamma(x + 1) / (x * math.gamma(x)) - 1) < 4e-15 + 2.3e-16 * (x + 1) * Math.log(x + 2)));
    fc.assert(fc.property(within(0.01, 150), (x) => Math.abs(math.lgamma(x) - math.log(math.gamma(x))) < 1e-14 * Math.max(1, Math.abs(math.lgamma(x)))));
  });
  test("reflection: gamma(x) gamma(1 - x) sin(pi x) = pi", () => {
    fc.assert(
      fc.property(
        within(0.05, 0.95),
        fc.integer({ min: 1, max: 30 }),
        (f, k) => Math.abs((math.gamma(f - k) * math.gamma(1 - f + k) * math.sin(Math.PI * f) * (k % 2 === 0 ? 1 : -1)) / Math.PI - 1) < 1e-13,
      ),
    );
  });
  test("erf + erfc = 1", () => {
    fc.assert(fc.property(within(-5, 5), (x) => Math.abs(math.erf(x) + math.erfc(x) - 1) < 3e-16));
  });
});
