/** Rows, copies and moments of stored measures, whatever their storage. */
import type { As, Host, Measure, Rep, Rows } from "../contract.ts";
import { expectLength, OttoflowError } from "../errors.ts";
import { powi } from "../kernels/math.ts";

interface Storage<M> {
  /** every row that makes the measure, by name; shared rows (levels) included */
  rows(m: M): Readonly<Record<string, Rows>>;
  withRows(m: M, rows: Readonly<Record<string, Rows>>): M;
  mass(m: M): number;
  /** least density, weight or density between nodes; +infinity where positivity is built in */
  minimum(m: M): number;
  /** int x_k^p dm for every axis k, into out [d] */
  moments(m: M, p: number, out: Rows): void;
  /** int (x - c)_k (x - c)_l dm, into out [d * d] */
  products(m: M, c: Rows, out: Rows): void;
}

const cells: Storage<As<"cells">> = {
  rows: (m) => ({ rho: m.rho }),
  withRows: (m, rows) => ({ ...m, rho: rows.rho! }),
  mass: (m) => {
    const { n, volume } = m.space.cells!;
    return sum(n, (i) => m.rho[i]! * volume[i]!);
  },
  minimum: (m) => least(m.rho),
  moments: (m, p, out) => {
    const { n, volume, centre } = m.space.cells!;
    for (let k = 0; k < m.space.dim; k++) out[k] = sum(n, (i) => m.rho[i]! * volume[i]! * powi(centre[k * n + i]!, p));
  },
  products: (m, c, out) => {
    const { n, volume, centre } = m.space.cells!;
    const d = m.space.dim;
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) out[k * d + l] = sum(n, (i) => m.rho[i]! * volume[i]! * (centre[k * n + i]! - c[k]!) * (centre[l * n + i]! - c[l]!));
  },
};

const particles: Storage<As<"particles">> = {
  rows: (m) => ({ x: m.x, weight: m.weight }),
  withRows: (m, rows) => ({ ...m, x: rows.x!, weight: rows.weight! }),
  mass: (m) => sum(m.n, (i) => m.weight[i]!),
  minimum: (m) => least(m.weight),
  moments: (m, p, out) => {
    for (let k = 0; k < m.space.dim; k++) out[k] = sum(m.n, (i) => m.weight[i]! * powi(m.x[k * m.n + i]!, p));
  },
  products: (m, c, out) => {
    const d = m.space.dim;
    for (let k = 0; k < d; k++)
      for (let l = 0; l < d; l++) out[k * d + l] = sum(m.n, (i) => m.weight[i]! * (m.x[k * m.n + i]! - c[k]!) * (m.x[l * m.n + i]! - c[l]!));
  },
};

const quantiles: Storage<As<"quantiles">> = {
  rows: (m) => ({ x: m.x, level: m.level }),
  withRows: (m, rows) => ({ ...m, x: rows.x!, level: rows.level! }),
  mass: (m) => m.mass,
  minimum: (m) => {
    let least = Number.POSITIVE_INFINITY;
    for (let i = 1; i < m.x.length; i++) least = Math.min(least, (m.mass * (m.level[i]! - m.level[i - 1]!)) / (m.x[i]! - m.x[i - 1]!));
    return least;
  },
  moments: (m, p, out) => {
    // the mean of x^p over [a, b] is sum_j a^j b^{p-j} / (p + 1)
    out[0] = sum(m.x.length - 1, (i) => {
      let s = 0;
      for (let j = 0; j <= p; j++) s += powi(m.x[i]!, j) * powi(m.x[i + 1]!, p - j);
      return (m.mass * (m.level[i + 1]! - m.level[i]!) * s) / (p + 1);
    });
  },
  products: (m, c, out) => {
    out[0] = sum(m.x.length - 1, (i) => {
      const a = m.x[i]! - c[0]!;
      const b = m.x[i + 1]! - c[0]!;
      return (m.mass * (m.level[i + 1]! - m.level[i]!) * (a * a + a * b + b * b)) / 3;
    });
  },
};

const gaussian: Storage<As<"gaussian">> = {
  rows: (m) => ({ mean: m.mean, cov: m.cov }),
  withRows: (m, rows) => ({ ...m, mean: rows.mean!, cov: rows.cov! }),
  mass: (m) => m.mass,
  minimum: () => Number.POSITIVE_INFINITY,
  moments: (m, p, out) => {
    const d = m.mean.length;
    for (let k = 0; k < d; k++) {
      let before = 0;
      let now = 1;
      for (let j = 1; j <= p; j++) [before, now] = [now, m.mean[k]! * now + (j - 1) * m.cov[k * d + k]! * before];
      out[k] = m.mass * now;
    }
  },
  products: (m, c, out) => {
    const d = m.mean.length;
    for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) out[k * d + l] = m.mass * (m.cov[k * d + l]! + (m.mean[k]! - c[k]!) * (m.mean[l]! - c[l]!));
  },
};

const storages: { readonly [R in Rep]: Storage<As<R>> } = { cells, particles, quantiles, gaussian };
const of = (m: Measure): Storage<Measure> => storages[m.rep] as unknown as Storage<Measure>;

/** Neumaier's compensated sum: totals of 2^24 cells stay within a rounding of the true total. */
function sum(n: number, term: (i: number) => number): number {
  let s = 0;
  let c = 0;
  for (let i = 0; i < n; i++) {
    const v = term(i);
    const t = s + v;
    c += Math.abs(s) >= Math.abs(v) ? s - t + v : v - t + s;
    s = t;
  }
  return s + c;
}
function least(a: Rows): number {
  let m = Number.POSITIVE_INFINITY;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]!)) return Number.NaN;
    m = Math.min(m, a[i]!);
  }
  return m;
}

/** The rows that make the measure, by name; the measure's own memory, not copies. */
export function rowsOf(m: Measure): Readonly<Record<string, Rows>> {
  return of(m).rows(m);
}
/** The same kind of measure over other rows of the same sizes and names. */
export function withRows<M extends Measure>(m: M, rows: Readonly<Record<string, Rows>>): M {
  for (const [name, row] of Object.entries(rowsOf(m))) {
    const given = rows[name];
    if (!given) throw new OttoflowError("ShapeError", `row ${name}: missing; give all of ${Object.keys(rowsOf(m)).join(", ")}.`, { got: 0, want: row.length });
    expectLength(name, given.length, row.length);
  }
  return of(m).withRows(m, rows) as M;
}
/** Copies the rows of `from` into those of `to`: same storage and sizes. */
export function copyMeasure(from: Measure, to: Measure): void {
  const target = rowsOf(to);
  for (const [name, row] of Object.entries(rowsOf(from))) {
    const into = target[name];
    if (!into) throw new OttoflowError("ShapeError", `row ${name}: cannot copy ${from.rep} into ${to.rep}.`, { got: 0, want: row.length });
    expectLength(name, into.length, row.length);
    if (into !== row) into.set(row);
  }
}
/** A copy with memory of its own: of the host where one is given (stepping), else ordinary arrays (frames). */
export function cloneMeasure<M extends Measure>(m: M, host?: Host): M {
  const copies: Record<string, Rows> = {};
  for (const [name, row] of Object.entries(rowsOf(m))) {
    const wide = row instanceof Float64Array;
    const copy: Rows = host ? (wide ? host.alloc(row.length) : host.alloc32(row.length)) : wide ? new Float64Array(row.length) : new Float32Array(row.length);
    copy.set(row);
    copies[name] = copy;
  }
  return of(m).withRows(m, copies) as M;
}
/** Total mass. */
export function massOf(m: Measure): number {
  return of(m).mass(m);
}
/** The least density (cells; between quantile nodes: negative where nodes have crossed) or weight (particles); +infinity for Gaussians, NaN where a row holds one. */
export function minimumOf(m: Measure): number {
  return of(m).minimum(m);
}
/**
 * int x_k^p dm per axis, [d], not divided by the mass; p a whole number >= 0. Cells count at their centres, as energies do: cell averages of a smooth density
 * give its moments to O(h^2). Quantiles and Gaussians are integrated exactly.
 */
export function momentsOf(m: Measure, p: number): Float64Array {
  const out = new Float64Array(m.space.dim);
  of(m).moments(m, p, out);
  return out;
}
/** Mean of the normalised measure, [d]. */
export function meanOf(m: Measure): Float64Array {
  const out = momentsOf(m, 1);
  const mass = massOf(m);
  for (let k = 0; k < out.length; k++) out[k] = out[k]! / mass;
  return out;
}
/** Covariance of the normalised measure, [d * d]. */
export function covOf(m: Measure): Float64Array {
  const mean = meanOf(m);
  const mass = massOf(m);
  const d = mean.length;
  const out = new Float64Array(d * d);
  of(m).products(m, mean, out);
  for (let k = 0; k < d * d; k++) out[k] = out[k]! / mass;
  return out;
}
