import type { Host, Local, Particles, Problem, Rows, State, Stepper } from "../contract.ts";
import { defineScheme, type Unit } from "../define.ts";
import { openFunctional } from "../energy/total.ts";
import { specError } from "../errors.ts";
import { pow } from "../kernels/math.ts";
import { openEnsemble } from "./ode/ensemble.ts";
import { type Mollifier, openMollifier } from "./ode/mollifier.ts";
import { timeParams } from "./ode/params.ts";
import { tableaus } from "./ode/runge-kutta.ts";
import { startParticles } from "./ode/start.ts";

/**
 * Width of the bump where none is given: L (n^{-1/d})^{2/3}, where L is the side of the uniform cube with the cloud's covariance,
 * L = sqrt(12) det(C)^{1/(2d)}, so that L n^{-1/d} is the mean spacing. The width has to go to zero more slowly than the
 * spacing; the exponent 0.99 of [carrillo2019] is for particles on a grid that carry unequal weights. Particles of equal weight
 * leave the tails thinner than the mean, and with 0.99 the error stalls there: heat flow of N(0, 1) on 400 particles, variance at
 * t = 1/4 off by 5e-2 with 0.99 and by 5e-3 with 2/3.
 */
export function defaultWidth(m: Particles): number {
  const d = m.space.dim;
  const size = Math.sqrt(12) * pow(determinant(covariance(m), d), 1 / (2 * d));
  if (!(size > 0)) throw specError("scheme.width", "is needed: the particles lie on a point, line or plane, so no width follows from their spread.");
  return size * pow(m.n, -2 / (3 * d));
}

function covariance(m: Particles): Float64Array {
  const { n, x, weight } = m;
  const d = m.space.dim;
  const mean = new Float64Array(d);
  const c = new Float64Array(d * d);
  let mass = 0;
  for (let i = 0; i < n; i++) mass += weight[i]!;
  for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) mean[k]! += (weight[i]! * x[k * n + i]!) / mass;
  for (let k = 0; k < d; k++)
    for (let l = 0; l < d; l++) for (let i = 0; i < n; i++) c[k * d + l]! += (weight[i]! * (x[k * n + i]! - mean[k]!) * (x[l * n + i]! - mean[l]!)) / mass;
  return c;
}

/** By elimination without pivots, enough for a covariance; 0 where it is not positive definite. */
function determinant(a: Float64Array, d: number): number {
  let det = 1;
  for (let k = 0; k < d; k++) {
    const pivot = a[k * d + k]!;
    if (!(pivot > 0)) return 0;
    det *= pivot;
    for (let i = k + 1; i < d; i++) for (let j = k + 1; j < d; j++) a[i * d + j]! -= (a[i * d + k]! / pivot) * a[k * d + j]!;
  }
  return det;
}

/** Local parts of an energy on particles through their mollified density. */
interface Blobs {
  /** int U(r)/r dmu at r = phi * mu, per local part */
  values(m: Particles): readonly number[];
  /** gradient of the first variation of the regularised energy */
  regularised(m: Particles, out: Rows): void;
  /** grad U'(phi * mu) */
  score(m: Particles, out: Rows): void;
}

function openBlobs(locals: readonly Local[], n: number, mollifier: Mollifier, host: Host): Blobs {
  const [r, u, v, a, zero] = [host.alloc(n), host.alloc(n), host.alloc(n), host.alloc(n), host.alloc(n)];
  const values = new Array<number>(locals.length).fill(0);
  return {
    values(m) {
      mollifier.density(m.x, m.weight, r);
      locals.forEach((part, l) => {
        part.U(n, r, u);
        let sum = 0;
        for (let i = 0; i < n; i++) sum += (m.weight[i]! * u[i]!) / r[i]!;
        values[l] = sum;
      });
      return values;
    },
    regularised(m, out) {
      mollifier.density(m.x, m.weight, r);
      a.fill(0);
      for (const part of locals) {
        part.U(n, r, u);
        part.dU(n, r, v);
        for (let i = 0; i < n; i++) a[i] = a[i]! + (v[i]! - u[i]! / r[i]!) / r[i]!; // (U / r)'
      }
      mollifier.gradient(m.weight, a, a, out);
    },
    score(m, out) {
      mollifier.density(m.x, m.weight, r);
      a.fill(0);
      for (const part of locals) {
        part.d2U(n, r, v);
        for (let i = 0; i < n; i++) a[i] = a[i]! + v[i]!;
      }
      mollifier.gradient(m.weight, a, zero, out);
    },
  };
}

function openBlob(
  p: Problem,
  host: Host,
  options: { variant: "regularised-energy" | "kernel-score"; width?: number; time: keyof typeof tableaus; tolerance: number },
): Stepper {
  const first = startParticles(p, host).measure;
  const { n } = first;
  const width = options.width ?? defaultWidth(first);
  const isLocal = p.parts.map((part) => part.form === "local");
  const locals = p.parts.filter((part) => part.form === "local");
  const others = openFunctional(
    p.parts.filter((part) => part.form !== "local"),
    p.space,
    host,
  );
  const blobs = openBlobs(locals, n, openMollifier(p.space, n, width, host), host);
  const rest = host.alloc(p.space.dim * n);
  const gradient = options.variant === "regularised-energy";
  const stepper = openEnsemble(p, host, {
    tableau: tableaus[options.time],
    tolerance: options.tolerance,
    gradient,
    mend: `use a smaller step or "time": "adaptive"`,
    slope(m, t, out) {
      if (gradient) blobs.regularised(m, out);
      else blobs.score(m, out);
      if (locals.length === p.parts.length) return;
      others.slope(m, t, rest);
      for (let i = 0; i < out.length; i++) out[i] = out[i]! + rest[i]!;
    },
  });
  if (!gradient) return stepper;
  function energy(s: State, t: number): readonly (number | null)[] {
    const m = s.measure as Particles;
    const ours = blobs.values(m)[Symbol.iterator]();
    const theirs = others.values(m, t)[Symbol.iterator]();
    return isLocal.map((local) => (local ? ours : theirs).next().value ?? null);
  }
  return { ...stepper, energy };
}

/**
 * Blob method: particles see their own density through a Gaussian bump phi of a given width.
 * `regularised-energy` [carrillo2019]: the exact gradient flow of F_phi(mu) = int U(phi * mu) / (phi * mu) dmu, so the ledger closes for F_phi.
 * `kernel-score`: the plug-in velocity -grad U'(phi * mu), which is the gradient of nothing.
 */
export const blob: Unit<"scheme"> = defineScheme({
  kind: "blob",
  title: "blob particles",
  tex: "\\dot x_i = -\\sum_j w_j \\bigl(\\tilde U'(\\rho_i) + \\tilde U'(\\rho_j)\\bigr) \\nabla\\varphi(x_i - x_j) - \\nabla V(x_i), \\quad \\rho_i = \\sum_j w_j \\varphi(x_i - x_j),\\ \\tilde U = U / r",
  summary:
    "Deterministic particles for energies of the density (entropy, powers): the density is the particles seen through a Gaussian bump. With the regularised energy the particles follow its exact gradient flow, so its energy falls and its ledger closes; the flow itself is approached as the width goes to zero more slowly than the spacing. Start from particles placed with low discrepancy. The kernel score replaces the density in the velocity instead; it is cheaper and common, but no energy is known to fall along it.",
  refs: ["carrillo2019", "degond1990"],
  params: {
    variant: {
      type: "choice",
      of: ["regularised-energy", "kernel-score"],
      default: "regularised-energy",
      doc: "gradient flow of the regularised energy, or the velocity with the mollified density plugged in",
    },
    width: {
      type: "number",
      above: 0,
      optional: true,
      unit: "length",
      refines: { by: 0.5, order: "seen", points: "initial.count" },
      doc: "standard deviation of the bump; when left out, the mean spacing of the initial particles to the power 2/3, in units of the size of their cloud",
    },
    ...timeParams("adaptive", 1e-6, ", as the root mean square over the particles"),
  },
  examples: [
    { dim: 1, params: { step: 0.001, width: 0.2, time: "rk4" } },
    { dim: 2, params: { step: 0.001 } },
    { dim: 1, params: { step: 0.001, width: 0.2, variant: "kernel-score", time: "euler" } },
  ],
  build: ({ variant, width, time, step, tolerance }) => ({
    label: "blob",
    tex: "\\dot x_i = -\\nabla \\frac{\\delta F_\\varphi}{\\delta\\mu}(x_i)",
    promises: {
      order: tableaus[time].order,
      mass: true,
      positivity: true,
      decay: false,
      stepBound: time === "adaptive" ? false : "explicit: the step must stay below about width^2 / temperature",
      ...(time === "adaptive" ? {} : { reach: tableaus[time].reach }),
    },
    clock: "free",
    step,
    takes: { rep: "particles", carries: ["local", "noise", "field", "pair", "general", "transport", "smoothing", "drift"], needs: [] },
    ...(variant === "kernel-score" ? { noLedger: "the plug-in velocity -grad U'(phi * mu) is not the gradient of an energy of the particles" } : {}),
    open: (p, host) => openBlob(p, host, { variant, ...(width === undefined ? {} : { width }), time, tolerance }),
  }),
});
