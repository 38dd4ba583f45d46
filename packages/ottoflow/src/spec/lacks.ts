/**
 * What a scheme cannot carry of a problem, asked by trait and never by name. One function makes every
 * "this scheme needs …; these would work: …" of errors, lists and greyed-out pickers.
 */
import type { Part, Problem, Takes, Trait } from "../contract.ts";

const words: Record<Trait, string> = {
  local: "energies of the density itself (like entropy or a power)",
  field: "potentials",
  pair: "interactions",
  general: "this special energy",
  cap: "a cap on the density",
  noise: "entropy as noise",
  transport: "a geometry that moves mass",
  mobility: "a non-linear mobility",
  reaction: "a geometry that creates and destroys mass in place",
  smoothing: "a kernel-smoothed geometry",
  apply: "a geometry that brings its own operator",
  drift: "a drift",
  "drift-noise": "noise that depends on the state",
  cells: "a space with cells (a box with `cells`)",
  grid: "a regular grid (a box with `cells`)",
  line: "a space of dimension one",
  gaussian: "a Gaussian initial measure",
};

/** Traits that the problem brings and a scheme must be able to carry. */
export function traitsOf(p: Problem): readonly Trait[] {
  const traits = new Set<Trait>();
  for (const part of p.parts) for (const t of traitsOfPart(part)) traits.add(t);
  const g = p.geometry;
  if (g.transport) traits.add(g.transport.linear ? "transport" : "mobility");
  if (g.reaction) traits.add("reaction");
  if (g.smoothing) traits.add("smoothing");
  if (g.apply) traits.add("apply");
  for (const d of p.drift) {
    if (d.velocity) traits.add("drift");
    if (d.noise) traits.add("drift-noise");
  }
  return [...traits];
}

/** A local part with constant r U'' may be carried as `local` or as `noise`; both are offered as alternatives. */
function traitsOfPart(part: Part): readonly Trait[] {
  if (part.form === "local") return part.cap !== undefined ? ["local", "cap"] : [part.noise !== undefined ? "noise" : "local"];
  return [part.form];
}

function has(p: Problem, trait: Trait): boolean {
  switch (trait) {
    case "cells":
      return p.space.cells !== undefined;
    case "grid":
      return p.space.grid !== undefined;
    case "line":
      return p.space.dim === 1;
    case "gaussian":
      return p.initial.gaussian !== undefined || p.initial.moments !== undefined;
    default:
      return traitsOf(p).includes(trait);
  }
}

/** Energies of a form of their own have nothing in common but their names. */
const generalOf = (p: Problem): string => [...new Set(p.parts.filter((part) => part.form === "general").map((part) => part.label))].join(" and ");

export interface Lack {
  readonly trait: Trait;
  /** "cannot carry …" or "needs …" */
  readonly why: string;
}

/** Empty when the scheme can run the problem. */
export function lacks(p: Problem, takes: Takes): readonly Lack[] {
  const out: Lack[] = [];
  for (const trait of traitsOf(p)) {
    const carried = takes.carries.includes(trait) || (trait === "noise" && takes.carries.includes("local"));
    if (!carried) out.push({ trait, why: `cannot carry ${trait === "general" ? generalOf(p) : words[trait]}` });
  }
  for (const trait of takes.needs) {
    // a space without cells has no grid of them either: one sentence is enough
    const said = trait === "grid" && takes.needs.includes("cells") && !has(p, "cells");
    if (!said && !has(p, trait)) out.push({ trait, why: `needs ${words[trait]}` });
  }
  const refused = out.length === 0 ? takes.refuses?.(p) : null;
  return refused ? [refused] : out;
}
