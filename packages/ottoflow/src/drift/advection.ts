import type { Fact } from "../contract.ts";
import { defineDrift, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { makeFormula } from "../formula/formula.ts";
import type { Formula } from "../params.ts";

/** div v = sum_k d_k v_k, where every component is a polynomial of degree at most one: then it is a number. */
function divergence(components: readonly Formula[]): number | null {
  let sum = 0;
  for (const [k, v] of components.entries()) {
    const q = v.quadratic();
    if (q === null || q.A.some((a) => a !== 0)) return null;
    sum += q.b[k]!;
  }
  return sum;
}

export const advection: Unit<"drift"> = defineDrift({
  kind: "advection",
  title: "advection",
  tex: "\\partial_t \\rho = -\\nabla\\cdot(\\rho v)",
  summary:
    "Carries mass along a given velocity field, one formula per axis, which may be a number, depend on the place and on the time. It is added to the flow of the energy; without an energy the run is pure transport.",
  refs: ["ags2008"],
  params: {
    velocity: {
      type: "texts",
      formulas: { of: "x", time: true },
      doc: 'velocity along each axis, one formula in the coordinates and t per axis, such as ["1", "0"] or ["-y", "x"]',
    },
  },
  examples: [
    { dim: 1, params: { velocity: ["1"] } },
    { dim: 2, params: { velocity: ["-y", "x*cos(t)"] } },
  ],
  build: ({ velocity }, { dim }) => {
    if (velocity.length !== dim) throw specError("drift.velocity", `got ${velocity.length} formulas when expected ${dim}, one per axis of the space.`);
    const components = velocity.map((text, k) => makeFormula(text, { of: "x", dim, time: true, path: `drift.velocity[${k}]` }));
    const div = divergence(components);
    const divergenceFree: Fact<boolean> | undefined =
      div === 0 ? { value: true, how: "checked", because: "the components are of degree one and the trace of their coefficients is 0" } : undefined;
    return {
      label: "advection",
      tex: `v = \\bigl(${components.map((v) => v.tex).join(",\\, ")}\\bigr)`,
      velocity(_m, n, x, t, out) {
        components.forEach((v, k) => {
          v.value(n, x, t, out.subarray(k * n, (k + 1) * n));
        });
      },
      ...(divergenceFree ? { divergenceFree } : {}),
    };
  },
});
