/** `ottoflow certify`: frames of another program. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { npyBytes } from "ottoflow/io/npy";
import { beforeAll, describe, expect, test } from "vitest";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const { root, call, answer } = desk;

describe("certify: frames of another program", () => {
  const heat = {
    energy: [{ kind: "entropy" }],
    space: { kind: "box", lower: [-12], upper: [12], cells: [480] },
    initial: { kind: "gaussian", mean: [0], deviation: [0.5] },
    scheme: { kind: "finite-volume", time: "sdirk2", step: 0.01 },
    until: 0.5,
  };
  /** the exact heat flow of N(0, 1/4) at cell centres, with the mass falling at the rate `loss` */
  function frames(name: string, loss: number): void {
    const times = Float64Array.from({ length: 11 }, (_, i) => 0.05 * i);
    const density = new Float64Array(11 * 480);
    times.forEach((t, f) => {
      for (let i = 0; i < 480; i++)
        density[f * 480 + i] = (Math.exp(-((-11.975 + 0.05 * i) ** 2) / (2 * (0.25 + 2 * t))) / Math.sqrt(2 * Math.PI * (0.25 + 2 * t))) * (1 - loss * t);
    });
    writeFileSync(join(root, name), zipSync({ "t.npy": npyBytes([11], times), "density.npy": npyBytes([11, 480], density) }));
  }
  beforeAll(() => writeFileSync(join(root, "heat.json"), JSON.stringify(heat)));
  const verdict = (kind: string): { verdict: string; value: number } =>
    (answer() as unknown as { certificate: { checks: { kind: string; verdict: string; value: number }[] } }).certificate.checks.find((c) => c.kind === kind)!;

  test("the exact heat flow passes: mass, positivity, descent", async () => {
    frames("exact.npz", 0);
    expect(await call("certify", "exact.npz", "--spec", "heat.json", "--json")).toBe(0);
    expect([verdict("mass").verdict, verdict("positivity").verdict, verdict("energy-decay").verdict]).toEqual(["pass", "pass", "pass"]);
  });
  test("a program that loses one part in a hundred thousand of the mass is found out", async () => {
    frames("leak.npz", 2e-5);
    expect(await call("certify", "leak.npz", "--spec", "heat.json", "--json")).toBe(1);
    expect(verdict("mass").value).toBeCloseTo(1e-5, 9);
  });
  test("arrays that do not fit the spec are refused with both shapes", async () => {
    frames("exact.npz", 0);
    expect(await call("certify", "exact.npz", "--spec", "heat.json", "--set", "space.cells=[100]")).toBe(2);
    expect(desk.terminal.logged()).toMatch(/shape \(11, 480\) when expected 11 frames of 100/);
  });
});
