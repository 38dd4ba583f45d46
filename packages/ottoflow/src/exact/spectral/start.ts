/** Starts as a finite number of sinc functions carry them. */
import type { Law, Map1 } from "../../contract.ts";
import { exp, sin } from "../../kernels/math.ts";
import { least } from "../../kernels/reductions.ts";
import { gauss5 } from "../../measure/quadrature.ts";

type Density = NonNullable<Law["density"]>;

/** An initial density as the sinc functions carry it. */
export interface Projected {
  /** values at the nodes of its orthogonal projection, which for densities without waves beyond the nodes' are its own values */
  readonly rho: Float64Array;
  /** int |density - projection|: what the nodes cannot carry, such as jumps */
  readonly misfit: number;
}

/**
 * Projects u = rho exp(V / 2 eps) onto the sinc functions of n nodes: c_i = int u sinc((x - x_i) / h) dx / h. Values at the nodes alone would be wrong
 * in every mode, down to the mass, wherever the density jumps.
 */
export function projected(density: Density, V: Map1, eps: number, a: number, b: number, n: number): Projected {
  const h = (b - a) / (n - 1);
  const { x, w } = pointsOf(density, a, b, PANELS * (n - 1));
  const m = x.length;
  const [near, at, value] = [Float64Array.from({ length: n }, (_, i) => a + h * i), new Float64Array(m), new Float64Array(m)];
  const atNode = new Float64Array(n);
  V(n, near, atNode);
  V(m, x, at);
  density(m, x, value);
  const low = least(n, atNode);
  const c = new Float64Array(n);
  const row = new Float64Array(n);
  for (let q = 0; q < m; q++) {
    if (value[q] === 0) continue;
    sincs((x[q]! - a) / h, row);
    const u = (w[q]! * value[q]! * exp((at[q]! - low) / (2 * eps))) / h;
    for (let i = 0; i < n; i++) c[i] = c[i]! + u * row[i]!;
  }
  let misfit = 0;
  for (let q = 0; q < m; q++) {
    sincs((x[q]! - a) / h, row);
    let u = 0;
    for (let i = 0; i < n; i++) u += c[i]! * row[i]!;
    misfit += w[q]! * Math.abs(value[q]! - u * exp(-(at[q]! - low) / (2 * eps)));
  }
  return { rho: c.map((v, i) => v * exp(-(atNode[i]! - low) / (2 * eps))), misfit };
}

/** sin(pi (z - i)) / (pi (z - i)) for all i by one sine. */
function sincs(z: number, out: Float64Array): void {
  const near = Math.round(z);
  const f = z - near;
  const wave = f === 0 ? 0 : sin(Math.PI * f) / Math.PI;
  for (let i = 0; i < out.length; i++) out[i] = i === near && f === 0 ? 1 : ((near - i) % 2 === 0 ? wave : -wave) / (z - i);
}

/** Panels between two nodes: five Gauss points on each integrate a sinc function to 1e-13. */
const PANELS = 4;
/** Most points of a start with jumps. */
const MOST_POINTS = 60_000;

/** Gauss points and weights on panels of [a, b], halved where the density is no polynomial there: around its jumps down to rounding. */
function pointsOf(density: Density, a: number, b: number, panels: number): { x: Float64Array; w: Float64Array } {
  const [x, w]: [number[], number[]] = [[], []];
  const five = new Float64Array(5);
  const f = new Float64Array(5);
  const over = (from: number, to: number, deep: number): number => {
    for (let q = 0; q < 5; q++) five[q] = from + 0.5 * (to - from) * (1 + gauss5.x[q]!);
    density(5, five, f);
    let s = 0;
    for (let q = 0; q < 5; q++) {
      s += gauss5.w[q]! * f[q]! * (to - from);
      if (deep < 0) continue;
      x.push(five[q]!);
      w.push(gauss5.w[q]! * (to - from));
    }
    return s;
  };
  const add = (from: number, to: number, whole: number, deep: number): void => {
    const mid = 0.5 * (from + to);
    const [left, right] = [over(from, mid, -1), over(mid, to, -1)];
    if (Math.abs(left + right - whole) < 1e-15 || deep === 0 || x.length > MOST_POINTS) {
      over(from, to, 0);
      return;
    }
    add(from, mid, left, deep - 1);
    add(mid, to, right, deep - 1);
  };
  for (let i = 0; i < panels; i++) {
    const [from, to] = [a + ((b - a) * i) / panels, a + ((b - a) * (i + 1)) / panels];
    add(from, to, over(from, to, -1), 40);
  }
  return { x: Float64Array.from(x), w: Float64Array.from(w) };
}
