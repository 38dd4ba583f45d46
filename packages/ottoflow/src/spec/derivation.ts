/** From the energy and the geometry of a problem to its equation, written out in TeX. */
import type { Part, Problem } from "../contract.ts";
import { factorTex, numberTex, ratioTex, sumTex } from "../formula/numerals.ts";

export interface Derivation {
  /** dF/drho part by part */
  readonly variations: readonly { readonly label: string; readonly tex: string }[];
  /** the first variation of the whole energy */
  readonly variation: string;
  /** the geometry's law with the first variation in its place */
  readonly equation: string;
  /** the same with diffusion written as such, where mass only moves by transport */
  readonly diffusion: string | null;
  /** the terms on the right of `diffusion`, each with the parts that it comes from; empty where there is none */
  readonly terms: readonly Term[];
}
export interface Term {
  readonly tex: string;
  readonly parts: readonly number[];
}
const slot = "\\tfrac{\\delta F}{\\delta\\rho}";

export function energyTex({ parts }: Problem): string {
  return `F(\\rho) = ${sumTex(parts.map((part) => part.tex)) || "0"}`;
}

export function derivationOf({ parts, geometry, drift }: Problem): Derivation {
  const variations = parts.map((part) => ({ label: part.label, tex: variationOf(part) }));
  if (parts.length === 0) return { variations, variation: "0", equation: "\\partial_t \\rho = \\text{the drift}", diffusion: null, terms: [] };
  const variation = sumTex(variations.map(({ tex }) => tex));
  const motion = drift.some((d) => d.velocity || d.noise) ? " + \\text{the drift}" : "";
  const whole = parts.length === 1 && !/ [+-] /.test(variation) ? `\\bigl(${variation}\\bigr)` : `\\Bigl(${variation}\\Bigr)`;
  const moves = geometry.transport?.linear && !geometry.reaction && !geometry.apply && !geometry.smoothing;
  return {
    variations,
    variation,
    equation: geometry.tex.replaceAll(slot, whole) + motion,
    diffusion: moves ? `\\partial_t \\rho = ${sumTex(termsOf(parts).map(({ tex }) => tex))}${motion}` : null,
    terms: moves ? termsOf(parts) : [],
  };
}

function variationOf(part: Part): string {
  if (part.variation !== undefined) return part.variation;
  switch (part.form) {
    case "local":
      if (part.noise !== undefined) return part.noise === 1 ? "\\log \\rho + 1" : `${factorTex(part.noise)}(\\log \\rho + 1)`;
      if (part.power) return `${ratioTex(part.power.factor * part.power.m, part.power.m - 1)}${raised(part.power.m - 1)}`;
      return "U'(\\rho)";
    case "field":
      return "V(x)";
    case "pair":
      return `\\int \\bigl(${part.W.tex}\\bigr) \\rho(dy)`;
    case "general":
      return slot;
  }
}

/** Diffusion of each local part, then one transport term for all others. */
function termsOf(parts: readonly Part[]): Term[] {
  const local = parts.flatMap((part, k): Term[] => (part.form === "local" ? [{ tex: diffusionTex(part), parts: [k] }] : []));
  const rest = parts.flatMap((part, k) => (part.form === "local" ? [] : [k]));
  if (rest.length === 0) return local;
  const tex = `\\nabla\\cdot\\Bigl(\\rho \\nabla \\bigl(${sumTex(rest.map((k) => variationOf(parts[k]!)))}\\bigr)\\Bigr)`;
  return [...local, { tex, parts: rest }];
}
function diffusionTex(part: Part & { readonly form: "local" }): string {
  if (part.noise !== undefined) return `${factorTex(part.noise)}\\Delta \\rho`;
  if (part.power) return `${factorTex(part.power.factor)}\\Delta ${raised(part.power.m)}`;
  return `\\nabla\\cdot\\bigl(\\rho \\nabla ${variationOf(part)}\\bigr)`;
}

const raised = (m: number): string => (m === 1 ? "\\rho" : `\\rho^{${numberTex(m)}}`);
