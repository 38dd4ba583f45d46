/** Every certificate: passes or reports on a sound run, survives a checkpoint, fails or moves when the run is spoilt, and says why where it does not apply. */
import { describe, expect, test } from "vitest";
import type { Certificate, Check, Known, Measure, Problem, Scheme, Tick } from "../../src/contract.ts";
import { knownOf } from "../../src/known.ts";
import { storeCells, storeQuantiles } from "../../src/measure/store.ts";
import { resolveSpec } from "../../src/spec/resolve.ts";
import { casesOf } from "./units.ts";
import { moving } from "./zoo.ts";

const sound = await resolveSpec({
  energy: ["entropy", { kind: "quadratic", matrix: 1 }],
  space: { kind: "box", lower: [-8], upper: [8], cells: [80], "stands-for": "whole-space" },
  initial: { kind: "gaussian", mean: [0.5], deviation: [0.7] },
  scheme: { kind: "finite-volume", time: "implicit", step: 0.05 },
  until: 1,
});
const known: Known = await knownOf(sound.problem);
const space = sound.problem.space;
const { promises } = sound.scheme;
/** The same problem for schemes that differ in what certificates ask of them. */
const proximal: Scheme = { ...sound.scheme, promises: { ...promises, proximal: true } };
const sampled: Scheme = { ...sound.scheme, promises: { ...promises, weak: true, decay: false }, takes: { ...sound.scheme.takes, rep: "particles" } };
/** Explicit steps of 0.05 that are stable up to step * L = 2, and the velocities along them: those of a force with L = 1. */
const explicit: Scheme = { ...sound.scheme, promises: { ...promises, reach: 2, decay: false } };
const reduced: Scheme = { ...sound.scheme, closure: () => "only Gaussians are stored" };

/** What may be wrong with a run, each from the sixth step on. */
interface Spoil {
  readonly mass?: true;
  readonly sign?: true;
  readonly energy?: true;
  /** the cost of the steps times this */
  readonly cost?: number;
  /** mass moved into an outermost cell */
  readonly outer?: true;
  /** the dissipation times this */
  readonly paid?: number;
  /** rate at which the dissipation falls; 2 is right */
  readonly rate?: number;
  /** the slope of the velocity along the steps */
  readonly slope?: number;
  /** the state is the exact one moved by this */
  readonly shift?: number;
}

/** The exact solution of the Ornstein–Uhlenbeck flow in cells, or as 400 particles at its mid-level quantiles. */
function stateAt(t: number, late: boolean, spoil: Spoil, rep: Measure["rep"]): Measure {
  const law = known.exact!.law(t);
  const by = spoil.shift && late ? spoil.shift : 0;
  if (rep === "particles") {
    const n = 400;
    const node = new Float64Array(n + 2);
    storeQuantiles(
      law,
      Float64Array.from(node, (_, i) => (i === 0 ? 0 : i > n ? 1 : (i - 0.5) / n)),
      node,
    );
    return { rep, space, n, x: node.subarray(1, n + 1).map((v) => v + by), weight: new Float64Array(n).fill(1 / n) };
  }
  const rho = new Float64Array(space.cells!.n);
  storeCells(law, space, rho);
  if (by !== 0) rho.copyWithin(Math.round(by / 0.2), 0);
  if (spoil.mass && late) rho[40] = rho[40]! * 1.5;
  if (spoil.sign && late) [rho[40], rho[41]] = [-rho[40]!, rho[41]! + 2 * rho[40]!];
  if (spoil.outer && late) [rho[0], rho[40]] = [rho[0]! + 1e-4, rho[40]! - 1e-4];
  return { rep: "cells", space, rho };
}
/** Ticks of a run that relaxes like F = e^{-2t}, made by hand and spoilt in one way at a time. */
function ticks(spoil: Spoil = {}, rep: Measure["rep"] = "cells"): Tick[] {
  const F = (index: number): number => Math.exp(-0.1 * index);
  return Array.from({ length: 60 }, (_, index) => {
    const late = index > 5;
    const t = 0.05 * index;
    const total = F(index) + (spoil.energy && late ? 1 : 0);
    // the exact minimiser of a step gains as much as it pays, and what is left is the drop of the energy
    const cost = index === 0 ? 0 : 0.5 * (F(index - 1) - F(index)) * (late ? (spoil.cost ?? 1) : 1);
    return {
      t,
      dt: index === 0 ? 0 : 0.05,
      index,
      state: { measure: stateAt(t, late, spoil, rep), memory: {} },
      info: index === 0 ? null : { ok: true, cost, gap: 1e-12, posterior: 1e-4 },
      final: index === 59,
      energy: () => ({ total, parts: [total] }),
      turn: () => {
        const way = Math.exp(-2 * t) * 0.05 * 0.05;
        return index === 0 ? null : { dt: 0.05, way, change: way * (late ? (spoil.slope ?? 1) : 1) ** 2, share: 0, size: 1 };
      },
      dissipation: () => 2 * (spoil.paid ?? 1) * Math.exp(-(spoil.rate ?? 2) * t),
    };
  });
}
function judge(c: Certificate, scheme: Scheme, spoil: Spoil = {}): readonly Check[] {
  const watcher = c.watcher(sound.problem, scheme, known);
  let memory = watcher.begin(sound.problem);
  for (const tick of ticks(spoil, scheme.takes.rep)) {
    watcher.see(memory, tick, sound.problem);
    memory = structuredClone(memory);
  }
  return c.judge(memory, { problem: sound.problem, scheme, known, status: "reached-end" });
}

/** Hard certificates and a run that each must refuse. */
const refuses: Record<string, readonly [Spoil, Scheme]> = {
  mass: [{ mass: true }, sound.scheme],
  positivity: [{ sign: true }, sound.scheme],
  "energy-decay": [{ energy: true }, sound.scheme],
  "jko-inequality": [{ cost: 3 }, proximal],
  "outermost-mass": [{ outer: true }, sound.scheme],
};
/** Reported certificates: how a spoilt run moves what they measure. */
const moves: Record<string, readonly [Spoil, Scheme, (sound: Check, spoilt: Check) => void]> = {
  "dissipation-ledger": [
    { paid: 1.5 },
    sound.scheme,
    (a, b) => {
      expect(a.value).toBeCloseTo(1 - 0.1 / Math.expm1(0.1), 10); // the right-end rule at 2 tau = 0.1
      expect(b.value).toBeCloseTo((1.5 * 0.1) / Math.expm1(0.1) - 1, 10);
    },
  ],
  "exact-error": [
    { shift: 0.2 },
    sound.scheme,
    (a, b) => {
      expect(a.value).toBeLessThan(1e-12);
      // L1 between Gaussians of one variance, 0.2 apart: 2 (2 Phi(0.1 / s) - 1), about 4 * 0.1 / (s sqrt(2 pi)), s^2 = 1 - 0.51 e^{-5.9}
      const s = Math.sqrt(1 - 0.51 * Math.exp(-5.9));
      expect(b.value! / (0.4 / (s * Math.sqrt(2 * Math.PI)))).toBeCloseTo(1, 1);
    },
  ],
  rate: [
    { rate: 3 },
    sound.scheme,
    (a, b) => {
      expect(a.value).toBeCloseTo(2, 10);
      expect(b.value).toBeCloseTo(3, 10);
    },
  ],
  contraction: [
    { rate: 1 },
    sound.scheme,
    (a, b) => {
      expect(a.value).toBeCloseTo(1, 12);
      expect([b.verdict, b.hard]).toEqual(["fail", false]);
      expect(b.value).toBeCloseTo(Math.exp(0.5 * 2.95), 10); // e^{-t/2} over e^{-t} at the end
    },
  ],
  "step-length": [
    { slope: 100 },
    explicit,
    (a, b) => {
      expect(a.value).toBeCloseTo(0.05, 12);
      expect([a.verdict, b.verdict, b.hard]).toEqual(["pass", "fail", true]);
      // five steps at slope 1, the others at 100, each counted by its way: e^{-2t} from t = 0.05 to 2.95
      const sum = (from: number, to: number): number => Array.from({ length: to - from + 1 }, (_, i) => Math.exp(-0.1 * (from + i))).reduce((s, v) => s + v, 0);
      expect(b.value).toBeCloseTo(0.05 * Math.sqrt((sum(1, 5) + 10000 * sum(6, 59)) / sum(1, 59)), 10);
    },
  ],
  "sampling-error": [
    { shift: 1 },
    sampled,
    (a, b) => {
      expect(a.verdict).toBe("pass");
      expect(b.verdict).toBe("reported");
      expect(b.value! - a.value!).toBeCloseTo(1, 12);
      expect(b.detail).toContain("more than chance");
    },
  ],
};

type Situation = readonly [Problem, Scheme, Known];
const situations: Record<string, Situation> = {
  sound: [sound.problem, sound.scheme, known],
  "a stochastic scheme": [sound.problem, sampled, known],
  "a scheme without a ledger": [sound.problem, { ...sound.scheme, noLedger: "a reason given by the scheme" }, known],
  "a drift": [{ ...sound.problem, drift: [{ label: "wind", tex: "" }] }, sound.scheme, { ...known, modulus: null }],
  "a moving potential": [{ ...sound.problem, parts: [...sound.problem.parts, moving] }, sound.scheme, { ...known, modulus: null }],
  "nothing known": [sound.problem, sound.scheme, { exact: null, modulus: null }],
  "a box with walls": [{ ...sound.problem, space: { ...space, bounded: true } }, sound.scheme, known],
};
const lyapunov: Record<string, RegExp> = {
  "a stochastic scheme": /stochastic/,
  "a drift": /wind is no gradient/,
  "a moving potential": /swing depends on time/,
};
const withoutLedger = { ...lyapunov, "a scheme without a ledger": /^a reason given by the scheme$/ };
/** Where each certificate does not apply, and the word that must say why; everywhere else it applies. */
const silent: Record<string, Record<string, RegExp>> = {
  mass: {},
  positivity: { "a stochastic scheme": /positive by construction/ },
  "energy-decay": lyapunov,
  "dissipation-ledger": withoutLedger,
  rate: withoutLedger,
  contraction: { ...withoutLedger, "nothing known": /no modulus of convexity/ },
  "exact-error": { "nothing known": /no closed-form solution/ },
  "jko-inequality": Object.fromEntries(Object.keys(situations).map((name) => [name, /no proximal steps/])),
  "outermost-mass": { "a stochastic scheme": /not stored on a box/, "a box with walls": /whole world/ },
  "sampling-error": Object.fromEntries(
    Object.keys(situations)
      .filter((name) => name !== "a stochastic scheme")
      .map((name) => [name, /deterministic/]),
  ),
  "step-length": Object.fromEntries(Object.keys(situations).map((name) => [name, /stable at any step/])),
  closure: Object.fromEntries(Object.keys(situations).map((name) => [name, /approximates the flow itself/])),
};
const applying: Record<string, Scheme> = { "jko-inequality": proximal, "sampling-error": sampled, "step-length": explicit, closure: reduced };

describe.each(await casesOf("certificate"))("$name", (c) => {
  const kind = c.unit.kind;
  test("on a sound run: it applies, nothing fails, and memory is plain data", async () => {
    const certificate = await c.build();
    const scheme = applying[kind] ?? sound.scheme;
    expect(certificate.applies(sound.problem, scheme, known)).toBeNull();
    const checks = judge(certificate, scheme);
    expect(checks.length).toBeGreaterThan(0);
    for (const check of checks) {
      expect(check.verdict).not.toBe("fail");
      expect(check.verdict).not.toBe("not-applicable");
      expect(check.detail.length).toBeGreaterThan(10);
      expect(check.source.length).toBeGreaterThan(10);
    }
  });
  test.each(Object.keys(situations))("%s: it applies, or says why not", async (name) => {
    const reason = (await c.build()).applies(...situations[name]!);
    if (reason !== null) expect(reason.length).toBeGreaterThan(10);
    const expected = silent[kind];
    if (!expected) return; // a certificate that this table does not know yet
    if (expected[name]) expect(reason).toMatch(expected[name]);
    else expect(reason).toBeNull();
  });
  test.runIf(refuses[kind])("a spoilt run is a hard failure", async () => {
    const [spoil, scheme] = refuses[kind]!;
    const certificate = await c.build();
    expect(judge(certificate, scheme).map((check) => [check.hard, check.verdict])[0]).toEqual([true, "pass"]);
    expect(judge(certificate, scheme, spoil).map((check) => [check.hard, check.verdict])[0]).toEqual([true, "fail"]);
  });
  test.runIf(moves[kind])("a spoilt run moves what is reported, by as much as it should", async () => {
    const [spoil, scheme, compare] = moves[kind]!;
    const certificate = await c.build();
    compare(judge(certificate, scheme)[0]!, judge(certificate, scheme, spoil)[0]!);
  });
});
