/** Linear mixing as a path job, to see beside geodesics. */
import type { As, PathProblem, PathResult } from "../../contract.ts";
import { definePath, type Unit } from "../../define.ts";
import { storeEnds } from "./ends.ts";
import { knownPath, massKept } from "./known-path.ts";
import { linearMixing } from "./linear-mixing.ts";

export const linearMixingPath: Unit<"path"> = definePath({
  kind: "linear-mixing",
  title: "linear mixing",
  tex: String.raw`\rho_t = (1 - t)\, \rho_0 + t\, \rho_1`,
  summary:
    "The straight line of densities: mass fades out here and in there at a constant rate. Shortest in L², and what an average of two measures means without transport. Energies that are convex along displacement may be concave along it, and the reverse.",
  refs: ["mccann1997"],
  params: {},
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: {} },
  ],
  build: () => ({
    label: "linear-mixing",
    tex: String.raw`\min \int_0^1\!\!\int |\partial_t \rho|^2 \, dx \, dt`,
    refuses: (p) => (p.space.cells ? null : `needs a space of cells, not a ${p.space.kind}`),
    *solve(p) {
      yield { iteration: 0, upper: null, lower: null, fraction: null };
      return mixed(p);
    },
  }),
});
function mixed(p: PathProblem): PathResult {
  const ends = storeEnds(p, undefined, true);
  const [a, b] = [ends.from, ends.to].map((rho): As<"cells"> => ({ rep: "cells", space: p.space, rho })) as [As<"cells">, As<"cells">];
  const { volume } = p.space.cells!;
  const action = ends.from.reduce((s, r, i) => s + (ends.to[i]! - r) * (ends.to[i]! - r) * volume[i]!, 0);
  const curve = linearMixing(a, b);
  return knownPath(p, {
    curve,
    action,
    convention: "action = int int |d_t rho|^2 dx dt, the squared distance in L2",
    checks: [massKept(curve, p.times, 1e-12)],
    notes: ends.notes,
  });
}
