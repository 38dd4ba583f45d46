/** What a flow is called: read off the facts of its parts and of its geometry, never off the kinds of its units. */
import type { Part, Problem } from "../contract.ts";

/** What a part does to the density. */
type Trait = "diffusion" | "slow" | "fast" | "nonlinear" | "field" | "pair" | "general";

function traitOf(part: Part): Trait {
  if (part.form !== "local") return part.form;
  if (part.noise !== undefined) return "diffusion";
  if (part.power) return part.power.m > 1 ? "slow" : "fast";
  return "nonlinear";
}

/** By the traits that are there, in the order of `Trait`. */
const names: Readonly<Record<string, string>> = {
  diffusion: "heat equation",
  slow: "porous medium equation",
  fast: "fast diffusion equation",
  nonlinear: "nonlinear diffusion",
  "diffusion field": "Fokker\u2013Planck equation",
  "slow field": "porous medium equation with a potential",
  "fast field": "fast diffusion equation with a potential",
  "nonlinear field": "nonlinear Fokker\u2013Planck equation",
  "diffusion pair": "McKean\u2013Vlasov equation",
  "diffusion field pair": "McKean\u2013Vlasov equation",
  "slow pair": "aggregation\u2013diffusion equation",
  "fast pair": "aggregation\u2013diffusion equation",
  "slow field pair": "aggregation\u2013diffusion equation",
  "fast field pair": "aggregation\u2013diffusion equation",
  "diffusion slow": "heat and porous medium equation",
  field: "transport down a potential",
  pair: "aggregation equation",
  "field pair": "aggregation equation with a potential",
};
const order: readonly Trait[] = ["diffusion", "slow", "fast", "nonlinear", "field", "pair", "general"];

/** The name under which the field knows the flow, or null where it has none here. */
export function flowName({ parts, geometry, drift }: Problem): string | null {
  if (parts.length === 0 || geometry.apply || geometry.smoothing) return null;
  const { transport, reaction } = geometry;
  if (reaction)
    return `${transport ? "Wasserstein\u2013Fisher\u2013Rao" : "Fisher\u2013Rao"} gradient flow${reaction.keepsMass ? " of probability measures" : ""}`;
  if (!transport?.linear) return null;
  const traits = new Set(parts.map(traitOf));
  const name = names[order.filter((trait) => traits.has(trait)).join(" ")];
  if (name === undefined) return null;
  const quadratic = parts.every((part) => part.form !== "field" || part.quadratic !== undefined);
  const linear = name === names["diffusion field"] && quadratic ? "Ornstein\u2013Uhlenbeck process, by its Fokker\u2013Planck equation" : name;
  return drift.length > 0 ? `${linear} with a drift that is no gradient` : linear;
}
