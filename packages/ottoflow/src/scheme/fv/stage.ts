import type { Cells, Host, Rows } from "../../contract.ts";
import { type EdgeFlux, openEdgeFlux } from "./edges.ts";
import { type ExchangeSolver, openExchange } from "./exchange.ts";
import type { Mesh } from "./mesh.ts";
import type { StageTerms } from "./turn.ts";
import type { EdgeWeights } from "./weights.ts";

/** One implicit stage: rho + tau_e * (flux leaving - entering) = base, flux at time t. */
export interface StageProblem {
  readonly base: Float64Array;
  readonly tau: number;
  /** factor on tau per edge; null for one everywhere */
  readonly reach: Float64Array | null;
  readonly t: number;
  /** interactions see the mean of the solution and this density (energy decay), or the solution alone where null */
  readonly midpoint: Rows | null;
}
export interface Accuracy {
  /** relative residual of the inner solves */
  readonly tolerance: number;
  /** steepness of the limited slopes */
  readonly limiter: number;
}
export interface StageResult {
  readonly ok: boolean;
  readonly reason?: string;
  readonly iterations: number;
}
export interface StageSolver {
  readonly flux: EdgeFlux;
  /** [edges]: flux of the last solution, which is rho */
  lastFlux(rho: Float64Array): Float64Array;
  /** rho holds the first guess, which also shapes the faces where there is no noise */
  solve(s: StageProblem, rho: Float64Array): StageResult;
  /** |sum of (residual of the last solve) * (first variation at its solution)| * volume: what inexact solving can add to the energy */
  slack(s: StageProblem, rho: Float64Array): number;
}

/** rounding of one residual entry, in units of what it sums */
const rounding = 2 ** -50;
const maxNewton = 60;
const maxPicard = 200;
/** Newton's matrix takes d2U at no less than this share of the largest density: where U'' is infinite in vacuum. The equations themselves have no floor. */
const jacobianFloor = 1e-12;

export function openStage(mesh: Mesh, terms: StageTerms, law: EdgeWeights, accuracy: Accuracy, host: Host): StageSolver {
  const { n, edges, space } = mesh;
  const { tolerance } = accuracy;
  // what the iteration on the interaction can reach is what the solves inside it leave
  const inner = terms.coupled ? tolerance / 4 : tolerance;
  const flux = openEdgeFlux(mesh, terms.noise, law, accuracy.limiter, host);
  const exchange = openExchange(mesh, host);
  const phi = host.alloc(n);
  const up = host.alloc(edges);
  const down = host.alloc(edges);
  const lastFlux = host.alloc(edges);
  // drops are done with when rates have been formed, before the flux is
  const drop = lastFlux;
  const seen = host.alloc(n);
  const full = host.alloc(n);
  const leftover = host.alloc(n);
  const cells: Cells = { rep: "cells", space, rho: seen };
  const drift = host.alloc(edges);
  const newton = terms.locals.length > 0 ? openNewton(mesh, terms, flux, exchange, inner, host) : null;
  /** without noise the rates depend on the limited slopes, so on the state */
  const fresh = terms.changing || terms.noise === 0;
  let prepared = Number.NaN;
  let rated = false;
  /** step of the last matrix of which all levels were made */
  let whole = Number.NaN;
  /** the rates have changed since the flux was formed */
  let stale = false;

  /** potential without pressure, interactions as the stage wants them */
  const potential = (s: StageProblem, rho: Float64Array): void => {
    if (s.midpoint) for (let i = 0; i < n; i++) seen[i] = 0.5 * (rho[i]! + s.midpoint[i]!);
    else if (terms.coupled) seen.set(rho);
    terms.potential(cells, s.t, phi);
  };
  const scaled = (s: StageProblem): void => {
    // where the limiter acts, on edges that drain emptying cells
    exchange.prepare(up, down, s.tau, s.reach, !fresh && whole === s.tau);
    whole = s.tau;
  };
  const flow = (rho: Float64Array): Float64Array => {
    if (stale) flux.flux(rho, up, down, lastFlux);
    stale = false;
    return lastFlux;
  };
  const linear = (s: StageProblem, rho: Float64Array): StageResult => {
    if (fresh || s.reach || prepared !== s.tau) {
      if (fresh || !rated) {
        terms.drops(phi, cells, s.t, drop);
        flux.rates(drop, up, down);
        rated = true;
      }
      scaled(s);
      prepared = fresh || s.reach ? Number.NaN : s.tau;
    }
    const solved = exchange.solve(s.base, rho, inner, true);
    stale = true;
    return solved.ok
      ? solved
      : { ok: false, iterations: solved.iterations, reason: `the linear solve stalled at a relative residual of ${solved.residual.toExponential(1)}` };
  };
  return {
    flux,
    lastFlux: flow,
    slack(s, rho) {
      full.set(phi);
      terms.addPressure(rho, full);
      for (let i = 0; i < n; i++) seen[i] = Math.max(rho[i]!, Number.MIN_VALUE);
      terms.addNoise(seen, full);
      for (let i = 0; i < n; i++) leftover[i] = s.base[i]! - rho[i]!;
      flux.spread(flow(rho), s.tau, leftover);
      let sum = 0;
      for (let i = 0; i < n; i++) if (leftover[i] !== 0) sum += leftover[i]! * full[i]!;
      return Math.abs(sum) * mesh.volume;
    },
    solve(s, rho) {
      const once = (): StageResult => {
        if (!newton) return linear(s, rho);
        terms.drops(phi, cells, s.t, drift);
        return newton(s, drift, rho, lastFlux);
      };
      flux.sharpen(rho);
      if (!terms.coupled) {
        if (newton || fresh || !rated) potential(s, rho);
        return once();
      }
      let iterations = 0;
      let before = Number.POSITIVE_INFINITY;
      for (let k = 0; k < maxPicard; k++) {
        potential(s, rho);
        if (k > 0) {
          const { defect, floor } = coupledDefect(s, rho);
          if (defect <= tolerance + floor) return { ok: true, iterations };
          if (k > 20 && defect > 0.98 * before) return stuck(defect, iterations);
          before = defect;
        }
        const result = once();
        iterations += result.iterations;
        if (!result.ok) return { ...result, iterations };
      }
      return stuck(before, iterations);
    },
  };

  /** defect of the stage with the interactions of rho itself, which are now in phi */
  function coupledDefect(s: StageProblem, rho: Float64Array): Defect {
    full.set(phi);
    terms.addPressure(rho, full);
    terms.drops(full, cells, s.t, drop);
    flux.rates(drop, up, down);
    stale = true;
    return stageDefect(mesh, s, rho, flow(rho), up, down, full, leftover);
  }
  function stuck(defect: number, iterations: number): StageResult {
    return {
      ok: false,
      iterations,
      reason: `the iteration on the interaction stalled at a relative residual of ${defect.toExponential(1)}; take a smaller step`,
    };
  }
}

/** L1 residual relative to the data, and what rounding alone leaves of it. */
interface Defect {
  readonly defect: number;
  readonly floor: number;
}
/** r = base - rho - tau (flux leaving - entering). */
function stageDefect(
  mesh: Mesh,
  s: StageProblem,
  rho: Float64Array,
  flow: Float64Array,
  up: Float64Array,
  down: Float64Array,
  phi: Float64Array,
  r: Float64Array,
): Defect {
  const { n, edges, from, to, stiffness } = mesh;
  let size = 0;
  let gross = 0;
  let height = 0;
  for (let i = 0; i < n; i++) {
    height = Math.max(height, Math.abs(phi[i]!));
    r[i] = s.base[i]! - rho[i]!;
    size += Math.abs(s.base[i]!);
    gross += rho[i]!;
  }
  for (let e = 0; e < edges; e++) {
    const tau = s.reach ? s.tau * s.reach[e]! : s.tau;
    const f = tau * flow[e]!;
    r[from[e]!] = r[from[e]!]! - f;
    r[to[e]!] = r[to[e]!]! + f;
    // rounding of the rates' products, and of the potential that makes the drop
    gross += tau * (up[e]! * rho[from[e]!]! + down[e]! * rho[to[e]!]! + stiffness[e]! * height * (rho[from[e]!]! + rho[to[e]!]!));
  }
  let sum = 0;
  for (let i = 0; i < n; i++) sum += Math.abs(r[i]!);
  return size > 0 ? { defect: sum / size, floor: (rounding * gross) / size } : { defect: 0, floor: 0 };
}

type Newton = (s: StageProblem, drift: Float64Array, rho: Float64Array, flow: Float64Array) => StageResult;

/**
 * Newton's method for pressures: the flux depends on both densities through U'. The matrix is again an exchange of rates >= 0.
 * Steps are cut so that no density falls below a tenth of itself and the L1 residual falls.
 */
function openNewton(mesh: Mesh, terms: StageTerms, flux: EdgeFlux, exchange: ExchangeSolver, tolerance: number, host: Host): Newton {
  const { n, edges, from, to } = mesh;
  const full = host.alloc(n);
  const drop = host.alloc(edges);
  const up = host.alloc(edges);
  const down = host.alloc(edges);
  const steep = host.alloc(edges);
  const ahead = host.alloc(edges);
  const behind = host.alloc(edges);
  const stiff = host.alloc(n);
  const g = host.alloc(n);
  const delta = host.alloc(n);
  const trial = host.alloc(n);
  const residual = (s: StageProblem, drift: Float64Array, rho: Float64Array, flow: Float64Array): Defect => {
    full.fill(0);
    terms.addPressure(rho, full);
    for (let e = 0; e < edges; e++) drop[e] = drift[e]! + full[from[e]!]! - full[to[e]!]!;
    flux.rates(drop, up, down);
    flux.flux(rho, up, down, flow);
    return stageDefect(mesh, s, rho, flow, up, down, full, g);
  };
  const jacobian = (s: StageProblem, rho: Float64Array, floor: number): void => {
    for (let i = 0; i < n; i++) trial[i] = Math.max(rho[i]!, floor);
    terms.stiffening(trial, stiff);
    flux.steepening(drop, rho, steep);
    for (let e = 0; e < edges; e++) {
      const tau = s.reach ? s.tau * s.reach[e]! : s.tau;
      ahead[e] = tau * (up[e]! + steep[e]! * stiff[from[e]!]!);
      behind[e] = tau * (down[e]! + steep[e]! * stiff[to[e]!]!);
    }
    exchange.prepare(ahead, behind, 1, null);
  };
  return (s, drift, rho, flow) => {
    let top = 0;
    for (let i = 0; i < n; i++) top = Math.max(top, rho[i]!);
    for (let i = 0; i < n; i++) rho[i] = Math.max(rho[i]!, jacobianFloor * top);
    let now = residual(s, drift, rho, flow);
    const stalled = (iterations: number): StageResult => ({
      ok: false,
      iterations,
      reason: `Newton's method stalled at a relative residual of ${now.defect.toExponential(1)}; take a smaller step`,
    });
    for (let iterations = 0; ; iterations++) {
      if (now.defect <= tolerance + now.floor) return finish(s, rho, iterations);
      if (iterations === maxNewton || !Number.isFinite(now.defect)) return stalled(iterations);
      jacobian(s, rho, jacobianFloor * top);
      delta.fill(0);
      const solved = exchange.solve(g, delta, Math.min(1e-2, Math.max(0.1 * now.defect, 1e-12)), false);
      if (!solved.ok) return { ok: false, iterations, reason: "the linear solve inside Newton's method stalled" };
      let next = now;
      for (let cut = 0, size = 1; cut < 12; cut++, size /= 2) {
        for (let i = 0; i < n; i++) trial[i] = Math.max(rho[i]! + size * delta[i]!, 0.1 * rho[i]!);
        next = residual(s, drift, trial, flow);
        if (next.defect < (1 - 1e-4 * size) * now.defect) break;
      }
      if (!(next.defect < now.defect)) return stalled(iterations);
      rho.set(trial);
      now = next;
    }
  };
  /** The residual is within the tolerance, and so is the mass: it is set to that of the data. */
  function finish(s: StageProblem, rho: Float64Array, iterations: number): StageResult {
    let want = 0;
    let have = 0;
    for (let i = 0; i < n; i++) {
      want += s.base[i]!;
      have += rho[i]!;
    }
    for (let i = 0; i < n; i++) rho[i] = rho[i]! * (want / have);
    return { ok: true, iterations };
  }
}
