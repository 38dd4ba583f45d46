/** `ottoflow compare` and `ottoflow study`: the distances and orders that theory gives. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openDesk, ornstein } from "./desk.ts";

const desk = openDesk();
const { root, call, answer } = desk;

describe("compare and study", () => {
  test("variants that only differ by their step agree within Richardson's bars", async () => {
    expect(await call("compare", "ou.json", "--out", "cmp", "--json")).toBe(0);
    const { pairs, members } = answer() as unknown as { pairs: { agree: boolean; value: number; bar: number }[]; members: { name: string; error: number }[] };
    expect(members.map((m) => m.name)).toEqual(["coarse", "fine"]);
    expect(pairs[0].agree).toBe(true);
    expect(pairs[0].value).toBeGreaterThan(0.1 * pairs[0].bar);
    expect(readdirSync(join(root, "cmp")).sort()).toEqual(["comparison.json", "pairs.csv", "report.html", "runs"]);
  });
  test("refining both members halves the distance of two steps of a first-order scheme, level by level", async () => {
    const words = ["compare", "ou.json", "--quick", "--set", "initial.count=200", "--no-errors", "--refine", "2", "--out", "cmp-refined", "--json"];
    expect(await call(...words)).toBe(0);
    type Found = {
      pairs: { value: number; agree: null; refined: number[]; falls: boolean }[];
      members: { refined: { settings: object }[] }[];
      summary: string;
    };
    const { pairs, members, summary } = answer() as unknown as Found;
    expect(members[0].refined.map((r) => r.settings)).toEqual([
      { "scheme.step": 0.05, "initial.count": 400 },
      { "scheme.step": 0.025, "initial.count": 800 },
    ]);
    const [{ value, refined, falls, agree }] = pairs;
    expect([falls, agree]).toEqual([true, null]);
    for (const ratio of [value / refined[0], refined[0] / refined[1]]) expect(Math.abs(Math.log2(ratio) - 1)).toBeLessThan(0.2);
    expect(summary).toMatch(/falls at every refinement/);
    expect(readFileSync(join(root, "cmp-refined/report.html"), "utf8")).toContain("On finer discretisations");
  });
  test("a bar far too small for the distance is said to differ: another potential in one member", async () => {
    writeFileSync(join(root, "two.json"), JSON.stringify({ ...ornstein, variants: { one: {}, other: { initial: { mean: [2.2] } } } }));
    await call("compare", "two.json", "--quick", "--out", "cmp-differ", "--json");
    const { pairs, summary } = answer() as unknown as { pairs: { agree: boolean; value: number }[]; summary: string };
    expect(pairs[0].agree).toBe(false);
    // implicit Euler: means 0.2 apart fall by 1.05 a step, four steps
    expect(pairs[0].value).toBeCloseTo(0.2 * 1.05 ** -4, 6);
    expect(summary).toMatch(/differs by more than its error bar: one and other/);
  });
  test("levels of a quantile proximal are a knob where the initial measure names no count", async () => {
    const bare = {
      ...ornstein,
      initial: { kind: "gaussian", mean: [2], deviation: [0.5] },
      scheme: { kind: "jko", step: 0.1, proximal: { kind: "quantile", levels: 30 } },
    };
    writeFileSync(join(root, "levels.json"), JSON.stringify(bare));
    expect(await call("study", "levels.json", "--quick", "--refine", "levels", "--levels", "2", "--out", "levels", "--json")).toBe(0);
    const { rows, expected } = answer() as unknown as { rows: number[][]; expected: null };
    expect([rows.map((row) => row[0]), expected]).toEqual([[30, 60], null]);
  });
  test("study finds the order of implicit Euler, two-sided", async () => {
    expect(await call("study", "ou.json", "--refine", "step", "--levels", "4", "--out", "study", "--json")).toBe(0);
    const { orders, expected } = answer() as unknown as { orders: { name: string; order: number }[]; expected: number };
    expect(expected).toBe(1);
    expect(Math.abs((orders.find((o) => o.name === "W2 distance") as { order: number }).order - 1)).toBeLessThan(0.12);
    expect(readFileSync(join(root, "study/table.tex"), "utf8")).toContain("\\toprule");
  });
  test("vary: one row per value, ends exact", async () => {
    expect(await call("study", "ou.json", "--quick", "--vary", "energy[0].temperature=0.5:1.5:3", "--out", "vary", "--json")).toBe(0);
    const { rows } = answer() as unknown as { rows: unknown[][] };
    expect(rows.map((row) => row[0])).toEqual([0.5, 1, 1.5]);
  });
});
