import type { Cells, Geometry, Host, Rows } from "../../contract.ts";
import { explicitSlab, type Slab, slabRate, slabWork } from "../../kernels/slab.ts";
import { rateRun, spreadRun, upwindRun } from "../../kernels/stencil.ts";
import { dissipation } from "./edges.ts";
import type { Transport } from "./implicit.ts";
import type { Mesh } from "./mesh.ts";
import { openRuns } from "./runs.ts";
import { faceValues } from "./slopes.ts";
import type { Terms } from "./terms.ts";

export interface Explicit extends Transport {
  /** largest step for which a forward Euler step from this state keeps every cell positive and does not amplify oscillations */
  bound(m: Cells, t: number): number;
}

/**
 * Heun's method (strong-stability preserving, order two) on the central-upwind flux
 *   F = M(a, b, drop) drop / h + eps (rho_i - rho_j) / h,
 * a and b the values on both sides of the face from limited slopes, drop the fall of the first variation of everything but noise
 * [carrillo2015fv]. A step that would leave a negative cell is refused.
 */
export function openExplicit(mesh: Mesh, terms: Terms, transport: NonNullable<Geometry["transport"]>, theta: number, host: Host): Explicit {
  const { n, space } = mesh;
  const phi = host.alloc(n);
  const stage = host.alloc(n);
  const reference = openReference(mesh, terms, transport.mobility, theta, host);
  const fast = transport.linear && !terms.drifting;
  const slab = fast && mesh.dim <= 2 ? openSlab(mesh, terms, theta, host) : null;
  const stiff = host.alloc(slab ? 0 : n);
  const rate = host.alloc(slab ? 0 : n);
  const move = slab ? slab.move : byRows(mesh, fast ? openFast(mesh, terms, theta, host) : reference.spread);
  const runs = openRuns(mesh);
  const m: { rep: "cells"; space: typeof space; rho: Rows } = { rep: "cells", space, rho: stage };
  const sample = (rho: Rows, t: number): Rows => {
    m.rho = rho;
    return terms.firstVariation(m, t, phi);
  };
  const skips = fast && mesh.dim <= 2 && terms.noise === 0 && terms.proportional !== null;
  const needed = (rho: Rows, t: number): Rows => (skips ? phi : sample(rho, t));
  return {
    advance(source, target, t, dt) {
      if (!move(source, needed(source, t), t, dt, 1, source, 0, stage)) return refused(dt);
      return move(stage, needed(stage, t + dt), t + dt, 0.5 * dt, 0.5, source, 0.5, target) ? { ok: true, iterations: 2 } : refused(dt);
    },
    dissipation: reference.dissipation,
    bound(state, t) {
      if (slab) return inverseOf(slab.rate(state.rho, (rho) => sample(rho, t)));
      const potential = sample(state.rho, t);
      terms.stiffening(state.rho, stiff);
      if (terms.drifting) return reference.bound(state.rho, t, potential, stiff);
      rate.fill(0);
      for (let k = 0; k < mesh.dim; k++) {
        const list = runs.cells[k]!;
        const g = 1 / (mesh.h[k]! * mesh.h[k]!);
        for (let q = 0; q < list.length; q += 5)
          rateRun(list[q]!, potential, state.rho, stiff, list[q + 1]!, list[q + 2]!, list[q + 3]!, g, terms.noise, list[q + 4]!, rate);
      }
      return inverseOfLargest(rate);
    },
  };
}

/** out = c source + d rho - factor * (flux leaving - entering) at rho; false where a cell of out is not >= 0. `source` may be out or rho. */
type Move = (rho: Rows, phi: Rows, t: number, factor: number, c: number, source: Rows, d: number, out: Rows) => boolean;

/** Upwind mobility on a line or in the plane: one kernel and one pass for a stage, and for the largest rate. */
function openSlab(mesh: Mesh, terms: Terms, theta: number, host: Host): { readonly move: Move; rate(rho: Rows, sample: (rho: Rows) => Rows): number } {
  const { noise, proportional, locals } = terms;
  const line = mesh.dim === 1;
  const [n0, n1] = line ? [1, mesh.n] : [mesh.shape[0]!, mesh.shape[1]!];
  // where the first variation is a multiple of the density and nothing else, the density itself stands for it
  const scale = noise === 0 ? (proportional ?? 1) : 1;
  const own = noise === 0 && proportional !== null;
  const g = mesh.h.map((h) => scale / (h * h));
  const [wrap0, wrap1] = line ? [false, mesh.periodic[0]!] : [mesh.periodic[0]!, mesh.periodic[1]!];
  const slab: Slab = { n0, n1, wrap0, wrap1, g0: line ? 0 : g[0]!, g1: line ? g[0]! : g[1]!, theta, noise };
  const work = host.alloc(slabWork(n1));
  const plain = { ...slab, g0: line ? 0 : 1 / (mesh.h[0]! * mesh.h[0]!), g1: 1 / (mesh.h[line ? 0 : 1]! * mesh.h[line ? 0 : 1]!) };
  const stiff = host.alloc(locals.length === 0 || own ? 0 : mesh.n);
  return {
    move: (rho, phi, _t, factor, c, source, d, out) => explicitSlab(slab, factor, rho, own ? rho : phi, c, source, d, out, work),
    rate(rho, sample) {
      if (own) return slabRate(plain, scale, rho, rho, scale);
      if (locals.length > 0) terms.stiffening(rho, stiff);
      return slabRate(plain, 1, rho, sample(rho), locals.length > 0 ? stiff : 0);
    },
  };
}

function byRows({ n }: Mesh, spread: Spread): Move {
  return (rho, phi, t, factor, c, source, d, out) => {
    for (let i = 0; i < n; i++) out[i] = c * source[i]! + d * rho[i]!;
    spread(rho, phi, t, factor, out);
    for (let i = 0; i < n; i++) if (!(out[i]! >= 0)) return false;
    return true;
  };
}

/** out -= factor * (flux leaving - entering) at rho, where phi holds the first variation of everything but noise. */
type Spread = (rho: Rows, phi: Rows, t: number, factor: number, out: Rows) => void;

/** The flux by runs of faces: upwind mobility, no drift. */
function openFast(mesh: Mesh, terms: Terms, theta: number, host: Host): Spread {
  const runs = openRuns(mesh);
  const flow = host.alloc(runs.longest);
  return (rho, phi, _t, factor, out) => {
    for (let k = 0; k < mesh.dim; k++) {
      const list = runs.faces[k]!;
      const g = 1 / (mesh.h[k]! * mesh.h[k]!);
      for (let q = 0; q < list.length; q += 5) {
        const length = list[q]!;
        const l = list[q + 2]!;
        const r = list[q + 3]!;
        upwindRun(length, rho, list[q + 1]!, l, r, list[q + 4]!, phi, terms.noise, g, theta, flow);
        spreadRun(length, flow, factor, l, r, out);
      }
    }
  };
}

interface Reference {
  readonly spread: Spread;
  readonly dissipation: Transport["dissipation"];
  bound(rho: Rows, t: number, phi: Rows, stiff: Rows): number;
}

/** The flux edge by edge, for any mobility and with drift. */
function openReference(mesh: Mesh, terms: Terms, mobility: NonNullable<Geometry["transport"]>["mobility"], theta: number, host: Host): Reference {
  const { n, edges, from, to, stiffness, space } = mesh;
  const drop = host.alloc(edges);
  const a = host.alloc(edges);
  const b = host.alloc(edges);
  const flow = host.alloc(edges);
  const slope = host.alloc(n);
  const lower = host.alloc(n);
  const own = host.alloc(n);
  const m: { rep: "cells"; space: typeof space; rho: Rows } = { rep: "cells", space, rho: own };
  /** leaves flow and drop behind */
  const flux = (rho: Rows, phi: Rows, t: number): void => {
    m.rho = rho;
    terms.drops(phi, m, t, drop);
    faceValues(mesh, rho, theta, lower, slope, a, b);
    mobility(edges, a, b, drop, flow);
    for (let e = 0; e < edges; e++) flow[e] = stiffness[e]! * (flow[e]! * drop[e]! + terms.noise * (rho[from[e]!]! - rho[to[e]!]!));
  };
  return {
    spread(rho, phi, t, factor, out) {
      flux(rho, phi, t);
      for (let e = 0; e < edges; e++) {
        const f = factor * flow[e]!;
        out[from[e]!] = out[from[e]!]! - f;
        out[to[e]!] = out[to[e]!]! + f;
      }
    },
    dissipation(s, t) {
      const cells = s.measure as Cells;
      terms.potential(cells, t, own);
      terms.addPressure(cells.rho, own);
      flux(cells.rho, own, t);
      own.fill(0);
      terms.addNoise(cells.rho, own);
      return dissipation(mesh, flow, drop, own);
    },
    bound(rho, t, phi, stiff) {
      m.rho = rho;
      terms.drops(phi, m, t, drop);
      return stepLimit(mesh, terms.noise, rho, drop, stiff, slope, lower);
    },
  };
}

const refused = (dt: number): { ok: false; reason: string } => ({
  ok: false,
  reason: `a step of ${dt} would empty a cell; the flow has outgrown the bound of its last state`,
});

/**
 * 1 / max over cells of [sum over axes of 2 max(outflow speed on both faces) / h + sum over faces of (eps + rho U'') / h^2]:
 * positivity of the limited upwind flux with central diffusion, and stability of the diffusion that hides in the drops.
 */
function stepLimit(mesh: Mesh, noise: number, rho: Rows, drop: Rows, stiff: Rows, rate: Rows, lower: Rows): number {
  const { dim, first, from, to, stiffness } = mesh;
  rate.fill(0);
  for (let k = 0; k < dim; k++) {
    lower.fill(0);
    for (let e = first[k]!; e < first[k + 1]!; e++) {
      const g = stiffness[e]!;
      const i = from[e]!;
      const j = to[e]!;
      const v = 2 * g * Math.abs(drop[e]!);
      const donor = drop[e]! > 0 ? i : j;
      if (v > lower[donor]!) {
        rate[donor] = rate[donor]! + v - lower[donor]!;
        lower[donor] = v;
      }
      rate[i] = rate[i]! + g * noise;
      rate[j] = rate[j]! + g * noise;
      if (rho[i]! > 0) rate[i] = rate[i]! + g * rho[i]! * stiff[i]!;
      if (rho[j]! > 0) rate[j] = rate[j]! + g * rho[j]! * stiff[j]!;
    }
  }
  return inverseOfLargest(rate);
}

function inverseOfLargest(rate: Rows): number {
  let most = 0;
  for (let i = 0; i < rate.length; i++) if (rate[i]! > most) most = rate[i]!;
  return inverseOf(most);
}
const inverseOf = (rate: number): number => (rate > 0 ? 1 / rate : Number.POSITIVE_INFINITY);
