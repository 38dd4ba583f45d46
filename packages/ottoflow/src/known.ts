/** What theory knows about a problem before it runs: gathered once, read by certificates only. */
import { modulusOf } from "./certify/modulus.ts";
import type { Certificate, ExactFlow, Known, Problem } from "./contract.ts";
import type { Context, Fits, Unit } from "./define.ts";
import { fits, registry } from "./spec/registry.gen.ts";

/** The first family of closed-form solutions that fits the problem by its facts, or null. Those that cannot are not loaded. */
export async function findExact(p: Problem): Promise<ExactFlow | null> {
  const context: Context = { dim: p.space.dim, space: p.space };
  const asked = Object.entries(registry.exact).filter(([kind]) => mayFit(p, fits[kind]));
  for (const unit of await Promise.all(asked.map(([, load]) => load()))) {
    const found = (unit.build as (v: object, c: Context) => (p: Problem) => ExactFlow | null)({}, context)(p);
    if (found) return found;
  }
  return null;
}
function mayFit(p: Problem, wanted: Fits | undefined): boolean {
  if (!wanted) return true;
  const { parts, start } = wanted;
  return p.parts.every(({ form }) => parts.includes(form)) && (start === undefined || p.initial[start] !== undefined);
}

export async function knownOf(p: Problem): Promise<Known> {
  return { exact: await findExact(p), modulus: modulusOf(p) };
}

/** Every certificate of the registry; each says itself where it does not apply. */
export async function allCertificates(p: Problem): Promise<readonly Certificate[]> {
  const context: Context = { dim: p.space.dim, space: p.space };
  const units: Unit<"certificate">[] = await Promise.all(Object.values(registry.certificate).map((load) => load()));
  return units.map((unit) => (unit.build as (v: object, c: Context) => Certificate)({}, context));
}
