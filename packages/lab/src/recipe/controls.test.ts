import { catalogue } from "ottoflow/spec/catalogue.gen";
import { describe, expect, test } from "vitest";
import { freshUnit, kindOf, readNumber, readNumbers, sliderOf, writeNumbers } from "./controls.ts";

describe("numbers as people write them", () => {
  test.each([
    ["1", 1],
    [" -2.5e-3 ", -0.0025],
    ["0,5", 0.5],
    [".5", 0.5],
    ["", null],
    ["x", null],
    ["1e999", null],
    ["1 2", null],
    ["0x10", null],
  ])("%j", (text, value) => expect(readNumber(text)).toBe(value));
  test.each([
    ["1, 2", [1, 2]],
    ["[1; 2]", [1, 2]],
    ["3", [3]],
    ["", null],
    ["1, a", null],
  ])("%j", (text, value) => expect(readNumbers(text)).toEqual(value));
  test("lists are written as they are read", () => expect(readNumbers(writeNumbers([1, -2.5]))).toEqual([1, -2.5]));
});
describe("every number of every unit has a slider around what stands there", () => {
  const numbers = catalogue.flatMap((u) =>
    Object.entries(u.params).flatMap(([name, p]) => (p.type === "number" || p.type === "integer" ? [[`${u.role} ${u.kind}.${name}`, p] as const] : [])),
  );
  test.each(numbers)("%s", (_, p) => {
    const value = p.default ?? Math.max(p.min ?? p.above ?? 0, 1);
    const { min, max, step } = sliderOf(p, value);
    expect(step).toBeGreaterThan(0);
    expect(min).toBeLessThan(max);
    expect(Number.isFinite(max - min)).toBe(true);
    if (p.above !== undefined) expect(min).toBeGreaterThan(p.above);
    if (p.min !== undefined) expect(min).toBeGreaterThanOrEqual(p.min);
    if (p.max !== undefined) expect(max).toBeLessThanOrEqual(p.max);
    if (p.below !== undefined) expect(max).toBeLessThan(p.below);
  });
});
test("a fresh unit is its first example that fits the dimension", () => {
  const entry = catalogue.find((u) => u.role === "energy" && u.kind === "potential")!;
  expect(kindOf(freshUnit(entry, 1))).toBe("potential");
  expect(freshUnit(entry, 1)).toEqual({ kind: "potential", ...entry.examples[0]!.params });
});
