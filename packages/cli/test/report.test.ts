import { parseHTML } from "linkedom";
import { beforeAll, describe, expect, test } from "vitest";
import { environment } from "../src/environment.ts";
import { specText, summary } from "../src/folder/result.ts";
import { duration, progressLine } from "../src/progress.ts";
import { plainMath } from "../src/report/parts.ts";
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
  test("lists every check that applies, hard ones and reported ones", () => expect(document.querySelectorAll("table.cards tbody tr").length).toBe(2));
  test("what the user writes stays text", () => {
    const hostile = report('</title><script>alert(1)</script><img src=x onerror="x">');
    expect(hostile).not.toContain("<script>alert");
    expect(hostile).not.toContain("<img");
    expect(hostile.match(/<script>/g)).toHaveLength(1);
  });
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
test("ASCII mathematics of a source becomes what a reader would write", () =>
  expect(plainMath("F(0) - F(T) = int |dF|^2 dt, |dF|(rho_t) <= e^{-lambda t}, interval")).toBe("F(0) - F(T) = ∫ |∂F|² dt, |∂F|(ρ_t) ≤ e^(-λ t), interval"));
test("bounds say their sense", () => {
  const bound = (relation?: "at-least" | "equals"): string => boundWords({ ...checks[0], bound: 0, relation });
  expect([bound(), bound("at-least"), bound("equals")]).toEqual(["≤ 0", "≥ 0", "exact 0"]);
});
