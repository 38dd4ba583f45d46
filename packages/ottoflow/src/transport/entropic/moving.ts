/**
 * The Sinkhorn divergence of a cloud that moves to one that stays, again and again. Both problems are Newton's on their reduced duals, over rows of
 * conditional probabilities that are written out; each starts from the potentials of the last solve where those are handed in. [feydy2019, brauer2017]
 */
import type { Rows } from "../../contract.ts";
import { limitError } from "../../errors.ts";
import { exp, log } from "../../kernels/math.ts";
import type { Atoms } from "../problem.ts";
import { conditional, nearest, otherNewton, ownNewton, widest } from "./conditional.ts";

export interface MovingDivergence {
  /** numbers that a solve with n moving points leaves for the next */
  warm(n: number): number;
  /** starts from `warm` (all 0: from nothing) and, where it is to be `kept`, writes it. */
  solve(n: number, x: Rows, weight: Rows, warm?: Rows, kept?: boolean): Near;
}
export interface Near {
  /** OT(a, b) - OT(a, a) / 2 - OT(b, b) / 2, OT = <C, P> + epsilon KL(P | a x b), C = |x - y|^2 */
  readonly value: number;
  /** [d * n] mean of the other cloud, and of the own one, under both plans given the point: half the gradient of the value per unit weight is own - other */
  readonly other: Float64Array;
  readonly own: Float64Array;
  /** largest of sum |P' 1 - b| / mass and its mirror image */
  readonly defect: number;
  readonly iterations: number;
}

/** entries of a table of conditional probabilities, 8 bytes each */
const MOST = 4e7;
const TOLERANCE = 1e-10;
const PASSES = 400;
/** what the smoothings that lead down to the one that is asked are solved to */
const ROUGH = 1e-2;
/** steps in a row that bring nothing more: rounding */
const IDLE = 40;

export function openMovingDivergence(b: Atoms, epsilon: number): MovingDivergence {
  const { d, n: m } = b;
  const table = openTable(d, epsilon);
  const fixed = ownSide(table, m, b.x, b.weight, new Float64Array(m), false);
  const bb = fixed.value;
  return {
    warm: (n) => 1 + m + n,
    solve(n, x, weight, warm, kept = false) {
      const g = new Float64Array(m);
      const p = new Float64Array(n);
      const known = warm !== undefined && warm[0] === 1;
      if (known) for (let j = 0; j < m; j++) g[j] = warm[1 + j]!;
      if (known) for (let i = 0; i < n; i++) p[i] = warm[1 + m + i]!;
      const there = otherSide(table, n, x, weight, b, g, known);
      const here = ownSide(table, n, x, weight, p, known);
      if (warm && kept) {
        warm[0] = 1;
        for (let j = 0; j < m; j++) warm[1 + j] = g[j]!;
        for (let i = 0; i < n; i++) warm[1 + m + i] = p[i]!;
      }
      return {
        value: there.value - 0.5 * here.value - 0.5 * bb,
        other: there.means,
        own: here.means,
        defect: Math.max(there.defect, here.defect, fixed.defect),
        iterations: there.iterations + here.iterations,
      };
    },
  };
}

interface Side {
  readonly value: number;
  readonly means: Float64Array;
  readonly defect: number;
  readonly iterations: number;
}
/** What both problems share: one table, as large as the larger needs it. */
interface Table {
  readonly d: number;
  readonly epsilon: number;
  room(size: number): Float64Array;
}
function openTable(d: number, epsilon: number): Table {
  let table = new Float64Array(0);
  return {
    d,
    epsilon,
    room(size) {
      if (size > MOST)
        throw limitError("pairs of points of a Sinkhorn divergence", size, MOST, "Let fewer points stand for the target, or take fewer particles.");
      if (table.length < size) table = new Float64Array(size);
      return table;
    },
  };
}
/** out[k * n + i] = sum_j Q_ij y[k * m + j] */
function meansOf(d: number, n: number, Q: Float64Array, m: number, y: Rows): Float64Array {
  const out = new Float64Array(d * n);
  for (let k = 0; k < d; k++)
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0; j < m; j++) s += Q[i * m + j]! * y[k * m + j]!;
      out[k * n + i] = s;
    }
  return out;
}

/** Moves p to the potential of the cloud with itself: p <- (p + S(p)) / 2 surely, by Newton's method once it is near. */
function ownSide({ d, epsilon, room }: Table, n: number, x: Rows, a: Rows, p: Float64Array, known: boolean): Side {
  const Q = room(n * n);
  const mass = total(n, a);
  const logA = Float64Array.from({ length: n }, (_, i) => log(a[i]!));
  const soft = new Float64Array(n);
  const ratio = new Float64Array(n);
  const scratch = rowsOf(5, n);
  const [old, oldSoft] = [new Float64Array(n), new Float64Array(n)];
  let spread = 0;
  const pass = (e: number): number => {
    spread = conditional(d, n, x, n, x, logA, p, e, Q, soft);
    let defect = 0;
    for (let i = 0; i < n; i++) {
      // a point without mass is seen by no other
      if (a[i] === 0) p[i] = soft[i]!;
      ratio[i] = exp((p[i]! - soft[i]!) / e);
      defect += a[i]! * Math.abs(ratio[i]! - 1);
    }
    return defect / mass;
  };
  const halve = (): void => {
    for (let i = 0; i < n; i++) p[i] = 0.5 * (p[i]! + soft[i]!);
  };
  let iterations = 0;
  if (!known)
    for (let e = widest(d, n, x, n, x); e > epsilon; e *= 0.25, iterations++) {
      pass(e);
      halve();
    }
  let defect = pass(epsilon);
  const progress = watched();
  for (; iterations < PASSES && !(defect <= within(spread, epsilon)) && progress(defect); iterations++) {
    const before = defect;
    if (defect < 0.5) {
      old.set(p);
      oldSoft.set(soft);
      ownNewton(n, Q, a, ratio, epsilon, scratch);
      for (let i = 0; i < n; i++) p[i] = p[i]! + scratch[0]![i]!;
      defect = pass(epsilon);
      if (defect < 0.7 * before) continue;
      // back, and the sure way
      p.set(old);
      soft.set(oldSoft);
    }
    halve();
    defect = pass(epsilon);
  }
  let s = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    s += a[i]! * p[i]!;
    sum += a[i]! * ratio[i]!;
  }
  return { value: 2 * s - epsilon * (sum - mass * mass), means: meansOf(d, n, Q, n, x), defect, iterations };
}

/** Moves g to the potential of the second cloud, by Newton's method with a line search and Sinkhorn's update where that brings nothing; from nothing through larger smoothings. */
function otherSide({ d, epsilon, room }: Table, n: number, x: Rows, a: Rows, b: Atoms, g: Float64Array, known: boolean): Side {
  const logB = Float64Array.from(b.weight, log);
  const m = b.n;
  const Q = room(n * m);
  const mass = total(n, a);
  const f = new Float64Array(n);
  const column = new Float64Array(m);
  const scratch = rowsOf(6, m);
  const u = new Float64Array(n);
  const [old, sums] = [new Float64Array(m), new Float64Array(m)];
  let spread = 0;
  let height = 0;
  const pass = (e: number): number => {
    spread = conditional(d, n, x, m, b.x, logB, g, e, Q, f);
    column.fill(0);
    height = 0;
    for (let i = 0; i < n; i++) {
      const w = a[i]!;
      height += w * f[i]!;
      for (let j = 0, q = i * m; j < m; j++, q++) column[j] = column[j]! + w * Q[q]!;
    }
    let defect = 0;
    for (let j = 0; j < m; j++) {
      height += b.weight[j]! * g[j]!;
      defect += Math.abs(column[j]! - b.weight[j]!);
    }
    return defect / mass;
  };
  /** the Sinkhorn update of the columns; of a column that no mass reaches, the one without entropy */
  const update = (e: number): void => {
    for (let j = 0; j < m; j++)
      if (column[j]! > 1e-290) g[j] = g[j]! - e * log(column[j]! / b.weight[j]!);
      else g[j] = nearest(d, n, x, f, m, b.x, j);
  };
  let iterations = 0;
  const solveAt = (e: number, enough: number): number => {
    let defect = pass(e);
    const progress = watched();
    const last = iterations + PASSES;
    for (; iterations < last && !(defect <= Math.max(enough, within(spread, e))) && progress(defect); iterations++) {
      old.set(g);
      sums.set(column);
      const [before, start] = [defect, height];
      const slope = otherNewton(n, m, Q, a, column, b.weight, e, Math.min(0.05, Math.max(1e-4, defect)), scratch, u);
      let accepted = false;
      for (let step = 1; slope > 0 && step > 1e-3 && !accepted; step *= 0.5, iterations++) {
        for (let j = 0; j < m; j++) g[j] = old[j]! + step * scratch[0]![j]!;
        defect = pass(e);
        accepted = defect <= 0.5 * before || height >= start + 1e-4 * step * slope;
      }
      if (accepted) continue;
      g.set(old);
      column.set(sums);
      update(e);
      defect = pass(e);
    }
    return defect;
  };
  if (!known)
    for (let e = widest(d, n, x, m, b.x); e > epsilon; e *= 0.25) {
      if (solveAt(e, ROUGH) > ROUGH) break;
    }
  const defect = solveAt(epsilon, 0);
  return { value: height - epsilon * (mass - mass * mass), means: meansOf(d, n, Q, m, b.x), defect, iterations };
}
const rowsOf = (count: number, n: number): Float64Array[] => Array.from({ length: count }, () => new Float64Array(n));
function total(n: number, w: Rows): number {
  let s = 0;
  for (let i = 0; i < n; i++) s += w[i]!;
  return s;
}
/** False once the defect has not fallen for a while; near rounding that is soon. */
function watched(): (defect: number) => boolean {
  let [best, idle] = [Number.POSITIVE_INFINITY, 0];
  return (defect) => {
    if (defect < 0.9 * best) [best, idle] = [defect, 0];
    else idle++;
    return idle < (defect < 1e-6 ? 5 : IDLE);
  };
}
/** What rounding of exponents of that size leaves. */
const within = (spread: number, epsilon: number): number => Math.max(TOLERANCE, (1e-15 * spread) / epsilon);
