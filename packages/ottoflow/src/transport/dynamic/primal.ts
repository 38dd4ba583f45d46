/** What a path proves: an upper bound of the discrete action, and one of the continuous action between the same densities. */
import { atan, atanh, log, pow } from "../../kernels/math.ts";
import { spaceFlux } from "./balance.ts";
import { type DynamicProblem, emptyPath, type Path } from "./splitting.ts";

/**
 * A path through the inside of the domain: from -> mixture with the uniform density of each part of space -> to. Every density is positive (and
 * below the top, if the uniform one is) at all intervals, and mass is balanced exactly.
 */
export function referencePath(problem: DynamicProblem): Path {
  const { lattice: l, from, to, reaction } = problem;
  const { n, steps, dt } = l;
  const path = emptyPath(problem);
  const flat = uniform(problem);
  const change = Float64Array.from(from, (v, i) => v - to[i]!);
  const spread = Float64Array.from(from, (v, i) => (v + to[i]!) / 4 - flat[i]! / 2);
  const [straight, bow] = reaction > 0 ? [null, null] : [spaceFlux(l, change), spaceFlux(l, spread)];
  for (let t = 0; t < steps; t++) {
    const s = (t + 0.5) * dt;
    const c = 4 * s * (1 - s) - dt * dt;
    const e = 4 * (1 - 2 * s);
    for (let i = 0; i < n; i++) {
      path.rho[i * steps + t] = (1 - s) * from[i]! + s * to[i]! - c * spread[i]!;
      for (let k = 0; straight && k < l.dim; k++) path.flux[k]![i * steps + t] = straight[k]![i]! + e * bow[k]![i]!;
      if (path.source) path.source[i * steps + t] = -change[i]! - e * spread[i]!;
    }
  }
  return path;
}

function uniform({ lattice: l, from, to, reaction }: DynamicProblem): Float64Array {
  const mass = new Float64Array(l.parts);
  const cells = new Float64Array(l.parts);
  for (let i = 0; i < l.n; i++) {
    if (l.part[i]! < 0) continue;
    mass[l.part[i]!] = mass[l.part[i]!]! + (from[i]! + to[i]!) / 2;
    cells[l.part[i]!] = cells[l.part[i]!]! + 1;
  }
  const mean = mass.reduce((a, b) => a + b, 0) / l.freeCells;
  return Float64Array.from(l.part, (part) => (part < 0 ? 0 : reaction > 0 ? mean : mass[part]! / cells[part]!));
}

/** out = (1 - share) path + share reference; `out` may be `path` */
export function mix(path: Path, reference: Path, share: number, out: Path): void {
  const blend = (a: Float64Array, b: Float64Array, c: Float64Array): void => {
    for (let q = 0; q < a.length; q++) c[q] = a[q]! + share * (b[q]! - a[q]!);
  };
  blend(path.rho, reference.rho, out.rho);
  for (let k = 0; k < path.flux.length; k++) blend(path.flux[k]!, reference.flux[k]!, out.flux[k]!);
  if (path.source && reference.source && out.source) blend(path.source, reference.source, out.source);
}

/** The least share of the reference that brings all densities into [0, top]. */
export function leastShare(problem: DynamicProblem, path: Path, reference: Path): number {
  const { top } = problem.mobility;
  let share = 0;
  for (let q = 0; q < path.rho.length; q++) {
    const a = path.rho[q]!;
    const b = reference.rho[q]!;
    if (a < 0 && b > a) share = Math.max(share, a / (a - b));
    if (a > top && b < a) share = Math.max(share, (a - top) / (a - b));
  }
  return share;
}

/** Action of each interval, int |v|^p M (and delta^2 growth^2), in units: [steps]. Infinity where mass moves through nothing. */
export function actionPerInterval(problem: DynamicProblem, path: Path, out: Float64Array): number {
  const { lattice: l, mobility: m, p, reaction } = problem;
  const { n, steps } = l;
  const power = new Float64Array(p === 2 ? 0 : n);
  let total = 0;
  for (let t = 0; t < steps; t++) {
    let sum = 0;
    power.fill(0);
    for (let k = 0; k < l.dim; k++) {
      for (let i = 0; i < n; i++) {
        if (!l.open[k]![i]) continue;
        const f = path.flux[k]![i * steps + t]!;
        if (f === 0) continue;
        const j = l.up[k]![i]!;
        const theta = (m.value(path.rho[i * steps + t]!) + m.value(path.rho[j * steps + t]!)) / 2;
        const v = f / theta;
        if (p === 2) sum += f * v;
        else {
          power[i] = power[i]! + (v * v) / 2;
          power[j] = power[j]! + (v * v) / 2;
        }
      }
    }
    if (p !== 2) for (let i = 0; i < n; i++) if (power[i]! > 0) sum += times(m.value(path.rho[i * steps + t]!), pow(power[i]!, p / 2));
    if (path.source)
      for (let i = 0; i < n; i++) {
        const z = path.source[i * steps + t]!;
        if (z !== 0) sum += (z * z) / (m.value(path.rho[i * steps + t]!) * reaction * reaction);
      }
    out[t] = sum * l.volume;
    total += out[t]! * l.dt;
  }
  return total;
}
/** a x with 0 Infinity = 0: nobody moves */
const times = (a: number, x: number): number => (a === 0 && x < Number.POSITIVE_INFINITY ? 0 : a * x);

/**
 * Upper bound of the least action between the densities that are constant in each cell: the path itself, made continuous. Densities are linear in
 * time between the middles of the intervals (and the ends), fluxes linear across each cell, so mass is balanced everywhere; the action of
 * that curve is integrated in closed form (p = 2 and M(r) = r) or bounded from above. The first and last half interval may run with
 * the p-th power of time, so that mass can leave and reach cells that are empty at the ends.
 */
export function continuousAction(problem: DynamicProblem, path: Path): number {
  const { lattice: l, from, to, mobility: m, p } = problem;
  const { n, steps, dt } = l;
  const rates = new Float64Array(n);
  const before = Float64Array.from(from, (v) => m.value(v));
  const after = new Float64Array(n);
  let total = 0;
  for (let t = 0; t <= steps; t++) {
    for (let i = 0; i < n; i++) after[i] = m.value(t < steps ? path.rho[i * steps + t]! : to[i]!);
    cellRates(problem, path, Math.max(t - 1, 0), Math.min(t, steps - 1), rates);
    const end = t === 0 || t === steps;
    let even = 0;
    let eased = 0;
    for (let i = 0; i < n; i++) {
      if (rates[i] === 0) continue;
      even += rates[i]! * linearWeight(before[i]!, after[i]!, p);
      if (end) eased += rates[i]! * (t === 0 ? easedWeight(before[i]!, after[i]!, p) : easedWeight(after[i]!, before[i]!, p));
    }
    total += (end ? (dt / 2) * Math.min(even, eased) : dt * even) * l.volume;
    before.set(after);
  }
  return total;
}

/** The least continuous action of the path mixed with more and more of the reference: what is nearly empty costs most. */
export function continuousUpper(problem: DynamicProblem, path: Path): number {
  const reference = referencePath(problem);
  const trial = emptyPath(problem);
  let best = continuousAction(problem, path);
  for (let share = 1e-7, worse = 0; share <= 1 && worse < 3; share *= 2.5) {
    mix(path, reference, share, trial);
    const value = continuousAction(problem, trial);
    worse = value < best ? 0 : best < Number.POSITIVE_INFINITY && share > 1e-4 ? worse + 1 : 0;
    best = Math.min(best, value);
  }
  return best;
}

/** int over each cell of |m|^p (p = 2: exactly; else at most) for the mean flux of intervals t and u, per volume. */
function cellRates({ lattice: l, p, reaction }: DynamicProblem, path: Path, t: number, u: number, out: Float64Array): void {
  const { n, steps, dim } = l;
  const mean = (row: Float64Array, i: number): number => (row[i * steps + t]! + row[i * steps + u]!) / 2;
  const low = new Float64Array(dim);
  const high = new Float64Array(dim);
  for (let i = 0; i < n; i++) {
    out[i] = 0;
    if (!l.free[i]) continue;
    for (let k = 0; k < dim; k++) {
      const j = l.down[k]![i]!;
      low[k] = j >= 0 && l.open[k]![j] ? mean(path.flux[k]!, j) : 0;
      high[k] = l.open[k]![i] ? mean(path.flux[k]!, i) : 0;
    }
    out[i] = p === 2 ? squares(low, high) : corners(low, high, p);
    if (path.source) {
      const z = mean(path.source, i) / reaction;
      out[i] = out[i]! + z * z;
    }
  }
}
function squares(low: Float64Array, high: Float64Array): number {
  let s = 0;
  for (let k = 0; k < low.length; k++) s += (low[k]! * low[k]! + low[k]! * high[k]! + high[k]! * high[k]!) / 3;
  return s;
}
/** |m|^p is convex along each axis: its mean is at most that over the corners. */
function corners(low: Float64Array, high: Float64Array, p: number): number {
  const count = 1 << low.length;
  let s = 0;
  for (let c = 0; c < count; c++) {
    let square = 0;
    for (let k = 0; k < low.length; k++) {
      const v = (c >> k) & 1 ? high[k]! : low[k]!;
      square += v * v;
    }
    s += square === 0 ? 0 : pow(square, p / 2);
  }
  return s / count;
}

/** int_0^1 (a + s (b - a))^(1 - p) ds; M is concave, so M along the way is at least this line. */
export function linearWeight(a: number, b: number, p: number): number {
  if (p === 2) {
    if (a === 0 || b === 0) return Number.POSITIVE_INFINITY;
    const x = (b - a) / (a + b);
    // log(b / a) / (b - a) = 2 atanh(x) / (b - a)
    if (Math.abs(x) < 1e-3) return (2 / (a + b)) * (1 + (x * x) / 3 + (x * x * x * x) / 5);
    return log(b / a) / (b - a);
  }
  if (p > 2 && (a === 0 || b === 0)) return Number.POSITIVE_INFINITY;
  if (a === 0 && b === 0) return Number.POSITIVE_INFINITY;
  // the closed form loses digits where a and b are close: there the larger value at both ends bounds it closely enough
  if (Math.abs(b - a) < 1e-6 * (a + b)) return pow(Math.min(a, b), 1 - p);
  return (pow(b, 2 - p) - pow(a, 2 - p)) / ((2 - p) * (b - a));
}

/** int_0^1 (p s^(p-1))^p (a + s^p (b - a))^(1-p) ds, exactly for p = 2, else at most. */
export function easedWeight(a: number, b: number, p: number): number {
  if (p !== 2) {
    const near = pow(p, p) / ((p * (p - 1) + 1) * pow(Math.min(a, b), p - 1));
    return Math.min(pow(p, p) / pow(b, p - 1), near);
  }
  const d = b - a;
  const e = d / a;
  if (Math.abs(e) < 1e-2) return (4 / a) * (1 / 3 - e / 5 + (e * e) / 7 - (e * e * e) / 9 + (e * e * e * e) / 11);
  if (d > 0) return a === 0 ? 4 / d : (4 / d) * (1 - Math.sqrt(a / d) * atan(Math.sqrt(d / a)));
  if (b === 0) return Number.POSITIVE_INFINITY;
  return (4 / -d) * (Math.sqrt(a / -d) * atanh(Math.sqrt(-d / a)) - 1);
}
