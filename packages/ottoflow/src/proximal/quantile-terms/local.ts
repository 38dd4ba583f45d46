import type { Local } from "../../contract.ts";
import { pow } from "../../kernels/math.ts";
import type { Line, Term } from "./term.ts";

/**
 * int U(rho) = sum dx U(share / dx): exact, since the density is constant between nodes. With r = share / dx its derivative in dx
 * is -P(r), the pressure P = r U' - U, and its second derivative r^2 U''(r) / dx: convex on the line wherever U is [mccann1997].
 */
export function localTerm(part: Local, line: Line): Term {
  const cells = line.n - 1;
  const { share } = line;
  const r = line.row(cells);
  const a = line.row(cells);
  const b = new Float64Array(cells);
  const { noise, power } = part;

  const densities = (x: Float64Array): boolean => {
    for (let i = 0; i < cells; i++) {
      const dx = x[i + 1]! - x[i]!;
      if (!(dx > 0)) return false;
      r[i] = share[i]! / dx;
    }
    return true;
  };
  /** pressure into a */
  const pressure = (): void => {
    if (noise !== undefined) for (let i = 0; i < cells; i++) a[i] = noise * r[i]!;
    else if (power) for (let i = 0; i < cells; i++) a[i] = power.factor * raise(r[i]!, power.m);
    else {
      part.U(cells, r, b);
      part.dU(cells, r, a);
      for (let i = 0; i < cells; i++) a[i] = r[i]! * a[i]! - b[i]!;
    }
  };
  /** r^2 U''(r) into a */
  const stiffness = (): void => {
    if (noise !== undefined) for (let i = 0; i < cells; i++) a[i] = noise * r[i]!;
    else if (power) for (let i = 0; i < cells; i++) a[i] = power.factor * power.m * raise(r[i]!, power.m);
    else {
      part.d2U(cells, r, a);
      for (let i = 0; i < cells; i++) a[i] = r[i]! * r[i]! * a[i]!;
    }
  };
  const convex = part.noise !== undefined ? part.noise >= 0 : trusted(part.mccann?.(1));
  return {
    modulus: convex ? 0 : null,
    ...(noise !== undefined && noise >= 0 ? { plain: { noise, spring: 0, pull: 0, constant: 0 } } : {}),
    value(x) {
      if (!densities(x)) return Number.POSITIVE_INFINITY;
      part.U(cells, r, a);
      let s = 0;
      for (let i = 0; i < cells; i++) s += (x[i + 1]! - x[i]!) * a[i]!;
      return s;
    },
    gradient(x, _t, g) {
      if (noise !== undefined) {
        let before = 0;
        for (let i = 0; i < cells; i++) {
          const pressure = (noise * share[i]!) / (x[i + 1]! - x[i]!);
          g[i] = g[i]! + (pressure - before);
          before = pressure;
        }
        g[cells] = g[cells]! - before;
        return;
      }
      densities(x);
      pressure();
      for (let i = 0; i < cells; i++) {
        g[i] = g[i]! + a[i]!;
        g[i + 1] = g[i + 1]! - a[i]!;
      }
    },
    hessian(x, _t, h) {
      if (noise !== undefined) {
        let before = 0;
        for (let i = 0; i < cells; i++) {
          const inverse = 1 / (x[i + 1]! - x[i]!);
          const k = noise * share[i]! * inverse * inverse;
          h.diagonal[i] = h.diagonal[i]! + (before + k);
          h.off[i] = h.off[i]! - k;
          before = k;
        }
        h.diagonal[cells] = h.diagonal[cells]! + before;
        return;
      }
      densities(x);
      stiffness();
      for (let i = 0; i < cells; i++) {
        const k = a[i]! / (x[i + 1]! - x[i]!);
        h.diagonal[i] = h.diagonal[i]! + k;
        h.diagonal[i + 1] = h.diagonal[i + 1]! + k;
        h.off[i] = h.off[i]! - k;
      }
    },
  };
}

/** r^m, by products for the common exponents */
function raise(r: number, m: number): number {
  return m === 2 ? r * r : m === 3 ? r * r * r : m === 0.5 ? Math.sqrt(r) : pow(r, m);
}

function trusted(fact: { readonly value: boolean; readonly how: string } | undefined): boolean {
  return fact?.value === true && fact.how !== "sampled";
}
