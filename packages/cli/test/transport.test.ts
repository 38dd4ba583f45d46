/** `ottoflow transport` as a person uses it. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decode, encode } from "fast-png";
import { readNpz } from "ottoflow/data/npy";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal } from "./terminal.ts";

let root: string;
let terminal: ReturnType<typeof testTerminal>;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-transport-"));
  const table = (rows: readonly (readonly (number | string)[])[]): string => `${rows.map((row) => row.join(",")).join("\n")}\n`;
  const plane = Array.from({ length: 12 }, (_, i) => [Math.sin(3 * i), Math.cos(5 * i)]);
  writeFileSync(join(root, "a.csv"), table([["x", "y"], ...plane]));
  writeFileSync(join(root, "shifted.csv"), table([["x", "y"], ...plane.map(([x, y]) => [x + 3, y - 4])]));
  writeFileSync(
    join(root, "line.csv"),
    table([
      ["x", "weight"],
      [0, 1],
      [2, 3],
    ]),
  );
  writeFileSync(
    join(root, "heavy.csv"),
    table([
      ["x", "weight"],
      [1, 6],
      [2, 2],
    ]),
  );
  writeFileSync(join(root, "text.csv"), "x,y\n1,2\nthree,4\n");
  writeFileSync(
    join(root, "times.csv"),
    table([["t", "x", "y", "kind"], ...[0, 1, 2].flatMap((t) => plane.map(([x, y]) => [t, x + t, y, x > 0 ? "right" : "left"]))]),
  );
  writeFileSync(
    join(root, "n0.json"),
    JSON.stringify({
      kind: "gaussian",
      mean: [0, 0],
      covariance: [
        [2, 0.5],
        [0.5, 1],
      ],
    }),
  );
  writeFileSync(
    join(root, "n1.json"),
    JSON.stringify({
      kind: "gaussian",
      mean: [1, -1],
      covariance: [
        [1, -0.3],
        [-0.3, 1.5],
      ],
    }),
  );
  const image = (left: number): Uint8Array => {
    const data = new Uint8Array(16 * 12);
    for (let j = 3; j < 7; j++) for (let i = 0; i < 3; i++) data[j * 16 + left + i] = 255;
    return new Uint8Array(encode({ width: 16, height: 12, channels: 1, depth: 8, data }));
  };
  writeFileSync(join(root, "left.png"), image(2));
  writeFileSync(join(root, "right.png"), image(10));
  const photo = (r: number): Uint8Array =>
    new Uint8Array(
      encode({ width: 8, height: 8, channels: 3, depth: 8, data: Uint8Array.from({ length: 192 }, (_, i) => (i % 3 === 0 ? r + (i >> 3) : (7 * i) % 50)) }),
    );
  writeFileSync(join(root, "red.png"), photo(100));
  writeFileSync(join(root, "dark.png"), photo(20));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  terminal = testTerminal(root);
});
const call = (...words: string[]): Promise<number> => main(["transport", ...words], terminal);
// biome-ignore lint/suspicious/noExplicitAny: the object is what is tested
const json = (): any => JSON.parse(terminal.said());

describe("points", () => {
  test("a shift by (3, -4): W_2 = 5, and every point of the plan moves by it", async () => {
    expect(await call("a.csv", "shifted.csv", "--out", "shift", "--json")).toBe(0);
    const answer = json();
    expect(answer.value).toBeCloseTo(25, 10);
    expect(answer.distance).toBeCloseTo(5, 11);
    expect(Math.abs(answer.gap)).toBeLessThan(1e-10);
    expect(answer.certificate.holds).toBe(true);
    expect(readdirSync(join(root, "shift")).sort()).toEqual([
      "inputs",
      "interpolation.npz",
      "interpolation.svg",
      "plan.npz",
      "potentials.npz",
      "report.html",
      "transport.json",
    ]);
    const plan = readNpz({ path: "plan.npz", bytes: new Uint8Array(readFileSync(join(root, "shift/plan.npz"))) });
    expect(Array.from(plan.from.values)).toEqual(Array.from(plan.to.values));
    expect(plan.mass.values.reduce((s, v) => s + v, 0)).toBeCloseTo(1, 12);
    const frames = readNpz({ path: "interpolation.npz", bytes: new Uint8Array(readFileSync(join(root, "shift/interpolation.npz"))) });
    expect(frames.t.values).toHaveLength(6);
  });
  test.each(["1", "inf"])("p = %s has the same distance for a shift", async (p) => {
    expect(await call("a.csv", "shifted.csv", "--p", p, "--out", `p${p}`, "--json", "--quiet")).toBe(0);
    expect(json().value).toBeCloseTo(5, 10);
  });
  test("weights on the line: (1 at 0, 3 at 2) / 4 to (6 at 1, 2 at 2) / 8 costs 1/4 + 1/2 moved by one", async () => {
    expect(await call("line.csv", "heavy.csv", "--out", "line", "--json", "--plan", "csv")).toBe(0);
    expect(json().value).toBeCloseTo(0.75, 12);
    expect(json().notes.join()).toContain("divided by them");
    expect(readFileSync(join(root, "line/plan.csv"), "utf8")).toBe("from,to,mass\n0,0,0.25\n1,0,0.5\n1,1,0.25\n");
  });
  test.each([
    ["--epsilon", "0.001"],
    ["--epsilon", "0.001", "--tolerance", "1e-3"],
    ["--epsilon", "0.05", "--partial", "0.5"],
    ["--epsilon", "0.05", "--unbalanced", "1"],
  ])("with %s %s %s %s the gap that is asked for is reached", async (...words) => {
    const wave = Array.from({ length: 40 }, (_, i) => `${Math.sin(7 * i * i)},${2 + Math.cos(11 * i)}`);
    writeFileSync(join(root, "wave.csv"), ["x,y", ...wave].join("\n"));
    expect(await call("a.csv", "wave.csv", ...words, "--out", `gap-${words.join("")}`, "--json")).toBe(0);
    const answer = json();
    expect(answer.gap).toBeLessThan((words.includes("--tolerance") ? 1e-3 : 1e-6) * answer.regularised);
    expect(answer.distance).toBe(null);
  });
  test("an entropic answer brackets W_2, which is not the root of its value", async () => {
    expect(await call("a.csv", "wave.csv", "--out", "exact", "--json")).toBe(0);
    const { distance } = json();
    terminal = testTerminal(root);
    expect(await call("a.csv", "wave.csv", "--epsilon", "0.1", "--out", "bracket", "--json")).toBe(0);
    const { bracket } = json();
    expect(bracket[0]).toBeLessThan(distance);
    expect(bracket[1]).toBeGreaterThan(distance);
    expect(bracket[1] - bracket[0]).toBeLessThan(0.2);
  });
  test("--unbalanced without entropy: two Diracs keep a^(1/2) b^(1/2) e^(-d^2 / 2) between them", async () => {
    writeFileSync(join(root, "here.csv"), "x,weight\n0,1\n");
    writeFileSync(join(root, "there.csv"), "x,weight\n1,2\n");
    expect(await call("here.csv", "there.csv", "--unbalanced", "1", "--out", "diracs", "--json")).toBe(0);
    expect(json().regularised).toBeCloseTo(3 - 2 * Math.SQRT2 * Math.exp(-0.5), 12);
  });
  test("--apply maps new points by the potential", async () => {
    expect(await call("a.csv", "shifted.csv", "--apply", "a.csv", "--out", "apply", "--json")).toBe(0);
    const [head, ...rows] = readFileSync(join(root, "apply/applied.csv"), "utf8").trim().split("\n");
    expect(head).toBe("x1,x2,T1,T2");
    for (const row of rows) {
      const [x, y, u, v] = row.split(",").map(Number);
      expect(u - x).toBeCloseTo(3, 10);
      expect(v - y).toBeCloseTo(-4, 10);
    }
  });
});

test("A12: two Gaussians from measures, W_2^2 = 2.4634711896065", async () => {
  expect(await call("n0.json", "n1.json", "--out", "gaussians", "--json")).toBe(0);
  expect(json().value).toBeCloseTo(2.4634711896065, 12);
});

test("two pictures: a block moved by 8 of 16 pixels has W_2 = 1/2", async () => {
  expect(await call("left.png", "right.png", "--as", "lightness", "--out", "block", "--json", "--tolerance", "1e-9")).toBe(0);
  expect(json().distance).toBeCloseTo(0.5, 6);
  expect(existsSync(join(root, "block/report.html"))).toBe(true);
});
test("colours of one picture go to those of the other; the recoloured one has them, up to the rounding", async () => {
  expect(await call("red.png", "dark.png", "--as", "colours", "--palette", "64", "--out", "colours", "--json")).toBe(0);
  const { data } = decode(readFileSync(join(root, "colours/recoloured.png")));
  const mean = (d: ArrayLike<number>, channels: number): number => Array.from(d).reduce((s, v, i) => (i % channels === 0 ? s + v : s), 0) / 64;
  expect(Math.abs(mean(data, 4) - mean(decode(readFileSync(join(root, "dark.png"))).data, 3))).toBeLessThan(0.6);
});

test("a density to atoms: the solver's map takes new points to the atom of their cell, the plan shares pixels out", async () => {
  const atoms = [
    [0.1, 0.4],
    [0.25, 0.4],
  ];
  writeFileSync(join(root, "atoms.csv"), `x,y\n${atoms.map((p) => p.join(",")).join("\n")}\n`);
  writeFileSync(join(root, "places.csv"), "x,y\n0.12,0.5\n0.31,0.45\n");
  expect(await call("left.png", "atoms.csv", "--as", "lightness", "--solver", "semi-discrete", "--apply", "places.csv", "--out", "cells", "--json")).toBe(0);
  expect(json().certifies).toBe("continuous");
  const rows = readFileSync(join(root, "cells/applied.csv"), "utf8").trim().split("\n").slice(1);
  expect(rows.map((row) => row.split(",").slice(2).map(Number))).toEqual(atoms);
  expect(existsSync(join(root, "cells/plan.npz"))).toBe(true);
  // the block is uniform and as wide as three pixels: each atom gets half of it
  const plan = readNpz({ path: "plan.npz", bytes: new Uint8Array(readFileSync(join(root, "cells/plan.npz"))) });
  const first = plan.mass.values.reduce((s, m, e) => s + (plan.to.values[e] === 0 ? m : 0), 0);
  expect(first).toBeCloseTo(0.5, 9);
});

test("a table over time: held-out times are met by the motion, nothing grows, groups stay", async () => {
  expect(await call("times.csv", "--time", "t", "--group", "kind", "--out", "times", "--json")).toBe(0);
  const answer = json();
  expect(answer.legs).toHaveLength(2);
  for (const leg of answer.legs) expect(leg.value).toBeCloseTo(1, 9);
  expect(answer.heldOut[0].transport).toBeLessThan(1e-6);
  expect(answer.heldOut[0].mixing).toBeGreaterThan(0.1);
  expect(answer.fates[0][0]).toBeCloseTo(1, 9);
  expect(answer.fates[1][1]).toBeCloseTo(1, 9);
});

test("what takes longer than a second says how far it is; Ctrl-C ends it and leaves nothing", { timeout: 60_000 }, async () => {
  const cloud = (seed: number): string =>
    `x,y\n${Array.from({ length: 900 }, (_, i) => `${(0.5 + 0.5 * Math.sin(seed * (i + 1))).toFixed(9)},${(0.5 + 0.5 * Math.sin(2.7 * seed * (i + 5))).toFixed(9)}`).join("\n")}\n`;
  writeFileSync(join(root, "many.csv"), cloud(12.9898));
  writeFileSync(join(root, "others.csv"), cloud(78.233));
  const seen = (): boolean => /interrupted|\d m?s {2}epsilon/.test(terminal.logged());
  const watch = setInterval(() => {
    if (!seen()) return;
    clearInterval(watch);
    terminal.interrupt();
  }, 50);
  const code = await call("many.csv", "others.csv", "--p", "1", "--epsilon", "1e-6", "--tolerance", "1e-14", "--out", "long", "--json");
  clearInterval(watch);
  expect(code).toBe(130);
  expect(terminal.logged()).toMatch(/\d s {2}epsilon [\d.e-]+, \d+ points {2}iteration \d+/);
  expect(terminal.logged()).toContain("nothing was kept");
  expect(json()).toEqual({ status: "aborted", out: null });
  expect(readdirSync(root).filter((name) => name.includes("long"))).toEqual([]);
});

describe("what is wrong is said, with 2, and nothing is left", () => {
  test.each([
    ["no second file", ["a.csv"], "needs two files"],
    ["no such file", ["a.csv", "none.csv"], "no such file"],
    ["text among numbers", ["a.csv", "text.csv"], "three"],
    ["other dimensions", ["a.csv", "line.csv"], "dimensions"],
    ["p below one", ["a.csv", "shifted.csv", "--p", "0.5"], "at least 1"],
    ["negative epsilon", ["a.csv", "shifted.csv", "--epsilon", "-1"], "positive"],
    ["no such solver", ["a.csv", "shifted.csv", "--solver", "magic"], "no solver"],
    ["unequal masses that are kept", ["line.csv", "heavy.csv", "--keep-mass"], "mass"],
    ["both kinds of bending", ["line.csv", "heavy.csv", "--unbalanced", "1", "--partial", "0.5"], "not both"],
    ["no such column", ["times.csv", "--time", "when"], "when"],
    ["two files and a time", ["a.csv", "a.csv", "--time", "x"], "one file"],
  ])("%s", async (_, words, said) => {
    expect(await call(...words, "--out", "bad")).toBe(2);
    expect(terminal.logged()).toContain(said);
    expect(existsSync(join(root, "bad"))).toBe(false);
    expect(readdirSync(root).filter((name) => name.startsWith(".bad"))).toEqual([]);
  });
});
