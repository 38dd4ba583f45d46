import { describe, expect, test } from "vitest";
import type { Knob } from "../src/knobs.ts";
import { type ErrorColumn, stalledWords } from "../src/study/refine.ts";

const knob = (label: string): Knob => ({ path: `scheme.${label}`, label, order: 2, factor: 2, time: label === "step", at: (level) => level });
/** Errors a 4^-level + floor, and the orders that they show. */
function column(name: string, floor: number): ErrorColumn {
  const values = Array.from({ length: 5 }, (_, level) => 4 ** -level + floor);
  return { name, values, orders: values.map((v, l) => (l === 0 ? null : Math.log2((values[l - 1] as number) / v))), order: null };
}

describe("errors that stop falling while a study refines", () => {
  test("a floor beneath an error of second order is told, with what else can be refined", () => {
    const words = stalledWords([column("W2 distance", 0), column("L1 distance", 0.02)], 2, [knob("cells")], [knob("step"), knob("cells")]);
    expect(words).toContain("the L1 distance no longer falls");
    expect(words).not.toContain("W2");
    expect(words).toContain('"--refine step,cells"');
  });
  test("second order to the end is not, nor is an order that was never there", () => {
    expect(stalledWords([column("W2 distance", 0)], 2, [knob("cells")], [knob("step")])).toBeNull();
    expect(stalledWords([{ name: "W2 distance", values: [1, 0.9, 0.8], orders: [null, 0.15, 0.17], order: 0.16 }], 2, [knob("cells")], [])).toBeNull();
  });
  test("where nothing else can be refined, nothing is offered", () => {
    expect(stalledWords([column("L1 distance", 0.02)], 2, [knob("cells")], [knob("cells")])).not.toContain("--refine");
  });
});
