import type { Cells, Geometry, Host, Rows } from "../../contract.ts";
import type { Explicit } from "./explicit.ts";
import type { Mesh } from "./mesh.ts";
import type { Terms } from "./terms.ts";

/** Heun's method for a geometry that brings its own operator: d rho/dt = -K(rho) xi. Promises no sign. */
export function openOwn(mesh: Mesh, terms: Terms, apply: NonNullable<NonNullable<Geometry["apply"]>["cells"]>, host: Host): Explicit {
  const { n, space, volume } = mesh;
  const xi = host.alloc(n);
  const one = host.alloc(n);
  const two = host.alloc(n);
  const stage = host.alloc(n);
  const m: { rep: "cells"; space: typeof space; rho: Rows } = { rep: "cells", space, rho: stage };
  const speed = (rho: Rows, t: number, out: Rows): void => {
    m.rho = rho;
    terms.potential(m, t, xi);
    terms.addPressure(rho, xi);
    terms.addNoise(rho, xi);
    apply(m, xi, out);
  };
  return {
    advance(from, to, t, dt) {
      speed(from, t, one);
      for (let i = 0; i < n; i++) stage[i] = from[i]! - dt * one[i]!;
      speed(stage, t + dt, two);
      for (let i = 0; i < n; i++) {
        to[i] = from[i]! - 0.5 * dt * (one[i]! + two[i]!);
        if (!Number.isFinite(to[i]!)) return { ok: false, reason: "the density left the domain of the energy" };
      }
      return { ok: true, iterations: 2 };
    },
    dissipation(s, t) {
      speed((s.measure as Cells).rho, t, one);
      let sum = 0;
      for (let i = 0; i < n; i++) sum += xi[i]! * one[i]!;
      return sum * volume;
    },
    bound(state) {
      terms.stiffening(state.rho, one);
      let most = 0;
      for (let i = 0; i < n; i++) most = Math.max(most, one[i]! + (terms.noise > 0 && state.rho[i]! > 0 ? terms.noise / state.rho[i]! : 0));
      return most > 0 ? 1 / most : Number.POSITIVE_INFINITY;
    },
  };
}
