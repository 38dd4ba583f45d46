/** The commands as a person uses them: what they print, write, refuse and return. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { unzipSync } from "fflate";
import { describe, expect, test } from "vitest";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const { root, call, answer } = desk;
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
    expect(desk.terminal.said()).toBe("a/run\n");
    expect(desk.terminal.logged()).toMatch(/reached its end time: t = 1 in 20 steps/);
    expect(desk.terminal.logged()).toContain("report: a/run/report.html");
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
    expect(desk.terminal.said()).toBe("runs/ou\nruns/ou-2\n");
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
    expect(desk.terminal.logged()).toContain(line);
    expect(desk.terminal.said()).toBe("varied\n");
    desk.take();
    expect(await call("run", "ou.json", "--quick", "--variant", "fine", "--out", "fine")).toBe(0);
    expect(desk.terminal.logged()).not.toContain("variants:");
    desk.take();
    expect(await call("run", "ou.json", "--quick", "--quiet", "--out", "quiet")).toBe(0);
    expect([desk.terminal.logged(), desk.terminal.said()]).toEqual(["", "quiet\n"]);
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
    expect(desk.terminal.logged()).toMatch(message);
    expect(desk.terminal.logged()).not.toMatch(/\n\s+at /);
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
    // a screen shows where the run is from its start: seen there, it is under way
    const { logged, interrupt } = desk.take(root, true);
    const watch = setInterval(() => {
      if (!/step [1-9]/.test(logged())) return;
      clearInterval(watch);
      interrupt();
    }, 20);
    const code = await call(...long, "--out", "stopped");
    clearInterval(watch);
    expect(code).toBe(130);
    expect(existsSync(join(root, "stopped"))).toBe(false);
    expect(readdirSync(join(root, ".stopped.partial")).sort()).toEqual(["checkpoint", "checkpoint.frames", "spec.json"]);
    expect(await call(...long, "--out", "stopped")).toBe(2);
    expect(desk.terminal.logged()).toMatch(/--resume goes on/);
    expect(await call("run", "ou.json", "--out", "stopped", "--resume")).toBe(2);
    expect(desk.terminal.logged()).toMatch(/another spec/);
    desk.take();
    expect(await call(...long, "--out", "stopped", "--resume")).toBe(0);
    const timed = ["certificate.json", "report.html"];
    expect(digests(join(root, "stopped"), timed)).toEqual(digests(join(root, "whole"), timed));
    const checks = (name: string): unknown => JSON.parse(readFileSync(join(root, name, "certificate.json"), "utf8")).certificate;
    expect(checks("stopped")).toEqual(checks("whole"));
    expect(existsSync(join(root, ".stopped.partial"))).toBe(false);
  });
});
