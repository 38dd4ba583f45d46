import type { Gaussian, Host, Part, Problem, Rows, State, StepInfo, Stepper, Takes } from "../contract.ts";
import { defineScheme, type Unit } from "../define.ts";
import { openFunctional } from "../energy/total.ts";
import { storeGaussian } from "../measure/store.ts";
import { expectCarried } from "../takes.ts";
import { timeParams } from "./ode/params.ts";
import { allFinite, openRungeKutta, type Tableau, tableaus } from "./ode/runge-kutta.ts";

const isNoise = (part: Part): boolean => part.form === "local" && part.noise !== undefined;

/** Parts under whose flow Gaussians do not stay Gaussian. */
function bending(parts: readonly Part[]): readonly Part[] {
  return parts.filter((part) => {
    if (part.form === "field") return part.quadratic === undefined;
    if (part.form === "pair") return part.W.quadratic === undefined;
    // Gaussians go to a Gaussian along Gaussians
    if (part.form === "general") return part.towards === undefined;
    return !isNoise(part);
  });
}

/** Why the flow of the full measure leaves the Gaussians, or null where it stays among them. */
function leavesGaussians({ parts, space, initial }: Problem): string | null {
  const bent = bending(parts);
  if (bent.length > 0)
    return `the flow of ${bent.map((part) => part.label).join(", ")} does not keep Gaussians: this run is its projection, the gradient flow among Gaussians`;
  if (space.grid && (space.bounded || space.grid.periodic.some(Boolean)))
    return "a Gaussian does not feel the walls or the periods of the box: this run is the flow on the whole space";
  if (!initial.gaussian) return "the initial measure is not Gaussian: this run is the flow of the Gaussian with its mean and covariance";
  return null;
}

const takes: Takes = {
  rep: "gaussian",
  carries: ["noise", "local", "field", "pair", "general", "transport"],
  needs: ["gaussian"],
  refuses: ({ parts, space }: Problem) => {
    for (const part of parts) {
      const why = refusal(part, space.dim);
      if (why !== null) return { trait: part.form, why: `cannot carry ${part.label}, which ${why}` };
    }
    return null;
  },
};

/** Why a part has no mean slope under a Gaussian, or null. */
function refusal(part: Part, d: number): string | null {
  switch (part.form) {
    case "field":
      if (part.quadratic) return null;
      if (d > 3) return `is not quadratic, and means over Gaussians by quadrature stop at three dimensions; the space has ${d}`;
      return part.hessian ? null : "has no second derivatives";
    case "pair":
      return part.W.quadratic === undefined ? "has a kernel that is not quadratic" : null;
    case "general":
      return part.on.gaussian ? null : "has no form on Gaussians";
    case "local":
      return part.cap === undefined ? null : "has a cap, which no Gaussian meets for all times";
  }
}

interface Motion {
  /** d/dt of y = (m, S) */
  rate(t: number, y: Rows, out: Rows): void;
  /** mass (|E grad|^2 + tr(G S G)): the squared norm of the gradient in the Bures–Wasserstein metric */
  power(m: Gaussian, t: number): number;
}

function openMotion(p: Problem, host: Host, mass: number): Motion {
  const d = p.space.dim;
  const moving = openFunctional(
    p.parts.filter((part) => !isNoise(part)),
    p.space,
    host,
  );
  const whole = openFunctional(p.parts, p.space, host);
  let noise = 0;
  for (const part of p.parts) if (part.form === "local" && part.noise !== undefined) noise += part.noise;
  const needsRoot = bending(p.parts).length > 0;
  const slope = host.alloc(d + d * d);
  const G = slope.subarray(d);
  const GS = host.alloc(d * d);
  const here = { rep: "gaussian" as const, space: p.space, mean: host.alloc(d), cov: host.alloc(d * d), mass };

  function product(S: Rows): void {
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) {
        let sum = 0;
        for (let j = 0; j < d; j++) sum += G[k * d + j]! * S[j * d + l]!;
        GS[k * d + l] = sum;
      }
  }
  return {
    rate(t, y, out) {
      for (let k = 0; k < d; k++) here.mean[k] = y[k]!;
      for (let k = 0; k < d * d; k++) here.cov[k] = y[d + k]!;
      if (needsRoot && !isDefinite(d, y, GS)) {
        out.fill(Number.NaN); // a stage beyond the cone of covariances: the step fails
        return;
      }
      moving.slope(here, t, slope);
      product(here.cov);
      for (let k = 0; k < d; k++) {
        out[k] = -slope[k]!;
        // Noise enters as 2 eps I and not through the inverse of S, so that thin Gaussians are no trouble.
        for (let l = 0; l < d; l++) out[d + k * d + l] = (k === l ? 2 * noise : 0) - (GS[k * d + l]! + GS[l * d + k]!);
      }
    },
    power(m, t) {
      whole.slope(m, t, slope);
      product(m.cov);
      let sum = 0;
      for (let k = 0; k < d; k++) sum += slope[k]! * slope[k]!;
      for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) sum += GS[k * d + l]! * G[l * d + k]!;
      return m.mass * sum;
    },
  };
}

const OK: StepInfo = { ok: true };

function openGaussian(p: Problem, host: Host, tableau: Tableau, tolerance: number): Stepper {
  const d = p.space.dim;
  expectCarried("gaussian", takes, p);
  const mean = host.alloc(d);
  const cov = host.alloc(d * d);
  storeGaussian(p.initial, mean, cov);
  const first: Gaussian = { rep: "gaussian", space: p.space, mean, cov, mass: p.initial.mass };
  const motion = openMotion(p, host, first.mass);
  const ode = openRungeKutta(tableau, d + d * d, motion.rate, host);
  const y = host.alloc(d + d * d);
  const factor = host.alloc(d * d);
  const escaped = escapeReason(p.parts, d);
  const pack = (m: Gaussian): void => {
    for (let k = 0; k < d; k++) y[k] = m.mean[k]!;
    for (let k = 0; k < d * d; k++) y[d + k] = m.cov[k]!;
  };
  return {
    start: () => ({ measure: first, memory: {} }),
    step(from, to, at) {
      const end = to.measure as Gaussian;
      let error = 0;
      pack(from.measure as Gaussian);
      for (let s = 0; s < at.count; s++) {
        ode.step(at.t + s * at.dt, at.dt, y, y);
        if (!allFinite(y)) return { ok: false, failure: "not-finite", reason: escaped };
        if (!isDefinite(d, y, factor))
          return { ok: false, failure: "not-finite", reason: `the covariance is not positive definite (any more): use a smaller step or "time": "adaptive"` };
        if (ode.error) error = Math.max(error, errorNorm(d, y, ode.error) / tolerance);
      }
      for (let k = 0; k < d; k++) end.mean[k] = y[k]!;
      for (let k = 0; k < d * d; k++) end.cov[k] = y[d + k]!;
      return ode.error ? { ok: true, error } : OK;
    },
    dissipation: (s: State, t: number): number => motion.power(s.measure as Gaussian, t),
  };
}

/** Why mean or covariance may have left the numbers: nothing holds the measure together, where that is known. */
function escapeReason(parts: readonly Part[], d: number): string {
  const open = parts.find((part) => part.form === "field" && (part.confining?.value === false || (part.quadratic && !positive(part.quadratic.A, d))));
  if (!open) return `the mean or the covariance left the numbers: the step is too long, or the energy does not confine the measure`;
  return `the mean or the covariance left the numbers: "${open.label}" does not confine the measure, which runs off to infinity; end the run earlier or add an energy that holds it`;
}

function positive(A: readonly number[], d: number): boolean {
  return isDefinite(d, Float64Array.from([...new Array<number>(d).fill(0), ...A]), new Float64Array(d * d));
}

/** All pivots of the covariance in y = (m, S) are positive. */
function isDefinite(d: number, y: Rows, a: Rows): boolean {
  for (let k = 0; k < d * d; k++) a[k] = y[d + k]!;
  for (let k = 0; k < d; k++) {
    const pivot = a[k * d + k]!;
    if (!(pivot > 0)) return false;
    for (let i = k + 1; i < d; i++) {
      const f = a[i * d + k]! / pivot;
      for (let j = k; j < d; j++) a[i * d + j] = a[i * d + j]! - f * a[k * d + j]!;
    }
  }
  return true;
}

/** Length by which an error e in (m, S) moves the Gaussian: d(sigma) = dS / (2 sigma) at the mean variance. */
function errorNorm(d: number, y: Rows, e: Rows): number {
  let mean = 0;
  let cov = 0;
  let trace = 0;
  for (let k = 0; k < d; k++) {
    mean += e[k]! * e[k]!;
    trace += y[d + k * d + k]!;
  }
  for (let k = 0; k < d * d; k++) cov += e[d + k]! * e[d + k]!;
  return Math.sqrt(mean + (cov * d) / (4 * trace));
}

/**
 * The gradient flow among Gaussians in the Bures–Wasserstein geometry [lambert2022]: exact for quadratic potentials and
 * interactions with temperature, elsewhere the projection of the flow, which minimises F over Gaussians (variational inference).
 * @throws {UnsupportedError} for kernels that are not quadratic and potentials without second derivatives
 */
export const gaussian: Unit<"scheme"> = defineScheme({
  kind: "gaussian",
  title: "Gaussian flow",
  tex: "\\dot m = -\\mathbb{E}\\nabla V, \\qquad \\dot S = 2\\varepsilon I - \\mathbb{E}[\\nabla^2 V] S - S\\, \\mathbb{E}[\\nabla^2 V]",
  summary:
    "An ordinary differential equation for mean and covariance: the gradient flow of the energy restricted to Gaussians. It solves the flow itself when the potential and the interaction are quadratic and the density enters as entropy only; otherwise it is a closure, the best Gaussian direction at each time, and the run says so. Means over Gaussians are exact for quadratics and by Gauss–Hermite points up to three dimensions otherwise.",
  refs: ["lambert2022", "takatsu2011", "dormand1980"],
  params: {
    ...timeParams("rk4", 1e-10, " in the mean and the standard deviation"),
  },
  examples: [
    { dim: 1, params: { step: 0.05 } },
    { dim: 2, params: { time: "adaptive", step: 0.05 } },
  ],
  build: ({ time, step, tolerance }) => ({
    label: "gaussian",
    tex: "\\dot m = -\\mathbb{E}\\nabla V, \\quad \\dot S = 2\\varepsilon I - \\mathbb{E}[\\nabla^2 V] S - S\\, \\mathbb{E}[\\nabla^2 V]",
    promises: {
      order: tableaus[time].order,
      mass: true,
      positivity: true,
      decay: false,
      stepBound:
        time === "adaptive" ? false : "explicit: step * 2 |E Hess V| must stay within the stability interval of the method (2 for euler, 2.785 for rk4)",
    },
    clock: "free",
    step,
    takes,
    closure: leavesGaussians,
    open: (p, host) => openGaussian(p, host, tableaus[time], tolerance),
  }),
});
