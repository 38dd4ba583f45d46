import fc from "fast-check";
import { expect, it } from "vitest";
import { makeBox } from "../../space/box.ts";
import { makeFree } from "../../space/euclidean.ts";
import { openWalls } from "./walls.ts";

const [lower, length] = [-0.7, 2.3];
const place = (x: number, how: "stop" | "reflect", periodic = false): number => {
  const space = makeBox({ lower: [lower], upper: [lower + length], cells: [3], periodic: [periodic] });
  const row = Float64Array.of(x);
  openWalls(space, how).retract(1, row);
  return row[0]!;
};
const anywhere = fc.double({ min: -30, max: 30, noNaN: true });

it("reflection keeps the Neumann cosine, wherever the particle was", () => {
  fc.assert(
    fc.property(anywhere, (x) => {
      const y = place(x, "reflect");
      expect(y).toBeGreaterThanOrEqual(lower - 1e-15);
      expect(y).toBeLessThanOrEqual(lower + length + 1e-15);
      expect(Math.cos((Math.PI * (y - lower)) / length)).toBeCloseTo(Math.cos((Math.PI * (x - lower)) / length), 12);
    }),
  );
});
it("wrapping keeps cosine and sine of the period and stays below the upper end", () => {
  fc.assert(
    fc.property(anywhere, (x) => {
      const y = place(x, "stop", true);
      expect(y >= lower && y < lower + length).toBe(true);
      const angle = (v: number): number => (2 * Math.PI * (v - lower)) / length;
      expect(Math.cos(angle(y))).toBeCloseTo(Math.cos(angle(x)), 12);
      expect(Math.sin(angle(y))).toBeCloseTo(Math.sin(angle(x)), 12);
    }),
  );
});
it("stopping is the nearest point of the box, and only velocities into the wall are removed", () => {
  fc.assert(
    fc.property(anywhere, (x) => {
      expect(place(x, "stop")).toBeCloseTo(Math.min(lower + length, Math.max(lower, x)), 14);
    }),
  );
  const walls = openWalls(makeBox({ lower: [0, 0], upper: [1, 1], cells: [2, 2] }), "stop");
  const v = Float64Array.of(-1, 1, 2, -3, 4, -5);
  walls.tangent(3, Float64Array.of(0, 0, 1, 1, 0.5, 0), v);
  expect([...v]).toEqual([0, 1, 0, -3, 4, 0]);
});
it("free space and boxes that stand for it have no walls", () => {
  expect(openWalls(makeFree(2), "reflect").none).toBe(true);
  const space = makeBox({ lower: [0], upper: [1], cells: [2], bounded: false });
  const x = Float64Array.of(7);
  openWalls(space, "stop").retract(1, x);
  expect(x[0]).toBe(7);
});
