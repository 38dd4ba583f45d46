/**
 * Sinkhorn iterations that need no stored matrix: plain; over-relaxed by the rate that is observed; extrapolated by Anderson's least squares.
 * The linear rate of the plain iteration is rho = r^2, the second largest eigenvalue of the operator that goes there and back; the optimal factor of
 * over-relaxation is omega = 2 / (1 + sqrt(1 - rho)), with rate omega - 1 [thibault2021, lehmann2022, young1971]. Anderson mixes the last residuals [walker2011].
 */
import { pow } from "../../kernels/math.ts";
import { defectOf, dualOf, updateColumns } from "./measure.ts";
import { begun, type Iteration, type IterationOptions, openPatience } from "./newton.ts";
import type { Pairs } from "./pairs.ts";
import { balanced, translate, updateOf } from "./rules.ts";

/** The optimal factor for a plain rate rho. */
export const optimalRelaxation = (rho: number): number => 2 / (1 + Math.sqrt(1 - rho));
/** The plain rate behind the rate seen under omega, where that is real and above omega - 1: (seen + omega - 1)^2 = seen omega^2 rho. */
export const plainRate = (seen: number, omega: number): number => ((seen + omega - 1) * (seen + omega - 1)) / (seen * omega * omega);

const LARGEST = 1.995;

/** Watches defects and says the factor of the next iteration. */
export function openRelaxation(): { readonly omega: number; see(defect: number, far: number): void } {
  let omega = 1;
  let seen: number[] = [];
  let before = 0;
  const restart = (next: number): void => {
    omega = next;
    seen = [];
    before = 0;
  };
  return {
    get omega() {
      return omega;
    },
    see(defect, far) {
      if (far > 1) {
        if (omega > 1) restart(1);
        seen = [];
        return;
      }
      seen.push(defect);
      const k = seen.length - 1;
      if (omega > 1 && defect > 10 * Math.min(...seen)) {
        restart(1 + (omega - 1) / 2);
        return;
      }
      // the transient of an over-relaxed iteration lasts about as long as it takes to forget: k (omega - 1)^k
      const wait = omega === 1 ? 4 : Math.ceil(4 / (2 - omega));
      if (k < wait) return;
      const window = omega === 1 ? 2 : Math.ceil(wait / 2);
      const rate = pow(seen[k]! / seen[k - window]!, 1 / window);
      const settled = Math.abs(rate - before) <= 0.05 * (1 - rate);
      before = rate;
      if (!(rate < 1 && settled)) return;
      const rho = omega === 1 ? rate : rate > omega - 1 + 0.02 * (2 - omega) ? plainRate(rate, omega) : 0;
      const next = Math.min(LARGEST, optimalRelaxation(Math.min(0.999999, rho)));
      if (next > omega + 0.02 * (2 - omega)) restart(next);
    },
  };
}

/** f <- (1 - omega) f + omega S(g), g likewise. With `fixed`, omega stays once columns are near; 1 is the plain iteration. */
export function* relaxed(p: Pairs, { epsilon, enough, passes: most, theta, rules = balanced }: IterationOptions, fixed?: number): Iteration {
  const relaxation = openRelaxation();
  let far = Number.POSITIVE_INFINITY;
  let state = begun;
  const outOfPatience = openPatience(1000);
  for (let passes = 1; passes <= most; passes++) {
    const omega = far > 1 ? 1 : (fixed ?? relaxation.omega);
    p.select(epsilon, theta);
    for (const _ of p.pass(epsilon, { update: updateOf(rules[0], epsilon, omega), columns: true })) if ((yield state) === "stop") return state;
    const defect = defectOf(p, epsilon, rules);
    state = {
      defect,
      dual: dualOf(p, epsilon, rules),
      passes,
      products: 0,
      done: enough(defect),
      stalled: outOfPatience(defect),
    };
    if (state.done || state.stalled || passes === most) return state;
    far = updateColumns(p, epsilon, omega, rules[1]);
    translate(p, rules);
    relaxation.see(defect, far);
  }
  return state;
}

/** Anderson's extrapolation of the potentials of the columns from the last `depth` residuals; plain where the dual would fall. */
export function* anderson(p: Pairs, { epsilon, enough, passes: most, theta, rules = balanced }: IterationOptions, depth = 6): Iteration {
  const m = p.b.n;
  let [dg, dr]: Float64Array[][] = [[], []];
  let lastG: Float64Array | null = null;
  let lastR = new Float64Array(m);
  let best = Number.NEGATIVE_INFINITY;
  let state = begun;
  const outOfPatience = openPatience(1000);
  for (let passes = 1; passes <= most; passes++) {
    p.select(epsilon, theta);
    for (const _ of p.pass(epsilon, { update: updateOf(rules[0], epsilon), columns: true })) if ((yield state) === "stop") return state;
    const defect = defectOf(p, epsilon, rules);
    const dual = dualOf(p, epsilon, rules);
    state = { defect, dual, passes, products: 0, done: enough(defect), stalled: outOfPatience(defect) };
    if (state.done || state.stalled || passes === most) return state;
    if (lastG && dual < best - 1e-12 * Math.abs(best)) {
      // back to the last good potentials and on by one plain step
      for (let j = 0; j < m; j++) p.g[j] = lastG[j]! + lastR[j]!;
      [dg, dr, lastG] = [[], [], null];
      continue;
    }
    best = dual;
    const g = p.g.slice(0, m);
    const far = updateColumns(p, epsilon, 1, rules[1]);
    if (far > 2) {
      [dg, dr, lastG] = [[], [], null];
      continue;
    }
    const r = g.map((v, j) => p.g[j]! - v);
    if (lastG) {
      dg.push(g.map((v, j) => v - lastG![j]!));
      dr.push(r.map((v, j) => v - lastR[j]!));
      if (dg.length > depth) {
        dg.shift();
        dr.shift();
      }
      const gamma = leastSquares(dr, r, p.b.weight);
      for (let k = 0; k < gamma.length; k++) for (let j = 0; j < m; j++) p.g[j] = p.g[j]! - gamma[k]! * (dg[k]![j]! + dr[k]![j]!);
    }
    [lastG, lastR] = [g, r];
  }
  return state;
}
/** argmin |r - sum_k gamma_k d_k|^2 with weights, by Gram and Schmidt; directions that are nearly spanned by newer ones get nothing. */
function leastSquares(d: readonly Float64Array[], r: Float64Array, weight: Float64Array): Float64Array {
  const n = d.length;
  const inner = (x: Float64Array, y: Float64Array): number => {
    let s = 0;
    for (let j = 0; j < r.length; j++) s += weight[j]! * x[j]! * y[j]!;
    return s;
  };
  // newest first
  const Q: Float64Array[] = [];
  const R: number[][] = [];
  const y: number[] = [];
  const kept: number[] = [];
  for (let k = n - 1; k >= 0; k--) {
    const q = d[k]!.slice();
    const size = inner(q, q);
    const column: number[] = [];
    for (const e of Q) {
      const s = inner(e, q);
      column.push(s);
      for (let j = 0; j < q.length; j++) q[j] = q[j]! - s * e[j]!;
    }
    const left = inner(q, q);
    if (!(left > 1e-16 * size)) continue;
    const norm = Math.sqrt(left);
    for (let j = 0; j < q.length; j++) q[j] = q[j]! / norm;
    Q.push(q);
    R.push([...column, norm]);
    y.push(inner(q, r));
    kept.push(k);
  }
  const gamma = new Float64Array(n);
  for (let c = kept.length - 1; c >= 0; c--) {
    const v = y[c]! / R[c]![c]!;
    gamma[kept[c]!] = v;
    for (let l = 0; l < c; l++) y[l] = y[l]! - v * R[c]![l]!;
  }
  return gamma;
}
