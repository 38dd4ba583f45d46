import type { As, PathProgress, PathResult, Work } from "../../contract.ts";
import { definePath, type Unit } from "../../define.ts";
import { specError } from "../../errors.ts";
import { type DynamicOptions, onOneGrid } from "./benamou-brenier.ts";
import { blockedBy, storeEnds } from "./ends.ts";
import { gridPath, solveGridPath } from "./grid-path.ts";

/**
 * The Wasserstein–Fisher–Rao (Hellinger–Kantorovich) geodesic between two densities on a grid, of any masses: min int int (|v|^2 + delta^2 g^2) / 2 rho
 * with d_t rho + div(rho v) = g rho. The action is WFR_delta; HK^2 = 2 WFR_{1/2}. Nothing travels further than pi delta.
 *
 * @throws {SpecError | ShapeError | UnsupportedError} on measures that do not fit together
 */
export function wassersteinFisherRaoPath(from: As<"cells">, to: As<"cells">, delta: number, options: Omit<DynamicOptions, "p" | "mobility"> = {}): PathResult {
  if (delta === undefined) throw specError("delta", "is missing: the length of growth, beyond pi times which nothing travels.");
  return solveGridPath({ ...options, ...onOneGrid(from, to), delta });
}

export const wassersteinFisherRao: Unit<"path"> = definePath({
  kind: "wasserstein-fisher-rao",
  title: "transport and growth: the Wasserstein–Fisher–Rao geodesic",
  tex: "\\min_{\\rho, v, g} \\int_0^1\\!\\!\\int \\tfrac12 \\bigl(|v|^2 + \\delta^2 g^2\\bigr) \\rho \\, dx \\, dt, \\quad \\partial_t \\rho + \\nabla\\cdot(\\rho v) = g \\rho",
  summary:
    "Between two densities of any masses: what is near moves, what is far dies here and is born there. The length δ weighs one against the other; from the distance πδ on, mass does not travel at all. The same splitting as for Benamou–Brenier, with one more component.",
  refs: ["chizat2018", "liero2018"],
  params: {
    delta: { type: "number", above: 0, default: 1, unit: "length", doc: "length δ: growth at rate g costs what the speed δ g costs" },
    steps: { type: "integer", min: 2, default: 32, refines: { by: 2, order: "seen" }, doc: "intervals of time" },
    obstacle: { type: "formula", of: "x", optional: true, doc: "cells at whose centre it is positive are missing" },
    tolerance: { type: "number", above: 0, default: 1e-3, refines: { by: 0.5, order: 1 }, doc: "gap over the action at which to stop" },
    iterations: { type: "integer", min: 1, default: 5000, doc: "most iterations" },
  },
  examples: [
    { dim: 1, params: { delta: 0.5, steps: 16 } },
    { dim: 2, params: { delta: 1, steps: 8, tolerance: 5e-3 } },
  ],
  build: ({ delta, steps, obstacle, tolerance, iterations }) => ({
    label: "wasserstein-fisher-rao",
    tex: `\\min \\int_0^1\\!\\!\\int \\tfrac12 (|v|^2 + \\delta^2 g^2) \\rho \\, dx \\, dt, \\quad \\delta = ${delta}`,
    refuses: (p) => (p.space.grid ? null : `needs a box of cells, not a ${p.space.kind}`),
    *solve(p): Work<PathProgress, PathResult> {
      const blocked = blockedBy(p.space, obstacle);
      const ends = storeEnds(p, blocked, false);
      return yield* gridPath({
        space: p.space,
        ...ends,
        delta,
        steps,
        tolerance,
        maxIterations: iterations,
        times: p.times,
        ...(blocked && { obstacle: blocked }),
      });
    },
  }),
});
