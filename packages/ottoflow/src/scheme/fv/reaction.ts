import type { Cells, Geometry, Host, Rows } from "../../contract.ts";
import { exp, expm1, log } from "../../kernels/math.ts";
import type { Transport } from "./implicit.ts";
import type { Mesh } from "./mesh.ts";
import type { Terms } from "./terms.ts";

/** phi_1(-z) = (1 - e^{-z}) / z and phi_2(-z) = (e^{-z} - 1 + z) / z^2, by series near 0. */
function exponentials(z: number): readonly [number, number] {
  if (z < 1e-3) return [1 - (z / 2) * (1 - z / 3), 0.5 - (z / 6) * (1 - z / 4)];
  const e = expm1(-z);
  return [-e / z, (e + z) / (z * z)];
}

/**
 * d rho/dt = -rate rho (xi - c), c the mean of xi under rho where mass is kept and 0 elsewhere, in the logarithm of rho:
 *   d log rho / dt = -rate (noise log rho + rest - c).
 * Exponential Heun method: the entropy's part exactly, the rest to second order. Densities stay positive, zero stays zero, and
 * where mass is kept the result is normalised to it, which the free constant c allows.
 */
export function openReaction(mesh: Mesh, terms: Terms, reaction: NonNullable<Geometry["reaction"]>, host: Host): Transport {
  const { n, space } = mesh;
  const { rate, keepsMass } = reaction;
  const logs = host.alloc(n);
  const first = host.alloc(n);
  const second = host.alloc(n);
  const stage = host.alloc(n);
  const m: { rep: "cells"; space: typeof space; rho: Rows } = { rep: "cells", space, rho: stage };

  /** everything in the first variation but noise * log rho */
  const rest = (rho: Rows, t: number, out: Rows): void => {
    m.rho = rho;
    terms.potential(m, t, out);
    terms.addPressure(rho, out);
    for (let i = 0; i < n; i++) out[i] = out[i]! + terms.noiseShift;
  };
  return {
    advance(from, to, t, dt) {
      let mass = 0;
      for (let i = 0; i < n; i++) {
        mass += from[i]!;
        logs[i] = log(from[i]!);
      }
      const decay = rate * terms.noise * dt;
      const keep = exp(-decay);
      const [phi1, phi2] = exponentials(decay);
      rest(from, t, first);
      for (let i = 0; i < n; i++) stage[i] = keep * logs[i]! - dt * rate * phi1 * first[i]!;
      exponentiate(n, stage, stage, keepsMass ? mass : null);
      rest(stage, t + dt, second);
      for (let i = 0; i < n; i++) logs[i] = keep * logs[i]! - dt * rate * (phi1 * first[i]! + phi2 * (second[i]! - first[i]!));
      exponentiate(n, logs, to, keepsMass ? mass : null);
      for (let i = 0; i < n; i++) if (!Number.isFinite(to[i]!)) return { ok: false, reason: "the density has outgrown all numbers" };
      return { ok: true, iterations: 1 };
    },
    dissipation(s, t) {
      const rho = (s.measure as Cells).rho;
      rest(rho, t, first);
      let mass = 0;
      let mean = 0;
      let square = 0;
      for (let i = 0; i < n; i++) {
        const r = rho[i]!;
        if (r === 0) continue;
        const xi = first[i]! + terms.noise * log(r);
        mass += r;
        mean += r * xi;
        square += r * xi * xi;
      }
      const spread = keepsMass && mass > 0 ? square - (mean * mean) / mass : square;
      return rate * Math.max(spread, 0) * mesh.volume;
    },
  };
}

/** out = e^{logs}, scaled to the given sum where there is one; the largest entry is taken out first, so that nothing overflows. */
function exponentiate(n: number, logs: Rows, out: Rows, mass: number | null): void {
  let top = 0;
  if (mass !== null) {
    top = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < n; i++) top = Math.max(top, logs[i]!);
    if (top === Number.NEGATIVE_INFINITY) top = 0;
  }
  let sum = 0;
  for (let i = 0; i < n; i++) {
    out[i] = exp(logs[i]! - top);
    sum += out[i]!;
  }
  if (mass === null || !(sum > 0)) return;
  const factor = mass / sum;
  for (let i = 0; i < n; i++) out[i] = out[i]! * factor;
}

/** Reaction for half a step, transport for a step, reaction for half a step (Strang): order two where both are. */
export function strang(transport: Transport, reaction: Transport): Transport {
  return {
    advance(from, to, t, dt) {
      const before = reaction.advance(from, to, t, dt / 2);
      if (!before.ok) return before;
      const middle = transport.advance(to, to, t, dt);
      if (!middle.ok) return middle;
      const after = reaction.advance(to, to, t + dt / 2, dt / 2);
      return after.ok ? middle : after;
    },
    dissipation: (s, t) => transport.dissipation(s, t) + reaction.dissipation(s, t),
  };
}
