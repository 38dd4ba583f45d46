import type { Host, Measure, On, Part, Rows, Space } from "../contract.ts";
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
  /** numbers that a state may carry from one slope to the next, so that solves inside start near their answer; 0 for nearly all energies */
  warm(m: Measure): number;
  /** per part; null where the part is undefined on that storage. Reads `warm` */
  values(m: Measure, t: number, warm?: Rows): (number | null)[];
  /** reads and writes `warm` */
  slope(m: Measure, t: number, out: Rows, warm?: Rows): void;
}

export function openFunctional(parts: readonly Part[], space: Space, host: Host): Functional {
  const opened = parts.map((part) => openPart(part, space, host));
  /** each part with its share of what the state carries */
  const each = <T>(m: Measure, warm: Rows | undefined, visit: (part: PartOn, own: Rows | undefined) => T): T[] => {
    let at = 0;
    return opened.map((part) => {
      const size = warm ? (part.warm?.(m) ?? 0) : 0;
      at += size;
      return visit(part, size > 0 ? warm!.subarray(at - size, at) : undefined);
    });
  };
  return {
    warm: (m) => opened.reduce((sum, part) => sum + (part.warm?.(m) ?? 0), 0),
    values: (m, t, warm) => each(m, warm, (part, own) => part.value(m, t, own)),
    slope(m, t, out, warm) {
      out.fill(0);
      each(m, warm, (part, own) => part.slope(m, t, out, own));
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
      const on = (m: Measure): On<Measure> | undefined => part.on[m.rep] as On<Measure> | undefined;
      return {
        warm: (m) => on(m)?.warm?.(m) ?? 0,
        value: (m, t, warm) => on(m)?.value(m, t, warm) ?? null,
        slope(m, t, out, warm) {
          const here = on(m);
          if (!here) throw new RangeError(`${part.label} has no slope on ${m.rep}`);
          if (own.length !== out.length) own = new Float64Array(out.length);
          here.slope(m, t, own, warm);
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
