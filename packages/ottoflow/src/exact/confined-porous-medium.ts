import type { Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { pow } from "../kernels/math.ts";
import { barenblattShape } from "../measure/barenblatt.ts";
import { formsOf, quadraticOf } from "./match.ts";
import { barenblattFlow, powerProblem, profileTime } from "./porous-medium.ts";

export const confinedPorousMedium: Unit<"exact"> = defineExact({
  kind: "confined-porous-medium",
  title: "Barenblatt profiles in a quadratic trap",
  tex: "\\partial_t \\rho = \\Delta \\rho^m + \\lambda\\, \\mathrm{div}((x - b) \\rho)",
  summary:
    "The power energy with an isotropic quadratic potential or attraction, started from a Barenblatt profile: a change of time and scale turns it into the free flow, so it stays a Barenblatt profile and relaxes to the one that is at rest.",
  refs: ["carrillo2000", "otto2001"],
  params: {},
  examples: [],
  build: () => (p: Problem) => {
    const q = powerProblem(p);
    if (!q || (q.lam === 0 && q.kappa === 0)) return null;
    const { m, time, centre } = p.initial.barenblatt!;
    const M = p.initial.mass;
    const s = barenblattShape(m, p.space.dim, M);
    return {
      label: "confined-porous-medium",
      title: "Barenblatt profile in a quadratic trap",
      refs: ["carrillo2000", "otto2001"],
      law: (t) => barenblattFlow(p.initial, q.factor, q.lam + q.kappa, q.lam, q.b, t - p.start),
      ...(q.b.every((v, k) => v === centre[k])
        ? {
            energy: (t: number) => {
              const now = profileTime(s.beta, q.factor, q.lam + q.kappa, time, t - p.start);
              return (
                (q.factor / (m - 1)) * s.powerIntegral * pow(now, -s.d * s.beta * (m - 1)) +
                0.5 * (q.lam + q.kappa) * s.secondMoment * pow(now, 2 * s.beta) +
                M * constant(p, q.b)
              );
            },
          }
        : {}),
    };
  },
});

/** V at its centre b, with the parts' own offsets. */
function constant(p: Problem, b: readonly number[]): number {
  const V = quadraticOf(formsOf(p)!.field, p.space.dim)!;
  // the centre b has A b = g, so V(b) = c - g'b / 2
  return V.c - 0.5 * V.g.reduce((s, g, k) => s + g * b[k]!, 0);
}
