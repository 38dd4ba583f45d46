/** What the program says of itself, of this machine and of a spec, without computing: list, explain, doctor, derive. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findings, type Machine } from "../src/commands/doctor.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const { root, call, answer } = desk;

describe("lists", () => {
  test("list and explain know every unit, the command's own exporters too", async () => {
    expect(await call("list", "--json")).toBe(0);
    const { units } = answer() as unknown as { units: { role: string; kind: string }[] };
    expect(units.map((u) => u.kind)).toEqual(expect.arrayContaining(["entropy", "wasserstein", "zarr"]));
    for (const { role, kind } of units) {
      desk.take();
      expect(await call("explain", `${role}/${kind}`)).toBe(0);
      expect(desk.terminal.said()).toContain(`"${kind}"`);
      expect(desk.terminal.said()).not.toMatch(/undefined|\[object/);
    }
  });
  test("doctor answers, help and version are no errors", async () => {
    expect(await call("doctor", "--json")).toBe(0);
    expect(answer()).toMatchObject({ healthy: true });
    expect(await call("--version")).toBe(0);
    expect(await call("run", "--help")).toBe(0);
  });
  test("doctor: each fault is found, says what to do, and makes the answer 2", () => {
    const well = { node: "22.1.0", simd: true, sharedMemory: true, writable: () => true };
    const faults = (machine: Partial<Machine>): [string, string | undefined][] =>
      findings(desk.terminal, { ...well, ...machine })
        .filter((finding) => !finding.ok)
        .map(({ name, detail }) => [name, detail]);
    expect(faults({})).toEqual([]);
    expect(faults({ node: "18.20.4" })).toEqual([["Node", "Node 20 or newer is needed"]]);
    expect(faults({ simd: false })).toEqual([["SIMD in WebAssembly", expect.stringMatching(/the same numbers, slower/)]]);
    expect(faults({ writable: () => false })).toEqual([["folder here", expect.stringMatching(/--out/)]]);
    expect(faults({ sharedMemory: false })).toEqual([]); // one thread needs none
  });
  test("doctor: a folder that cannot be written is a fault of this machine, in words and as JSON", async () => {
    desk.take(join(root, "nowhere"));
    expect(await call("doctor", "--json")).toBe(2);
    const { healthy, findings: found } = answer() as unknown as { healthy: boolean; findings: { name: string; value: string; ok: boolean }[] };
    expect(healthy).toBe(false);
    expect(found.filter((finding) => !finding.ok).map((finding) => [finding.name, finding.value])).toEqual([["folder here", "cannot be written"]]);
    desk.take(join(root, "nowhere"));
    expect(await call("doctor")).toBe(2);
    expect(desk.terminal.said()).toMatch(/✗ folder here +cannot be written\n +give --out/);
  });
  test("derive: modulus and rate of Ornstein–Uhlenbeck are 1", async () => {
    expect(await call("derive", "ou.json", "--json")).toBe(0);
    expect(answer()).toMatchObject({ modulus: { value: 1 } });
  });
  test("derive: the equation of Ornstein–Uhlenbeck written out", async () => {
    await call("derive", "ou.json", "--json");
    const { tex, variations } = answer() as unknown as { tex: Record<string, string>; variations: { tex: string }[] };
    expect(variations.map((v) => v.tex)).toEqual(["\\log \\rho + 1", "\\frac{x^{2}}{2}"]);
    expect(tex.expanded).toBe("\\partial_t \\rho = \\Delta \\rho + \\nabla\\cdot\\Bigl(\\rho \\nabla \\bigl(\\frac{x^{2}}{2}\\bigr)\\Bigr)");
    expect(tex.substituted).not.toContain("\\delta F");
  });
});
