/**
 * Sinkhorn iterations with a coarse correction, where the kernel is too large to be stored: a pass also sums P over blocks of near points, and Newton's
 * equation between blocks, solved by conjugate gradients, takes out the smooth errors that plain iterations hardly see. Rough errors die in a pass by
 * themselves, as the kernel is wider than a block. The direction is D^-1 r + (H_c^-1 - D_c^-1) r_c, r_c spread over its block.
 */
import { defectOf, dualOf, updateColumns } from "./measure.ts";
import { begun, type Iteration, type IterationOptions, openPatience } from "./newton.ts";
import type { Pairs } from "./pairs.ts";
import { balanced, damping, type Rules, targetOf, translate, updateOf } from "./rules.ts";

/** Exponents that columns may be off by for a correction. */
const NEAR = 4;
const SHORTEST = 1e-2;

export function* twoLevel(p: Pairs, { epsilon, enough, passes: most, theta, rules = balanced }: IterationOptions): Iteration {
  const start = new Float64Array(p.b.padded);
  const direction = new Float64Array(p.b.padded);
  const move = (scale: number): void => {
    for (let j = 0; j < p.b.n; j++) p.g[j] = start[j]! + scale * direction[j]!;
  };
  let held: { dual: number; scale: number } | null = null;
  let products = 0;
  let state = begun;
  const outOfPatience = openPatience(60);
  for (let passes = 1; passes <= most; passes++) {
    p.select(epsilon, theta);
    for (const _ of p.pass(epsilon, { update: updateOf(rules[0], epsilon), columns: true, coarse: true })) if ((yield state) === "stop") return state;
    const defect = defectOf(p, epsilon, rules);
    const dual = dualOf(p, epsilon, rules);
    state = { defect, dual, passes, products, done: enough(defect), stalled: outOfPatience(defect) };
    if (state.done || state.stalled || passes === most) return state;
    if (held && !(dual >= held.dual - 1e-12 * Math.abs(held.dual)) && held.scale > SHORTEST) {
      held.scale *= 0.3;
      move(held.scale);
      continue;
    }
    start.set(p.g);
    const far = updateColumns(p, epsilon, 1, rules[1]);
    if (far > NEAR || (held && held.scale <= SHORTEST)) {
      translate(p, rules);
      held = null;
      continue;
    }
    for (let j = 0; j < p.b.n; j++) direction[j] = p.g[j]! - start[j]!;
    products += correct(p, rules, epsilon, start, direction);
    held = { dual, scale: 1 };
    move(1);
  }
  return state;
}

/** Adds the correction of blocks to the direction; returns the iterations of conjugate gradients. */
function correct(p: Pairs, [first, second]: Rules, epsilon: number, g: Float64Array, direction: Float64Array): number {
  const { size, start, column, value } = p.blocks()!;
  const [n, m] = [start.length - 1, Math.ceil(p.b.n / size)];
  const tau = damping(first, epsilon);
  const [weight, diagonal, right] = [new Float64Array(n), new Float64Array(m), new Float64Array(m)];
  for (let i = 0; i < p.a.n; i++) weight[Math.floor(i / size)]! += p.a.weight[i]! * p.ratio[i]!;
  for (let I = 0; I < n; I++) weight[I] = weight[I]! > 0 ? tau / weight[I]! : 0;
  for (let j = 0; j < p.b.n; j++) {
    const J = Math.floor(j / size);
    const t = targetOf(second, p.b.weight[j]!, g[j]!);
    diagonal[J] = diagonal[J]! + p.column[j]! + (epsilon * t) / second.weight;
    right[J] = right[J]! + epsilon * (t - p.column[j]!);
  }
  const apply = (v: Float64Array, out: Float64Array): void => {
    for (let J = 0; J < m; J++) out[J] = diagonal[J]! * v[J]!;
    for (let I = 0; I < n; I++) {
      let s = 0;
      for (let e = start[I]!; e < start[I + 1]!; e++) s += value[e]! * (column[e]! < m ? v[column[e]!]! : 0);
      s *= weight[I]!;
      for (let e = start[I]!; e < start[I + 1]!; e++) if (column[e]! < m) out[column[e]!] = out[column[e]!]! - s * value[e]!;
    }
  };
  const x = new Float64Array(m);
  const r = right.slice();
  const z = r.map((v, J) => v / diagonal[J]!);
  const s = z.slice();
  const out = new Float64Array(m);
  let rz = r.reduce((t, v, J) => t + v * z[J]!, 0);
  const least = 1e-4 * rz;
  let k = 0;
  while (k < 300 && rz > least) {
    k++;
    apply(s, out);
    const curvature = s.reduce((t, v, J) => t + v * out[J]!, 0);
    if (!(curvature > 0)) break;
    const alpha = rz / curvature;
    let next = 0;
    for (let J = 0; J < m; J++) {
      x[J] = x[J]! + alpha * s[J]!;
      r[J] = r[J]! - alpha * out[J]!;
      z[J] = r[J]! / diagonal[J]!;
      next += r[J]! * z[J]!;
    }
    for (let J = 0; J < m; J++) s[J] = z[J]! + (next / rz) * s[J]!;
    rz = next;
  }
  for (let j = 0; j < p.b.n; j++) {
    const J = Math.floor(j / size);
    direction[j] = direction[j]! + x[J]! - right[J]! / diagonal[J]!;
  }
  return k;
}
