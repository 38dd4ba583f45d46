/** What theory knows about a problem before it runs: gathered once, read by certificates only. */
import { modulusOf } from "./certify/modulus.ts";
import type { Certificate, ExactFlow, Known, Problem } from "./contract.ts";
import type { Context, Unit } from "./define.ts";
import { registry } from "./spec/registry.gen.ts";

/** The first family of closed-form solutions that fits the problem by its facts, or null. */
export async function findExact(p: Problem): Promise<ExactFlow | null> {
  const context: Context = { dim: p.space.dim, space: p.space };
  for (const load of Object.values(registry.exact)) {
    const unit = await load();
    const found = (unit.build as (v: object, c: Context) => (p: Problem) => ExactFlow | null)({}, context)(p);
    if (found) return found;
  }
  return null;
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
