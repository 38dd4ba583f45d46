import type { Problem } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { affineLaw } from "../measure/affine.ts";
import { type AffineFlow, affineEnergy, affineMap, affineMoments } from "./affine.ts";
import { attractionOf, formsOf, isOpen, isTransport, quadraticOf } from "./match.ts";

export const translation: Unit<"exact"> = defineExact({
  kind: "translation",
  title: "affine motion without diffusion",
  tex: "X_t = m(t) + e^{-(A + \\kappa) t} (X_0 - m_0)",
  summary:
    "Quadratic potentials and quadratic attraction without temperature: every point moves affinely, so any initial law whose mean is known is carried along exactly, whatever its shape.",
  refs: ["ags2008", "mccann1997"],
  params: {},
  examples: [],
  fits: { parts: ["field", "pair"] },
  build: () => (p: Problem) => {
    const forms = formsOf(p);
    const start = p.initial.gaussian ?? p.initial.moments;
    if (!forms || !start || forms.local.length > 0 || !isTransport(p) || !isOpen(p)) return null;
    const d = p.space.dim;
    const V = quadraticOf(forms.field, d);
    const kappa = attractionOf(forms.pair);
    if (!V || kappa === null) return null;
    const flow: AffineFlow = { d, A: V.A, g: V.g, kappa: kappa * p.initial.mass, eps: 0 };
    return {
      label: "translation",
      title: "affine motion of the whole law",
      refs: ["ags2008"],
      law: (t) => {
        if (t === p.start) return p.initial;
        const M = affineMap(flow, t - p.start);
        const mean = affineMoments(flow, start, t - p.start).mean;
        return affineLaw(
          p.initial,
          M,
          mean.map((m, k) => start.mean.reduce((s, x, l) => s - M[k * d + l]! * x, m)),
        );
      },
      energy: (t) => affineEnergy(flow, V.c, affineMoments(flow, start, t - p.start), p.initial.mass),
    };
  },
});
