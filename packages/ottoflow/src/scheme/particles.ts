import type { Problem, Takes } from "../contract.ts";
import { defineScheme, type Unit } from "../define.ts";
import { openFunctional } from "../energy/total.ts";
import { expectCarried } from "../takes.ts";
import { openEnsemble } from "./ode/ensemble.ts";
import { timeParams } from "./ode/params.ts";
import { tableaus } from "./ode/runge-kutta.ts";

/** Atoms have no density; only where velocities are smoothed does entropy act on them, through the divergence of the kernel. */
const takes: Takes = {
  rep: "particles",
  carries: ["noise", "field", "pair", "general", "transport", "smoothing", "drift"],
  needs: [],
  refuses: ({ parts, geometry }: Problem) => {
    const local = parts.find((part) => part.form === "local" && (part.noise === undefined || !geometry.smoothing));
    if (!local) return null;
    return {
      trait: "local",
      why: `cannot carry ${local.label}: it is a function of the density, which atoms do not have; use "blob" (a regularised density) or, for entropy, "langevin" (noise)`,
    };
  },
};

/**
 * Deterministic particles: the Wasserstein gradient flow of the empirical measure, an ordinary differential equation
 * solved by Euler, Runge–Kutta 4 or Dormand–Prince 5(4) with the local error held below `tolerance`.
 * @throws {UnsupportedError} when the energy has a part of the density itself, which a sum of atoms does not have
 */
export const particles: Unit<"scheme"> = defineScheme({
  kind: "particles",
  title: "deterministic particles",
  tex: "\\dot x_i = -\\nabla \\frac{\\delta F}{\\delta\\rho}(x_i), \\qquad \\rho = \\sum_i w_i \\delta_{x_i}",
  summary:
    "Each particle follows the velocity of the flow at its place; a sum of atoms stays one and solves the flow exactly for potentials, interactions and other energies that need no density. Smoothed geometries (Stein) average the velocity by their kernel, and carry entropy as the repulsion that the kernel gives; drifts are added. At walls a particle keeps the part of its velocity along the wall. Energies of the density itself need `blob` or `langevin`.",
  refs: ["ags2008", "carrillo2011", "dormand1980", "liuwang2016"],
  params: {
    ...timeParams("rk4", 1e-9, ", as the root mean square over the particles (a bound on the Wasserstein distance)"),
  },
  examples: [
    { dim: 1, params: { step: 0.01 } },
    { dim: 1, params: { time: "euler", step: 0.01 } },
    { dim: 2, params: { time: "adaptive", step: 0.01, tolerance: 1e-8 } },
  ],
  build: ({ time, step, tolerance }) => {
    const tableau = tableaus[time];
    return {
      label: "particles",
      tex: "\\dot x_i = -\\nabla \\frac{\\delta F}{\\delta\\rho}(x_i)",
      promises: {
        order: tableau.order,
        mass: true,
        positivity: true,
        decay: false,
        stepBound: tableau.e ? false : `step * L <= ${tableau.reach} where L bounds the slope of the velocity (explicit method)`,
        ...(tableau.e ? {} : { reach: tableau.reach }),
      },
      clock: "free",
      step,
      takes,
      open(p, host) {
        expectCarried("particles", takes, p);
        const functional = openFunctional(
          p.parts.filter((part) => part.form !== "local"),
          p.space,
          host,
        );
        let noise = 0;
        for (const part of p.parts) if (part.form === "local") noise += part.noise!;
        return openEnsemble(p, host, {
          tableau,
          tolerance,
          slope: (m, t, out, warm) => functional.slope(m, t, out, warm),
          warm: (m) => functional.warm(m),
          values: (m, t, warm) => {
            const values = functional.values(m, t, warm)[Symbol.iterator]();
            return p.parts.map((part) => (part.form === "local" ? null : (values.next().value ?? null)));
          },
          noise,
          gradient: noise === 0,
          mend: `use a smaller step or "time": "adaptive"`,
        });
      },
    };
  },
});
