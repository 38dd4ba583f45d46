import { describe, expect, test } from "vitest";
import { readClaims, refuted, unmatched } from "./claim.ts";

const one = (text: string) => readClaims(text)[0]!;

describe("a claim is the number before its comment, to the digits as written", () => {
  test.each([
    ["at t = 0.750<!-- claim: a -->", 0.75, 0.0005],
    ["at $t = 0.75$<!-- claim: a -->", 0.75, 0.005],
    ["**−2.5**<!-- claim: a -->", -2.5, 0.05],
    ["x^2 loses 12 %<!-- claim: a -->", 12, 0.5],
    ["an error of 1.5e-3 <!-- claim: a -->", 1.5e-3, 5e-5],
    ["$W_2 = 3.39 \\times 10^{-3}$<!-- claim: a -->", 3.39e-3, 5e-6],
    ["below $10^{-12}$<!-- claim: a -->", 1e-12, 5e-13],
    ["| 20<!-- claim: a --> | 3 |", 20, 0.5],
  ])("%s", (text, value, half) => {
    expect(one(text).value).toBeCloseTo(value, 15);
    expect(one(text).half).toBeCloseTo(half, 15);
  });
  test("several in a line, each with its own number", () =>
    expect(readClaims("from 1.2<!-- claim: a --> to 1.3<!-- claim: b -->").map(({ key, value }) => [key, value])).toEqual([
      ["a", 1.2],
      ["b", 1.3],
    ]));
  test("a comment without a number, and a key that is none, are refused", () => {
    expect(() => readClaims("about half<!-- claim: a -->")).toThrow("no number");
    expect(() => readClaims("1.2 and more<!-- claim: a -->")).toThrow("no number");
    expect(() => readClaims("1.2<!-- claim: A b -->")).toThrow("no key");
  });
});
test("a claim that is off by one in its last digit is refuted", () => {
  const claim = one("0.750<!-- claim: a -->");
  expect(refuted(claim, 0.7504)).toBe(null);
  expect(refuted(claim, 0.7511)).toContain("the text says 0.750");
  expect(refuted(claim, Number.NaN)).not.toBe(null);
  expect(refuted(claim, { near: 0.76, error: 0.011 })).toBe(null);
  expect(refuted(claim, { near: 0.77, error: 0.011 })).not.toBe(null);
  expect(refuted(claim, { atMost: 0.74 })).toBe(null);
  expect(refuted(claim, { atMost: 0.76 })).not.toBe(null);
  expect(refuted(claim, { atLeast: 0.74 })).not.toBe(null);
});
test("what a command is shown to say must be what it says, in order", () => {
  expect(unmatched(["$ x", "…", "b"], ["$ x", "a", "b"])).toBe(null);
  expect(unmatched(["$ x", "b", "a"], ["$ x", "a", "b"])).toContain('"a" is not');
});
