import fc from "fast-check";
import { all, create, type MathNode } from "mathjs";
import { describe, expect, test } from "vitest";
import { makeFormula } from "./formula.ts";

// without `predictable` it continues roots and logarithms into complex numbers
const math = create(all, { predictable: true });

/** random expressions in a syntax that both parsers read */
const expressions = fc.letrec((tie) => {
  const leaf = fc.oneof(fc.constantFrom("x", "y"), fc.constantFrom("0.5", "2", "3", "1.25"));
  const smooth = ["exp", "sin", "cos", "tanh", "sinh", "cosh", "atan"].map((f) => tie("tree").map((a) => `${f}(${a})`));
  const partial = ["log", "sqrt", "tan", "asin", "acos", "abs"].map((f) => tie("tree").map((a) => `${f}(${a})`));
  const pair = (op: string) => fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `(${a} ${op} ${b})`);
  return {
    tree: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      leaf,
      pair("+"),
      pair("-"),
      pair("*"),
      pair("/"),
      fc.tuple(tie("tree"), fc.constantFrom("2", "3", "-1", "1.5", "0.5", "4")).map(([a, p]) => `(${a})^(${p})`),
      fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `(${a})^(${b})`),
      tie("tree").map((a) => `-${a}^2`),
      ...smooth,
      ...partial,
    ),
  };
}).tree as fc.Arbitrary<string>;

// off the kinks of abs
const point = fc.tuple(fc.integer({ min: 20, max: 190 }), fc.integer({ min: -140, max: 139 })).map(([a, b]) => [a / 101, (b + 0.5) / 101] as const);
const real = (v: unknown): number => (typeof v === "number" ? v : Number.NaN);

describe("derivatives agree with an independent program (mathjs) on random formulas", () => {
  let total = 0;
  let edge = 0;
  const check = (text: string, [x, y]: readonly [number, number]): void => {
    let theirs: (at: number) => number[];
    try {
      const d = (f: MathNode, row: string): MathNode => math.derivative(f, row, { simplify: false });
      const root = math.parse(text);
      const slope = d(root, "x");
      const parts = [root, slope, d(root, "y"), d(slope, "y"), d(slope, "x")].map((p) => p.compile());
      theirs = (at) => parts.map((p) => real(p.evaluate({ x: at, y })));
    } catch {
      fc.pre(false);
      return;
    }
    const want = theirs(x);
    // differences beyond rounding in the input are the conditioning of the formula, not an error of either program
    const shaken = theirs(x * (1 + 4e-16));
    const f = makeFormula(text, { of: "x", dim: 2 });
    const p = Float64Array.of(x, y);
    const got = new Float64Array(7);
    f.value(1, p, 0, got.subarray(0, 1));
    f.gradient(1, p, 0, got.subarray(1, 3));
    f.hessian(1, p, 0, got.subarray(3, 7));
    const mine = [got[0]!, got[1]!, got[2]!, got[4]!, got[3]!];
    expect(got[4]).toBe(got[5]);
    let compared = 0;
    want.forEach((w, k) => {
      // 0/0 where a simplification has the limit
      if (!want.slice(0, k + 1).every(Number.isFinite) || Math.abs(w) > 1e6 || Math.abs(w - shaken[k]!) > 1e-10 * (1 + Math.abs(w))) return;
      compared++;
      total++;
      // where a formula stands on the edge of a domain (acos(y/y)) mathjs simplifies first
      if (Number.isNaN(mine[k]!)) {
        edge++;
        return;
      }
      expect(Math.abs(mine[k]! - w), `${text} at (${x}, ${y}), entry ${k}: ${mine[k]} against ${w}`).toBeLessThan(1e-8 * (1 + Math.abs(w)));
    });
    fc.pre(compared > 0);
  };
  test("value, gradient, mixed and pure second derivative", () => {
    fc.assert(fc.property(expressions, point, check), { numRuns: 600, seed: 20 });
    expect(total).toBeGreaterThan(1500);
    expect(edge).toBeLessThan(0.01 * total);
  });
});

describe("each function against central differences", () => {
  const texts = [
    "exp(x)",
    "log(x)",
    "sqrt(x)",
    "abs(x - 2)",
    "sin(x)",
    "cos(x)",
    "tan(x)",
    "asin(x/2)",
    "acos(x/2)",
    "atan(x)",
    "sinh(x)",
    "cosh(x)",
    "tanh(x)",
    "erf(x)",
    "atan2(x, 1 + x^2)",
    "min(x^2, x + 1)",
    "max(x^2, x^3, 0.1)",
    "norm(x, x^2, 1)",
    "hypot(x, 2)",
    "x^x",
    "x^-1.5",
    "2^x",
    "pow(x, 7)",
    "if(x < 1, x^2, sin(x))",
    "piecewise(x > 2, 0, x > 0.5, x^3, 1)",
    "step(x - 0.1) x2",
    "floor(3*x) + sign(x)*x^3",
    "r^3 + x",
    "exp(-r^2/2)",
    "cos(t*x)",
  ].map((text) => text.replace(" x2", "*x^2"));
  test.each(texts)("%s", (text) => {
    const f = makeFormula(text, { of: "x", dim: 1, time: true });
    const t = 0.7;
    const h = 1e-4;
    for (const x of [0.31, 0.77, 1.21]) {
      const at = Float64Array.of(x - 2 * h, x - h, x, x + h, x + 2 * h);
      const v = new Float64Array(5);
      const g = new Float64Array(5);
      const H = new Float64Array(5);
      f.value(5, at, t, v);
      f.gradient(5, at, t, g);
      f.hessian(5, at, t, H);
      // fourth-order differences: error h^4 f^(5) / 30 + rounding 1e-16 / h, so 1e-10 of the size
      const slope = (a: Float64Array): number => (8 * (a[3]! - a[1]!) - (a[4]! - a[0]!)) / (12 * h);
      expect(Math.abs(g[2]! - slope(v))).toBeLessThan(2e-10 * (1 + Math.abs(g[2]!)));
      expect(Math.abs(H[2]! - slope(g))).toBeLessThan(2e-10 * (1 + Math.abs(H[2]!)));
    }
  });
});

describe("where no derivative exists, the fixed choice is made", () => {
  const at = (text: string, point: readonly number[]): { g: Float64Array; H: Float64Array } => {
    const d = point.length;
    const f = makeFormula(text, { of: "x", dim: d });
    const g = new Float64Array(d);
    const H = new Float64Array(d * d);
    f.gradient(1, Float64Array.from(point), 0, g);
    f.hessian(1, Float64Array.from(point), 0, H);
    return { g, H };
  };
  test("abs and r at 0: zero", () => {
    expect([...at("|x|", [0]).g]).toEqual([0]);
    expect([...at("r", [0, 0]).g]).toEqual([0, 0]);
    expect([...at("sqrt(x^2 + y^2)", [0, 0]).g]).toEqual([0, 0]);
    expect([...at("norm(x - 1, y)", [1, 0]).g].map(Math.abs)).toEqual([0, 0]);
  });
  test("min and max at a tie: the first", () => {
    expect([...at("max(2*x, x)", [0]).g]).toEqual([2]);
    expect([...at("min(2*x, x)", [0]).g]).toEqual([2]);
  });
  test("smooth functions of r have their second derivative at r = 0", () => {
    expect([...at("cos(r)", [0, 0]).H]).toEqual([-1, 0, 0, -1]);
    expect([...at("exp(-r^2/2)", [0, 0]).H]).toEqual([-1, 0, 0, -1]);
    expect([...at("r^4", [0, 0]).H]).toEqual([0, 0, 0, 0]);
    expect([...at("r^3", [0, 0, 0]).H]).toEqual(new Array(9).fill(0));
    expect([...at("cosh(|x|)", [0]).H]).toEqual([1]);
  });
  test("r^3 in two dimensions: Hess = 3 r I + 3 x x' / r, at (3, 4)", () => {
    const { g, H } = at("r^3", [3, 4]);
    expect(g[0]).toBeCloseTo(45, 12);
    expect(H[0]).toBeCloseTo(15 + 27 / 5, 12);
    expect(H[1]).toBeCloseTo(36 / 5, 12);
    expect(H[3]).toBeCloseTo(15 + 48 / 5, 12);
  });
  test("two points: the Hessian of |x - y|^3 is that of r^3 with signs", () => {
    const f = makeFormula("r^3", { of: "xy", dim: 2 });
    const H = new Float64Array(16);
    f.hessian(1, Float64Array.of(3, 4, 0, 0), 0, H);
    expect(H[0]).toBeCloseTo(15 + 27 / 5, 12);
    expect(H[2]).toBeCloseTo(-(15 + 27 / 5), 12);
    expect(H[2 * 4 + 2]).toBeCloseTo(15 + 27 / 5, 12);
    expect(H[3]).toBeCloseTo(-36 / 5, 12);
  });
});
