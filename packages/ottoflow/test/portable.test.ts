import { expect, test } from "vitest";
import { portableNormal, portableUniform } from "./portable.ts";

test("U(1): the first five values of the conventions", () => {
  const u = portableUniform(1);
  for (const value of [0.6270739405881613, 0.002735721180215478, 0.5274470399599522, 0.9810509674716741, 0.9683778982143849]) expect(u()).toBe(value);
});
test("G(1): the first four values of the conventions", () => {
  const g = portableNormal(1);
  for (const value of [1.40433878, 0.02414162, 1.21575462, -0.14543594]) expect(g()).toBeCloseTo(value, 7);
});
