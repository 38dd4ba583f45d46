import { describe, expect, test } from "vitest";
import { placeIn, valuePlace, withParameter } from "./parameters.ts";

const spec = { title: "t", parameters: { noise: { value: 1, max: 2 }, a: 3, b: "2*a" }, until: 1 };

test("the value of a parameter stands in it, or is it", () => {
  expect(valuePlace(spec, "noise")).toEqual(["parameters", "noise", "value"]);
  expect(valuePlace(spec, "a")).toEqual(["parameters", "a"]);
});
describe("paths of others", () => {
  test("the bare name of a parameter is its value", () => {
    expect(placeIn(spec, ["noise"], 2)).toEqual(["parameters", "noise", "value"]);
    expect(placeIn(spec, ["parameters", "noise"], "2*a")).toEqual(["parameters", "noise", "value"]);
    expect(placeIn(spec, ["a"], 2)).toEqual(["parameters", "a"]);
  });
  test("anything else stays what it is: keys of the spec, whole objects, unknown and inherited names", () => {
    for (const path of [["until"], ["energy", 0, "temperature"], ["nois"], ["toString"], ["parameters", "noise", "max"]])
      expect(placeIn(spec, path, 2)).toEqual(path);
    expect(placeIn(spec, ["parameters", "noise"], { value: 2 })).toEqual(["parameters", "noise"]);
  });
});
test("a new parameter stands before what may use it", () => {
  expect(JSON.stringify(withParameter({ version: 1, title: "t", energy: [] }, "k"))).toBe('{"version":1,"title":"t","parameters":{"k":1},"energy":[]}');
  expect(withParameter(spec, "k").parameters).toEqual({ ...spec.parameters, k: 1 });
});
