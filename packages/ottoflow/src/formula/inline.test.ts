import fc from "fast-check";
import temml from "temml";
import { describe, expect, test } from "vitest";
import { makeFormula } from "./formula.ts";
import { inlined, readTree } from "./inline.ts";
import { readNumberFormula } from "./number.ts";
import { nameTex } from "./tex.ts";

/** A formula as a tree of its own, which writes itself with names or with numbers: an oracle that shares nothing with the parser. */
type Made = { readonly name: string } | { readonly text: string } | { readonly op: string; readonly args: readonly Made[] };
const numbers = fc.oneof(fc.double({ min: -3, max: 3, noNaN: true }), fc.constantFrom(0, -0, 1, -1, 2, 0.5, 1e-7, 1e21, -1e-300, 1 / 3));
const { made } = fc.letrec<{ made: Made }>((tie) => ({
  made: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom<Made>({ name: "a" }, { name: "b_2" }, { text: "x" }, { text: "2" }, { text: "0.25" }, { text: "pi" }),
    fc.record({ op: fc.constantFrom("+", "-", "*", "/"), args: fc.tuple(tie("made"), tie("made")) }),
    fc.record({ op: fc.constantFrom("exp", "sin", "abs", "minus", "cosh"), args: fc.tuple(tie("made")) }),
    fc.record({ op: fc.constantFrom("^2", "^3", "²"), args: fc.tuple(tie("made")) }),
    fc.record({ op: fc.constantFrom("max", "if"), args: fc.tuple(tie("made"), tie("made")) }),
  ),
}));
function write(m: Made, leaf: (name: string) => string): string {
  if ("name" in m) return leaf(m.name);
  if ("text" in m) return m.text;
  const [l, r] = m.args.map((arg) => write(arg, leaf));
  if (m.op === "minus") return `(-${l})`;
  if (m.op === "max") return `max(${l}, ${r})`;
  if (m.op === "if") return `if(x < ${l}, ${r}, x)`;
  if (m.op.startsWith("^") || m.op === "²") return `(${l})${m.op}`;
  return r === undefined ? `${m.op}(${l})` : `(${l} ${m.op} ${r})`;
}
const literal = (v: number): string => `(${Object.is(v, -0) ? "-0" : String(v)})`;
const points = Float64Array.from([-2.5, -1, -0.3, 0, 1e-9, 0.7, 1, 4]);
/** bits: -0 and 0, and the kinds of NaN, differ */
function bits(text: string, names?: ReadonlyMap<string, number>): readonly (readonly bigint[])[] {
  const f = makeFormula(text, { of: "x", dim: 1, ...(names && { names }) });
  return (["value", "gradient", "hessian"] as const).map((key) => {
    const out = new Float64Array(points.length);
    f[key](points.length, points, 0, out);
    return [...new BigUint64Array(out.buffer)];
  });
}

describe("names of numbers in formulas", () => {
  test("are the numbers written by hand, bit for bit: value, gradient, Hessian, and the text without names", () => {
    fc.assert(
      fc.property(made, numbers, numbers, (m, a, b) => {
        const names = new Map([
          ["a", a],
          ["b_2", b],
        ]);
        const [named, hand] = [write(m, (name) => name), write(m, (name) => literal(names.get(name)!))];
        const expected = bits(hand);
        expect(bits(named, names)).toEqual(expected);
        const plain = makeFormula(named, { of: "x", dim: 1, names }).text;
        expect(plain).not.toMatch(/\b(?:a|b_2)\b/);
        expect(bits(plain)).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
  test.each([
    ["2a", "2(0.5)"],
    ["-a^2 + b_2²", "-(0.5)^2 + (-3)²"],
    ["|a| x^a", "|(0.5)| x^(0.5)"],
    ["( a ) + x/a", "(0.5) + x/(0.5)"],
    ["exp(-abs(x)/ a)", "exp(-abs(x)/ (0.5))"],
    ["x + sin(x)", "x + sin(x)"],
  ])("%s is %s", (text, plain) => {
    const names = new Map([
      ["a", 0.5],
      ["b_2", -3],
    ]);
    // an operator is wanted between a bar and a name, here as elsewhere
    const given = text.replace("| x", "|*x");
    const tree = readTree(given, { of: "x", dim: 1, time: false, names }, undefined);
    expect(inlined(given, tree, names)).toBe(plain.replace("| x", "|*x"));
  });
});

describe("numbers that are formulas", () => {
  test("+ - * / are those of the machine", () => {
    fc.assert(
      fc.property(numbers, numbers, (a, b) => {
        const names = new Map([
          ["a", a],
          ["b", b],
        ]);
        const value = (text: string): number => readNumberFormula(text, names, "p").value(names);
        // rules of algebra that hold for every number but the signs of zero may be used
        for (const [text, by] of [
          ["a + b", a + b],
          ["a - b", a - b],
          ["a*b", a * b],
          ["a/b", a / b],
          ["2*a + 1", 2 * a + 1],
          ["-a", -a],
        ] as const)
          expect(value(text) + 0).toBe(by + 0);
      }),
    );
  });
  test("they know which names they use, each once", () => {
    expect(
      readNumberFormula(
        "a*b + sqrt(a)",
        new Map([
          ["a", 1],
          ["b", 1],
          ["c", 1],
        ]),
        "p",
      ).uses,
    ).toEqual(["a", "b"]);
  });
});

test.each([
  ["a", "a"],
  ["tau", "\\tau"],
  ["Omega", "\\Omega"],
  ["noise", "\\mathrm{noise}"],
  ["x_0", "x_{0}"],
  ["sigma2", "\\sigma_{2}"],
  ["noise_left", "\\mathrm{noise}_{\\mathrm{left}}"],
  ["k_a_b", "k_{a\\,b}"],
  ["a_", "a"],
])("%s is set as %s", (name, tex) => {
  expect(nameTex(name)).toBe(tex);
  expect(temml.renderToString(tex, { throwOnError: true, strict: true })).toContain("<math");
});
