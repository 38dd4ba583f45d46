import { describe, expect, test } from "vitest";
import { isOttoflowError } from "../errors.ts";
import { makeFormula } from "./formula.ts";
import { limits, parse } from "./parse.ts";

const line = { of: "x", dim: 1 } as const;
function value(text: string, point: readonly number[] = [3], of: "x" | "r" | "xy" = "x", dim = point.length, t = 0): number {
  const out = new Float64Array(1);
  makeFormula(text, { of, dim, time: true }).value(1, Float64Array.from(point), t, out);
  return out[0]!;
}
function refusal(text: string, dim = 1): { message: string; offset: number } {
  try {
    makeFormula(text, { of: "x", dim });
  } catch (error) {
    if (isOttoflowError(error, "FormulaError")) return { message: error.message, offset: error.fields.offset };
    throw error;
  }
  throw new Error(`\`${text.slice(0, 60)}\` was accepted`);
}

describe("precedence: what is written means what mathematics says (x = 3)", () => {
  test.each([
    ["-x^2", -9],
    ["(-x)^2", 9],
    ["2^-x", 0.125],
    ["2^-x*8", 1],
    ["-2^-2", -0.25],
    ["2^3^2", 512],
    ["(2^3)^2", 64],
    ["8/4/2", 1],
    ["8-4-2", 2],
    ["8/4*2", 4],
    ["1-x*2+4/2", -3],
    ["--x", 3],
    ["+x - -x", 6],
    ["2*-x", -6],
    ["2x", 6],
    ["2x^2", 18],
    ["-2x^2", -18],
    ["2(x+1)", 8],
    ["2 x", 6],
    ["3*2x", 18],
    ["2sqrt(x+1)", 4],
    ["1e-3", 0.001],
    ["2e3x", 6000],
    [".5+1.", 1.5],
    ["2e", 2 * Math.E],
    ["x**2", 9],
    ["x²", 9],
    ["-x²·2 − 1", -19],
    ["2π", 2 * Math.PI],
    ["|x-5|*2", 4],
    ["|x|^2", 9],
    ["r^2", 9],
    ["min(x, 2, 7)", 2],
    ["max(1, x)", 3],
    ["norm(x, 4)", 5],
    ["atan2(0, -1)", Math.PI],
    ["step(x-3) + heaviside(-x) + sign(-x) + floor(x/2)", 1],
    ["if(x < 2, 10, 20)", 20],
    ["if(x <= 3, 10, 20)", 10],
    ["if(x > 3, 10, 20)", 20],
    ["if(x >= 3, 10, 20)", 10],
    ["piecewise(x < 0, 1, x < 5, 2, 3)", 2],
    ["pow(x, 2) + ln(1)", 9],
  ])("%s = %d", (text, expected) => expect(value(text)).toBeCloseTo(expected, 14));

  test("variables of each context", () => {
    expect(value("x + 10y + 100z + 1000x3", [1, 2, 3])).toBe(3321);
    expect(value("x1 + x4", [1, 2, 3, 4])).toBe(5);
    expect(value("r", [3, 4])).toBe(5);
    expect(value("x - y", [7, 5], "xy", 1)).toBe(2);
    expect(value("x1*y2 - x2*y1 + r", [1, 2, 4, 6], "xy", 2)).toBe(1 * 6 - 2 * 4 + 5);
    expect(value("r^2 + t", [3], "r", 1, 10)).toBe(19);
  });
});

describe("refusals say where, what came, what is allowed", () => {
  test.each([
    ["", 0, /empty/],
    ["  \n\t ", 0, /empty/],
    ["1 + foo(x)", 4, /Unknown name `foo`.*functions exp/],
    ["x + sinn(x)", 4, /mean `sin`/],
    ["arctan(x)", 0, /mean `atan`/],
    ["X^2", 0, /mean `x`/],
    ["constructor", 0, /Unknown name `constructor`/],
    ["__proto__", 0, /Unknown name `__proto__`/],
    ["window(x)", 0, /Unknown name `window`/],
    ["process.exit(1)", 0, /Unknown name `process`/],
    ["toString()", 0, /Unknown name/],
    ["hasOwnProperty(x)", 0, /Unknown name/],
    ["x.constructor", 1, /`\.` \(U\+002E\)/],
    ["x; y", 1, /`;`/],
    ["NaN", 0, /Unknown name `NaN`/],
    ["Infinity", 0, /Unknown name/],
    ["x + 1e999", 4, /too large/],
    ["1.2.3", 0, /not a number/],
    ["(x + 1", 0, /never closed/],
    ["x + 1)", 5, /no opening/],
    ["sin(x", 3, /never closed/],
    ["|x + 1", 0, /bar is never closed/],
    ["x +", 3, /ends where/],
    ["* x", 0, /Got `\*`/],
    ["x x", 2, /operator is missing/],
    ["x(2)", 0, /not a function/],
    ["(x)(x)", 3, /operator is missing/],
    ["sin", 0, /write sin\(/],
    ["sin()", 0, /takes 1 argument, got 0/],
    ["sin(x, 2)", 0, /takes 1 argument, got 2/],
    ["pow(x)", 0, /takes 2 arguments, got 1/],
    ["1/2x", 0, /two ways: write \(1\/2\)\*x or 1\/\(2\*x\)/],
    ["e^2x", 0, /two ways/],
    ["2^-3x", 0, /two ways/],
    ["x < 2", 2, /only be a condition/],
    ["sin(x < 2)", 4, /only be a condition/],
    ["if(x, 1, 2)", 3, /must be a comparison/],
    ["if(0 < x < 1, 1, 2)", 5, /do not chain/],
    ["if(x == 1, 1, 2)", 5, /Equality/],
    ["piecewise(x<0, 1, x<1, 2)", 0, /odd number/],
    ["x = 2", 2, /equation/],
    ["x, 2", 1, /comma/],
    ["y^2", 0, /Unknown name `y`/],
    ["t*x", 0, /Unknown name `t`/],
    ["x\u202ey", 1, /U\+202E/],
    ["x + 😀", 4, /U\+1F600/],
    ["ｘ + 1", 0, /U\+FF58/],
    ["`x`", 0, /no meaning/],
  ])("%j at %i", (text, offset, message) => {
    const r = refusal(text);
    expect(r.message).toMatch(message);
    expect(r.offset).toBe(offset);
  });

  test("a product of variables run together is suggested", () => expect(refusal("xy + 1", 2).message).toMatch(/mean `x\*y`/));
  test("|x| in several dimensions is not guessed at", () => expect(refusal("|x|^2", 2).message).toMatch(/write r/));
  test("the caret stands under the name", () => {
    const [, shown, caret] = refusal("x^2 + foo(x)").message.split("\n");
    expect(shown).toBe("  x^2 + foo(x)");
    expect(caret).toBe("        ^^^");
  });
  test("a long formula is shown around the place", () => {
    const [, shown, caret] = refusal(`${"x+".repeat(200)}foo`).message.split("\n");
    expect(shown!.length).toBeLessThan(140);
    expect(shown!.slice(caret!.indexOf("^"), caret!.length)).toBe("foo");
  });
  test("a path of a spec stands in front", () => {
    expect(() => makeFormula("foo", { ...line, path: "energy[0].formula" })).toThrow(/^energy\[0\]\.formula: Unknown name/);
  });
  test("what is no text", () => {
    expect(() => makeFormula(7 as unknown as string, line)).toThrow(/got number/);
  });
});

describe("limits hold before anything is built", () => {
  const scope = { of: "x", dim: 1, time: false } as const;
  const quickly = (body: () => void): void => {
    const start = performance.now();
    body();
    expect(performance.now() - start).toBeLessThan(200);
  };
  test("a million operations", () => quickly(() => expect(refusal(`x${"+x".repeat(1_000_000)}`).message).toMatch(/2000001 characters/)));
  test("more than 500 operations", () => quickly(() => expect(refusal(`x${"+x".repeat(4_000)}`).message).toMatch(/more than 500 operations/)));
  test.each(["(", "-", "sin(", "2^-", "2^(", "|", "if(x<", "min(x,"])("deep nesting by %s", (open) =>
    quickly(() => expect(refusal(open.repeat(1500)).message).toMatch(/100 deep/)),
  );
  test("a tower of powers", () => quickly(() => expect(refusal("2^".repeat(4000)).message).toMatch(/more than 500 operations/)));
  test("at the limits all stages work", () => {
    expect(parse(`${"(".repeat(98)}x${")".repeat(98)}`, scope).kind).toBe("name");
    const sum = makeFormula(`x${"+x*x".repeat(124)}`, line);
    const out = new Float64Array(1);
    sum.hessian(1, Float64Array.of(2), 0, out);
    expect(out[0]).toBe(248);
    for (const deep of [
      `${"x^(".repeat(95)}x${")".repeat(95)}`,
      `${"(x+1)/(2+".repeat(45)}x${")".repeat(45)}`,
      `${"sin(x*".repeat(90)}x${")".repeat(90)}`,
      `${"if(x<1,2-".repeat(50)}x${",x*3)".repeat(50)}`,
    ]) {
      const start = performance.now();
      const f = makeFormula(deep, line);
      for (const run of [f.value, f.gradient, f.hessian]) run(1, Float64Array.of(0.7), 0, out);
      f.convexity([0.5], [1]);
      // exponential work in any stage would take for ever
      expect(performance.now() - start).toBeLessThan(5000);
      expect(Number.isFinite(out[0])).toBe(true);
    }
    const tower = makeFormula(`${"sin(".repeat(90)}x${")".repeat(90)}`, line);
    tower.hessian(1, Float64Array.of(0), 0, out);
    expect(out[0]).toBeCloseTo(0, 12);
    expect(sum.text.length).toBeLessThan(limits.length);
  });
});
