/**
 * The Sinkhorn divergence of a cloud that moves to one that stays, again and again. Both problems are Newton's on their reduced duals, over rows of
 * conditional probabilities that are written out; each starts from the potentials of the last solve where those are handed in. [feydy2019, brauer2017]
 */
import type { Rows } from "../../contract.ts";
import { limitError } from "../../errors.ts";
import { exp, log } from "../../kernels/math.ts";
import { expRows } from "../../kernels/rows.ts";
import type { Atoms } from "../problem.ts";

export interface MovingDivergence {
  /** numbers that a solve with n moving points leaves for the next */
  warm(n: number): number;
  /** starts from `warm` (all 0: from nothing) and, where it is to be `kept`, writes it. The rows of the answer belong to the solver and hold until the next solve */
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
const TOLERANCE = 1e-11;
const PASSES = 400;
/** what the smoothings that lead down to the one that is asked are solved to */
const ROUGH = 1e-2;
/** steps in a row that bring nothing more: rounding */
const IDLE = 40;

export function openMovingDivergence(b: Atoms, epsilon: number): MovingDivergence {
  const { d, n: m } = b;
  const tables = openTables(d, epsilon);
  const logB = Float64Array.from(b.weight, log);
  const fixed = tables.own(m, b.x, b.weight, new Float64Array(m), false);
  const bb = fixed.value;
  return {
    warm: (n) => 1 + m + n,
    solve(n, x, weight, warm, kept = false) {
      const g = new Float64Array(m);
      const p = new Float64Array(n);
      const known = warm !== undefined && warm[0] === 1;
      if (known) for (let j = 0; j < m; j++) g[j] = warm[1 + j]!;
      if (known) for (let i = 0; i < n; i++) p[i] = warm[1 + m + i]!;
      const there = tables.other(n, x, weight, b, logB, g, known);
      const here = tables.own(n, x, weight, p, known);
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
interface Tables {
  /** moves g to the potential of the second cloud */
  other(n: number, x: Rows, a: Rows, b: Atoms, logB: Float64Array, g: Float64Array, known: boolean): Side;
  /** moves p to the potential of the cloud with itself */
  own(n: number, x: Rows, a: Rows, p: Float64Array, known: boolean): Side;
}

function openTables(d: number, epsilon: number): Tables {
  let table = new Float64Array(0);
  const room = (size: number): Float64Array => {
    if (size > MOST)
      throw limitError("pairs of points of a Sinkhorn divergence", size, MOST, "Let fewer points stand for the target, or take fewer particles.");
    return table.length >= size ? table : (table = new Float64Array(size));
  };
  const means = [new Float64Array(0), new Float64Array(0)] as [Float64Array, Float64Array];
  const meansOf = (which: 0 | 1, n: number, Q: Float64Array, m: number, y: Rows): Float64Array => {
    if (means[which].length !== d * n) means[which] = new Float64Array(d * n);
    const out = means[which];
    for (let k = 0; k < d; k++)
      for (let i = 0; i < n; i++) {
        let s = 0;
        for (let j = 0; j < m; j++) s += Q[i * m + j]! * y[k * m + j]!;
        out[k * n + i] = s;
      }
    return out;
  };

  function own(n: number, x: Rows, a: Rows, p: Float64Array, known: boolean): Side {
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
    return { value: 2 * s - epsilon * (sum - mass * mass), means: meansOf(0, n, Q, n, x), defect, iterations };
  }

  function other(n: number, x: Rows, a: Rows, b: Atoms, logB: Float64Array, g: Float64Array, known: boolean): Side {
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
    return { value: height - epsilon * (mass - mass * mass), means: meansOf(1, n, Q, m, b.x), defect, iterations };
  }
  return { other, own };
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

/** A bound of the costs: the squared diagonal of the box around both clouds. */
function widest(d: number, n: number, x: Rows, m: number, y: Rows): number {
  let s = 0;
  for (let k = 0; k < d; k++) {
    let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let i = k * n; i < (k + 1) * n; i++) [lo, hi] = [Math.min(lo, x[i]!), Math.max(hi, x[i]!)];
    for (let j = k * m; j < (k + 1) * m; j++) [lo, hi] = [Math.min(lo, y[j]!), Math.max(hi, y[j]!)];
    s += (hi - lo) * (hi - lo);
  }
  return s;
}
function nearest(d: number, n: number, x: Rows, f: Float64Array, m: number, y: Rows, j: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < n; i++) {
    let c = 0;
    for (let k = 0; k < d; k++) c += (x[k * n + i]! - y[k * m + j]!) * (x[k * n + i]! - y[k * m + j]!);
    least = Math.min(least, c - f[i]!);
  }
  return least;
}

/**
 * Q_ij = b_j exp((f_i + g_j - c_ij) / epsilon) with f such that every row sums to one; returns the largest |g_j - c_ij| met.
 * log b is -Infinity for points without mass.
 */
function conditional(
  d: number,
  n: number,
  x: Rows,
  m: number,
  y: Rows,
  logB: Float64Array,
  g: Float64Array,
  epsilon: number,
  Q: Float64Array,
  f: Float64Array,
): number {
  const rate = 1 / epsilon;
  let spread = 0;
  for (let i = 0; i < n; i++) {
    const row = Q.subarray(i * m, (i + 1) * m);
    row.fill(0);
    for (let k = 0; k < d; k++) {
      const at = x[k * n + i]!;
      for (let j = 0, q = k * m; j < m; j++, q++) {
        const z = at - y[q]!;
        row[j] = row[j]! + z * z;
      }
    }
    let most = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < m; j++) {
      const height = g[j]! - row[j]!;
      if (height > spread) spread = height;
      else if (-height > spread) spread = -height;
      const z = height * rate + logB[j]!;
      row[j] = z;
      if (z > most) most = z;
    }
    for (let j = 0; j < m; j++) row[j] = row[j]! - most;
    f[i] = -epsilon * most;
  }
  expRows(n * m, Q, Q);
  for (let i = 0; i < n; i++) {
    let s = 0;
    for (let q = i * m; q < (i + 1) * m; q++) s += Q[q]!;
    f[i] = f[i]! - epsilon * log(s);
    const share = 1 / s;
    for (let q = i * m; q < (i + 1) * m; q++) Q[q] = Q[q]! * share;
  }
  return spread;
}

/**
 * Newton's step of h(g) = <a, f(g)> + <b, g>, concave: (diag(C) - Q' diag(a) Q) delta = epsilon (b - C), C = Q' a, by conjugate gradients.
 * delta in rows[0]; returns its slope <b - C, delta>.
 */
function otherNewton(
  n: number,
  m: number,
  Q: Float64Array,
  a: Rows,
  column: Float64Array,
  b: Float64Array,
  epsilon: number,
  tolerance: number,
  [x, r, z, p, q, diagonal]: Float64Array[],
  u: Float64Array,
): number {
  const [delta, rest, scaled, way, out] = [x!, r!, z!, p!, q!];
  // the true diagonal: where the plan is nearly a map, it is far below C, and in how many digits differs from point to point
  const inverse = diagonal!;
  for (let j = 0; j < m; j++) inverse[j] = column[j]!;
  for (let i = 0; i < n; i++) {
    const w = a[i]!;
    for (let j = 0, e = i * m; j < m; j++, e++) inverse[j] = inverse[j]! - w * Q[e]! * Q[e]!;
  }
  for (let j = 0; j < m; j++) inverse[j] = 1 / Math.max(inverse[j]!, 1e-12 * b[j]!);
  let [rz, excess, mass] = [0, 0, 0];
  for (let j = 0; j < m; j++) {
    excess += b[j]! - column[j]!;
    mass += column[j]!;
  }
  for (let j = 0; j < m; j++) {
    delta[j] = 0;
    // constants are in the kernel of the matrix: what rounding leaves there no delta can meet
    rest[j] = epsilon * (b[j]! - column[j]! - (excess / mass) * column[j]!);
    scaled[j] = rest[j]! * inverse[j]!;
    way[j] = scaled[j]!;
    rz += rest[j]! * scaled[j]!;
  }
  const enough = tolerance * tolerance * rz;
  for (let k = 0; k < 400 && rz > enough; k++) {
    out.fill(0);
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let j = 0, e = i * m; j < m; j++, e++) s += Q[e]! * way[j]!;
      u[i] = a[i]! * s;
    }
    for (let i = 0; i < n; i++) {
      const s = u[i]!;
      for (let j = 0, e = i * m; j < m; j++, e++) out[j] = out[j]! - s * Q[e]!;
    }
    let bend = 0;
    for (let j = 0; j < m; j++) {
      out[j] = out[j]! + column[j]! * way[j]!;
      bend += out[j]! * way[j]!;
    }
    if (!(bend > 0)) break;
    const step = rz / bend;
    let next = 0;
    for (let j = 0; j < m; j++) {
      delta[j] = delta[j]! + step * way[j]!;
      rest[j] = rest[j]! - step * out[j]!;
      scaled[j] = rest[j]! * inverse[j]!;
      next += rest[j]! * scaled[j]!;
    }
    const turn = next / rz;
    for (let j = 0; j < m; j++) way[j] = scaled[j]! + turn * way[j]!;
    rz = next;
  }
  let slope = 0;
  for (let j = 0; j < m; j++) slope += (b[j]! - column[j]!) * delta[j]!;
  return slope;
}

/** Newton's step of p = S(p): (I + K) delta = epsilon (1 / R - 1) with K the conditional probabilities, self-adjoint in the weights a R, spectrum in [1, 2]. */
function ownNewton(n: number, K: Float64Array, a: Rows, ratio: Float64Array, epsilon: number, [x, r, p, q, w]: Float64Array[]): void {
  const [delta, rest, way, out, weight] = [x!, r!, p!, q!, w!];
  let rr = 0;
  for (let i = 0; i < n; i++) {
    weight[i] = a[i]! * ratio[i]!;
    delta[i] = 0;
    rest[i] = epsilon * (1 / ratio[i]! - 1);
    way[i] = rest[i]!;
    rr += weight[i]! * rest[i]! * rest[i]!;
  }
  const enough = 1e-12 * rr;
  for (let k = 0; k < 60 && rr > enough; k++) {
    let bend = 0;
    for (let i = 0; i < n; i++) {
      let s = way[i]!;
      for (let j = 0, e = i * n; j < n; j++, e++) s += K[e]! * way[j]!;
      out[i] = s;
      bend += weight[i]! * s * way[i]!;
    }
    if (!(bend > 0)) break;
    const step = rr / bend;
    let next = 0;
    for (let i = 0; i < n; i++) {
      delta[i] = delta[i]! + step * way[i]!;
      rest[i] = rest[i]! - step * out[i]!;
      next += weight[i]! * rest[i]! * rest[i]!;
    }
    const turn = next / rr;
    for (let i = 0; i < n; i++) way[i] = rest[i]! + turn * way[i]!;
    rr = next;
  }
}
