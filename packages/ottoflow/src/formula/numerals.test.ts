import { expect, test } from "vitest";
import { bracketedTex, factorTex, matrixTex, numberTex, pointTex, ratioTex, shiftedTex, sumTex, varianceTex } from "./numerals.ts";

test("numbers keep six digits; powers of ten where zeros would pile up", () => {
  expect([0, 1, -0.05, 0.1 + 0.2, 1e-5, -1e7, 2.5e-9, 1 / 3, 999999.96].map(numberTex)).toEqual([
    "0",
    "1",
    "-0.05",
    "0.3",
    "10^{-5}",
    "-10^{7}",
    "2.5 \\cdot 10^{-9}",
    "0.333333",
    "10^{6}",
  ]);
  expect([Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(numberTex)).toEqual(["\\infty", "-\\infty"]);
});
test("factors: nothing for 1, a sign for -1, fractions of whole numbers as such", () => {
  expect([1, -1, 2, 0.5].map(factorTex)).toEqual(["", "-", "2\\,", "0.5\\,"]);
  expect([ratioTex(1, 2), ratioTex(-3, 2), ratioTex(4, 2), ratioTex(2, 2), ratioTex(1, -0.25), ratioTex(0.3, 2)]).toEqual([
    "\\tfrac{1}{2}\\,",
    "-\\tfrac{3}{2}\\,",
    "2\\,",
    "",
    "-4\\,",
    "0.15\\,",
  ]);
  expect(sumTex(["a", "", "-b", "c"])).toBe("a - b + c");
});
test("parentheses only around sums and signs", () => {
  expect(["x^{a + b}", "-x", "a + b", "f(a + b)", "e^{-x}", "a - b"].map(bracketedTex)).toEqual([
    "x^{a + b}",
    "\\left(-x\\right)",
    "\\left(a + b\\right)",
    "f(a + b)",
    "e^{-x}",
    "\\left(a - b\\right)",
  ]);
});
test("points, shifts and matrices; what is too large is not written out", () => {
  expect([pointTex([2]), pointTex([1, -0.5]), pointTex([1, 2, 3, 4, 5])]).toEqual(["2", "(1, -0.5)", "(1, 2, 3, 4, \\dots)"]);
  expect([shiftedTex("x", [0, 0]), shiftedTex("x", [-1]), shiftedTex("x", [1, 2])]).toEqual(["x", "x + 1", "x - (1, 2)"]);
  expect([matrixTex(1, [4]), matrixTex(2, [1, 0, 0, 1]), matrixTex(2, [2, 0, 0, 2]), matrixTex(2, [1, 0, 0, 2])]).toEqual([
    "4",
    "I",
    "2 I",
    "\\operatorname{diag}(1, 2)",
  ]);
  expect(matrixTex(2, [1, 0.5, 0.5, 2])).toBe("\\begin{pmatrix} 1 & 0.5 \\\\ 0.5 & 2 \\end{pmatrix}");
  expect(matrixTex(5, new Array(25).fill(1))).toBeNull();
});
test("variances as squares of deviations, unless those are longer", () => {
  expect([0.25, 0.0025, 1, 2, 0].map(varianceTex)).toEqual(["0.5^2", "0.05^2", "1", "2", "0"]);
});
