import type { Cells, Geometry, Host, Problem, Promises, Scheme, State, Stepper, Takes, Trait } from "../contract.ts";
import { defineScheme, type Unit } from "../define.ts";
import { OttoflowError } from "../errors.ts";
import { storeCells } from "../measure/store.ts";
import { type Explicit, openExplicit } from "./fv/explicit.ts";
import { openBackwardEuler, openSdirk2, steps, type Transport } from "./fv/implicit.ts";
import { type Mesh, openMesh } from "./fv/mesh.ts";
import { openOwn } from "./fv/own.ts";
import { openReaction, strang } from "./fv/reaction.ts";
import { openTerms, type Terms } from "./fv/terms.ts";
import { scharfetterGummel, squareRoot } from "./fv/weights.ts";

const flows = {
  explicit: "finite volumes, explicit",
  implicit: "finite volumes, backward Euler",
  sdirk2: "finite volumes, SDIRK2",
} as const;
type Time = keyof typeof flows;
const times: readonly Time[] = ["explicit", "implicit", "sdirk2"];

/** What each variant declares, for transport; `spaceOrder` holds on smooth data where noise or the explicit slopes carry it. */
export const finiteVolumePromises: Readonly<Record<Time, Promises>> = {
  explicit: {
    order: 2,
    spaceOrder: 2,
    mass: true,
    positivity: true,
    decay: false,
    stepBound: "1 / max over cells of the sum of 2 max(outflow speed) / h per axis and (noise + rho U'') / h² per face",
  },
  implicit: {
    order: 1,
    spaceOrder: 2,
    mass: true,
    positivity: true,
    decay:
      "U is convex, interactions act at the midpoint of the step, and every edge flows down its own drop of the first variation [bailo2020]; fields at rest, no drift",
    stepBound: false,
  },
  sdirk2: { order: 2, spaceOrder: 2, mass: true, positivity: true, decay: false, stepBound: false },
};

const common: readonly Trait[] = ["local", "noise", "field", "pair", "general", "transport", "reaction", "drift"];
const takesOf = (time: Time): Takes => ({ rep: "cells", carries: time === "explicit" ? [...common, "apply"] : common, needs: ["cells", "grid"], refuses });

interface Options {
  readonly time: Time;
  readonly flux: "scharfetter-gummel" | "square-root";
  readonly step: number;
  readonly limiter: number;
  readonly tolerance: number;
}

function refuses(p: Problem): ReturnType<NonNullable<Takes["refuses"]>> {
  const foreign = p.parts.find((part) => part.form === "general" && !part.on.cells);
  if (foreign) return { trait: "general", why: `needs ${foreign.label} on cells, where it has no code` };
  if (p.drift.some((d) => d.velocity) && !p.geometry.transport)
    return { trait: "drift", why: `carries a drift only where the geometry moves mass, and ${p.geometry.label} does not` };
  return null;
}

function openFiniteVolume(options: Options, p: Problem, given: Host): Stepper {
  const host = given.dry ?? given;
  const mesh = openMesh(p.space);
  const terms = openTerms(p, mesh, host);
  const { transport, reaction, apply } = p.geometry;
  const explicit = options.time === "explicit" && (apply?.cells || transport) ? openForward(options, mesh, terms, p.geometry, host) : null;
  const mover = explicit ?? (transport ? openBackward(options, mesh, terms, transport, host) : null);
  const grower = reaction ? openReaction(mesh, terms, reaction, host) : null;
  const whole = mover && grower ? strang(mover, grower) : (mover ?? grower);
  if (!whole)
    throw new OttoflowError("UnsupportedError", `finite-volume with time "${options.time}" cannot carry the geometry "${p.geometry.label}".`, {
      missing: ["transport"],
    });
  const rule = finiteVolumePromises.explicit.stepBound as string;
  return {
    start: () => startCells(p, mesh, given),
    step: steps(whole.advance),
    dissipation: whole.dissipation,
    ...(explicit && { bound: (s: State, t: number) => [explicit.bound(s.measure as Cells, t), rule] as const }),
  };
}

function openForward(options: Options, mesh: Mesh, terms: Terms, geometry: Geometry, host: Host): Explicit {
  return geometry.apply?.cells ? openOwn(mesh, terms, geometry.apply.cells, host) : openExplicit(mesh, terms, geometry.transport!, options.limiter, host);
}

function openBackward(options: Options, mesh: Mesh, terms: Terms, transport: NonNullable<Geometry["transport"]>, host: Host): Transport {
  if (!transport.linear) throw new OttoflowError("UnsupportedError", "finite-volume cannot carry a non-linear mobility.", { missing: ["mobility"] });
  const law = options.flux === "square-root" ? squareRoot : scharfetterGummel;
  return (options.time === "sdirk2" ? openSdirk2 : openBackwardEuler)(mesh, terms, law, options, host);
}

function startCells(p: Problem, mesh: Mesh, host: Host): State {
  const rho = host.alloc(mesh.n);
  if (!host.dry) storeCells(p.initial, p.space, rho);
  return { measure: { rep: "cells", space: p.space, rho }, memory: {} };
}

export const finiteVolume: Unit<"scheme"> = defineScheme({
  kind: "finite-volume",
  title: "finite volumes",
  tex: "\\tfrac{d}{dt} \\rho_i = -\\tfrac{1}{|K_i|} \\sum_j \\bigl( F_{ij} - F_{ji} \\bigr)",
  summary:
    "Densities on the cells of a box exchange mass over their faces, so mass is kept to rounding and densities stay positive. Entropy is diffusion of the density itself, shared on each face with the potentials so that the discrete Gibbs weights are exactly stationary (implicit and sdirk2). Explicit: second order in space and time with limited slopes, small steps. Implicit: backward Euler, any step, the discrete energy never rises. Sdirk2: second order in time, any step. Without entropy a face carries the upwind density, shaped by limited slopes. Creation and decay of mass in place is integrated in the logarithm of the density.",
  refs: ["scharfetter1969", "eymard2000", "carrillo2015fv", "bailo2020", "alexander1977", "lie2013"],
  params: {
    time: {
      type: "choice",
      of: times,
      default: "sdirk2",
      doc: "how time advances: explicit (small steps), implicit (first order, robust) or sdirk2 (second order)",
    },
    step: { type: "number", above: 0, unit: "time", refines: { by: 0.5, order: "time" }, doc: "time step; explicit runs shorten it to their bound" },
    flux: {
      type: "choice",
      of: ["scharfetter-gummel", "square-root"],
      default: "scharfetter-gummel",
      doc: "how entropy and potentials share a face; implicit and sdirk2 only",
    },
    limiter: {
      type: "number",
      min: 1,
      max: 2,
      default: 2,
      doc: "steepness of the limited slopes, from 1 (minmod) to 2 (monotonised central); where entropy shares the face, explicit only",
    },
    tolerance: {
      type: "number",
      above: 0,
      max: 1e-4,
      default: 1e-11,
      doc: "largest residual of the inner solves, as a share of the mass; bounds the mass misplaced per stage",
    },
  },
  examples: [
    { dim: 1, params: { time: "sdirk2", step: 0.005 } },
    { dim: 1, params: { time: "implicit", step: 0.01, flux: "square-root" } },
    { dim: 2, params: { time: "explicit", step: 0.001 } },
    { dim: 2, params: { time: "sdirk2", step: 0.01 } },
  ],
  build: (values): Scheme => {
    const options = values as Options;
    return {
      label: `finite-volume ${options.time}`,
      tex: `\\text{${flows[options.time]}}`,
      promises: finiteVolumePromises[options.time],
      clock: "free",
      step: options.step,
      takes: takesOf(options.time),
      open: (p, host) => openFiniteVolume(options, p, host),
    };
  },
});
