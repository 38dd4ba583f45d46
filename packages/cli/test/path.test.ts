/** `ottoflow run` on specs of paths, as a person uses it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readNpz } from "ottoflow/data/npy";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal } from "./terminal.ts";

const spec = {
  version: 1,
  job: "path",
  title: "A bump moves",
  summary: "From one place to another.",
  space: { kind: "box", lower: [0, 0], upper: [1, 1], cells: [10, 10] },
  from: { kind: "uniform", lower: [0.1, 0.1], upper: [0.4, 0.4] },
  to: { kind: "uniform", lower: [0.6, 0.1], upper: [0.9, 0.4] },
  path: { kind: "benamou-brenier", steps: 6, tolerance: 0.02 },
  frames: 3,
  quick: { frames: 2 },
  variants: { cube: { path: { exponent: 3 } } },
};
let root: string;
let terminal: ReturnType<typeof testTerminal>;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-path-"));
  writeFileSync(join(root, "move.json"), JSON.stringify(spec));
  writeFileSync(join(root, "slow.json"), JSON.stringify({ ...spec, path: { ...spec.path, tolerance: 1e-12, iterations: 100000 } }));
  writeFileSync(join(root, "bad.json"), JSON.stringify({ ...spec, frames: [0.5, 0.2] }));
  writeFileSync(join(root, "job.json"), JSON.stringify({ ...spec, job: "walk" }));
  writeFileSync(join(root, "few.json"), JSON.stringify({ ...spec, path: { ...spec.path, iterations: 3 } }));
});
beforeEach(() => {
  terminal = testTerminal(root);
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("run", () => {
  test("leaves a folder with frames, cost, certificate and report; translation by 1/2 costs 1/4", async () => {
    expect(await main(["run", "move.json", "--out", "moved", "--json"], terminal)).toBe(0);
    const answer = JSON.parse(terminal.said());
    expect(answer).toMatchObject({ job: "path", status: "optimal", certificate: { holds: true } });
    expect(answer.action).toBeGreaterThan(0.24);
    expect(answer.action).toBeLessThan(0.28);
    expect(answer.continuous.lower).toBeLessThanOrEqual(0.25);
    expect(answer.continuous.upper).toBeGreaterThanOrEqual(0.25);
    expect(readdirSync(join(root, "moved")).sort()).toEqual([
      "certificate.json",
      "frames.npz",
      "frames.zarr",
      "kinetic.csv",
      "mass.csv",
      "report.html",
      "spec.json",
    ]);
    const frames = readNpz({ path: "frames.npz", bytes: new Uint8Array(readFileSync(join(root, "moved/frames.npz"))) });
    expect(Object.keys(frames).sort()).toEqual(["density", "t", "velocity", "x", "y"]);
    expect(frames.density!.shape).toEqual([3, 10, 10]);
    expect(frames.velocity!.shape).toEqual([3, 2, 10, 10]);
    expect(read("moved/kinetic.csv").split("\n")).toHaveLength(6 + 2);
    expect(read("moved/report.html")).toContain("✓ Certified");
  });
  test("its spec.json runs again to the same bytes", async () => {
    expect(await main(["run", "moved/spec.json", "--out", "again", "--quiet"], terminal)).toBe(0);
    for (const file of ["frames.npz", "kinetic.csv", "mass.csv", "spec.json"])
      expect(readFileSync(join(root, "again", file)).equals(readFileSync(join(root, "moved", file))), file).toBe(true);
  });
  test("quick, variants and settings as for flows", async () => {
    expect(await main(["run", "move.json", "--quick", "--variant", "cube", "--set", "path.steps=4", "--out", "cube", "--json"], terminal)).toBe(0);
    const written = JSON.parse(read("cube/spec.json"));
    expect([written.frames, written.path.exponent, written.path.steps]).toEqual([[0, 1], 3, 4]);
    expect(JSON.parse(terminal.said()).action).toBeCloseTo(0.125, 1);
  });
  test("what is found too early is kept, and not certified", async () => {
    expect(await main(["run", "few.json", "--out", "few"], terminal)).toBe(1);
    expect(terminal.logged()).toContain("not certified");
    expect(existsSync(join(root, "few/report.html"))).toBe(true);
  });
  test("interrupted: the best so far is kept", async () => {
    const running = main(["run", "slow.json", "--out", "slow"], terminal);
    setTimeout(() => terminal.interrupt(), 400);
    expect(await running).toBe(130);
    expect(JSON.parse(read("slow/certificate.json")).status).toBe("aborted");
  });
  test.each([
    ["bad.json", [], "rising times"],
    ["job.json", [], 'got "walk"'],
    ["move.json", ["--set", "path.exponent=1"], "number > 1"],
    ["move.json", ["--set", "path.stps=3"], "steps"],
    ["move.json", ["--resume"], "--resume"],
    ["move.json", ["--variant", "no"], "cube"],
  ])("%s %j is refused", async (file, words, why) => {
    expect(await main(["run", file, "--out", "refused", ...words], terminal)).toBe(2);
    expect(terminal.logged()).toContain(why);
    expect(existsSync(join(root, "refused"))).toBe(false);
  });
});
