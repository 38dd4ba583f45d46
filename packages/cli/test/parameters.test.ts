/** Named parameters of a spec on the command line. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal } from "./terminal.ts";

const spec = {
  title: "a well",
  parameters: { noise: { value: 0.5, min: 0.1, max: 4, step: 0.1, title: "noise", summary: "how hot" }, tau: 0.05, k: "2*noise" },
  energy: [
    { kind: "entropy", temperature: "=noise" },
    { kind: "potential", formula: "k*x^2/2" },
  ],
  space: { kind: "box", lower: [-6], upper: [6], cells: [60] },
  initial: { kind: "gaussian", mean: [1], deviation: [0.5] },
  scheme: { kind: "finite-volume", time: "implicit", step: "=tau" },
  until: "=4*tau",
  variants: { cold: {}, hot: { parameters: { noise: 2 } } },
};
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-parameters-"));
  writeFileSync(join(root, "well.json"), JSON.stringify(spec));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
async function say(...args: string[]): Promise<{ code: number; said: string; logged: string }> {
  const terminal = testTerminal(root);
  const code = await main(args, terminal);
  return { code, said: terminal.said(), logged: terminal.logged() };
}
const read = (path: string): string => readFileSync(join(root, path), "utf8");

describe("run", () => {
  test("--set takes the name of a parameter; the folder has the numbers and the names, and each runs again to the same bytes", async () => {
    const { code, said } = await say("run", "well.json", "--set", "noise=0.7", "--out", "a", "--json", "--quiet");
    expect(code).toBe(0);
    expect(JSON.parse(said).parameters).toEqual({ noise: 0.7, tau: 0.05, k: 1.4 });
    expect(readdirSync(join(root, "a"))).toContain("written.json");
    const plain = JSON.parse(read("a/spec.json"));
    expect([plain.parameters, plain.energy[0].temperature, plain.energy[1].formula, plain.until]).toEqual([undefined, 0.7, "(1.4)*x^2/2", 0.2]);
    const written = JSON.parse(read("a/written.json"));
    expect([written.parameters.noise.value, written.energy[0].temperature, written.variants]).toEqual([0.7, "=noise", undefined]);
    for (const [file, out] of [
      ["a/spec.json", "b"],
      ["a/written.json", "c"],
    ] as const) {
      expect((await say("run", file, "--out", out, "--quiet")).code).toBe(0);
      expect([file, read(`${out}/trace.csv`) === read("a/trace.csv"), read(`${out}/spec.json`) === read("a/spec.json")]).toEqual([file, true, true]);
    }
    expect(readdirSync(join(root, "b"))).not.toContain("written.json");
    // with another value, what was written is what was meant from the start
    await say("run", "a/written.json", "--set", "noise=0.5", "--out", "d", "--quiet");
    await say("run", "well.json", "--out", "e", "--quiet");
    expect(read("d/trace.csv")).toBe(read("e/trace.csv"));
  });
  test("the report and the log say the values", async () => {
    const { logged } = await say("run", "well.json", "--out", "f");
    expect(logged).toContain("noise = 0.5, tau = 0.05, k = 1\n");
    const report = read("f/report.html");
    expect(report).toMatch(/named parameters of the spec.*<code>noise<\/code>.*0\.1 to 4 by 0\.1.*noise: how hot.*<code>k<\/code>.*= 2\*noise/s);
    expect(report).toContain("ottoflow run written.json --set noise=0.5 --out other");
  });
  test("mistakes are of the input: exit code 2, and nothing is left", async () => {
    const { code, logged } = await say("run", "well.json", "--set", "nois=1", "--out", "g");
    expect([code, logged]).toEqual([
      2,
      expect.stringContaining('"nois" is neither a key of a spec nor a parameter of this one (noise, tau, k). Did you mean "noise"?'),
    ]);
    expect(readdirSync(root)).not.toContain("g");
  });
});
test("study --vary takes a name and a range", async () => {
  const { code, said } = await say("study", "well.json", "--vary", "noise=0.5:2:4", "--out", "study", "--json", "--quiet");
  expect(code).toBe(0);
  const { runs, title } = JSON.parse(said);
  expect(title).toContain("varying noise");
  expect(runs.map((run: { settings: unknown }) => run.settings)).toEqual([{ noise: 0.5 }, { noise: 1 }, { noise: 1.5 }, { noise: 2 }]);
  expect(new Set(runs.map((run: { energy: number }) => run.energy)).size).toBe(4);
});
test("study --refine finds the numbers that are worked out", async () => {
  const { code, said } = await say("study", "well.json", "--refine", "step", "--levels", "2", "--out", "orders", "--json", "--quiet");
  expect(code).toBe(0);
  expect(JSON.parse(said).runs.map((run: { settings: unknown }) => run.settings)).toEqual([{ "scheme.step": 0.05 }, { "scheme.step": 0.025 }]);
});
test("compare sets a parameter in every variant", async () => {
  const { said } = await say("compare", "well.json", "--set", "noise=0.5", "--no-errors", "--out", "compare", "--json", "--quiet");
  const { members } = JSON.parse(said);
  expect(members[0].energy).toBe(members[1].energy);
});
test("explain and derive list them", async () => {
  const explained = (await say("explain", "well.json")).said;
  expect(explained).toMatch(
    /a well\n\nparameters\n {2}noise = 0\.5 {2}\(0\.1 to 4 by 0\.1\) {2}noise: how hot\n {2}tau {3}= 0\.05\n {2}k {5}= 1 {2}\(= 2\*noise\)\n/,
  );
  expect(JSON.parse((await say("explain", "well.json", "--json")).said).parameters[2]).toMatchObject({ name: "k", value: 1, formula: "2*noise" });
  const derived = (await say("derive", "well.json")).said;
  expect(derived).toContain("k     = 1  (= 2*noise)");
  expect(JSON.parse((await say("derive", "well.json", "--json", "--set", "noise=1")).said).parameters[2].value).toBe(2);
});
