import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fromFunctions, functionsText, makeFormula } from "./formula.ts";

const inX = (text: string, dim = 1) => makeFormula(text, { of: "x", dim });

describe("quadratics are recognised with their coefficients", () => {
  test("shifted and scaled on the line", () => expect(inX("3*(x - 2)^2/2 + 1").quadratic()).toEqual({ A: [3], b: [-6], c: 7 }));
  test("a coupled form", () => expect(inX("x^2 + x*y + y^2 - 4y + 0.5", 2).quadratic()).toEqual({ A: [2, 1, 1, 2], b: [0, -4], c: 0.5 }));
  test("r^2 / 2 is the identity", () => expect(inX("r^2/2", 3).quadratic()).toEqual({ A: [1, 0, 0, 0, 1, 0, 0, 0, 1], b: [0, 0, 0], c: 0 }));
  test("|x - y|^2 / 2 of two points", () => expect(makeFormula("r^2/2", { of: "xy", dim: 1 }).quadratic()).toEqual({ A: [1, -1, -1, 1], b: [0, 0], c: 0 }));
  test("linear, constant, cancelling", () => {
    expect(inX("2x - 1").quadratic()).toEqual({ A: [0], b: [2], c: -1 });
    expect(inX("7").quadratic()).toEqual({ A: [0], b: [0], c: 7 });
    expect(inX("(x+y)^2 - x^2 - y^2", 2).quadratic()).toEqual({ A: [0, 2, 2, 0], b: [0, 0], c: 0 });
  });
  test.each(["x^3", "|x|", "sin(x)", "1/x", "(x^2-1)^2", "exp(x)"])("%s is none", (text) => expect(inX(text).quadratic()).toBeNull());
  test("t rules it out", () => expect(makeFormula("t*x^2", { of: "x", dim: 1, time: true }).quadratic()).toBeNull());
  test("random quadratics come back (property)", () => {
    const whole = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(fc.array(whole, { minLength: 6, maxLength: 6 }), ([a, b, c, p, q, k]) => {
        const got = inX(`(${a})*x^2 + (${b})*x*y + (${c})*y^2 + (${p})*x + (${q})*y + (${k})`, 2).quadratic()!;
        const plus = (v: readonly number[]): number[] => v.map((u) => u + 0);
        expect([plus(got.A), plus(got.b), got.c + 0]).toEqual([plus([2 * a!, b!, b!, 2 * c!]), plus([p!, q!]), k! + 0]);
      }),
    );
  });
});

describe("TeX has the parentheses of the meaning", () => {
  test.each([
    ["(x^2 - 1)^2", "\\left(x^{2} - 1\\right)^{2}"],
    ["-x^2", "-x^{2}"],
    ["(-x)^2", "\\left(-x\\right)^{2}"],
    ["a", null],
    ["2x", "2 \\, x"],
    ["2*3", "2 \\cdot 3"],
    ["x - (1 - x)", "x - \\left(1 - x\\right)"],
    ["x + -1", "x + \\left(-1\\right)"],
    ["(x + 1)*x", "\\left(x + 1\\right) \\, x"],
    ["(x/2)^2", "\\left(\\frac{x}{2}\\right)^{2}"],
    ["2^(x+1)", "2^{x + 1}"],
    ["(x^2)^3", "\\left(x^{2}\\right)^{3}"],
    ["x^2^3", "x^{2^{3}}"],
    ["-(x+1)", "-\\left(x + 1\\right)"],
    ["sqrt(x)/pi", "\\frac{\\sqrt{x}}{\\pi}"],
    ["exp(-x)", "\\exp\\left(-x\\right)"],
    ["sin(x)^2", "\\left(\\sin\\left(x\\right)\\right)^{2}"],
    ["abs(x)", "\\left|x\\right|"],
    ["erf(x)", "\\operatorname{erf}\\left(x\\right)"],
    ["x1", "x_{1}"],
    ["1e-9*x", "1"],
    ["if(x<0, 1, x)", "\\begin{cases} 1 & x < 0 \\\\ x & \\text{otherwise} \\end{cases}"],
  ])("%s", (text, tex) => {
    if (tex === null) expect(() => inX(text)).toThrow();
    else if (text === "1e-9*x") expect(inX(text).tex).toBe("10^{-9} \\, x");
    else expect(inX(text).tex).toBe(tex);
  });
});

describe("rows", () => {
  const f = makeFormula("exp(-r^2) + t*x*y - abs(y)^3", { of: "x", dim: 2, time: true });
  test("moving is the dependence on t", () => {
    expect(f.moving).toBe(true);
    expect(makeFormula("x", { of: "x", dim: 1, time: true }).moving).toBe(false);
    expect(f.variables).toEqual(["x", "y"]);
  });
  test("values do not depend on how the points are grouped: one by one or 1000 together, same bits", () => {
    const n = 1000;
    const x = Float64Array.from({ length: 2 * n }, (_, i) => Math.sin(i * 12.9898) * 2);
    const all = new Float64Array(4 * n);
    f.hessian(n, x, 0.3, all);
    const one = new Float64Array(4);
    for (let i = 0; i < n; i += 37) {
      f.hessian(1, Float64Array.of(x[i]!, x[n + i]!), 0.3, one);
      expect([...one]).toEqual([0, 1, 2, 3].map((k) => all[k * n + i]));
    }
  });
  test("a map of one variable may work in place, also on float32 rows", () => {
    const g = makeFormula("r^2 + 1", { of: "r", dim: 1 });
    const rows = Float64Array.of(1, 2, 3);
    g.value(3, rows, 0, rows);
    expect([...rows]).toEqual([2, 5, 10]);
    const single = Float32Array.of(1, 2, 3);
    g.gradient(3, single, 0, single);
    expect([...single]).toEqual([2, 4, 6]);
  });
  test("the gradient of a product of 40 coordinates shares its parts", () => {
    const d = 40;
    const g = inX(Array.from({ length: d }, (_, k) => `x${k + 1}`).join("*"), d);
    const out = new Float64Array(d);
    g.gradient(1, new Float64Array(d).fill(2), 0, out);
    expect([...out]).toEqual(new Array(d).fill(2 ** (d - 1)));
  });
  test("convexity asks for a box of the right size", () => expect(() => f.convexity([0], [1])).toThrow(/got 1 values when expected 2/));
});

describe("functions of a program", () => {
  const f = fromFunctions({ value: ([x, y]) => x! * x! * y!, gradient: ([x, y]) => [2 * x! * y!, x! * x!] }, 2);
  test("rows are coordinate-major", () => {
    const v = new Float64Array(2);
    const g = new Float64Array(4);
    f.value(2, Float64Array.of(1, 2, 3, 4), 0, v);
    f.gradient(2, Float64Array.of(1, 2, 3, 4), 0, g);
    expect([...v]).toEqual([3, 16]);
    expect([...g]).toEqual([6, 16, 1, 4]);
    expect(f.text).toBe(functionsText);
  });
  test("a missing gradient is asked for, not replaced by differences", () => {
    expect(() => fromFunctions({ value: () => 0 }, 2)).toThrow(/gradient\(x, t\) returns 2 numbers/);
  });
  test("a missing Hessian is asked for when it is needed", () =>
    expect(() => f.hessian(1, new Float64Array(2), 0, new Float64Array(4))).toThrow(/hessian\(x, t\) too, 4 numbers/));
  test("a gradient of the wrong size", () => {
    const bad = fromFunctions({ value: () => 0, gradient: () => [1] }, 2);
    expect(() => bad.gradient(1, new Float64Array(2), 0, new Float64Array(2))).toThrow(/returned 1 values when expected 2/);
  });
  test("nothing is claimed about them", () => {
    expect(f.quadratic()).toBeNull();
    expect(f.convexity([0, 0], [1, 1])).toBe(Number.NEGATIVE_INFINITY);
  });
});
