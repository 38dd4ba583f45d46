import type { ExactFlow, Field, Law, Map1, Problem, Rows } from "../contract.ts";
import { defineExact, type Unit } from "../define.ts";
import { exp, log, sin } from "../kernels/math.ts";
import { least } from "../kernels/reductions.ts";
import { densityLaw } from "../measure/density-law.ts";
import { eigenSymmetric } from "../numeric/dense.ts";
import { formsOf, isOpen, isTransport, noiseOf, quadraticOf, sharedOf } from "./match.ts";
import { isSmooth, startsTame, wallsBeyond, windowOf } from "./spectral/conditions.ts";
import { type Projected, projected } from "./spectral/start.ts";

/** A potential on the line with two derivatives, over rows. */
export interface LinePotential {
  readonly V: Map1;
  readonly dV: Map1;
  readonly d2V: Map1;
}

/**
 * d_t rho = (eps rho' + rho V')' on the line by rho = exp(-V / 2 eps) u: u solves u_t = -H u with the Schrödinger operator
 * H = -eps d^2 + V'^2 / (4 eps) - V'' / 2, on sinc functions over a window outside which u vanishes to rounding; exponentially accurate in the node distance. [colbert1992]
 */
export interface SpectralFokkerPlanck {
  readonly x: Float64Array;
  readonly h: number;
  /** rates of decay, ascending; the first is 0 up to rounding */
  readonly rates: readonly number[];
  /** log of int exp(-V / eps) */
  readonly logZ: number;
  /** int f(x) rho_inf for the Gibbs density */
  gibbs(f: (x: number) => number): number;
  /** densities at the nodes at time t, from values of the initial density at the nodes */
  at(initial: Float64Array, t: number): SpectralState;
}
export interface SpectralState {
  /** at the nodes; rounding may leave values of size 1e-16 of either sign where rho is smaller */
  readonly rho: Float64Array;
  /** int f rho */
  mean(f: (x: number) => number): number;
  /** KL(rho | Gibbs) */
  readonly kl: number;
  /** rho between the nodes, by sinc interpolation of u */
  density(n: number, x: Rows, out: Rows): void;
}

/** @param n nodes over [lower, upper]; both ends need u = rho exp(V / 2 eps) at rounding level */
export function spectralFokkerPlanck(potential: LinePotential, eps: number, lower: number, upper: number, n: number): SpectralFokkerPlanck {
  const h = (upper - lower) / (n - 1);
  const x = Float64Array.from({ length: n }, (_, i) => lower + h * i);
  const [V, d1, d2] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  potential.V(n, x, V);
  potential.dV(n, x, d1);
  potential.d2V(n, x, d2);
  const low = least(n, V);
  const { values, vectors } = eigenSymmetric(n, sincOperator(n, h, eps, d1, d2));
  const root = V.map((v) => exp(-(v - low) / (2 * eps)));
  let Z = 0;
  for (let i = 0; i < n; i++) Z += h * root[i]! * root[i]!;
  const logZ = log(Z) - low / eps;
  const gibbs = (f: (x: number) => number): number => root.reduce((s, r, i) => s + (h * r * r * f(x[i]!)) / Z, 0);
  const at = (initial: Float64Array, t: number): SpectralState => {
    const u = propagate(
      n,
      values,
      vectors,
      Float64Array.from(initial, (r, i) => (r === 0 ? 0 : r / root[i]!)),
      t,
    );
    const rho = u.map((v, i) => v * root[i]!);
    const mean = (f: (x: number) => number): number => rho.reduce((s, r, i) => s + h * r * f(x[i]!), 0);
    return { rho, mean, kl: relative(h, rho, root, Z), density: (m, y, out) => interpolate(potential.V, eps, low, x, h, u, m, y, out) };
  };
  return { x, h, rates: values, logZ, gibbs, at };
}

/** The kinetic part (-1)^{i-j} 2 eps / (h^2 (i-j)^2), pi^2 eps / (3 h^2) on the diagonal. */
function sincOperator(n: number, h: number, eps: number, d1: Float64Array, d2: Float64Array): Float64Array {
  const H = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const k = i - j;
      H[i * n + j] =
        k === 0 ? (eps * Math.PI * Math.PI) / (3 * h * h) + (d1[i]! * d1[i]!) / (4 * eps) - 0.5 * d2[i]! : ((k % 2 === 0 ? 2 : -2) * eps) / (h * h * k * k);
    }
  return H;
}

function propagate(n: number, values: readonly number[], vectors: Float64Array, u: Float64Array, t: number): Float64Array {
  const out = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    let c = 0;
    for (let i = 0; i < n; i++) c += vectors[i * n + k]! * u[i]!;
    c *= exp(-values[k]! * t);
    for (let i = 0; i < n; i++) out[i] = out[i]! + c * vectors[i * n + k]!;
  }
  return out;
}

/** int rho log(rho / gibbs) as int (r log r - r + 1) gibbs with r = rho / gibbs: every term is >= 0; r log r counts as 0 where the density is below rounding. */
function relative(h: number, rho: Float64Array, root: Float64Array, Z: number): number {
  const peak = rho.reduce((a, b) => Math.max(a, b), 0);
  let s = 0;
  for (let i = 0; i < rho.length; i++) {
    const g = (root[i]! * root[i]!) / Z;
    const r = rho[i]!;
    s += h * (g - r + (r > 1e-15 * peak && g > 0 ? r * log(r / g) : 0));
  }
  return s;
}

function interpolate(V: Map1, eps: number, low: number, x: Float64Array, h: number, u: Float64Array, m: number, y: Rows, out: Rows): void {
  const n = x.length;
  V(m, y, out);
  for (let j = 0; j < m; j++) {
    const z = (y[j]! - x[0]!) / h;
    if (!(z >= 0 && z <= n - 1)) {
      out[j] = 0;
      continue;
    }
    const near = Math.round(z);
    const f = z - near;
    let s = 0;
    if (f === 0) s = u[near]!;
    else {
      // sin(pi (z - i)) = (-1)^{near - i} sin(pi f)
      const wave = sin(Math.PI * f) / Math.PI;
      for (let i = 0; i < n; i++) s += (((near - i) % 2 === 0 ? wave : -wave) * u[i]!) / (z - i);
    }
    out[j] = s * exp(-(out[j]! - low) / (2 * eps));
  }
}

/**
 * A function on [lower, upper] through its values on a fine grid, by polynomials of degree five: a point costs six terms instead of hundreds of sines,
 * and the error (h / width)^6 / 300 stays below the eleven digits of the method.
 */
function tabulated(lower: number, upper: number, f: SpectralState["density"]): SpectralState["density"] {
  const count = 8192;
  const h = (upper - lower) / count;
  const at = Float64Array.from({ length: count + 1 }, (_, i) => lower + h * i);
  const value = new Float64Array(count + 1);
  f(count + 1, at, value);
  return (n, x, out) => {
    for (let j = 0; j < n; j++) {
      const z = (x[j]! - lower) / h;
      if (!(z >= 0 && z <= count)) {
        out[j] = 0;
        continue;
      }
      const first = Math.min(count - 5, Math.max(0, Math.floor(z) - 2));
      const s = z - first;
      // Lagrange weights of the nodes 0..5: prod_{l != k} (s - l) / (k - l)
      const [a, b, c, d, e, g] = [s, s - 1, s - 2, s - 3, s - 4, s - 5];
      out[j] =
        (-b * c * d * e * g * value[first]!) / 120 +
        (a * c * d * e * g * value[first + 1]!) / 24 -
        (a * b * d * e * g * value[first + 2]!) / 12 +
        (a * b * c * e * g * value[first + 3]!) / 12 -
        (a * b * c * d * g * value[first + 4]!) / 24 +
        (a * b * c * d * e * value[first + 5]!) / 120;
    }
  };
}

/** The law of a state: densities of rounding size or of the wrong sign (below 1e-15 of the peak) count as 0; its normalisation corrects the 1e-12 of the eigenvectors. */
function stateLaw(state: SpectralState, lower: number, upper: number, like: Law): Law {
  const peak = state.rho.reduce((a, b) => Math.max(a, b), 0);
  const table = tabulated(lower, upper, state.density);
  const density = (n: number, x: Rows, out: Rows): void => {
    table(n, x, out);
    for (let i = 0; i < n; i++) if (out[i]! < 1e-15 * peak) out[i] = 0;
  };
  const mean = state.mean((x) => x);
  return {
    ...densityLaw([lower], [upper], density, sharedOf(like), "e^{t L^*} \\rho_0"),
    moments: { mean: [mean], cov: [state.mean((x) => (x - mean) * (x - mean))] },
  };
}

export const fokkerPlanckSpectral: Unit<"exact"> = defineExact({
  kind: "fokker-planck-spectral",
  title: "spectral reference of Fokker–Planck on the line",
  tex: "\\rho = e^{-V/2\\varepsilon} u, \\quad \\partial_t u = -\\bigl(-\\varepsilon \\partial_x^2 + \\tfrac{V'^2}{4\\varepsilon} - \\tfrac{V''}{2}\\bigr) u",
  summary:
    "Temperature and any smooth confining potential on the line: the flow is diagonalised on sinc functions. Not a closed form but a reference with about eleven digits, independent of every scheme here.",
  refs: ["colbert1992", "risken1996"],
  params: {},
  examples: [],
  fits: { parts: ["local", "field"], start: "density" },
  build: () => (p: Problem) => matchSpectral(p),
});

function matchSpectral(p: Problem): ExactFlow | null {
  const forms = formsOf(p);
  if (!forms || p.space.dim !== 1 || !isTransport(p) || !isOpen(p) || forms.pair.length > 0 || forms.field.length === 0) return null;
  const eps = noiseOf(forms.local);
  if (!eps || quadraticOf(forms.field, 1) || !p.initial.density || p.initial.points || forms.field.some((f) => !f.hessian)) return null;
  const fields: readonly Field[] = forms.field;
  const total =
    (value: (f: Field, n: number, x: Rows, out: Rows) => void): Map1 =>
    (n, x, out) => {
      const one = new Float64Array(n);
      const sum = new Float64Array(n);
      for (const f of fields) {
        value(f, n, x, one);
        for (let i = 0; i < n; i++) sum[i] = sum[i]! + one[i]!;
      }
      out.set(sum);
    };
  const potential: LinePotential = {
    V: total((f, n, x, out) => f.value(n, x, p.start, out)),
    dV: total((f, n, x, out) => f.gradient(n, x, p.start, out)),
    d2V: total((f, n, x, out) => f.hessian!(n, x, p.start, out)),
  };
  const span = windowOf(potential.V, eps, p.initial);
  if (!span || !startsTame(potential.V, eps, p.initial, span) || !isSmooth(potential.dV, potential.d2V, span)) return null;
  const grid = p.space.grid;
  if (grid && p.space.bounded && !wallsBeyond(potential.V, eps, grid.lower[0]!, grid.lower[0]! + grid.h[0]! * grid.shape[0]!)) return null;
  return lazyFlow(p, potential, eps, span);
}

/** Most nodes: diagonalising them takes a second. */
const MOST_NODES = 400;
/** Above this misfit of the start all nodes are taken. */
const SMOOTH = 1e-10;

/** Diagonalises on first use; nodes resolve the initial law and the thermal length of the steepest curvature. */
function lazyFlow(p: Problem, potential: LinePotential, eps: number, [a, b]: readonly [number, number]): ExactFlow {
  let opened: { fp: SpectralFokkerPlanck; start: Projected } | undefined;
  const open = (): NonNullable<typeof opened> => {
    if (opened) return opened;
    const width = p.initial.moments ? Math.sqrt(p.initial.moments.cov[0]!) : (b - a) / 60;
    const density = (n: number, x: Rows, out: Rows): void => {
      p.initial.density!(n, x, out);
      for (let i = 0; i < n; i++) out[i] = out[i]! / p.initial.mass;
    };
    let n = Math.min(MOST_NODES, Math.max(200, Math.ceil((b - a) / (0.7 * width)) + 1));
    let start = projected(density, potential.V, eps, a, b, n);
    if (start.misfit > SMOOTH && n < MOST_NODES) [n, start] = [MOST_NODES, projected(density, potential.V, eps, a, b, MOST_NODES)];
    return (opened = { fp: spectralFokkerPlanck(potential, eps, a, b, n), start });
  };
  return {
    label: "fokker-planck-spectral",
    title: "Fokker–Planck on the line, spectral reference",
    refs: ["colbert1992"],
    law: (t) => {
      if (t === p.start) return p.initial;
      const { fp, start } = open();
      const law = stateLaw(fp.at(start.rho, t - p.start), a, b, p.initial);
      // what the nodes do not resolve decays at least as fast as the upper half of the waves that they carry
      const k = Math.PI / (2 * fp.h);
      return { ...law, quadrature: (law.quadrature ?? 0) + p.initial.mass * start.misfit * exp(-eps * k * k * (t - p.start)) };
    },
    ...(p.initial.mass === 1
      ? {
          energy: (t: number) => {
            const { fp, start } = open();
            return eps * (fp.at(start.rho, t - p.start).kl - fp.logZ);
          },
        }
      : {}),
  };
}
