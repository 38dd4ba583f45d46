/** A field part from a formula: symbolic gradient and Hessian, and the facts that can be checked on the formula itself. */
import type { Fact, Field, Space } from "../../contract.ts";
import { bracketedTex } from "../../formula/numerals.ts";
import type { Formula } from "../../params.ts";

export function fieldOfFormula(V: Formula, space: Space, label: string): Field {
  const q = V.moving ? null : V.quadratic();
  const centred = q && completeSquare(q, space.dim);
  return {
    form: "field",
    label,
    tex: `\\int ${bracketedTex(V.tex)}\\, \\rho`,
    variation: V.tex,
    value: V.value,
    gradient: V.gradient,
    hessian: V.hessian,
    gradientTape: V.gradientTape?.bind(V),
    convex: convexity(V, space),
    quadratic: centred ?? undefined,
    secondDegree: q ? { A: q.A, slope: q.b, c: q.c } : undefined,
    moving: V.moving || undefined,
  };
}

function convexity(V: Formula, space: Space): Fact<number> | undefined {
  if (V.moving) return undefined;
  const grid = space.bounded === false ? undefined : space.grid;
  const lower = grid ? grid.lower : Array.from({ length: space.dim }, () => Number.NEGATIVE_INFINITY);
  const upper = lower.map((a, k) => (grid ? a + grid.h[k]! * grid.shape[k]! : Number.POSITIVE_INFINITY));
  const value = V.convexity(lower, upper);
  if (!Number.isFinite(value)) return undefined;
  return { value, how: "checked", because: `interval arithmetic on the Hessian of V over ${grid ? "the box" : "the whole space"}` };
}

/** x'Ax/2 + b'x + c as (x - p)'A(x - p)/2 + c' where A p = -b has a solution by elimination; null where it has none. */
export function completeSquare(
  q: { readonly A: readonly number[]; readonly b: readonly number[]; readonly c: number },
  d: number,
): { A: readonly number[]; b: readonly number[]; c: number } | null {
  const a = [...q.A];
  const p = q.b.map((v) => -v);
  for (let k = 0; k < d; k++) {
    let best = k;
    for (let i = k + 1; i < d; i++) if (Math.abs(a[i * d + k]!) > Math.abs(a[best * d + k]!)) best = i;
    const pivot = a[best * d + k]!;
    if (Math.abs(pivot) < 1e-14) return q.b.every((v) => v === 0) ? { A: q.A, b: q.b, c: q.c } : null;
    if (best !== k) {
      for (let j = 0; j < d; j++) [a[k * d + j], a[best * d + j]] = [a[best * d + j]!, a[k * d + j]!];
      [p[k], p[best]] = [p[best]!, p[k]!];
    }
    for (let i = 0; i < d; i++) {
      if (i === k) continue;
      const f = a[i * d + k]! / a[k * d + k]!;
      for (let j = k; j < d; j++) a[i * d + j]! -= f * a[k * d + j]!;
      p[i]! -= f * p[k]!;
    }
  }
  const centre = p.map((v, k) => v / a[k * d + k]!);
  let c = q.c;
  for (let k = 0; k < d; k++) c += 0.5 * q.b[k]! * centre[k]!;
  return { A: q.A, b: centre, c };
}
