import type { At, Measure, Proximal, ProximalStepper, Rows, Scheme, State, StepInfo, Stepper } from "../contract.ts";
import { defineScheme, type Unit } from "../define.ts";

/**
 * Places in `memory.jko`, all zero before the first step: number of steps, distance^2 and tau of the last one, sum of tau^2 E_n
 * (the a-posteriori bound on W2^2), largest gap so far. A number below zero stands for "not known" and stays.
 */
export const jkoMemory = { steps: 0, distance2: 1, tau: 2, posterior: 3, gap: 4, size: 5 } as const;

/**
 * The minimising movement [jko1998]: rho_{k+1} = argmin F(rho) + W2^2(rho, rho_k) / (2 tau), the implicit Euler method of the
 * Wasserstein gradient flow. The proximal unit solves each step; this scheme only iterates it.
 *
 * Rate of the dissipation ledger: W2^2(rho_k, rho_{k+1}) / tau^2, the metric derivative squared of the last step; unknown before the first.
 * A-posteriori [nochetto2000, ags2008]: for convex F and an exact start W2^2(computed, flow) <= sum tau_n^2 E_n with
 * E_n = (F_{n-1} - F_n) / tau_n - W2^2 / tau_n^2; each step reports tau^2 E_n and `memory.jko` carries the sum.
 */
export const jko: Unit<"scheme"> = defineScheme({
  kind: "jko",
  title: "JKO (minimising movement)",
  tex: "\\rho_{k+1} = \\operatorname{argmin}_\\rho F(\\rho) + \\frac{1}{2\\tau} W_2^2(\\rho, \\rho_k)",
  summary:
    "Each step minimises the energy plus the squared transport distance from the last measure over twice the step: implicit Euler in Wasserstein space. The energy falls at every step of any size by at least the squared distance over twice the step, mass and positivity are kept, and the error is of first order in the step. How the minimiser is found is the choice of the proximal.",
  refs: ["jko1998", "ags2008", "nochetto2000"],
  params: {
    proximal: {
      type: "unit",
      role: "proximal",
      default: "quantile",
      doc: "how a step is minimised: quantile functions on the line, Gaussians, particles, densities on a grid …",
    },
    step: { type: "number", above: 0, unit: "time", refines: { by: 0.5, order: "time" }, doc: "time step tau" },
  },
  examples: [{ dim: 1, params: { step: 0.1 } }],
  build: ({ proximal, step }) => jkoScheme(proximal, step),
});

/** The scheme over any proximal. */
export function jkoScheme(proximal: Proximal, step: number): Scheme {
  return {
    label: "jko",
    tex: "\\rho_{k+1} = \\operatorname{argmin}_\\rho F(\\rho) + \\tfrac{1}{2\\tau} W_2^2(\\rho, \\rho_k)",
    promises: {
      order: 1,
      mass: true,
      positivity: true,
      proximal: true,
      decay: "JKO inequality: F(rho_{k+1}) + W2^2(rho_k, rho_{k+1}) / (2 tau) <= F(rho_k), by minimality",
      stepBound: false,
    },
    clock: "fixed",
    step,
    takes: proximal.takes,
    ...(proximal.closure ? { closure: (p) => proximal.closure!(p) } : {}),
    open: (p, host) => iterate(proximal.open(p, host), () => host.alloc(jkoMemory.size)),
  };
}

function iterate(prox: ProximalStepper, alloc: () => Rows): Stepper {
  const total = (s: State, t: number): number | null => {
    const parts = prox.energy?.(s, t);
    return parts?.every((v) => v !== null) ? parts.reduce((a, b) => a + b, 0) : null;
  };
  return {
    start() {
      const s = prox.start();
      return { measure: s.measure, memory: { ...s.memory, jko: alloc() } };
    },
    step(from, to, at) {
      let current = from;
      let info: StepInfo = { ok: true };
      let iterations = 0;
      for (let k = 0; k < at.count; k++) {
        info = once(prox, total, current, to, { ...at, t: at.t + k * at.dt });
        iterations += info.iterations ?? 0;
        if (!info.ok) return info;
        current = to;
      }
      return { ...info, iterations };
    },
    ...(prox.energy ? { energy: (s: State, t: number) => prox.energy!(s, t) } : {}),
    dissipation: (s) => {
      const m = s.memory.jko!;
      const tau = m[jkoMemory.tau]!;
      return m[jkoMemory.steps]! > 0 && m[jkoMemory.distance2]! >= 0 ? m[jkoMemory.distance2]! / (tau * tau) : null;
    },
  };
}

/** One minimisation and its bookkeeping. */
function once(prox: ProximalStepper, total: (s: State, t: number) => number | null, from: State, to: State, at: At): StepInfo {
  const tau = at.dt;
  const end = at.t + tau;
  const old = from.memory.jko!;
  const [steps, posterior, gap] = [old[jkoMemory.steps]!, old[jkoMemory.posterior]!, old[jkoMemory.gap]!];
  // a proximal that knows its energies says tau^2 E_n itself
  const early = from === to ? total(from, end) : null;
  const info = prox.prox(from, to, tau, end);
  if (!info.ok) return info;
  const estimate = info.posterior ?? estimateOf(from === to ? early : total(from, end), total(to, end), tau, info.cost);
  const m = to.memory.jko!;
  m[jkoMemory.steps] = steps + 1;
  m[jkoMemory.distance2] = info.cost === undefined ? -1 : 2 * tau * info.cost;
  m[jkoMemory.tau] = tau;
  // E_n >= 0 for convex F, where the bound holds: below zero it is rounding
  m[jkoMemory.posterior] = posterior < 0 || estimate === undefined ? -1 : posterior + Math.max(0, estimate);
  m[jkoMemory.gap] = gap < 0 || info.gap === undefined ? -1 : Math.max(gap, info.gap);
  return estimate === undefined ? info : { ...info, posterior: estimate };
}

/** tau^2 E_n, or undefined where an energy or the cost is not known */
function estimateOf(before: number | null, after: number | null, tau: number, cost: number | undefined): number | undefined {
  return before !== null && after !== null && cost !== undefined ? tau * (before - after) - 2 * tau * cost : undefined;
}

/** A copy of a measure and its memory that a stepper may write: the second buffer of whoever drives steps by hand. */
export function copyState(s: State): State {
  const memory = Object.fromEntries(Object.entries(s.memory).map(([name, rows]) => [name, rows.slice()]));
  return { measure: copyMeasure(s.measure), memory };
}
function copyMeasure(m: Measure): Measure {
  switch (m.rep) {
    case "cells":
      return { ...m, rho: m.rho.slice() };
    case "particles":
      return { ...m, x: m.x.slice() };
    case "quantiles":
      return { ...m, x: m.x.slice() };
    case "gaussian":
      return { ...m, mean: m.mean.slice(), cov: m.cov.slice() };
  }
}
