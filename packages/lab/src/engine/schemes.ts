/** Schemes that can run a problem, with the parameters of their examples and the step of the one that runs. */
import type { Problem } from "ottoflow/contract";
import type { Unit } from "ottoflow/define";
import { Builder, contextOf } from "ottoflow/spec/build";
import { lacks } from "ottoflow/spec/lacks";
import { registry } from "ottoflow/spec/registry.gen";

export async function schemesFor(p: Problem, step: number | null): Promise<{ title: string; scheme: unknown }[]> {
  const found: { title: string; scheme: unknown }[] = [];
  for (const [kind, load] of Object.entries(registry.scheme as Record<string, () => Promise<Unit<"scheme">>>)) {
    const unit = await load();
    for (const example of unit.examples) {
      const scheme = { kind, ...(example.params as object), ...(step !== null && "step" in unit.params && { step }) };
      const made = await new Builder({}).make("scheme", scheme, "scheme", contextOf(p.space)).catch(() => null);
      if (!made || lacks(p, made.built.takes).length > 0) continue;
      const words = Object.entries(example.params as object).flatMap(([key, value]) =>
        typeof value === "string"
          ? [value]
          : typeof value === "object" && value !== null && "kind" in value
            ? [String(value.kind)]
            : key === "tolerance"
              ? ["to a tolerance"]
              : [],
      );
      const title = [unit.title, ...words].join(", ");
      if (!found.some((other) => other.title === title)) found.push({ title, scheme });
    }
  }
  return found;
}
