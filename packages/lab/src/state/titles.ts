/** What tells two runs of a comparison apart. */
import type { Comparison } from "./seen.ts";

interface Compared {
  readonly variant: string;
  readonly variants: readonly string[];
  readonly spec: Readonly<Record<string, unknown>>;
  readonly comparison: Comparison | null;
  readonly opening: { readonly law: { readonly scheme: { readonly label: string } | null; readonly solver?: string } } | null;
}
export const secondTitle = ({ comparison: c }: Compared): string => (c === null ? "" : "variant" in c ? c.variant : c.title);
export function firstTitle({ variant, variants, spec, opening }: Compared): string {
  // the variant that changes nothing is the spec as it is written
  const plain = variants.find((name) => Object.keys((spec.variants as Record<string, object>)[name] ?? { no: 1 }).length === 0);
  return variant || plain || opening?.law.scheme?.label || opening?.law.solver || "";
}
