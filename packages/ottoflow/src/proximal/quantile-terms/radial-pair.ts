import type { Kernel, Map1 } from "../../contract.ts";
import { gaussLegendre } from "../../numeric/quadrature.ts";
import { openFar } from "./far.ts";
import type { Line, Term } from "./term.ts";

/** Mean of k(dx |s - s'|) over a cell with itself: int_0^1 2 (1 - r) k(dx r) dr with r = u^3, which tames k at 0. */
const itself: readonly { readonly at: number; readonly weight: number }[] = rule(8, (u, w) => [{ at: u * u * u, weight: w * 6 * (1 - u * u * u) * u * u }]);
/** Mean of k(s a + t b) over (s, t) in [0, 1]^2 for neighbours of widths a, b: two triangles (u^3, u^3 v), (u^3 v, u^3). */
const beside: readonly { readonly s: number; readonly t: number; readonly weight: number }[] = rule(6, (u, w) => {
  const p = u * u * u;
  const v = gaussLegendre(4);
  return v.at.flatMap((q, j) => {
    const weight = w * 3 * p * u * u * v.weight[j]!;
    return [
      { s: p, t: p * q, weight },
      { s: p * q, t: p, weight },
    ];
  });
});
function rule<T>(n: number, point: (u: number, w: number) => readonly T[]): readonly T[] {
  const g = gaussLegendre(n);
  return g.at.flatMap((u, i) => point(u, g.weight[i]!));
}

/**
 * (1/2) iint k(|x - y|) rho rho for cells of constant density: two Gauss points per cell for cells apart, rules that resolve
 * a singular or kinked k at 0 for a cell with itself and with its neighbour. All are positive combinations of k at
 * non-negative linear forms of the nodes, so the term is convex in the ordered nodes as soon as k is convex on (0, inf).
 */
export function radialPairTerm(k: Kernel, radial: NonNullable<Kernel["radial"]>, line: Line): Term {
  const { n, share, mass } = line;
  const cells = n - 1;
  const curvature = radial.curvature ?? differences(radial.slope);
  const far = openFar(line, radial.value, radial.slope, curvature);
  const size = Math.max(itself.length, beside.length);
  const r = new Float64Array(size);
  const f = new Float64Array(size);
  const dx = new Float64Array(cells);
  const widths = (x: Float64Array): void => {
    for (let i = 0; i < cells; i++) dx[i] = x[i + 1]! - x[i]!;
  };
  /** `map` at the points of cell i with itself, into f */
  const own = (map: Map1, i: number): void => {
    for (let q = 0; q < itself.length; q++) r[q] = dx[i]! * itself[q]!.at;
    map(itself.length, r, f);
  };
  const next = (map: Map1, i: number): void => {
    for (let q = 0; q < beside.length; q++) r[q] = dx[i]! * beside[q]!.s + dx[i + 1]! * beside[q]!.t;
    map(beside.length, r, f);
  };
  return {
    modulus: modulusOf(k, mass),
    value(x) {
      widths(x);
      for (let i = 0; i < cells; i++) if (!(dx[i]! >= 0)) return Number.POSITIVE_INFINITY;
      let s = far.value(x);
      for (let i = 0; i < cells; i++) {
        own(radial.value, i);
        for (let q = 0; q < itself.length; q++) s += 0.5 * share[i]! * share[i]! * itself[q]!.weight * f[q]!;
      }
      for (let i = 0; i + 1 < cells; i++) {
        next(radial.value, i);
        for (let q = 0; q < beside.length; q++) s += share[i]! * share[i + 1]! * beside[q]!.weight * f[q]!;
      }
      return s;
    },
    gradient(x, _t, g) {
      widths(x);
      far.gradient(x, g);
      const stretch = (i: number, force: number): void => {
        g[i] = g[i]! - force;
        g[i + 1] = g[i + 1]! + force;
      };
      for (let i = 0; i < cells; i++) {
        own(radial.slope, i);
        let s = 0;
        for (let q = 0; q < itself.length; q++) s += itself[q]!.weight * itself[q]!.at * f[q]!;
        stretch(i, 0.5 * share[i]! * share[i]! * s);
      }
      for (let i = 0; i + 1 < cells; i++) {
        next(radial.slope, i);
        let a = 0;
        let b = 0;
        for (let q = 0; q < beside.length; q++) {
          a += beside[q]!.weight * beside[q]!.s * f[q]!;
          b += beside[q]!.weight * beside[q]!.t * f[q]!;
        }
        stretch(i, share[i]! * share[i + 1]! * a);
        stretch(i + 1, share[i]! * share[i + 1]! * b);
      }
    },
    hessian(x, _t, h) {
      widths(x);
      far.precondition(x, h);
      const stiffen = (i: number, c: number): void => {
        h.diagonal[i] = h.diagonal[i]! + c;
        h.diagonal[i + 1] = h.diagonal[i + 1]! + c;
        h.off[i] = h.off[i]! - c;
      };
      for (let i = 0; i < cells; i++) {
        own(curvature, i);
        let s = 0;
        for (let q = 0; q < itself.length; q++) s += itself[q]!.weight * itself[q]!.at * itself[q]!.at * f[q]!;
        stiffen(i, 0.5 * share[i]! * share[i]! * s);
      }
      for (let i = 0; i + 1 < cells; i++) {
        next(curvature, i);
        let a = 0;
        let b = 0;
        for (let q = 0; q < beside.length; q++) {
          const { s, t, weight } = beside[q]!;
          const c = weight * Math.max(0, f[q]!);
          a += c * s * (s + t);
          b += c * t * (s + t);
        }
        stiffen(i, share[i]! * share[i + 1]! * a);
        stiffen(i + 1, share[i]! * share[i + 1]! * b);
      }
    },
    dense(x, H) {
      widths(x);
      far.dense(x, H);
      for (let i = 0; i < cells; i++) {
        own(curvature, i);
        let s = 0;
        for (let q = 0; q < itself.length; q++) s += itself[q]!.weight * itself[q]!.at * itself[q]!.at * f[q]!;
        square(H, n, i, i, 0.5 * share[i]! * share[i]! * s);
      }
      for (let i = 0; i + 1 < cells; i++) {
        next(curvature, i);
        let [a, b, c] = [0, 0, 0];
        for (let q = 0; q < beside.length; q++) {
          const { s, t, weight } = beside[q]!;
          a += weight * s * s * f[q]!;
          b += weight * s * t * f[q]!;
          c += weight * t * t * f[q]!;
        }
        const w = share[i]! * share[i + 1]!;
        square(H, n, i, i, w * a);
        square(H, n, i + 1, i, w * b);
        square(H, n, i, i + 1, w * b);
        square(H, n, i + 1, i + 1, w * c);
      }
    },
    couple(x, v, out) {
      widths(x);
      far.couple(x, v, out);
      const stretch = (i: number, force: number): void => {
        out[i] = out[i]! - force;
        out[i + 1] = out[i + 1]! + force;
      };
      for (let i = 0; i < cells; i++) {
        own(curvature, i);
        let s = 0;
        for (let q = 0; q < itself.length; q++) s += itself[q]!.weight * itself[q]!.at * itself[q]!.at * f[q]!;
        stretch(i, 0.5 * share[i]! * share[i]! * s * (v[i + 1]! - v[i]!));
      }
      for (let i = 0; i + 1 < cells; i++) {
        next(curvature, i);
        let a = 0;
        let b = 0;
        for (let q = 0; q < beside.length; q++) {
          const { s, t, weight } = beside[q]!;
          const c = weight * f[q]! * (s * (v[i + 1]! - v[i]!) + t * (v[i + 2]! - v[i + 1]!));
          a += c * s;
          b += c * t;
        }
        stretch(i, share[i]! * share[i + 1]! * a);
        stretch(i + 1, share[i]! * share[i + 1]! * b);
      }
    },
  };
}

/** adds c e_i e_j', e_i = (difference of nodes i + 1 and i), to the lower triangle */
function square(H: Float64Array, n: number, i: number, j: number, c: number): void {
  const add = (a: number, b: number, v: number): void => {
    if (a >= b) H[a * n + b] = H[a * n + b]! + v;
  };
  add(i, j, c);
  add(i + 1, j + 1, c);
  add(i + 1, j, -c);
  add(i, j + 1, -c);
}

function modulusOf(k: Kernel, mass: number): number | null {
  if (k.convexOnHalfLine?.value && k.convexOnHalfLine.how !== "sampled") return 0;
  return k.convex && k.convex.how !== "sampled" ? Math.min(0, k.convex.value) * mass : null;
}

/** k'' by central differences of k': it steers Newton's method only. */
function differences(slope: Map1): Map1 {
  let near = new Float64Array(0);
  let low = new Float64Array(0);
  return (n, r, out) => {
    if (near.length < n) {
      near = new Float64Array(n);
      low = new Float64Array(n);
    }
    for (let i = 0; i < n; i++) near[i] = r[i]! * (1 - 1e-5);
    slope(n, near, low);
    for (let i = 0; i < n; i++) near[i] = r[i]! * (1 + 1e-5);
    slope(n, near, out);
    for (let i = 0; i < n; i++) out[i] = r[i]! > 0 ? (out[i]! - low[i]!) / (2e-5 * r[i]!) : 0;
  };
}
