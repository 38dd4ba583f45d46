import { spectralFokkerPlanck } from "../../src/exact/fokker-planck-spectral.ts";
import type { Run } from "../../src/flow.ts";
import { knownOf } from "../../src/known.ts";
import { distanceOnLine } from "../../src/measure/distance.ts";
import { gaussianLaw } from "../../src/measure/gaussian.ts";
import { card, checkOf, once, testChapter } from "./claim.ts";
import { frameAt, meanOf, secondOf, varianceOf } from "./measure.ts";

const well = (x: number): number => (x * x - 1) ** 2;
/** Trapezoidal rule, exponentially accurate for densities that vanish at both ends: no part of the program. */
function integral(f: (x: number) => number): number {
  let s = 0;
  for (let i = -4000; i <= 4000; i++) s += 0.001 * f(i / 1000);
  return s;
}
const gibbsMean = (f: (x: number) => number, temperature: number): number =>
  integral((x) => f(x) * Math.exp(-well(x) / temperature)) / integral((x) => Math.exp(-well(x) / temperature));

const onGrid = once(() => card("double-well-grid"));
const threeWays = {
  langevin: once(() => card("fokker-planck-three-ways", { variant: "langevin" })),
  score: once(() => card("fokker-planck-three-ways", { variant: "score" })),
  grid: once(() => card("fokker-planck-three-ways")),
};
async function rowOf(name: keyof typeof threeWays): Promise<{ mean: number; variance: number; far: number }> {
  const run = await threeWays[name]();
  const { exact } = await knownOf(run.problem);
  const end = run.frames.at(-1)!.measure;
  return { mean: meanOf(end), variance: varianceOf(end), far: distanceOnLine(2, end, exact!.law(1)).value };
}
const rows = { langevin: once(() => rowOf("langevin")), score: once(() => rowOf("score")), grid: once(() => rowOf("grid")) };

/** Root mean square way of the particles between t = 4 and t = 5. */
async function wayOf(variant: string, count: number): Promise<number> {
  const run = await card("fokker-planck-three-ways", { variant, set: { "initial.count": count, until: 5, "observe.frames.every": 1 } });
  const [a, b] = [frameAt(run, 4).measure, frameAt(run, 5).measure];
  if (a.rep !== "particles" || b.rep !== "particles") throw new Error("no particles");
  return Math.sqrt(Array.from(a.x).reduce((s, x, i) => s + (b.x[i]! - x) ** 2, 0) / a.n);
}

/** Relative entropy to the Gibbs weights of the cells, its dissipation in the run, and the distance to the Gibbs measure. */
function inequality(run: Run, t: number): { H: number; I: number; W: number; hwi: number } {
  const { measure } = frameAt(run, t);
  if (measure.rep !== "cells") throw new Error("no cells");
  const { centre } = measure.space.cells!;
  const h = measure.space.grid!.h[0]!;
  const gibbs = Float64Array.from(centre, (x) => Math.exp(-0.5 * x * x));
  const Z = h * gibbs.reduce((s, v) => s + v, 0);
  const H = Array.from(measure.rho).reduce((s, r, i) => (r > 0 ? s + h * r * Math.log((r * Z) / gibbs[i]!) : s), 0);
  const row = run.trace.t!.findIndex((v) => Math.abs(v - t) < 1e-9);
  const I = run.trace.dissipation![row]!;
  const W = distanceOnLine(2, measure, gaussianLaw([0], [1])).value;
  return { H, I, W, hwi: W * Math.sqrt(I) - (W * W) / 2 };
}
const fine = once(() => card("fokker-planck-three-ways", { set: { "space.cells": [1200], "scheme.step": 0.0025 } }));
const at = async (t: number): Promise<ReturnType<typeof inequality>> => inequality(await fine(), t);

const map =
  (f: (x: number) => number) =>
  (n: number, x: ArrayLike<number>, out: { [i: number]: number }): void => {
    for (let i = 0; i < n; i++) out[i] = f(x[i]!);
  };
const gap = (temperature: number): number =>
  spectralFokkerPlanck({ V: map(well), dV: map((x) => 4 * x * (x * x - 1)), d2V: map((x) => 12 * x * x - 4) }, temperature, -3.4, 3.4, 220).rates[1]!;
const kramers = (temperature: number): number => (Math.sqrt(32) / Math.PI) * Math.exp(-1 / temperature);
/** Rate at which the mean falls once the start is forgotten. */
async function escapeRate(variant: string): Promise<number> {
  const run = await card("double-well-escape", { variant });
  return Math.log(meanOf(frameAt(run, 2).measure) / meanOf(frameAt(run, 5).measure)) / 3;
}
const cold = once(() => card("double-well-langevin", { set: { "energy.0.temperature": 0.25, "initial.count": 30_000, until: 5 } }));

testChapter("04-fokker-planck", {
  "well-z": () => integral((x) => Math.exp(-well(x))),
  "well-least": () => -Math.log(integral((x) => Math.exp(-well(x)))),
  "well-reached": async () => (await onGrid()).trace.energy!.at(-1)!,
  "ou-mean": () => 2 * Math.exp(-1),
  "ou-variance": () => 1 - 0.75 * Math.exp(-2),
  "langevin-mean": async () => (await rows.langevin()).mean,
  "langevin-variance": async () => (await rows.langevin()).variance,
  "langevin-far": async () => (await rows.langevin()).far,
  "score-mean": async () => (await rows.score()).mean,
  "score-variance": async () => (await rows.score()).variance,
  "score-far": async () => (await rows.score()).far,
  "grid-mean": async () => (await rows.grid()).mean,
  "grid-variance": async () => (await rows.grid()).variance,
  "grid-far": async () => (await rows.grid()).far,
  "shaken-way": async () => ({ near: await wayOf("langevin", 20_000), error: 0.01 }),
  "carried-way": () => wayOf("score", 400),
  "ledger-defect": async () => ({ atMost: checkOf(await threeWays.grid(), "dissipation-ledger") }),
  "h-0": async () => (await at(0)).H,
  "i-0": async () => (await at(0)).I,
  "w-0": async () => (await at(0)).W,
  "hwi-0": async () => (await at(0)).hwi,
  "h-1": async () => (await at(1)).H,
  "i-1": async () => (await at(1)).I,
  "w-1": async () => (await at(1)).W,
  "hwi-1": async () => (await at(1)).hwi,
  "gap-warm": () => gap(1),
  "seen-warm": () => escapeRate("warm"),
  "seen-cool": () => escapeRate("cool"),
  "seen-cold": () => escapeRate("cold"),
  "spectral-warm": () => gap(1),
  "spectral-cool": () => gap(0.5),
  "spectral-cold": () => gap(0.25),
  "spectral-frozen": () => gap(0.05),
  "kramers-frozen": () => kramers(0.05),
  "kramers-warm": () => kramers(1),
  "kramers-cool": () => kramers(0.5),
  "kramers-cold": () => kramers(0.25),
  "even-rate": async () => checkOf(await onGrid(), "rate"),
  "cold-second": async () => ({ near: secondOf((await cold()).frames.at(-1)!.measure), error: 0.005 }),
  "gibbs-second": () => gibbsMean((x) => x * x, 0.25),
  "wrong-second": () => gibbsMean((x) => x * x, 1),
});
