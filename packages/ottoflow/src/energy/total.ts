import type { Host, Measure, Part, Rows, Space } from "../contract.ts";
import { openField } from "./forms/field.ts";
import { openLocal } from "./forms/local.ts";
import type { PartOn } from "./forms/on.ts";
import { openPair } from "./forms/pair.ts";

/**
 * A list of parts opened on a space: F = sum of the values, and the sum of the slopes.
 *
 * `slope` writes, by storage: cells [n] dF/drho; particles [d * n] the gradient of dF/drho at the points, so that the
 * Wasserstein flow moves with its negative; Gaussians [d + d * d] the pair (E grad, G) with m' = -E grad and
 * S' = -(G S + S G), where G = 2 dF/dS (E Hess V for potentials, -eps S^{-1} for entropy).
 */
export interface Functional {
  /** per part; null where the part is undefined on that storage */
  values(m: Measure, t: number): (number | null)[];
  slope(m: Measure, t: number, out: Rows): void;
}

export function openFunctional(parts: readonly Part[], space: Space, host: Host): Functional {
  const opened = parts.map((part) => openPart(part, space, host));
  return {
    values: (m, t) => opened.map((part) => part.value(m, t)),
    slope(m, t, out) {
      out.fill(0);
      for (const part of opened) part.slope(m, t, out);
    },
  };
}

function openPart(part: Part, space: Space, host: Host): PartOn {
  switch (part.form) {
    case "local":
      return openLocal(part, space, host);
    case "field":
      return openField(part, space, host);
    case "pair":
      return openPair(part, space, host);
    case "general": {
      let own = new Float64Array(0);
      return {
        value(m, t) {
          const on = part.on[m.rep] as { value(m: Measure, t: number): number } | undefined;
          return on ? on.value(m, t) : null;
        },
        slope(m, t, out) {
          const on = part.on[m.rep] as { slope(m: Measure, t: number, out: Rows): void } | undefined;
          if (!on) throw new RangeError(`${part.label} has no slope on ${m.rep}`);
          if (own.length !== out.length) own = new Float64Array(out.length);
          on.slope(m, t, own);
          for (let i = 0; i < out.length; i++) out[i] = out[i]! + own[i]!;
        },
      };
    }
  }
}

/** Sum of the values, or null if one is undefined. */
export function total(values: readonly (number | null)[]): number | null {
  let sum = 0;
  for (const v of values) {
    if (v === null) return null;
    sum += v;
  }
  return sum;
}
