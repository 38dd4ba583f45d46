/** The commands as a person uses them, in this process: what they print, write, refuse and return. */
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { unzipSync, zipSync } from "fflate";
import { npyBytes } from "ottoflow/io/npy";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { findings, type Machine } from "../src/commands/doctor.ts";
import { main } from "../src/main.ts";
import { testTerminal } from "./terminal.ts";

let root: string;
let terminal: ReturnType<typeof testTerminal>;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-command-"));
  writeFileSync(join(root, "ou.json"), JSON.stringify(ornstein));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  terminal = testTerminal(root);
});
/** Ornstein–Uhlenbeck on quantiles by JKO: fast, deterministic, with a known end. */
const ornstein = {
  version: 1,
  title: "Ornstein–Uhlenbeck",
  energy: [{ kind: "entropy" }, { kind: "potential", formula: "x^2/2" }],
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", mean: [2], deviation: [0.5], count: 60 },
  scheme: { kind: "jko", step: 0.05 },
  until: 1,
  variants: { coarse: { scheme: { step: 0.1 } }, fine: { scheme: { step: 0.025 } } },
  quick: { until: 0.2 },
};
const call = (...words: string[]): Promise<number> => main(words, terminal);
const answer = (): Record<string, never> => JSON.parse(terminal.said());
/** every file below a folder with the digest of its bytes */
function digests(folder: string, skip: readonly string[] = []): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  const files = names.map((e) => join(e.parentPath, e.name)).filter((path) => !skip.some((name) => path.endsWith(name)));
  return Object.fromEntries(files.sort().map((path) => [path.slice(folder.length), createHash("sha256").update(readFileSync(path)).digest("hex")]));
}

describe("run", () => {
  test("leaves a whole folder, says so in words on stderr and where on stdout, and returns 0", async () => {
    expect(await call("run", "ou.json", "--out", "a/run")).toBe(0);
    expect(readdirSync(join(root, "a"))).toEqual(["run"]);
    expect(readdirSync(join(root, "a/run")).sort()).toEqual(["certificate.json", "frames.zarr", "report.html", "spec.json", "trace.csv", "trace.parquet"]);
    expect(terminal.said()).toBe("a/run\n");
    expect(terminal.logged()).toMatch(/reached its end time: t = 1 in 20 steps/);
    expect(terminal.logged()).toContain("report: a/run/report.html");
  });
  test("A3.2 closed form: mean 2 exp(-t) under implicit steps is 2 / (1 + tau)^n, to solver accuracy", async () => {
    await call("run", "ou.json", "--out", "mean", "--quiet");
    await call("export", "mean", "--to", "npz");
    const npz = unzipSync(readFileSync(join(root, "mean/run.npz")));
    const floats = (name: string): Float64Array => {
      const bytes = npz[`${name}.npy`];
      return new Float64Array(bytes.slice(10 + new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true)).buffer);
    };
    const [positions, levels] = [floats("positions"), floats("levels")];
    const n = levels.length;
    const mean = (f: number): number =>
      levels.slice(1).reduce((sum, level, i) => sum + (level - levels[i]) * 0.5 * (positions[f * n + i] + positions[f * n + i + 1]), 0);
    const frames = positions.length / n;
    expect(mean(frames - 1) / mean(0)).toBeCloseTo(1.05 ** -20, 7);
  });
  test("--json prints one object with status, certificate, time, mass, energy and folder", async () => {
    expect(await call("run", "ou.json", "--out", "json", "--json")).toBe(0);
    expect(answer()).toMatchObject({ status: "reached-end", time: 1, mass: 1, out: join(root, "json"), certificate: { holds: true } });
    const { certificate, energy } = answer() as unknown as { certificate: { checks: Record<string, unknown>[] }; energy: number };
    expect(typeof energy).toBe("number");
    for (const check of certificate.checks) expect(Object.keys(check)).toEqual(expect.arrayContaining(["kind", "verdict", "value", "bound", "source"]));
  });
  test("the same spec gives the same bytes, and so does the run folder's own spec", async () => {
    await call("run", "ou.json", "--out", "one", "--quiet");
    await call("run", "ou.json", "--out", "two", "--quiet");
    await call("run", "one", "--out", "three", "--quiet");
    const timed = ["certificate.json", "report.html"];
    expect(digests(join(root, "two"), timed)).toEqual(digests(join(root, "one"), timed));
    expect(digests(join(root, "three"), timed)).toEqual(digests(join(root, "one"), timed));
  });
  test("--set, --quick and --seed reach the spec that is kept", async () => {
    await call("run", "ou.json", "--out", "set", "--quick", "--seed", "5", "--set", "scheme.step=0.1", "--set", "title=changed", "--quiet");
    expect(JSON.parse(readFileSync(join(root, "set/spec.json"), "utf8"))).toMatchObject({
      until: 0.2,
      seed: 5,
      title: "changed",
      scheme: { step: 0.1 },
      engine: { name: "ottoflow" },
    });
  });
  test("without --out the place is runs/<name>, numbered when taken", async () => {
    await call("run", "ou.json", "--quick", "--quiet");
    await call("run", "ou.json", "--quick", "--quiet");
    expect(readdirSync(join(root, "runs")).sort()).toEqual(["ou", "ou-2"]);
    expect(terminal.said()).toBe("runs/ou\nruns/ou-2\n");
  });
  test("numerical failure: status, the last good state, exit 3, and the folder is still whole", async () => {
    expect(await call("run", "ou.json", "--out", "failed", "--set", "stop.maxSteps=3", "--json")).toBe(3);
    expect(answer()).toMatchObject({ status: "max-steps", certificate: { holds: false } });
    expect(existsSync(join(root, "failed/report.html"))).toBe(true);
  });
});

describe("variants", () => {
  test("a run of a spec with variants says which there are, and where the run stands; a run of one of them does not", async () => {
    const line = "variants: coarse, fine (--variant NAME runs one, `ottoflow compare` compares them)";
    expect(await call("run", "ou.json", "--quick", "--out", "varied")).toBe(0);
    expect(terminal.logged()).toContain(line);
    expect(terminal.said()).toBe("varied\n");
    terminal = testTerminal(root);
    expect(await call("run", "ou.json", "--quick", "--variant", "fine", "--out", "fine")).toBe(0);
    expect(terminal.logged()).not.toContain("variants:");
    terminal = testTerminal(root);
    expect(await call("run", "ou.json", "--quick", "--quiet", "--out", "quiet")).toBe(0);
    expect([terminal.logged(), terminal.said()]).toEqual(["", "quiet\n"]);
  });
});

describe("--json: the fields that programs rely on", () => {
  const run = {
    status: "reached-end",
    reason: expect.any(String),
    time: expect.closeTo(0.2),
    steps: expect.any(Number),
    mass: expect.closeTo(1),
    energy: expect.any(Number),
    certificate: { holds: true, checks: expect.any(Array) },
  };
  const expectChecks = (checks: readonly Record<string, unknown>[]): void => {
    for (const check of checks) {
      expect(check).toMatchObject({ kind: expect.any(String), title: expect.any(String), source: expect.any(String), detail: expect.any(String) });
      expect(["pass", "fail", "reported", "not-applicable"]).toContain(check.verdict);
      for (const key of ["value", "bound"]) expect(check[key] === null || ["number", "string"].includes(typeof check[key])).toBe(true);
      expect(typeof check.hard).toBe("boolean");
    }
  };
  test("run", async () => {
    expect(await call("run", "ou.json", "--quick", "--json", "--out", "json-run")).toBe(0);
    expect(answer()).toEqual({ ...run, out: join(root, "json-run") });
    expectChecks((answer() as unknown as { certificate: { checks: Record<string, unknown>[] } }).certificate.checks);
  });
  test("compare: every member says what a run says, with its error bar; every pair its distance", async () => {
    expect(await call("compare", "ou.json", "--quick", "--json", "--out", "json-compare")).toBe(0);
    const { members, pairs, ...rest } = answer() as unknown as Record<"members" | "pairs", Record<string, unknown>[]>;
    expect(rest).toEqual({ status: "compared", title: "Ornstein–Uhlenbeck", summary: expect.any(String), refused: [], out: join(root, "json-compare") });
    for (const member of members) {
      const bar = { name: expect.any(String), scheme: expect.any(Object), error: expect.any(Number), errors: expect.any(Array), exact: expect.any(Object) };
      expect(member).toEqual({ ...run, ...bar });
      expectChecks((member.certificate as { checks: Record<string, unknown>[] }).checks);
    }
    expect(pairs).toEqual([
      expect.objectContaining({
        a: "coarse",
        b: "fine",
        name: "W2",
        value: expect.any(Number),
        error: expect.any(Number),
        bar: expect.any(Number),
        agree: true,
      }),
    ]);
  });
  test("study: levels with their settings, errors and orders; every run with its certificate", async () => {
    expect(await call("study", "ou.json", "--quick", "--json", "--refine", "step", "--levels", "2", "--out", "json-study")).toBe(0);
    const { runs, ...rest } = answer() as unknown as { runs: Record<string, unknown>[] };
    expect(rest).toMatchObject({
      status: "studied",
      title: "Ornstein–Uhlenbeck: refining step",
      summary: expect.any(String),
      columns: expect.any(Array),
      rows: expect.any(Array),
      expected: 1,
      against: expect.any(String),
      orders: expect.any(Array),
      out: join(root, "json-study"),
    });
    expect(runs.length).toBe(2);
    for (const [level, one] of runs.entries()) {
      expect(one).toEqual({ ...run, settings: { "scheme.step": 0.05 / 2 ** level } });
      expectChecks((one.certificate as { checks: Record<string, unknown>[] }).checks);
    }
  });
  test("list and explain: each unit with kind, formula, parameters and references", async () => {
    expect(await call("list", "energy", "--json")).toBe(0);
    const { units } = answer() as unknown as { units: Record<string, unknown>[] };
    for (const unit of units)
      expect(unit).toMatchObject({
        role: "energy",
        kind: expect.any(String),
        title: expect.any(String),
        tex: expect.any(String),
        summary: expect.any(String),
        params: expect.any(Object),
        refs: expect.any(Array),
      });
  });
  test("doctor: each finding with its value, and whether all is well", async () => {
    expect(await call("doctor", "--json")).toBe(0);
    const { healthy, findings: found } = answer() as unknown as { healthy: boolean; findings: Record<string, unknown>[] };
    expect(healthy).toBe(true);
    expect(found.map((finding) => finding.name)).toEqual(
      expect.arrayContaining(["ottoflow", "Node", "SIMD in WebAssembly", "shared memory", "memory", "browser"]),
    );
    for (const finding of found) expect(finding).toMatchObject({ name: expect.any(String), value: expect.any(String), ok: expect.any(Boolean) });
  });
});

describe("bad input returns 2, names the place, and leaves nothing behind", () => {
  const cases: [string, string[], RegExp][] = [
    ["no such spec", ["run", "none.json"], /none\.json: there is no such file/],
    ["a misspelt key", ["run", "ou.json", "--set", "schem.step=1"], /schem.*not a known key.*Did you mean "scheme"/s],
    ["a value out of range", ["run", "ou.json", "--set", "scheme.step=-1"], /scheme\.step: got -1/],
    ["a setting without =", ["run", "ou.json", "--set", "nothing"], /path=value/],
    ["a wrong number", ["run", "ou.json", "--seed", "x"], /whole number/],
    ["an unknown variant", ["run", "ou.json", "--variant", "none"], /coarse, fine/],
    ["a file outside", ["run", "ou.json", "--set", 'initial={"kind":"samples","file":"/etc/passwd.csv"}'], /outside the folder/],
    ["an unknown command", ["rnu"], /unknown command/],
    ["an unknown option", ["run", "ou.json", "--fast"], /unknown option/],
    ["an unknown format", ["export", "x", "--to", "xlsx"], /--to: "xlsx" is not a format/],
    ["an unknown format beside a run", ["run", "ou.json", "--export", "pdf"], /--export: "pdf" is not a format/],
    ["no run folder", ["export", ".", "--to", "csv"], /is not a run folder/],
    ["an unknown unit", ["explain", "entorpy"], /Did you mean "entropy"/],
    ["an unknown role", ["list", "enrgy"], /Did you mean "energy"/],
    ["nothing to compare", ["compare", "ou.json", "--variants", "coarse"], /two or more/],
    ["an unknown knob", ["study", "ou.json", "--refine", "cells"], /cannot be refined.*step, count/],
    ["a range without end", ["study", "ou.json", "--vary", "scheme.step=1:2"], /from:to:count/],
  ];
  test.each(cases)("%s", async (_name, words, message) => {
    const before = readdirSync(root).sort();
    expect(await call(...words)).toBe(2);
    expect(terminal.logged()).toMatch(message);
    expect(terminal.logged()).not.toMatch(/\n\s+at /);
    expect(readdirSync(root).sort()).toEqual(before);
  });
  test("with --json the error is an object on stdout", async () => {
    expect(await call("run", "ou.json", "--json", "--set", "until=-1")).toBe(2);
    expect(answer()).toMatchObject({ status: "error", error: { tag: "SpecError", path: "until" } });
  });
});

describe("interruption", () => {
  const long = ["run", "ou.json", "--set", "scheme.step=0.0001", "--set", "initial.count=400", "--json"];
  test("Ctrl-C keeps a checkpoint, returns 130; --resume goes on to the same bits", async () => {
    await call(...long, "--out", "whole");
    const stopping = call(...long, "--out", "stopped");
    const { interrupt } = terminal;
    setTimeout(interrupt, 300);
    expect(await stopping).toBe(130);
    expect(existsSync(join(root, "stopped"))).toBe(false);
    expect(readdirSync(join(root, ".stopped.partial")).sort()).toEqual(["checkpoint", "checkpoint.frames", "spec.json"]);
    expect(await call(...long, "--out", "stopped")).toBe(2);
    expect(terminal.logged()).toMatch(/--resume goes on/);
    expect(await call("run", "ou.json", "--out", "stopped", "--resume")).toBe(2);
    expect(terminal.logged()).toMatch(/another spec/);
    terminal = testTerminal(root);
    expect(await call(...long, "--out", "stopped", "--resume")).toBe(0);
    const timed = ["certificate.json", "report.html"];
    expect(digests(join(root, "stopped"), timed)).toEqual(digests(join(root, "whole"), timed));
    const checks = (name: string): unknown => JSON.parse(readFileSync(join(root, name, "certificate.json"), "utf8")).certificate;
    expect(checks("stopped")).toEqual(checks("whole"));
    expect(existsSync(join(root, ".stopped.partial"))).toBe(false);
  });
});

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
    expect(terminal.logged()).toMatch(/shape \(11, 480\) when expected 11 frames of 100/);
  });
});

describe("lists", () => {
  test("list and explain know every unit, the command's own exporters too", async () => {
    expect(await call("list", "--json")).toBe(0);
    const { units } = answer() as unknown as { units: { role: string; kind: string }[] };
    expect(units.map((u) => u.kind)).toEqual(expect.arrayContaining(["entropy", "wasserstein", "zarr"]));
    for (const { role, kind } of units) {
      terminal = testTerminal(root);
      expect(await call("explain", `${role}/${kind}`)).toBe(0);
      expect(terminal.said()).toContain(`"${kind}"`);
      expect(terminal.said()).not.toMatch(/undefined|\[object/);
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
      findings(terminal, { ...well, ...machine })
        .filter((finding) => !finding.ok)
        .map(({ name, detail }) => [name, detail]);
    expect(faults({})).toEqual([]);
    expect(faults({ node: "18.20.4" })).toEqual([["Node", "Node 20 or newer is needed"]]);
    expect(faults({ simd: false })).toEqual([["SIMD in WebAssembly", expect.stringMatching(/the same numbers, slower/)]]);
    expect(faults({ writable: () => false })).toEqual([["folder here", expect.stringMatching(/--out/)]]);
    expect(faults({ sharedMemory: false })).toEqual([]); // one thread needs none
  });
  test("doctor: a folder that cannot be written is a fault of this machine, in words and as JSON", async () => {
    terminal = testTerminal(join(root, "nowhere"));
    expect(await call("doctor", "--json")).toBe(2);
    const { healthy, findings: found } = answer() as unknown as { healthy: boolean; findings: { name: string; value: string; ok: boolean }[] };
    expect(healthy).toBe(false);
    expect(found.filter((finding) => !finding.ok).map((finding) => [finding.name, finding.value])).toEqual([["folder here", "cannot be written"]]);
    terminal = testTerminal(join(root, "nowhere"));
    expect(await call("doctor")).toBe(2);
    expect(terminal.said()).toMatch(/✗ folder here +cannot be written\n +give --out/);
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
