import { parseHTML } from "linkedom";
import { resolveSpec } from "ottoflow/spec/resolve";
import { beforeAll, describe, expect, test } from "vitest";
import { environment } from "../src/environment.ts";
import { specText, summary } from "../src/folder/result.ts";
import { duration, progressLine } from "../src/progress.ts";
import { settingsOf } from "../src/report/parameters.ts";
import { inOrder, lawSection, plainMath, plainNumbers } from "../src/report/parts.ts";
import { runReport } from "../src/report/report.ts";
import { boundWords, certificateSentence } from "../src/report/words.ts";
import { readSettings } from "../src/settings.ts";
import { safe } from "../src/terminal.ts";
import { checks, gaussianDensity, resolved, run } from "./made-run.ts";
import { testTerminal } from "./terminal.ts";

const report = (title = resolved.title): string =>
  runReport({
    title,
    resolved,
    run,
    exact: {
      label: "heat",
      title: "the Gaussian heat flow",
      refs: ["mccann1997"],
      law: (t) => ({
        tex: "",
        dim: 1,
        mass: 1,
        density: (n, x, out) => {
          for (let i = 0; i < n; i++) out[i] = gaussianDensity(x[i], t);
        },
      }),
    },
    environment: environment(1.5),
    specText: specText(resolved),
  });

describe("report", () => {
  let html: string;
  let document: ReturnType<typeof parseHTML>["document"];
  beforeAll(() => {
    html = report();
    ({ document } = parseHTML(html));
  });
  test("asks nothing of the network", () => {
    const outside = [...html.matchAll(/(?:src|href)="([^"]*)"/g)]
      .map((m) => m[1])
      .filter((url) => !url.startsWith("data:") && !url.startsWith("https://doi.org/"));
    expect(outside).toEqual([]);
    expect(html).not.toMatch(/@import|url\(http|<link/);
    expect(document.querySelector("meta[http-equiv]")!.getAttribute("content")).toContain("default-src 'none'");
  });
  test("typesets the law as MathML", () => expect(document.querySelectorAll("math").length).toBeGreaterThanOrEqual(3));
  test("shows figures with names and descriptions, one heading per section in order", () => {
    for (const svg of document.querySelectorAll("svg.figure"))
      for (const id of svg.getAttribute("aria-labelledby")!.split(" ")) expect(document.getElementById(id)?.textContent?.length).toBeGreaterThan(5);
    expect([...document.querySelectorAll("h1,h2")].map((h) => h.textContent)).toEqual([
      resolved.title,
      "The flow",
      "What happened",
      "Certificate",
      "Parameters",
      "Run it again",
      "Sources",
    ]);
    const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
  test("cites the units and the exact solution, as BibTeX too", () => {
    for (const key of ["jko1998", "otto2001", "mccann1997"]) expect(html).toContain(`{${key},`);
  });
  test("lists every check that applies, hard ones and reported ones", () =>
    expect(document.querySelectorAll("table.checks tbody tr:not(.group)").length).toBe(2));
  test("what the user writes stays text", () => {
    const hostile = report('</title><script>alert(1)</script><img src=x onerror="x">');
    expect(hostile).not.toContain("<script>alert");
    expect(hostile).not.toContain("<img");
    expect(hostile.match(/<script>/g)).toHaveLength(1);
  });
});

test("the law shows its numbers", async () => {
  const spec = await resolveSpec({
    energy: [{ kind: "quadratic", matrix: 3, centre: [1] }],
    space: { kind: "free", dimension: 1 },
    initial: { kind: "gaussian", mean: [-2], deviation: [0.7], mass: 2 },
    scheme: { kind: "particles", step: 0.1 },
    until: 1,
  });
  const { document } = parseHTML(lawSection(spec));
  const lines = [...document.querySelectorAll(".law p")].map((p) => p.textContent!.replace(/\s/g, ""));
  expect(lines[1]).toContain("32(x−1)2"); // 3/2 (x - 1)^2
  expect(lines[2]).toContain("2𝒩(−2,0.72)"); // 2 N(-2, 0.7^2)
});
test("the sentence on the certificate counts hard checks only", () => {
  expect(certificateSentence(checks, true)).toBe("The one hard check that applies holds.");
  expect(certificateSentence([{ ...checks[0], verdict: "fail" }, ...checks.slice(1)], false)).toBe("1 of 1 hard checks fail: mass.");
});
test("summary: numbers that JSON lacks become text, the rest stays", () => {
  const odd = { ...run, checks: [{ ...checks[0], value: Number.POSITIVE_INFINITY, bound: Number.NaN }] };
  expect(JSON.parse(JSON.stringify(summary(odd)))).toMatchObject({
    status: "reached-end",
    time: 1,
    mass: 1,
    certificate: { holds: true, checks: [{ kind: "mass", value: "Infinity", bound: "NaN" }] },
  });
});

describe("progress", () => {
  const at = (t: number): { t: number; until: number; index: number; energy: number } => ({ t, until: 10, index: 10 * t, energy: -t });
  test("on a terminal redraws one line, with the time left from the speed so far", () => {
    const terminal = testTerminal("/", true);
    let now = 0;
    const line = progressLine(terminal, false, 0, () => now);
    line.see(at(0));
    now = 5;
    line.see(at(5));
    line.see(at(5.1)); // too soon to redraw
    expect(terminal.logged().split("\r").length - 1).toBe(2);
    expect(terminal.logged()).toMatch(/ 50% ██████████░{10}.*t 5 of 10 {2}step 50 {2}energy −5 {2}5\.0 s left/);
    line.end();
    expect(terminal.logged().endsWith("\r\u001b[2K")).toBe(true);
  });
  test("what would take longer than a day is not counted in days, and before anything has moved nothing is promised", () => {
    const terminal = testTerminal("/", true);
    let now = 0;
    const line = progressLine(terminal, false, 0, () => now);
    line.see(at(0));
    now = 100;
    line.see(at(0));
    expect(terminal.logged()).not.toContain("left");
    now = 200;
    line.see(at(0.02)); // 200 s for 0.2 %: more than 27 hours
    expect(terminal.logged()).toMatch(/over a day left\s*$/);
    now = 300;
    line.see(at(0.05)); // 300 s for 0.5 %: 16 hours and 35 minutes
    expect(terminal.logged()).toMatch(/16 h 35 min left\s*$/);
    now = 400;
    line.see(at(10));
    expect(terminal.logged()).not.toMatch(/(?:NaN|Infinity|0 ms) left/);
  });
  test("on a pipe says a line every ten seconds and no escapes", () => {
    const terminal = testTerminal("/");
    let now = 0;
    const line = progressLine(terminal, false, 0, () => now);
    for (; now <= 30; now++) line.see(at(now / 4));
    line.end();
    expect(terminal.logged().trimEnd().split("\n").length).toBe(3);
    expect(terminal.logged()).not.toContain("\u001b");
  });
});
test("durations", () =>
  expect([0.0123, 4.21, 61, 7260, 1e6, 1e300].map(duration)).toEqual(["12 ms", "4.2 s", "1 min 1 s", "2 h 1 min", "12 days", "more than ten years"]));
test("escape sequences of others do not reach the terminal", () => expect(safe("a\u001b[2Jb\u202e\nc")).toBe("a\ufffd[2Jb\ufffd\nc"));
test("--set: JSON where it reads as JSON, else text; the first = divides", () => {
  expect(readSettings(["scheme.step=0.01", "title=a=b", "space.cells=[10,20]", "x=true", 'y="1"'])).toEqual({
    "scheme.step": 0.01,
    title: "a=b",
    "space.cells": [10, 20],
    x: true,
    y: "1",
  });
  expect(() => readSettings(["step"])).toThrow(/path=value/);
});
test("hard checks come first, failed ones on top, then what was measured", () => {
  const mixed = [
    checks[2],
    checks[1],
    checks[0],
    { ...checks[1], verdict: "pass", kind: "held" } as const,
    { ...checks[0], verdict: "fail", kind: "broken" } as const,
  ];
  expect(inOrder(mixed).map((check) => check.kind)).toEqual(["broken", "mass", "held", "rate", "contraction"]);
});
test("numbers in prose lose their tails", () => {
  expect(plainNumbers("at t = 0.0001333333333333, itself known to 5.6e-16; energy -1.0196847")).toBe(
    "at t = 0.00013333, itself known to 5.6×10⁻¹⁶; energy -1.0196847",
  );
});
test("parameters: chosen ones apart from defaults, and defaults that have nothing to do are left out", async () => {
  const spec = { energy: ["entropy"], space: { kind: "box", lower: [-4], upper: [4], cells: [20] }, initial: { kind: "gaussian", deviation: [0.5] }, until: 1 };
  const paths = async (scheme: object): Promise<Record<"chosen" | "fallback", string[]>> => {
    const settings = settingsOf(await resolveSpec({ ...spec, scheme }));
    return { chosen: settings.filter((s) => !s.fallback).map((s) => s.path), fallback: settings.filter((s) => s.fallback).map((s) => s.path) };
  };
  const grid = await paths({ kind: "finite-volume", step: 0.1 });
  expect(grid.chosen).toEqual(expect.arrayContaining(["energy[0].kind", "space.cells", "initial.deviation", "scheme.step", "until"]));
  expect(grid.chosen).not.toContain("energy[0].temperature");
  expect(grid.fallback).toEqual(expect.arrayContaining(["energy[0].temperature", "initial.cut", "start", "seed"]));
  expect(grid.fallback).not.toContain("initial.placement"); // nothing is placed on cells
  const blob = await paths({ kind: "blob", step: 0.1 });
  expect(blob.fallback).toContain("initial.placement");
  expect(blob.fallback).toContain("scheme.tolerance"); // steps are adaptive unless said
  expect(blob.fallback).not.toContain("initial.cut");
  expect((await paths({ kind: "blob", step: 0.1, time: "rk4" })).fallback).not.toContain("scheme.tolerance");
});
test("ASCII mathematics of a source becomes what a reader would write", () =>
  expect(plainMath("F(0) - F(T) = int |dF|^2 dt, |dF|(rho_t) <= e^{-lambda t}, interval")).toBe("F(0) - F(T) = ∫ |∂F|² dt, |∂F|(ρ_t) ≤ e^(-λ t), interval"));
test("bounds say their sense", () => {
  const bound = (relation?: "at-least" | "equals"): string => boundWords({ ...checks[0], bound: 0, relation });
  expect([bound(), bound("at-least"), bound("equals")]).toEqual(["≤ 0", "≥ 0", "exact 0"]);
});
