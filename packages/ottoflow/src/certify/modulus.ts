/** The modulus of convexity of F along Wasserstein geodesics, from the facts its parts carry. */
import type { Fact, Pair, Part, Problem } from "../contract.ts";

type How = Fact<number>["how"];
const trust: readonly How[] = ["proved", "checked", "sampled"];

/**
 * lambda with F lambda-displacement-convex, or null where a part carries no such fact. Interactions with lambda > 0 give
 * only 0, because translations cost them nothing; with lambda < 0 they give lambda times the mass.
 */
export function modulusOf(p: Problem): Fact<number> | null {
  const g = p.geometry;
  if (!g.transport?.linear || g.reaction || g.apply || g.smoothing || p.drift.length > 0) return null;
  let value = 0;
  let how: How = "proved";
  const because: string[] = [];
  for (const part of p.parts) {
    const f = modulusOfPart(part, p);
    if (f === null) return null;
    value += f.value;
    if (trust.indexOf(f.how) > trust.indexOf(how)) how = f.how;
    because.push(`${part.label}: ${f.value} (${f.because})`);
  }
  return { value, how, because: because.join("; ") };
}

function modulusOfPart(part: Part, p: Problem): Fact<number> | null {
  // convexity in R^d says nothing across the seam of a periodic axis; local energies need only that a torus is flat
  if (part.form !== "local" && p.space.grid?.periodic.some(Boolean)) return null;
  switch (part.form) {
    case "local": {
      const f = part.mccann?.(p.space.dim);
      return f?.value ? { value: 0, how: f.how, because: f.because } : null;
    }
    case "field":
      return part.moving ? null : (part.convex ?? null);
    case "pair":
      return modulusOfPair(part, p);
    case "general":
      return part.convex ?? null;
  }
}

function modulusOfPair(part: Pair, p: Problem): Fact<number> | null {
  const { convex, convexOnHalfLine } = part.W;
  if (p.space.dim === 1 && convexOnHalfLine?.value)
    return { value: 0, how: convexOnHalfLine.how, because: `${convexOnHalfLine.because}, enough in one dimension` };
  if (!convex) return null;
  return { ...convex, value: Math.min(0, convex.value) * p.initial.mass };
}

/** Whether the energy is a Lyapunov function of what the scheme computes: no drift, no moving potential. */
export function whyNoDescent(p: Problem): string | null {
  if (p.drift.length > 0) return `the drift ${p.drift.map((d) => d.label).join(", ")} is no gradient, so the energy may rise`;
  const moving = p.parts.find((part) => part.form === "field" && part.moving);
  return moving ? `the potential ${moving.label} depends on time, so the energy may rise` : null;
}
