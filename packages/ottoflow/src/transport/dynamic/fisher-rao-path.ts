/** Fisher and Rao's geodesic as a path job. */
import type { As, PathProblem } from "../../contract.ts";
import { definePath, type Unit } from "../../define.ts";
import { storeEnds } from "./ends.ts";
import { fisherRaoGeodesic } from "./fisher-rao-geodesic.ts";
import { atMost, knownPath, massKept } from "./known-path.ts";

export const fisherRaoPath: Unit<"path"> = definePath({
  kind: "fisher-rao",
  title: "Fisher–Rao: mass changes where it stands",
  tex: String.raw`\sqrt{\rho_t} = \frac{\sin((1 - t) \theta) \sqrt{\rho_0} + \sin(t \theta) \sqrt{\rho_1}}{\sin \theta}, \quad \cos \theta = \int \sqrt{\rho_0 \rho_1}`,
  summary:
    "The vertical geodesic between two densities: nothing moves, mass fades out here and in there, on the great circle of the square roots. Between far densities it shows two bumps at half time where displacement shows one. Closed form on any cells.",
  refs: ["chizat2018", "liero2018", "atkinson1981"],
  params: {},
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: {} },
  ],
  build: () => ({
    label: "fisher-rao",
    tex: String.raw`\min \int_0^1\!\!\int (\partial_t \rho)^2 / \rho \, dx \, dt`,
    refuses: (p) => (p.space.cells ? null : `needs a space of cells, not a ${p.space.kind}`),
    *solve(p) {
      yield { iteration: 0, upper: null, lower: null, fraction: null };
      return geodesicOf(p);
    },
  }),
});
function geodesicOf(p: PathProblem): ReturnType<typeof knownPath> {
  const ends = storeEnds(p, undefined, true);
  const [a, b] = [ends.from, ends.to].map((rho): As<"cells"> => ({ rep: "cells", space: p.space, rho })) as [As<"cells">, As<"cells">];
  const g = fisherRaoGeodesic(a, b);
  const half = g.at(0.5);
  const parts = fisherRaoGeodesic(a, half).arc + fisherRaoGeodesic(half, b).arc;
  return knownPath(p, {
    curve: g,
    action: g.arc * g.arc,
    convention: "action = int int (d_t rho)^2 / rho dx dt = (2 sqrt(mass) arccos affinity)^2 among measures of one mass",
    checks: [
      massKept(g, p.times, 1e-12),
      atMost(
        "constant-speed",
        "both halves against the whole, relative",
        g.arc > 0 ? Math.abs(parts / g.arc - 1) : 0,
        1e-9,
        "a geodesic is as long as its pieces",
        "at time 1/2",
      ),
    ],
    notes: ends.notes,
    figures: { affinity: g.affinity, hellinger2: g.hellinger2, arc: g.arc },
  });
}
