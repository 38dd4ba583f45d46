import type { Cells, Geometry, Host, Rows } from "../../contract.ts";
import { dissipation, sampleDrops } from "./edges.ts";
import type { Transport } from "./implicit.ts";
import type { Mesh } from "./mesh.ts";
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
export function openExplicit(mesh: Mesh, terms: Terms, mobility: NonNullable<Geometry["transport"]>["mobility"], theta: number, host: Host): Explicit {
  const { n, edges, from, to, stiffness, space } = mesh;
  const phi = host.alloc(n);
  const drop = host.alloc(edges);
  const a = host.alloc(edges);
  const b = host.alloc(edges);
  const flow = host.alloc(edges);
  const slope = host.alloc(n);
  const lower = host.alloc(n);
  const stage = host.alloc(n);
  const stiff = host.alloc(n);
  const m: { rep: "cells"; space: typeof space; rho: Rows } = { rep: "cells", space, rho: stage };

  /** flow = flux per unit volume at (rho, t); leaves the drops behind */
  const flux = (rho: Rows, t: number): void => {
    m.rho = rho;
    sampleDrops(terms, m, t, phi, drop);
    faceValues(mesh, rho, theta, lower, slope, a, b);
    mobility(edges, a, b, drop, flow);
    for (let e = 0; e < edges; e++) flow[e] = stiffness[e]! * (flow[e]! * drop[e]! + terms.noise * (rho[from[e]!]! - rho[to[e]!]!));
  };
  const spread = (factor: number, out: Rows): void => {
    for (let e = 0; e < edges; e++) {
      const f = factor * flow[e]!;
      out[from[e]!] = out[from[e]!]! - f;
      out[to[e]!] = out[to[e]!]! + f;
    }
  };
  const negative = (rho: Rows): boolean => {
    for (let i = 0; i < n; i++) if (!(rho[i]! >= 0)) return true;
    return false;
  };
  return {
    advance(source, target, t, dt) {
      flux(source, t);
      for (let i = 0; i < n; i++) stage[i] = source[i]!;
      spread(dt, stage);
      if (negative(stage)) return refused(dt);
      flux(stage, t + dt);
      for (let i = 0; i < n; i++) target[i] = 0.5 * (source[i]! + stage[i]!);
      spread(0.5 * dt, target);
      return negative(target) ? refused(dt) : { ok: true, iterations: 2 };
    },
    dissipation(s, t) {
      const rho = (s.measure as Cells).rho;
      flux(rho, t);
      phi.fill(0);
      terms.addNoise(rho, phi);
      return dissipation(mesh, flow, drop, phi);
    },
    bound(state, t) {
      sampleDrops(terms, state, t, phi, drop);
      terms.stiffening(state.rho, stiff);
      return stepLimit(mesh, terms.noise, state.rho, drop, stiff, slope, lower);
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
  const { n, dim, first, from, to, stiffness } = mesh;
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
  let most = 0;
  for (let i = 0; i < n; i++) if (rate[i]! > most) most = rate[i]!;
  return most > 0 ? 1 / most : Number.POSITIVE_INFINITY;
}
