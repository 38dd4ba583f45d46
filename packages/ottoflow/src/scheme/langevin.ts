import type { At, Drift, Field, Host, Particles, Problem, Rows, State, StepInfo, Stepper, Takes, Turn } from "../contract.ts";
import { defineScheme, type Unit } from "../define.ts";
import { type Functional, openFunctional } from "../energy/total.ts";
import { philoxNormals } from "../kernels/philox.ts";
import { expectCarried } from "../takes.ts";
import { openBlockStep } from "./ode/langevin-block.ts";
import { openFusedStep, runsFused, tapeOf } from "./ode/langevin-fused.ts";
import { turnIndependent, turnStream } from "./ode/langevin-turn.ts";
import { allFinite } from "./ode/runge-kutta.ts";
import { startParticles } from "./ode/start.ts";
import { turnOf } from "./ode/turn.ts";
import { openWalls, type Walls } from "./ode/walls.ts";

type Method = "euler-maruyama" | "leimkuhler-matthews";
type Precision = "double" | "single";
interface Options {
  readonly method: Method;
  readonly precision: Precision;
}

/** Philox stream of the noise: "nois"; placing the particles uses another one. */
export const noiseStream = 0x6e6f6973;

const OK: StepInfo = { ok: true };

function takesOf({ method, precision }: Options): Takes {
  return {
    rep: "particles",
    carries: ["noise", "field", "pair", "general", "transport", "drift", "drift-noise"],
    needs: [],
    refuses: (p) => {
      const local = p.parts.find((part) => part.form === "local" && part.noise === undefined);
      if (local)
        return { trait: "local", why: `cannot carry ${local.label}: it is no entropy, so it is no noise of fixed strength; use "blob" or a scheme on cells` };
      const drift = method === "leimkuhler-matthews" ? p.drift.find((d) => d.noise) : undefined;
      if (drift)
        return { trait: "drift-noise", why: `needs noise of constant strength for the method "leimkuhler-matthews"; use "euler-maruyama" with ${drift.label}` };
      return precision === "single" ? refusesSingle(method, p) : null;
    },
  };
}

/** Float32 exists where gradient, noise and step are one kernel. */
function refusesSingle(method: Method, p: Problem): ReturnType<NonNullable<Takes["refuses"]>> {
  const why = (what: string): string => `has precision "single" ${what}; use "double"`;
  if (method !== "euler-maruyama") return { trait: "noise", why: why('for the method "euler-maruyama" only') };
  if (p.drift.length > 0) return { trait: "drift", why: why(`for gradients only, and ${p.drift[0]!.label} is a drift`) };
  const part = p.parts.find(({ form }) => form !== "field" && form !== "local");
  if (part) return { trait: part.form, why: why(`for particles that do not feel each other, which ${part.label} makes them do`) };
  const field = p.parts.find((part) => part.form === "field" && !part.gradientTape);
  if (field) return { trait: "field", why: why(`for potentials that are formulas or double wells, which ${field.label} is not`) };
  if (!openWalls(p.space, "reflect").none) return { trait: "grid", why: why("in free space or in boxes that stand for it, without walls and circles") };
  return null;
}

/** Temperature: the sum over the parts that are entropy, each with r U''(r) constant. */
function temperature(p: Problem): number {
  let sum = 0;
  for (const part of p.parts) if (part.form === "local") sum += part.noise!;
  return sum;
}

/** Everything that acts on one particle alone can be advanced block by block, many steps at a time. */
function independentFields(p: Problem): readonly Field[] | null {
  if (p.drift.length > 0 || p.space.points) return null;
  const fields: Field[] = [];
  for (const part of p.parts) {
    if (part.form === "field") fields.push(part);
    else if (part.form !== "local") return null;
  }
  return fields;
}

/** One step after another of the whole ensemble, whose particles feel each other. */
interface Interacting {
  readonly n: number;
  readonly d: number;
  readonly seed: number;
  readonly eps: number;
  readonly averaged: boolean;
  readonly functional: Functional;
  readonly velocities: readonly Drift[];
  readonly noises: readonly Drift[];
  readonly walls: Walls;
  readonly force: Rows;
  readonly own: Rows;
  readonly square: Rows;
  readonly normal: Rows;
  readonly next: Rows;
}

function openInteracting(p: Problem, host: Host, n: number, eps: number, method: Method): Interacting {
  const d = p.space.dim;
  const row = (): Rows => host.alloc(d * n);
  const noises = p.drift.filter((drift) => drift.noise);
  const averaged = method === "leimkuhler-matthews";
  return {
    n,
    d,
    seed: p.seed,
    eps,
    averaged,
    functional: openFunctional(
      p.parts.filter((part) => part.form !== "local"),
      p.space,
      host,
    ),
    velocities: p.drift.filter((drift) => drift.velocity),
    noises,
    walls: openWalls(p.space, "reflect"),
    force: row(),
    own: row(),
    square: row(),
    normal: row(),
    next: row(),
  };
}

/** The velocity at the particles. */
function pushInteracting(e: Interacting, m: Particles, t: number, out: Rows): void {
  const size = e.d * e.n;
  e.functional.slope(m, t, out);
  for (let i = 0; i < size; i++) out[i] = -out[i]!;
  for (const drift of e.velocities) {
    drift.velocity!(m, e.n, m.x, t, e.own);
    for (let i = 0; i < size; i++) out[i] = out[i]! + e.own[i]!;
  }
}

/** Variance of the noise per coordinate and unit time. */
function shakeInteracting({ n, d, own, square, eps, noises }: Interacting, m: Particles, t: number): void {
  square.fill(2 * eps);
  for (const drift of noises) {
    drift.noise!(m, n, m.x, t, own);
    for (let i = 0; i < d * n; i++) square[i] = square[i]! + own[i]! * own[i]!;
  }
}

/** How the velocity turns along a step from here with noise of its own; writes to scratch only. */
function turnInteracting(e: Interacting, m: Particles, { t, dt, index }: At): Turn {
  const { n, d, force, square, normal, next } = e;
  pushInteracting(e, m, t, force);
  shakeInteracting(e, m, t);
  philoxNormals(e.seed, turnStream, index, 0, d * n, normal);
  const share = e.averaged ? 0.5 : 1;
  for (let i = 0; i < d * n; i++) next[i] = dt * force[i]! + Math.sqrt(share * dt * square[i]!) * normal[i]!;
  e.walls.tangent(n, m.x, next);
  for (let i = 0; i < d * n; i++) normal[i] = m.x[i]! + next[i]!;
  e.walls.retract(n, normal);
  const there = { ...m, x: normal };
  pushInteracting(e, there, t, square);
  return turnOf(there, dt, next, force, square);
}

/** x += dt velocity + sqrt(dt (2 eps + sum noise^2)) normals, in place; coefficients are evaluated before x moves (Itô). */
function stepInteracting(e: Interacting, m: Particles, t: number, dt: number, index: number): void {
  const { n, d, force, square, normal } = e;
  const size = d * n;
  pushInteracting(e, m, t, force);
  shakeInteracting(e, m, t);
  philoxNormals(e.seed, noiseStream, index, 0, size, normal);
  if (e.averaged) {
    philoxNormals(e.seed, noiseStream, index + 1, 0, size, e.next);
    for (let i = 0; i < size; i++) normal[i] = 0.5 * (normal[i]! + e.next[i]!);
  }
  for (let i = 0; i < size; i++) force[i] = dt * force[i]! + Math.sqrt(dt * square[i]!) * normal[i]!;
  e.walls.tangent(n, m.x, force);
  for (let i = 0; i < size; i++) m.x[i] = m.x[i]! + force[i]!;
  e.walls.retract(n, m.x);
}

/** Steps of particles that do not feel each other: by one kernel where that can be, else block by block, to the same bits. */
function openIndependent(
  p: Problem,
  fields: readonly Field[],
  host: Host,
  x: Rows,
  n: number,
  eps: number,
  method: Method,
): (x: Rows, start: number, at: At) => void {
  const averaged = method === "leimkuhler-matthews";
  const common = { n, eps, seed: p.seed, stream: noiseStream, host };
  const single = x.BYTES_PER_ELEMENT === 4;
  const tape = averaged || (eps === 0 && !single) || !openWalls(p.space, "reflect").none ? null : tapeOf(fields, p.space.dim);
  // a pool is asked for first, so that a dry run tells whether threads would serve
  if (tape && (host.pool || single || runsFused(x))) return openFusedStep({ ...common, tape });
  return openBlockStep({ ...common, space: p.space, fields, averaged });
}

function openLangevin(p: Problem, host: Host, { method, precision }: Options): Stepper {
  const first = startParticles(p, host, precision === "single", !host.dry);
  const { n } = first.measure;
  const eps = temperature(p);
  const fields = independentFields(p);
  const block = fields && openIndependent(p, fields, host, first.measure.x, n, eps, method);
  const ensemble = fields ? null : openInteracting(p, host, n, eps, method);
  const averaged = method === "leimkuhler-matthews";
  return {
    start: () => first,
    turn: (s, at) =>
      fields
        ? turnIndependent({ space: p.space, fields, eps, seed: p.seed, averaged }, s.measure as Particles, at)
        : turnInteracting(ensemble!, s.measure as Particles, at),
    step(from: State, to: State, at: At): StepInfo {
      const [a, b] = [from.measure as Particles, to.measure as Particles];
      if (a !== b) {
        b.weight.set(a.weight);
        b.x.set(a.x);
      }
      if (block) block(b.x, p.start, at);
      // Times are counted from the start of the run, so that the bits do not depend on how steps are grouped into calls.
      else for (let s = 0; s < at.count; s++) stepInteracting(ensemble!, b, p.start + (at.index + s) * at.dt, at.dt, at.index + s);
      return allFinite(b.x)
        ? OK
        : { ok: false, failure: "not-finite", reason: "a particle left the numbers: the step is too long for this drift, use a smaller one" };
    },
  };
}

/**
 * Langevin sampling: independent or interacting diffusions whose law is the flow, dX = -grad dF/drho dt + sqrt(2 eps) dB.
 * Euler–Maruyama has weak order 1; the averaged noises of Leimkuhler and Matthews keep that order at finite times and bring the
 * stationary law to order 2, exact for quadratics [leimkuhler2013].
 * @throws {UnsupportedError} for energies of the density other than entropy, and for Leimkuhler–Matthews with noise that depends on the state
 */
export const langevin: Unit<"scheme"> = defineScheme({
  kind: "langevin",
  title: "Langevin sampling",
  tex: "dX = -\\nabla\\frac{\\delta F}{\\delta\\rho}(X)\\, dt + \\sqrt{2\\varepsilon}\\, dB",
  summary:
    "Entropy as noise: every particle drifts down the potential and the interaction and is shaken by Brownian motion whose strength is the temperature. Random numbers depend on seed, step and particle only, so a run gives the same bits for any number of workers and after a resume. Positions are folded back at walls (reflection, weak order 1) and wrapped on periodic axes. Times are whole multiples of the step.",
  refs: ["jko1998", "kloeden1992", "leimkuhler2013", "bossy2004", "salmon2011"],
  params: {
    step: {
      type: "number",
      above: 0,
      unit: "time",
      refines: { by: 0.5, order: "time" },
      doc: "time step; stable below 2 / L where L bounds the slope of the drift",
    },
    method: {
      type: "choice",
      of: ["euler-maruyama", "leimkuhler-matthews"],
      default: "euler-maruyama",
      doc: "plain noise, or the mean of two successive ones, whose stationary law is of order 2",
    },
    precision: {
      type: "choice",
      of: ["double", "single"],
      default: "double",
      doc: "of positions, gradient and noise; single is faster and random at 32 bits a number, for independent particles in free space whose potential is a formula or a double well",
    },
  },
  examples: [
    { dim: 1, params: { step: 0.005 } },
    { dim: 2, params: { step: 0.01, method: "leimkuhler-matthews" } },
    { dim: 1, params: { step: 0.005, precision: "single" } },
  ],
  build: ({ step, ...options }) => ({
    label: "langevin",
    tex: "X_{k+1} = X_k - \\tau \\nabla\\frac{\\delta F}{\\delta\\rho}(X_k) + \\sqrt{2\\varepsilon\\tau}\\, \\xi_k",
    promises: {
      order: 1,
      weak: true,
      mass: true,
      positivity: true,
      decay: false,
      stepBound: "step < 2 / L where L bounds the slope of the drift (linear stability)",
      reach: 2,
    },
    clock: "fixed",
    step,
    takes: takesOf(options),
    noLedger: "particles are samples: the entropy of their law cannot be read off them",
    open(p, host) {
      expectCarried("langevin", takesOf(options), p);
      return openLangevin(p, host, options);
    },
  }),
});
