import { describe, expect, test } from "vitest";
import { knobsOf, numberAt, readKnob, readMixed, workedOutWords } from "./named.ts";

const spec = {
  parameters: {
    noise: { value: 1, min: 0.1, max: 4, step: 0.1, title: "noise level", summary: "how hot" },
    n: 20,
    a: "2*noise + 1",
  },
  until: "=n/10",
};
const of = (parameters: object) => knobsOf({ ...spec, parameters: { ...spec.parameters, ...parameters } }, spec);

describe("sliders of parameters", () => {
  test("range, step, words and value as the spec gives them; what follows from others shows its number", () => {
    const { knobs, wrong } = knobsOf(spec, spec);
    expect(wrong).toBe("");
    expect(knobs.map(({ name, title, value, formula }) => [name, title, value, formula])).toEqual([
      ["noise", "noise level", 1, null],
      ["n", "n", 20, null],
      ["a", "a", 3, "2*noise + 1"],
    ]);
    expect(knobs[0]!.range).toEqual({ min: 0.1, max: 4, step: 0.1 });
  });
  test("one without a range has a slider around what it was when the flow was opened, wherever it has been moved since", () => {
    const before = knobsOf(spec, spec).knobs[1]!.range;
    expect(before.min).toBeLessThan(20);
    expect(before.max).toBeGreaterThan(20);
    expect(of({ n: 2000 }).knobs[1]!.range).toEqual(before);
  });
  test("reset leads to what it was when the flow was opened", () => {
    const { knobs } = of({ noise: { ...spec.parameters.noise, value: 2 }, a: 7 });
    expect(knobs.map(({ given }) => given)).toEqual([1, 20, "2*noise + 1"]);
  });
  test("where one of them is wrong, it is said, and the others still have their sliders", () => {
    const { knobs, wrong } = of({ a: "2*nois" });
    expect(wrong).toMatch(/parameters.a: Unknown name `nois`/);
    expect(knobs.map(({ value }) => value)).toEqual([1, 20, null]);
  });
  test("a spec without parameters has none, whatever stands there", () => {
    for (const parameters of [undefined, null, 3, [1]]) expect(knobsOf({ parameters }, {}).knobs).toEqual([]);
  });
});
describe("what is typed for one", () => {
  const [noise, n] = knobsOf(spec, spec).knobs as [never, never];
  test("numbers and formulas", () => {
    expect(readKnob("0,5", noise, spec)).toEqual({ value: 0.5 });
    expect(readKnob(" n/10 ", noise, spec)).toEqual({ value: "n/10" });
  });
  test("is refused in words where it does not fit", () => {
    expect(readKnob("9", noise, spec)).toEqual({ wrong: "parameters.noise: got 9 when expected 0.1 to 4, the range that the spec gives it." });
    expect(readKnob("a", noise, spec)).toMatchObject({ wrong: expect.stringContaining("noise -> a -> noise") });
    expect(readKnob("", n, spec)).toMatchObject({ wrong: expect.stringContaining("empty") });
  });
});
test("numbers that are worked out are shown beside their texts", () => {
  expect(numberAt("=2*n + a", spec)).toBe(43);
  expect(numberAt("=2*k", spec)).toBeNull();
  expect(workedOutWords("=n/10", spec)).toBe("= 2");
  expect(workedOutWords([1, "=a", "=k"], spec)).toBe("= 1, 3, ?");
  expect(workedOutWords([1, 2], spec)).toBe("");
});
test.each([
  ["1, =a/2", [1, "=a/2"]],
  ["=max(a, 2), 3", ["=max(a, 2)", 3]],
  ["[0.5]", [0.5]],
  ["1, a", null],
  ["", null],
])("%j as numbers and texts to be worked out", (text, values) => expect(readMixed(text)).toEqual(values));
