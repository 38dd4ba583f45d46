/**
 * Entropic interpolation from the potentials of an entropic plan: the law at time t of the Schrödinger bridge, whose reference is Brownian motion of variance
 * g = epsilon / 2 at time 1. Every pair (x_i, y_j) carries its Brownian bridge N((1 - t) x_i + t y_j, t (1 - t) g), so
 * S_t = (2 pi g)^{d/2} [heat_{t g} a e^{f / epsilon}] [heat_{(1 - t) g} b e^{g / epsilon}]: two sums of n and m terms, never n m. [leonard2014]
 */
import type { Grid, Measure, Plan, Rows, Space } from "../../contract.ts";
import { expectLength, OttoflowError, specError } from "../../errors.ts";
import { exp, log } from "../../kernels/math.ts";
import { entriesOf } from "../plan.ts";
import { type Atoms, atomsOf } from "../problem.ts";
import { type Curve, checkTime } from "./curve.ts";

export interface EntropicPotentials {
  readonly f: ArrayLike<number>;
  readonly g: ArrayLike<number>;
}
export interface SchroedingerBridge {
  /** variance of the reference at time 1: epsilon / 2 */
  readonly variance: number;
  /** log density of S_t at n points x [d * n], 0 < t < 1; O(n (atoms of both sides)), in the log domain at any epsilon */
  logDensity(t: number, n: number, x: Rows, out: Float64Array): void;
  /** drift of the bridge, g grad log (heat_{(1 - t) g} b e^{g / epsilon}): paths solve dX = drift dt + sqrt(g) dB; [d * n], 0 <= t < 1 */
  drift(t: number, n: number, x: Rows, out: Float64Array): void;
  /** velocity of the law, g / 2 grad log of forward over backward factor: d_t S + div(v S) = 0; [d * n], 0 < t < 1 */
  velocity(t: number, n: number, x: Rows, out: Float64Array): void;
  /** S_t on the cells of a box by its density at the centres: the given measures at the ends if they live there */
  onCells(space: Space): Curve & { /** the drift at the centres, [d * n], 0 <= t < 1 */ drift(t: number): Float64Array };
}

/**
 * The bridge between atoms (or cells at their centres) from potentials with P_ij = a_i b_j exp((f_i + g_j - |x_i - y_j|^2) / epsilon): what an entropic
 * solver with C = |x - y|^2 gives. Potentials are per point as they came; points without mass take no part.
 * @throws {SpecError | ShapeError} on epsilon <= 0 and potentials that do not fit or are not finite
 */
export function schroedingerBridge(from: Measure, to: Measure, potentials: EntropicPotentials, epsilon: number): SchroedingerBridge {
  if (!(epsilon > 0 && Number.isFinite(epsilon))) throw specError("epsilon", `got ${epsilon} when expected a positive number.`);
  const [a, b] = [atomsOf(from, "from"), atomsOf(to, "to")];
  const { d } = a;
  expectLength("dimension of the second measure", b.d, d);
  if (!potentials?.f || !potentials.g) throw specError("potentials", "are missing: f and g of an entropic plan for |x - y|^2 at this epsilon.");
  const [u, v] = [logFactor(a, potentials.f, epsilon, "f"), logFactor(b, potentials.g, epsilon, "g")];
  const g = 0.5 * epsilon;
  // (2 pi g)^{d/2} over both kernels' (2 pi t g)^{d/2} and (2 pi (1 - t) g)^{d/2}
  const factor = (t: number): number => -0.5 * d * log(2 * Math.PI * g * t * (1 - t));
  const inside = (t: number): number => {
    if (!(t > 0 && t < 1)) throw specError("t", `got ${t} when expected a time inside (0, 1): the ends are atoms and have no density.`);
    return t;
  };
  const bridge: SchroedingerBridge = {
    variance: g,
    logDensity(t, n, x, out) {
      const [forward, backward] = [new Float64Array(n), new Float64Array(n)];
      heat(a, u, inside(t) * g, n, x, forward, null);
      heat(b, v, (1 - t) * g, n, x, backward, null);
      for (let i = 0; i < n; i++) out[i] = factor(t) + forward[i]! + backward[i]!;
    },
    drift(t, n, x, out) {
      beforeEnd(t);
      heat(b, v, (1 - t) * g, n, x, new Float64Array(n), out);
      for (let e = 0; e < d * n; e++) out[e] = g * out[e]!;
    },
    velocity(t, n, x, out) {
      const other = new Float64Array(d * n);
      heat(b, v, (1 - inside(t)) * g, n, x, new Float64Array(n), out);
      heat(a, u, t * g, n, x, new Float64Array(n), other);
      for (let e = 0; e < d * n; e++) out[e] = 0.5 * g * (out[e]! - other[e]!);
    },
    onCells: (space) => ({
      label: "entropic interpolation",
      drift(t) {
        const { n, centre } = cellsOf(space, d);
        const out = new Float64Array(d * n);
        if (!onSameGrid(to, space)) bridge.drift(t, n, centre, out);
        else {
          const s = (1 - beforeEnd(t)) * g;
          for (let k = 0; k < d; k++) {
            const pull = pullOnGrid(space.grid!, spread(b, v), s, k);
            for (let i = 0; i < n; i++) out[k * n + i] = (g * pull[i]!) / s;
          }
        }
        return out;
      },
      at(t) {
        if (checkTime(t) === 0) return from;
        if (t === 1) return to;
        const cells = cellsOf(space, d);
        const rho = new Float64Array(cells.n);
        if (onSameGrid(from, space) && onSameGrid(to, space)) {
          const forward = heatOnGrid(space.grid!, spread(a, u), t * g);
          const backward = heatOnGrid(space.grid!, spread(b, v), (1 - t) * g);
          for (let i = 0; i < rho.length; i++) rho[i] = factor(t) + forward[i]! + backward[i]!;
        } else bridge.logDensity(t, cells.n, cells.centre, rho);
        for (let i = 0; i < rho.length; i++) rho[i] = exp(rho[i]!);
        return { rep: "cells", space, rho };
      },
    }),
  };
  return bridge;
}
function beforeEnd(t: number): number {
  if (!(t >= 0 && t < 1)) throw specError("t", `got ${t} when expected a time in [0, 1).`);
  return t;
}
/** log a_i + f_i / epsilon of the points with mass. */
function logFactor(side: Atoms, potential: ArrayLike<number>, epsilon: number, name: string): Float64Array {
  expectLength(`potential ${name}`, potential.length, side.of);
  return Float64Array.from({ length: side.n }, (_, i) => {
    const p = potential[side.index ? side.index[i]! : i]!;
    if (!Number.isFinite(p)) throw specError(`${name}[${i}]`, `got ${p} when expected a finite potential.`);
    return log(side.weight[i]!) + p / epsilon;
  });
}
/** out_i = log sum_j exp(w_j - |x_i - y_j|^2 / (2 s)), and its gradient in x. */
function heat(side: Atoms, w: Float64Array, s: number, n: number, x: Rows, out: Float64Array, gradient: Float64Array | null): void {
  const { d } = side;
  expectLength("coordinates of the points", x.length, d * n);
  const m = side.n;
  const row = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let k = 0; k < d; k++)
      for (let j = 0; j < m; j++) {
        const z = x[k * n + i]! - side.x[k * m + j]!;
        row[j] = row[j]! + z * z;
      }
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < m; j++) {
      row[j] = w[j]! - row[j]! / (2 * s);
      most = Math.max(most, row[j]!);
    }
    let sum = 0;
    for (let j = 0; j < m; j++) {
      row[j] = exp(row[j]! - most);
      sum += row[j]!;
    }
    out[i] = most + log(sum);
    if (!gradient) continue;
    for (let k = 0; k < d; k++) {
      let mean = 0;
      for (let j = 0; j < m; j++) mean += row[j]! * side.x[k * m + j]!;
      gradient[k * n + i] = (mean / sum - x[k * n + i]!) / s;
    }
  }
}

function onSameGrid(m: Measure, space: Space): boolean {
  if (m.rep !== "cells" || !m.space.grid || !space.grid) return false;
  const [p, q] = [m.space.grid, space.grid];
  return p.shape.length === q.shape.length && p.shape.every((n, k) => n === q.shape[k] && p.h[k] === q.h[k] && p.lower[k] === q.lower[k]);
}
/** Values at all cells, -Infinity where there is no mass. */
function spread(side: Atoms, w: Float64Array): Float64Array {
  const out = new Float64Array(side.of).fill(Number.NEGATIVE_INFINITY);
  for (let i = 0; i < side.n; i++) out[side.index ? side.index[i]! : i] = w[i]!;
  return out;
}
function cellsOf(space: Space, d: number): NonNullable<Space["cells"]> {
  if (!space.cells) throw new OttoflowError("UnsupportedError", "the space has no cells to put the density on.", { missing: ["cells"] });
  expectLength("dimension of the space", space.dim, d);
  return space.cells;
}
/** `heat` from cells to cells, axis by axis: |x - y|^2 is a sum over axes. The first axis varies slowest. */
function heatOnGrid(grid: Grid, w: Float64Array, s: number): Float64Array {
  let out = w;
  for (let k = grid.shape.length - 1; k >= 0; k--) out = alongAxis(grid, k, out, s, logSums);
  return out;
}
/** Mean of y_axis - x_axis under the weights that `heat` sums: s times its gradient. */
function pullOnGrid(grid: Grid, w: Float64Array, s: number, axis: number): Float64Array {
  let out = w;
  for (let k = grid.shape.length - 1; k >= 0; k--) if (k !== axis) out = alongAxis(grid, k, out, s, logSums);
  out = alongAxis(grid, axis, out, s, meanSteps);
  for (let i = 0; i < out.length; i++) out[i] = out[i]! * grid.h[axis]!;
  return out;
}
type Line = (n: number, base: number, stride: number, cost: Float64Array, from: Float64Array, to: Float64Array) => void;
function alongAxis({ shape, h }: Grid, k: number, from: Float64Array, s: number, line: Line): Float64Array {
  const n = shape[k]!;
  const stride = shape.slice(k + 1).reduce((p, q) => p * q, 1);
  const cost = Float64Array.from({ length: n }, (_, q) => (q * q * h[k]! * h[k]!) / (2 * s));
  const to = new Float64Array(from.length);
  for (let l = 0; l < from.length / n; l++) line(n, Math.floor(l / stride) * stride * n + (l % stride), stride, cost, from, to);
  return to;
}
/** to_i = mean of j - i under weights exp(from_j - cost_|i - j|). */
function meanSteps(n: number, base: number, stride: number, cost: Float64Array, from: Float64Array, to: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < n; j++) most = Math.max(most, from[base + j * stride]! - cost[Math.abs(i - j)]!);
    if (most === Number.NEGATIVE_INFINITY) continue;
    let [sum, mean] = [0, 0];
    for (let j = 0; j < n; j++) {
      const e = exp(from[base + j * stride]! - cost[Math.abs(i - j)]! - most);
      sum += e;
      mean += e * (j - i);
    }
    to[base + i * stride] = mean / sum;
  }
}
/** to_i = log sum_j exp(from_j - cost_|i - j|) along one line of cells. */
function logSums(n: number, base: number, stride: number, cost: Float64Array, from: Float64Array, to: Float64Array): void {
  for (let i = 0; i < n; i++) {
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < n; j++) most = Math.max(most, from[base + j * stride]! - cost[Math.abs(i - j)]!);
    let sum = 0;
    if (most > Number.NEGATIVE_INFINITY) for (let j = 0; j < n; j++) sum += exp(from[base + j * stride]! - cost[Math.abs(i - j)]! - most);
    to[base + i * stride] = most > Number.NEGATIVE_INFINITY ? most + log(sum) : most;
  }
}

/** Mean and covariance at time t of the mixture of Brownian bridges over any plan: sum P_ij N((1 - t) x_i + t y_j, t (1 - t) g), exact. */
export function bridgeMoments(from: Measure, to: Measure, plan: Plan, g: number, t: number): { readonly mean: Float64Array; readonly cov: Float64Array } {
  checkTime(t);
  const [p, q] = [pointsOf(from), pointsOf(to)];
  const d = from.space.dim;
  const { from: I, to: J, mass } = entriesOf(plan);
  const mean = new Float64Array(d);
  const cov = new Float64Array(d * d);
  let total = 0;
  const at = (e: number, k: number): number => (1 - t) * p.x[k * p.n + I[e]!]! + t * q.x[k * q.n + J[e]!]!;
  for (let e = 0; e < mass.length; e++) {
    total += mass[e]!;
    for (let k = 0; k < d; k++) mean[k] = mean[k]! + mass[e]! * at(e, k);
  }
  for (let k = 0; k < d; k++) mean[k] = mean[k]! / total;
  for (let e = 0; e < mass.length; e++)
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) cov[k * d + l] = cov[k * d + l]! + (mass[e]! / total) * (at(e, k) - mean[k]!) * (at(e, l) - mean[l]!);
  for (let k = 0; k < d; k++) cov[k * d + k] = cov[k * d + k]! + t * (1 - t) * g;
  return { mean, cov };
}
function pointsOf(m: Measure): { readonly n: number; readonly x: Rows } {
  if (m.rep === "particles") return m;
  if (m.rep === "cells") return { n: m.space.cells!.n, x: m.space.cells!.centre };
  throw new OttoflowError("UnsupportedError", `a measure stored as ${m.rep} has no points.`, { missing: ["points"] });
}
