/** Schemes of the registry that can run a problem, with the parameters of their first fitting example. */
import type { Problem } from "../contract.ts";
import type { Unit } from "../define.ts";
import { Builder, contextOf } from "./build.ts";
import { lacks } from "./lacks.ts";
import { registry } from "./registry.gen.ts";

export async function alternatives(p: Problem, except?: string): Promise<readonly string[]> {
  const out: string[] = [];
  for (const [kind, load] of Object.entries(registry.scheme as Record<string, () => Promise<Unit<"scheme">>>)) {
    const unit = await load();
    for (const example of unit.examples) {
      const name = kind === except ? null : kind;
      const made = await new Builder({}).make("scheme", { kind, ...example.params }, "scheme", contextOf(p.space)).catch(() => null);
      if (made && name && lacks(p, made.built.takes).length === 0) {
        out.push(`"${name}"`);
        break;
      }
    }
  }
  return out;
}
