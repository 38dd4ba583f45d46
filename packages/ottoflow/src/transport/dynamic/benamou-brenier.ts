import type { As, PathProgress, PathResult, Work } from "../../contract.ts";
import { definePath, type Unit } from "../../define.ts";
import { OttoflowError, specError } from "../../errors.ts";
import type { Formula } from "../../params.ts";
import { expectMeasure } from "../sound.ts";
import { blockedBy, storeEnds } from "./ends.ts";
import { type GridPathInput, gridPath, solveGridPath } from "./grid-path.ts";
import { concaveMobility, exclusionMobility, linearMobility, type Mobility } from "./mobility.ts";

export type DynamicOptions = Omit<GridPathInput, "space" | "from" | "to" | "delta">;

/** The rows of two measures on the same grid. @throws {UnsupportedError | SpecError} for other storages and other grids */
export function onOneGrid(from: As<"cells">, to: As<"cells">): Pick<GridPathInput, "space" | "from" | "to"> {
  expectMeasure("from", from);
  expectMeasure("to", to);
  const [a, b] = [from.space.grid, to.space.grid];
  if (!a || !b) throw new OttoflowError("UnsupportedError", "Dynamic transport needs two densities on a box of cells.", { missing: ["grid"] });
  if (a !== b && JSON.stringify([a.shape, a.lower, a.h, a.periodic]) !== JSON.stringify([b.shape, b.lower, b.h, b.periodic]))
    throw specError("to", "stands on another grid than the first measure. Store both on one.");
  return { space: from.space, from: Float64Array.from(from.rho), to: Float64Array.from(to.rho) };
}

/**
 * W_p^p and the geodesic between two densities on a grid by Benamou and Brenier's formula: min int int |v|^p rho with
 * d_t rho + div(rho v) = 0, also around obstacles, below a cap and for other mobilities. To its end at once; `gridPath` is the job that yields.
 *
 * @example
 * const path = benamouBrenier(a, b, { steps: 32 });
 * console.log(Math.sqrt(path.action), path.gap, path.continuous);
 * @throws {SpecError | ShapeError | UnsupportedError} on measures that do not fit together
 */
export function benamouBrenierPath(from: As<"cells">, to: As<"cells">, options: DynamicOptions = {}): PathResult {
  if ("delta" in options) throw specError("delta", "lets mass grow, which wassersteinFisherRaoPath(from, to, delta) is for.");
  return solveGridPath({ ...options, ...onOneGrid(from, to) });
}

function mobilityOf(kind: "linear" | "exclusion" | "formula", cap: number | undefined, formula: Formula | undefined): Mobility {
  if (kind === "linear") return linearMobility(cap);
  if (cap === undefined) throw specError("cap", `is missing: the mobility "${kind}" needs the largest density.`);
  if (kind === "exclusion") return exclusionMobility(cap);
  if (!formula) throw specError("formula", 'is missing: the mobility "formula" is one of r.');
  const x = new Float64Array(1);
  const out = new Float64Array(1);
  const at = (f: "value" | "gradient", r: number): number => {
    x[0] = r;
    formula[f](1, x, 0, out);
    return out[0]!;
  };
  return concaveMobility({ tex: formula.tex, top: cap, value: (r) => at("value", r), slope: (r) => at("gradient", r) });
}

export const benamouBrenier: Unit<"path"> = definePath({
  kind: "benamou-brenier",
  title: "Benamou–Brenier: the shortest path of a density",
  tex: "\\min_{\\rho, v} \\int_0^1\\!\\!\\int |v|^p \\rho \\, dx \\, dt, \\quad \\partial_t \\rho + \\nabla\\cdot(\\rho v) = 0",
  summary:
    "Optimal transport as a flow of least action between two densities on a grid, which also goes around obstacles, stays below a cap and takes other mobilities M(ρ) in place of ρ (then the flux m costs |m|^p / M^(p-1)). Staggered in space and time, split into a pointwise step and a Poisson equation in space and time. Both sides are made feasible: the gap is that of the discrete problem, and two further bounds hold for the problem on the continuum.",
  refs: ["benamou2000", "papadakis2014", "dolbeault2009"],
  params: {
    exponent: { type: "number", above: 1, default: 2, doc: "exponent p of the speed; the action is W_p^p" },
    steps: { type: "integer", min: 2, default: 32, refines: { by: 2, order: "seen" }, doc: "intervals of time" },
    mobility: { type: "choice", of: ["linear", "exclusion", "formula"], default: "linear", doc: "M(r) = r, r (1 - r / cap), or a formula" },
    cap: { type: "number", above: 0, optional: true, unit: "density", doc: "largest density; none unless said" },
    formula: { type: "formula", of: "r", optional: true, doc: "M(r), concave and not negative up to the cap" },
    obstacle: { type: "formula", of: "x", optional: true, doc: "cells at whose centre it is positive are missing" },
    tolerance: { type: "number", above: 0, default: 1e-3, refines: { by: 0.5, order: 1 }, doc: "gap over the action at which to stop" },
    iterations: { type: "integer", min: 1, default: 5000, doc: "most iterations" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { steps: 8, obstacle: "0.3 - abs(x) - abs(y)" } },
    { dim: 1, params: { mobility: "exclusion", cap: 3, steps: 8 } },
  ],
  build: ({ exponent, steps, mobility, cap, formula, obstacle, tolerance, iterations }) => {
    const m = mobilityOf(mobility, cap, formula);
    return {
      label: "benamou-brenier",
      tex: `\\min \\int_0^1\\!\\!\\int \\frac{|m|^p}{M(\\rho)^{p-1}} \\, dx \\, dt, \\quad p = ${exponent}, \\quad M(\\rho) = ${m.tex}`,
      refuses: (p) => (p.space.grid ? null : `needs a box of cells, not a ${p.space.kind}`),
      *solve(p): Work<PathProgress, PathResult> {
        const blocked = blockedBy(p.space, obstacle);
        const ends = storeEnds(p, blocked, true);
        return yield* gridPath({
          space: p.space,
          ...ends,
          p: exponent,
          steps,
          mobility: m,
          tolerance,
          maxIterations: iterations,
          times: p.times,
          ...(blocked && { obstacle: blocked }),
        });
      },
    };
  },
});
