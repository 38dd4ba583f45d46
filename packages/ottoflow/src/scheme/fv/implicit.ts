import type { At, Cells, Host, Rows, State, StepInfo } from "../../contract.ts";
import { blend, least, reflect } from "../../kernels/reductions.ts";
import { dissipation, type EdgeFlux, openEdgeFlux, sampleDrops } from "./edges.ts";
import { openOutflowLimiter } from "./limit.ts";
import type { Mesh } from "./mesh.ts";
import { type Accuracy, openStage } from "./stage.ts";
import type { Terms } from "./terms.ts";
import { openPlane } from "./turn.ts";
import type { EdgeWeights } from "./weights.ts";

/** One step of size dt from `from` to `to` (which may be the same row), for transport alone. */
export type Transport = {
  advance(from: Rows, to: Rows, t: number, dt: number): StepInfo;
  dissipation(s: State, t: number): number;
};

/** Backward Euler: first order, positive, and the discrete energy falls for convex U and any symmetric interaction [bailo2020]. */
export function openBackwardEuler(mesh: Mesh, terms: Terms, law: EdgeWeights, accuracy: Accuracy, host: Host): Transport {
  const { plane, stage, dissipation } = openImplicit(mesh, terms, law, accuracy, host);
  const base = host.alloc(mesh.n);
  const rho = host.alloc(mesh.n);
  return {
    dissipation,
    advance(from, to, t, dt) {
      plane.take(from, base);
      rho.set(base);
      const problem = { base, tau: dt, reach: null, t: t + dt, midpoint: base };
      const result = stage.solve(problem, rho);
      plane.give(rho, to);
      return result.ok ? { ...result, gap: stage.slack(problem, rho) } : result;
    },
  };
}

/** gamma = 1 - 1/sqrt(2): the two-stage, stiffly accurate, L-stable method of order two [alexander1977] */
const gamma = 1 - Math.SQRT1_2;

/**
 * SDIRK2. Where the data of the second stage would turn negative, the edges that drain the cell take more of their flux from
 * the second stage and less from the first, down to backward Euler on that edge: positive at every step, of order two wherever
 * the second stage has positive data.
 */
export function openSdirk2(mesh: Mesh, terms: Terms, law: EdgeWeights, accuracy: Accuracy, host: Host): Transport {
  const { n, edges } = mesh;
  const { plane, stage, dissipation } = openImplicit(mesh, terms, law, accuracy, host);
  const start = host.alloc(n);
  const rho = host.alloc(n);
  const base = host.alloc(n);
  const reach = host.alloc(edges);
  const limiter = openOutflowLimiter(plane.mesh, host);
  return {
    dissipation,
    advance(from, to, t, dt) {
      plane.take(from, start);
      rho.set(start);
      const one = stage.solve({ base: start, tau: gamma * dt, reach: null, t: t + gamma * dt, midpoint: null }, rho);
      if (!one.ok) return one;
      blend(n, (1 - gamma) / gamma, start, rho, base);
      const negative = least(n, base) < 0;
      if (negative) {
        limiter(start, stage.lastFlux(rho), (1 - gamma) * dt, reach, base);
        // 1 where all was kept, 1 / gamma where nothing was
        reflect(edges, (1 - gamma) / gamma, reach);
      }
      // with noise the guess is free: the line through both known densities; without, it shapes the faces and stays as it is
      if (terms.noise > 0 && terms.locals.length === 0) blend(n, 1 / gamma, start, rho, rho);
      const two = stage.solve({ base, tau: gamma * dt, reach: negative ? reach : null, t: t + dt, midpoint: null }, rho);
      plane.give(rho, to);
      return { ...two, iterations: one.iterations + two.iterations };
    },
  };
}

/** What both methods stand on: the stages, on a plane as they see it, and -dF/dt on the box itself. */
function openImplicit(mesh: Mesh, terms: Terms, law: EdgeWeights, accuracy: Accuracy, host: Host) {
  const plane = openPlane(mesh, terms, host);
  const stage = openStage(plane.mesh, plane.terms, law, accuracy, host);
  const flux = plane.mesh === mesh ? stage.flux : openEdgeFlux(mesh, terms.noise, law, accuracy.limiter, host);
  return { plane, stage, dissipation: openDissipation(mesh, terms, flux, host) };
}
function openDissipation(mesh: Mesh, terms: Terms, flux: EdgeFlux, host: Host): Transport["dissipation"] {
  const phi = host.alloc(mesh.n);
  const drop = host.alloc(mesh.edges);
  const up = host.alloc(mesh.edges);
  const down = host.alloc(mesh.edges);
  const flow = host.alloc(mesh.edges);
  return (s, t) => {
    const m = s.measure as Cells;
    sampleDrops(terms, m, t, phi, drop);
    flux.sharpen(m.rho);
    flux.rates(drop, up, down);
    flux.flux(m.rho, up, down, flow);
    phi.fill(0);
    terms.addNoise(m.rho, phi);
    return dissipation(mesh, flow, drop, phi);
  };
}

/** `count` steps in one call; stops at the first that fails. */
export function steps(advance: Transport["advance"]): (from: State, to: State, at: At) => StepInfo {
  return (from, to, at) => {
    const target = (to.measure as Cells).rho;
    let source = (from.measure as Cells).rho;
    let iterations = 0;
    let gap: number | undefined;
    for (let k = 0; k < at.count; k++) {
      const info = advance(source, target, at.t + k * at.dt, at.dt);
      iterations += info.iterations ?? 0;
      if (!info.ok) return { ...info, iterations };
      if (info.gap !== undefined) gap = (gap ?? 0) + info.gap;
      source = target;
    }
    return gap === undefined ? { ok: true, iterations } : { ok: true, iterations, gap };
  };
}
