/** A run made by hand, from the closed form of the heat flow: what the command line does with runs is tested apart from the engine. */
import type { Cells, Check, Problem, Scheme } from "ottoflow/contract";
import type { Run } from "ottoflow/flow";
import { makeBox } from "ottoflow/space/box";
import type { Resolved } from "ottoflow/spec/resolve";

const space = makeBox({ lower: [-4], upper: [4], cells: [80], periodic: [false] });
const variance = (t: number): number => 0.25 + 2 * t;
export const gaussianDensity = (x: number, t: number): number => Math.exp((-x * x) / (2 * variance(t))) / Math.sqrt(2 * Math.PI * variance(t));
const bump = (t: number): Cells => ({ rep: "cells", space, rho: Float64Array.from({ length: 80 }, (_, i) => gaussianDensity(-3.95 + 0.1 * i, t)) });
const times = Array.from({ length: 11 }, (_, i) => i / 10);
const t = Float64Array.from({ length: 101 }, (_, i) => i / 100);

export const problem: Problem = {
  space,
  parts: [{ form: "local", label: "entropy", tex: "\\int \\rho\\log\\rho", U: () => {}, dU: () => {}, d2U: () => {} }],
  geometry: {
    label: "wasserstein",
    tex: "\\partial_t\\rho = \\nabla\\cdot\\bigl(\\rho\\nabla\\tfrac{\\delta F}{\\delta\\rho}\\bigr)",
    promises: ["mass", "positivity"],
  },
  drift: [],
  initial: { tex: "\\mathcal N(0, \\tfrac14)", dim: 1, mass: 1 },
  seed: 7,
  start: 0,
};
export const scheme: Scheme = {
  label: "finite volumes",
  tex: "",
  promises: { order: 1, mass: true, positivity: true, decay: "by construction", stepBound: false },
  clock: "fixed",
  step: 0.01,
  takes: { rep: "cells", carries: [], needs: [] },
  open: () => {
    throw new Error("made by hand");
  },
};
const check = (kind: string, verdict: Check["verdict"], hard: boolean, value: number | null, bound: number | null): Check => ({
  kind,
  title: kind,
  verdict,
  hard,
  value,
  bound,
  source: "a theorem & its <proof>",
  detail: "what was measured",
});
export const checks: readonly Check[] = [
  check("mass", "pass", true, 1e-16, 1e-12),
  check("rate", "reported", false, 0.5, null),
  check("contraction", "not-applicable", true, null, null),
];

export const resolved: Resolved = {
  title: "The heat flow of a Gaussian",
  summary: "The variance grows by two per unit of time.",
  spec: {
    version: 1,
    title: "The heat flow of a Gaussian",
    energy: [{ kind: "entropy", temperature: 1 }],
    space: { kind: "box", lower: [-4], upper: [4], cells: [80] },
    seed: 7,
    until: 1,
  },
  parameters: [],
  written: null,
  problem,
  origin: [0],
  scheme,
  until: 1,
  observe: { frames: null, trace: null },
  stop: { maxSteps: 10 },
  refs: ["jko1998", "otto2001"],
  inputs: [],
  variants: [],
};
export const run: Run = {
  status: "reached-end",
  reason: "the end 1 was reached after 100 steps",
  problem,
  scheme,
  time: 1,
  steps: 100,
  rejected: 0,
  frames: times.map((time, i) => ({ t: time, index: 10 * i, measure: bump(time) })),
  trace: {
    t,
    step: t.map((_, i) => i),
    energy: t.map((v) => -0.5 * Math.log(2 * Math.PI * Math.E * variance(v))),
    "energy:0:entropy": t.map((v) => -0.5 * Math.log(2 * Math.PI * Math.E * variance(v))),
    mass: t.map(() => 1),
    dissipation: t.map((v) => 1 / variance(v)),
  },
  checks,
  holds: true,
  last: { measure: bump(1), memory: {} },
};
