import type { Host, Part, Rows } from "../contract.ts";
import { type Cholesky, openCholesky } from "../kernels/cholesky.ts";
import { applyChain, type Chain, dot, factorChain, solveChain } from "./chain.ts";
import { conjugate, type System } from "./conjugate.ts";
import type { Objective } from "./descend.ts";
import { type LineStep, openLineStep } from "./line-newton.ts";
import type { Line, Term } from "./quantile-terms/term.ts";
import { termOf } from "./quantile-terms/terms.ts";

export interface LineProblem extends Objective {
  /** of F alone, null where no proved or checked fact gives one */
  readonly modulus: number | null;
  /** sets x_k, tau and the time; F(x_k), the energy scale of gaps and the size of the terms of F */
  begin(x: Float64Array, tau: number, t: number): { readonly before: number; readonly scale: number; readonly terms: number };
  /** W2(x_k, x)^2 / (2 tau) */
  cost(x: Float64Array): number;
  /** F(x), per part */
  energies(x: Rows, t: number): number[];
  /** the whole step in a few passes over the rows, for parts that allow it */
  readonly fused: LineStep | null;
}

/** Up to this many nodes coupled terms are preconditioned by a dense factorisation, once a step (32 MiB). */
const dense = 2048;

/** F(x) + |x - x_k|_B^2 / (2 tau) over x with lower <= x_0 <= ... <= x_{n-1} <= upper. */
export function openLineProblem(parts: readonly Part[], mass: number, level: Rows, lower: number, upper: number, host: Host): LineProblem {
  const n = level.length;
  const share = new Float64Array(n - 1);
  for (let i = 0; i < n - 1; i++) share[i] = mass * (level[i + 1]! - level[i]!);
  const line: Line = { n, mass, share, row: (size) => host.alloc(size) };
  const terms = parts.map((part) => termOf(part, line));
  const barrier = parts.some((part) => part.form === "local" || (part.form === "pair" && !part.W.finite));
  const rank = terms.reduce((s, term) => s + (term.rank ?? 0), 0);
  const coupled = terms.filter((term) => term.couple);
  const modulus = terms.reduce<number | null>((s, term) => (s === null || term.modulus === null ? null : s + term.modulus), 0);

  const row = (): Float64Array => new Float64Array(n);
  const chain = (): Chain => ({ n, diagonal: row(), off: new Float64Array(n - 1) });
  const metric = metricOf(line, chain());
  const hessian = chain();
  const own = chain();
  const [metricPivot, metricFactor, pivot, factor] = [row(), row(), row(), row()];
  factorChain(metric, metric, 0, metricPivot, metricFactor);
  const lump = row();
  for (let i = 0; i < n - 1; i++) {
    lump[i] = lump[i]! + share[i]! / 2;
    lump[i + 1] = lump[i + 1]! + share[i]! / 2;
  }
  const [start, a, b, held] = [row(), row(), row(), row()];
  const cg = coupled.length > 0 ? { r: row(), z: row(), p: row(), q: row() } : null;
  let table: Cholesky | null = null;
  // belongs to one step only, so that a resumed run repeats the same bits
  let factored = false;
  let tau = 1;
  let time = 0;

  /** int |x - start|^2 against the mass */
  const moved = (x: Float64Array): number => {
    let s = 0;
    let v = x[0]! - start[0]!;
    for (let i = 0; i < n - 1; i++) {
      const w = x[i + 1]! - start[i + 1]!;
      s += share[i]! * (v * v + v * w + w * w);
      v = w;
    }
    return s / 3;
  };
  const stuck = (x: Float64Array, g: Float64Array): readonly [boolean, boolean] => [x[0]! <= lower && g[0]! > 0, x[n - 1]! >= upper && g[n - 1]! < 0];
  const near = Number.isFinite(upper - lower) ? 1e-13 * (upper - lower) : 0;

  /** right-hand side and matrix of the Newton system with the nodes at active walls taken out */
  const pin = (left: boolean, right: boolean, h: Chain, g: Float64Array): void => {
    if (rank !== 0 || cg) held.set(lump);
    for (const [on, i, e] of [
      [left, 0, 0],
      [right, n - 1, n - 2],
    ] as const) {
      if (!on) continue;
      h.diagonal[i] = 1;
      h.off[e] = 0;
      g[i] = 0;
      held[i] = 0;
    }
  };
  /** out = (chain + rank held held')^-1 right, by Sherman–Morrison; false where that matrix is not positive definite */
  const solve = (right: Float64Array, out: Float64Array): boolean => {
    solveChain(n, pivot, factor, right, out);
    if (rank === 0) return true;
    solveChain(n, pivot, factor, held, b);
    const bottom = 1 + rank * dot(n, held, b);
    if (!(bottom > 0)) return false;
    const c = (rank * dot(n, held, out)) / bottom;
    for (let i = 0; i < n; i++) out[i] = out[i]! - c * b[i]!;
    return true;
  };

  const problem: LineProblem = {
    size: n,
    modulus,
    fused: openLineStep(terms, line, lower, upper),
    begin(x, step, t) {
      start.set(x);
      tau = step;
      time = t;
      factored = false;
      const values = terms.map((term) => term.value(x, t));
      const sizes = values.reduce((s, v) => s + Math.abs(v), 0);
      const centre = dot(n, lump, x) / mass;
      for (let i = 0; i < n; i++) a[i] = x[i]! - centre;
      const spread = squares(line, a);
      const before = values.reduce((s, v) => s + v, 0);
      return { before, scale: sizes + spread / (2 * tau), terms: sizes + Number.MIN_VALUE };
    },
    cost: (x) => moved(x) / (2 * tau),
    energies: (x, t) => terms.map((term) => term.value(x as Float64Array, t)),
    value(x) {
      for (let i = 0; i < n - 1; i++) if (x[i + 1]! < x[i]!) return Number.POSITIVE_INFINITY;
      let s = moved(x) / (2 * tau);
      for (const term of terms) s += term.value(x, time);
      return s;
    },
    gradient(x, g) {
      // the metric times (x - start) / tau
      const inverse = 1 / tau;
      const { diagonal, off } = metric;
      let left = 0;
      let v = (x[0]! - start[0]!) * inverse;
      for (let i = 0; i < n - 1; i++) {
        const w = (x[i + 1]! - start[i + 1]!) * inverse;
        g[i] = left + diagonal[i]! * v + off[i]! * w;
        left = off[i]! * v;
        v = w;
      }
      g[n - 1] = left + diagonal[n - 1]! * v;
      for (const term of terms) term.gradient(x, time, g);
    },
    residual(x, g) {
      const [left, right] = stuck(x, g);
      a.set(g);
      if (left) a[0] = 0;
      if (right) a[n - 1] = 0;
      solveChain(n, metricPivot, metricFactor, a, b);
      return dot(n, a, b);
    },
    direction(x, g, d) {
      const [left, right] = stuck(x, g);
      const right_ = a;
      for (let shift = 0, tries = 0; tries < 200; tries++) {
        assemble(terms, metric, tau, x, time, hessian, cg ? own : null);
        for (let i = 0; i < n; i++) right_[i] = -g[i]!;
        pin(left, right, hessian, right_);
        const definite = factorChain(hessian, metric, shift, pivot, factor) && solve(right_, d);
        if (definite) return cg ? couple(d, right_, x, shift, left, right) : shift === 0;
        shift = shift === 0 ? 0.5 / tau : shift * 2;
      }
      d.fill(0);
      return false;
    },
    reach(x, d) {
      let most = Number.POSITIVE_INFINITY;
      for (let i = 0; i < n - 1; i++) {
        const closing = d[i]! - d[i + 1]!;
        const dx = x[i + 1]! - x[i]!;
        if (closing > 0 && closing * most > dx) most = (barrier ? 0.9 * dx : dx) / closing;
      }
      if (d[0]! < 0 && x[0]! + most * d[0]! < lower) most = (lower - x[0]!) / d[0]!;
      if (d[n - 1]! > 0 && x[n - 1]! + most * d[n - 1]! > upper) most = (upper - x[n - 1]!) / d[n - 1]!;
      return most;
    },
    settle(x) {
      if (Math.abs(x[0]! - lower) <= near) x[0] = lower;
      if (Math.abs(x[n - 1]! - upper) <= near) x[n - 1] = upper;
    },
  };
  return problem;

  /**
   * Solves the Newton system with the coupled terms: up to `dense` nodes by a dense factorisation, made once a step and again when the point
   * has moved far, which at the next points preconditions; for more nodes the chain does.
   */
  function couple(d: Float64Array, right: Float64Array, x: Float64Array, shift: number, left: boolean, rightWall: boolean): boolean {
    if (n <= dense && !factored && tabulate(x, left, rightWall)) {
      table!.solve(right, d);
      return true;
    }
    const system: System = {
      n,
      apply(v, out) {
        applyChain(own, v, out);
        const c = rank === 0 ? 0 : rank * dot(n, held, v);
        for (let i = 0; i < n; i++) out[i] = out[i]! + c * held[i]!;
        for (const term of coupled) term.couple!(x, v, out);
        if (left) out[0] = v[0]!;
        if (rightWall) out[n - 1] = v[n - 1]!;
      },
      precondition: (r, out) => {
        if (factored) table!.solve(r, out);
        else solve(r, out);
      },
    };
    const solved = conjugate(system, right, d, factored ? 40 : 400, 1e-6, cg!);
    if (solved.end === "more" && factored && tabulate(x, left, rightWall)) {
      table!.solve(right, d);
      return true;
    }
    return solved.end !== "negative" && shift === 0;
  }

  /** factor of the whole Hessian; false where it is not positive definite */
  function tabulate(x: Float64Array, left: boolean, right: boolean): boolean {
    table ??= openCholesky(n);
    const H = table.table;
    H.fill(0);
    for (let i = 0; i < n; i++) {
      H[i * n + i] = own.diagonal[i]!;
      if (i > 0) H[i * n + i - 1] = own.off[i - 1]!;
    }
    if (rank !== 0) for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) H[i * n + j] = H[i * n + j]! + rank * lump[i]! * lump[j]!;
    for (const term of coupled) term.dense!(x, H);
    if (left) for (let i = 0; i < n; i++) H[i * n] = i === 0 ? 1 : 0;
    if (right) for (let j = 0; j < n; j++) H[(n - 1) * n + j] = j === n - 1 ? 1 : 0;
    factored = table.factor();
    return factored;
  }
}

/** `whole`: Hessian of the step, chains of coupled terms included as preconditioner; `own`: without those, where asked for. */
function assemble(terms: readonly Term[], metric: Chain, tau: number, x: Float64Array, t: number, whole: Chain, own: Chain | null): void {
  const inverse = 1 / tau;
  for (let i = 0; i < metric.n - 1; i++) {
    whole.diagonal[i] = metric.diagonal[i]! * inverse;
    whole.off[i] = metric.off[i]! * inverse;
  }
  whole.diagonal[metric.n - 1] = metric.diagonal[metric.n - 1]! * inverse;
  for (const term of terms) if (!term.couple) term.hessian(x, t, whole);
  own?.diagonal.set(whole.diagonal);
  own?.off.set(whole.off);
  for (const term of terms) if (term.couple) term.hessian(x, t, whole);
}

/** int v^2 against the mass, for v linear between the nodes */
function squares(line: Line, v: Float64Array): number {
  let s = 0;
  for (let i = 0; i < line.n - 1; i++) s += line.share[i]! * (v[i]! * v[i]! + v[i]! * v[i + 1]! + v[i + 1]! * v[i + 1]!);
  return s / 3;
}

function metricOf(line: Line, m: Chain): Chain {
  for (let i = 0; i < line.n - 1; i++) {
    const w = line.share[i]! / 6;
    m.diagonal[i] = m.diagonal[i]! + 2 * w;
    m.diagonal[i + 1] = m.diagonal[i + 1]! + 2 * w;
    m.off[i] = w;
  }
  return m;
}
