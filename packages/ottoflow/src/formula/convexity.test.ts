import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { makeFormula } from "./formula.ts";

const bound = (text: string, dim: number, half = 3): number =>
  makeFormula(text, { of: "x", dim }).convexity(new Array(dim).fill(-half), new Array(dim).fill(half));
const inf = Number.NEGATIVE_INFINITY;

describe("lower bound of the smallest Hessian eigenvalue on [-3, 3]^d", () => {
  // closed forms; the bound may not exceed them and lies within the search's accuracy
  test.each([
    ["(x^2 - 1)^2", 1, -4],
    ["x^2/2", 1, 1],
    ["x^4/4 - x^2/2", 1, -1],
    ["exp(-x^2/2)", 1, -1],
    ["sin(x)", 1, -1],
    ["1/(1 + x^2)", 1, -2],
    ["tanh(x)", 1, -4 / (3 * Math.sqrt(3))],
    ["|x|", 1, 0],
    ["|x|^3 - x^2", 1, -2],
    ["|x|^1.5", 1, 0.75 / Math.sqrt(3)],
    ["max(x, -x, x^2)", 1, 0],
    ["(x^2 - 1)^2 + y^2/2 + x*y", 2, (-4 + 1) / 2 - Math.sqrt(2.5 * 2.5 + 1)],
    ["r^4/4 - r^2/2", 2, -1],
    ["r", 3, 0],
    ["sqrt(x^2 + y^2)", 2, 0],
    ["r^1.5", 2, 0.75 / Math.sqrt(Math.sqrt(18))],
    ["exp(-r^2/2)", 3, -1],
    ["abs(x) + abs(y) + x^2", 2, 0],
    ["x^2 + y^2 + z^2 + x*y*z/10", 3, 1.4],
  ])("%s in %i dimensions: %d", (text, dim, exact) => {
    const b = bound(text, dim);
    expect(b).toBeLessThanOrEqual(exact + 1e-14);
    expect(b).toBeGreaterThan(exact - 1e-5);
  });
  test("V'' of the double well is 12 x^2 - 4: tight to rounding", () => expect(bound("(x^2 - 1)^2", 1)).toBeCloseTo(-4, 13));
  test("all of the line", () => {
    const f = makeFormula("(x^2 - 1)^2", { of: "x", dim: 1 });
    expect(f.convexity([inf], [Number.POSITIVE_INFINITY])).toBeCloseTo(-4, 9);
    expect(makeFormula("-x^4", { of: "x", dim: 1 }).convexity([inf], [Number.POSITIVE_INFINITY])).toBe(inf);
  });
  test.each([
    ["-|x|", 1],
    ["min(x^2, 1)", 1],
    ["-r", 2],
    ["r^0.5", 2],
    ["step(x)", 1],
    ["sign(x)*x^2", 1],
    ["floor(x) + x^2", 1],
    ["if(x < 0, 1, 0) + x^2", 1],
    ["1/x", 1],
    ["1/x^2", 1],
    ["tan(x)^2", 1],
    ["log(|x|)", 1],
    ["log(x)", 1],
    ["atan2(y, x) + x^2", 2],
    ["sqrt(x)", 1],
  ])("kinks, jumps and poles give no bound: %s", (text, dim) => expect(bound(text, dim)).toBe(inf));
  test("the side of a pole that the box leaves out does not matter", () => {
    const f = makeFormula("x^2/2 - log(x)", { of: "x", dim: 1 });
    const b = f.convexity([0.5], [4]);
    expect(b).toBeLessThanOrEqual(1 + 1 / 16);
    expect(b).toBeGreaterThan(1 + 1 / 16 - 1e-6);
  });
});

/** expressions for bounds: every whitelisted function */
const expressions = fc.letrec((tie) => {
  const fn = (f: string) => tie("tree").map((a) => `${f}(${a})`);
  const pair = (op: string) => fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `(${a} ${op} ${b})`);
  const both = (f: string) => fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `${f}(${a}, ${b})`);
  return {
    tree: fc.oneof(
      { maxDepth: 3, depthSize: "small" },
      fc.constantFrom("x", "y", "x", "y", "r", "0.5", "2"),
      pair("+"),
      pair("-"),
      pair("*"),
      pair("/"),
      fc.tuple(tie("tree"), fc.constantFrom("2", "3", "4", "1.5", "2.5", "-2")).map(([a, p]) => `(${a})^(${p})`),
      ...["exp", "log", "sqrt", "abs", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "erf", "asin", "acos", "sign", "step", "floor"].map(fn),
      ...["min", "max", "norm", "atan2"].map(both),
      fc.tuple(tie("tree"), tie("tree")).map(([a, b]) => `if(${a} < ${b}, ${b}, ${a}^2)`),
    ),
  };
}).tree as fc.Arbitrary<string>;

describe("the bound never exceeds what is seen", () => {
  const corner = fc.tuple(
    fc.double({ min: -2, max: 1, noNaN: true }),
    fc.double({ min: -2, max: 1, noNaN: true }),
    fc.double({ min: 0.1, max: 2, noNaN: true }),
  );
  /** smallest eigenvalue by the second difference of values along the worst direction: knows nothing of derivatives, sees kinks */
  test("second differences along segments, on random formulas and boxes", () => {
    let bounded = 0;
    fc.assert(
      fc.property(
        expressions,
        corner,
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true })), { minLength: 20, maxLength: 20 }),
        (text, [a, b, w], seeds) => {
          const f = makeFormula(text, { of: "x", dim: 2 });
          const lambda = f.convexity([a, b], [a + w, b + w]);
          if (lambda === inf) return;
          bounded++;
          // midpoint test: (V(p) + V(q)) / 2 - V((p + q) / 2) >= lambda |p - q|^2 / 8
          for (let k = 0; k + 1 < seeds.length; k++) {
            const [p, q] = [seeds[k]!, seeds[k + 1]!];
            const x = Float64Array.of(a + w * p[0], a + w * q[0], 0, b + w * p[1], b + w * q[1], 0);
            x[2] = (x[0]! + x[1]!) / 2;
            x[5] = (x[3]! + x[4]!) / 2;
            const v = new Float64Array(3);
            f.value(3, x, 0, v);
            if (!v.every(Number.isFinite)) continue;
            const gap = (v[0]! + v[1]!) / 2 - v[2]!;
            const far = (x[0]! - x[1]!) ** 2 + (x[3]! - x[4]!) ** 2;
            const size = Math.max(...[...v].map(Math.abs), 1);
            expect(gap - (lambda * far) / 8, `${text} on [${a}, ${a + w}] x [${b}, ${b + w}]: lambda ${lambda}, values ${v}`).toBeGreaterThan(
              -1e-12 * size - 1e-12 * Math.abs(lambda) * far,
            );
          }
        },
      ),
      { numRuns: 300, seed: 7 },
    );
    expect(bounded).toBeGreaterThan(60);
  });
});
