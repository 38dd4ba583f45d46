/** Bad input: schemes and times. */
import { free1, type Hostile, plane } from "../sound.ts";

export const schemes: readonly Hostile[] = [
  { name: "an unknown scheme", patch: { scheme: { kind: "magic" } }, says: /got "magic" when expected a known scheme/ },
  { name: "a step of zero", patch: { scheme: { step: 0 } }, says: /got 0 when expected a number > 0/ },
  { name: "a negative step", patch: { scheme: { step: -0.1 } }, says: /got -0.1/ },
  {
    name: "an unstable Langevin step",
    patch: {
      space: free1,
      initial: { count: 20 },
      energy: [{ kind: "entropy" }, { kind: "double-well" }],
      scheme: { kind: "langevin", step: 0.9, time: null },
      until: 90,
    },
    says: /left the numbers/,
    runs: true,
  },
  { name: "an explicit step far above its bound is shortened, not obeyed", patch: { scheme: { time: "explicit", step: 1e6 } }, says: /reached/, runs: true },
  {
    name: "a scheme that cannot carry the energy",
    patch: { space: free1, initial: { count: 20 }, energy: [{ kind: "power", m: 2 }], scheme: { kind: "langevin", step: 0.01, time: null } },
    says: /cannot carry .*These would work/,
  },
  { name: "cells asked of free space", patch: { space: free1 }, says: /"finite-volume" needs a space with cells \(a box with `cells`\)\. These/ },
  {
    name: "quantiles in the plane",
    patch: {
      space: { kind: "free", dimension: 2, lower: null, upper: null, cells: null },
      initial: { mean: [0, 0] },
      energy: [{ kind: "entropy" }],
      scheme: { kind: "jko", proximal: "quantile", step: 0.1, time: null },
    },
    says: /dimension one/,
  },
  {
    name: "a minimum that does not exist",
    patch: {
      space: free1,
      energy: [{ kind: "entropy" }, { kind: "potential", formula: "-x^2" }],
      scheme: { kind: "jko", proximal: { kind: "quantile", levels: 50 }, step: 1, time: null },
      until: 2,
    },
    says: /unbounded below/,
    runs: true,
  },
  { name: "ending before it starts", patch: { until: -1 }, says: /until: got -1 when expected a time after the start/ },
  { name: "no end", patch: { until: null }, says: /until: is missing/ },
  { name: "a seed with a fraction", patch: { seed: 0.5 }, says: /seed: got 0.5/ },
  { name: "an unknown schedule", patch: { observe: { frames: { sometimes: 1 } } }, says: /when expected \{ "every"/ },
  { name: "frames every zero", patch: { observe: { frames: { every: 0 } } }, says: /positive number/ },
  { name: "ten million frames", patch: { observe: { frames: { every: 1e-9 } } }, says: /frames|too many|at most/ },
  { name: "half a step at most", patch: { stop: { maxSteps: 0.5 } }, says: /stop.maxSteps: got 0.5 when expected a whole number >= 1/ },
  { name: "no steps at most", patch: { stop: { maxSteps: 0 } }, says: /stop.maxSteps: got 0 when expected a whole number >= 1/ },
  { name: "a dissipation below zero", patch: { stop: { dissipation: -1 } }, says: /stop.dissipation: got -1 when expected a number > 0/ },
  { name: "a dissipation of text", patch: { stop: { dissipation: "small" } }, says: /stop.dissipation: got "small"/ },
  {
    name: "more frames than memory, by time",
    patch: { space: { lower: [-4, -4], upper: [4, 4], cells: [1024, 1024] }, initial: { mean: [0, 0] }, observe: { frames: { every: 0.0001 } }, ...plane },
    says: /bytes of all frames: got 16785604608 when at most 2147483648 are allowed.*look less often \(observe.frames.every of 0\.\d+ would fit/,
  },
  {
    name: "more frames than memory, by steps",
    patch: {
      space: { lower: [-4, -4], upper: [4, 4], cells: [1024, 1024] },
      initial: { mean: [0, 0] },
      scheme: { step: 0.0001 },
      observe: { frames: { steps: 1 } },
      ...plane,
    },
    says: /observe.frames.steps of 8 would fit/,
  },
  {
    name: "a scheme that works with another choice",
    patch: {
      space: { lower: [-4, -4], upper: [4, 4], cells: [16, 16] },
      initial: { mean: [0, 0] },
      geometry: "l2",
      energy: [{ kind: "power", m: 2 }],
      scheme: { time: "sdirk2" },
    },
    says: /These would work: "finite-volume" with time "explicit"\.$/m,
  },
  {
    name: "the equilibrium of a potential that does not confine",
    patch: {
      space: free1,
      energy: [{ kind: "entropy" }, { kind: "potential", formula: "-x^2" }],
      initial: { count: 10 },
      scheme: { kind: "gaussian", step: 0.01, time: null },
      until: 4000,
    },
    says: /"potential" does not confine the measure, which runs off to infinity; end the run earlier/,
    runs: true,
  },
];
