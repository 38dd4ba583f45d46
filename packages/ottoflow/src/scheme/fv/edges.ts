import type { Cells, Host, Rows } from "../../contract.ts";
import { edgeFlux, edgeSpread } from "../../kernels/edges.ts";
import { divide, scale } from "../../kernels/reductions.ts";
import type { Mesh } from "./mesh.ts";
import { faceValues } from "./slopes.ts";
import type { Terms } from "./terms.ts";
import type { EdgeWeights } from "./weights.ts";

/**
 * Flux through an edge per unit of volume, as a function of the densities on both sides and of drop = phi_i - phi_j:
 * with noise, eps / h^2 (forth rho_i - back rho_j); without, upwind: drop / h^2 times the density of the side that is left, times
 * its factor from `sharpen`.
 */
export interface EdgeFlux {
  /**
   * Second order without noise: the ratios (value at the face) / (cell average) of a nearby density, from limited slopes. Flux stays
   * proportional to the density that is left, so positivity, the matrix and the fall of energy are those of plain upwind; the
   * ratios of the step's first density are off by (step * h).
   */
  sharpen(rho: Rows): void;
  /** flux = up rho_i - down rho_j at fixed drop, per edge */
  rates(drop: Rows, up: Rows, down: Rows): void;
  /** flux = up rho_i - down rho_j */
  flux(rho: Rows, up: Rows, down: Rows, out: Rows): void;
  /** d flux / d drop >= 0 */
  steepening(drop: Rows, rho: Rows, out: Rows): void;
  /** out_i -= factor * (flux leaving - flux entering) */
  spread(flux: Rows, factor: number, out: Rows): void;
}

export function openEdgeFlux(mesh: Mesh, noise: number, law: EdgeWeights, theta: number, host: Host): EdgeFlux {
  const { edges } = mesh;
  const z = host.alloc(edges);
  const other = host.alloc(edges);
  // written by `sharpen` and read without noise alone
  const ahead = host.alloc(noise === 0 ? edges : 0).fill(1);
  const behind = host.alloc(noise === 0 ? edges : 0).fill(1);
  const slope = host.alloc(noise === 0 ? mesh.n : 0);
  const lower = host.alloc(noise === 0 ? mesh.n : 0);
  return {
    sharpen(rho) {
      if (noise !== 0) return;
      const { from, to } = mesh;
      faceValues(mesh, rho, theta, lower, slope, ahead, behind);
      for (let e = 0; e < edges; e++) {
        ahead[e] = rho[from[e]!]! > 0 ? ahead[e]! / rho[from[e]!]! : 1;
        behind[e] = rho[to[e]!]! > 0 ? behind[e]! / rho[to[e]!]! : 1;
      }
    },
    rates(drop, up, down) {
      if (noise === 0) {
        const { stiffness } = mesh;
        for (let e = 0; e < edges; e++) {
          const v = drop[e]! * stiffness[e]!;
          up[e] = v > 0 ? v * ahead[e]! : 0;
          down[e] = v > 0 ? 0 : -v * behind[e]!;
        }
        return;
      }
      divide(edges, -noise, drop, up);
      law.weights(edges, up, up, down);
      for (let k = 0; k < mesh.dim; k++) {
        const [start, end] = [mesh.first[k]!, mesh.first[k + 1]!];
        if (start < end) for (const of of [up, down]) scale(end - start, noise * mesh.coupling[k]!, of.subarray(start, end));
      }
    },
    flux(rho, up, down, out) {
      for (const run of mesh.runs) edgeFlux(run, up, down, rho, out);
    },
    steepening(drop, rho, out) {
      const { from, to, stiffness } = mesh;
      if (noise === 0) {
        for (let e = 0; e < edges; e++) out[e] = stiffness[e]! * (drop[e]! > 0 ? ahead[e]! * rho[from[e]!]! : behind[e]! * rho[to[e]!]!);
        return;
      }
      for (let e = 0; e < edges; e++) z[e] = -drop[e]! / noise;
      law.derivatives(edges, z, out, other);
      for (let e = 0; e < edges; e++) out[e] = -stiffness[e]! * (out[e]! * rho[from[e]!]! - other[e]! * rho[to[e]!]!);
    },
    spread(flux, factor, out) {
      for (const run of mesh.runs) edgeSpread(run, flux, factor, out);
    },
  };
}

/**
 * sum over edges of flux * (drop + noise (log rho_i - log rho_j)) * volume, which is -dF/dt along the semi-discrete flow:
 * +inf where mass meets vacuum under noise. `noisy` holds the first variation of the noise parts per cell.
 */
export function dissipation(mesh: Mesh, flux: Rows, drop: Rows, noisy: Rows): number {
  const { edges, from, to, volume } = mesh;
  let sum = 0;
  for (let e = 0; e < edges; e++) {
    if (flux[e] !== 0) sum += flux[e]! * (drop[e]! + (noisy[from[e]!]! - noisy[to[e]!]!));
  }
  return sum * volume;
}

/** phi = fields + interactions + pressures at the state, and the drops along the edges. */
export function sampleDrops(terms: Terms, m: Cells, t: number, phi: Rows, drop: Rows): void {
  terms.potential(m, t, phi);
  terms.addPressure(m.rho, phi);
  terms.drops(phi, m, t, drop);
}
