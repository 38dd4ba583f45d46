/** Bounds where marginals bend: any plan is feasible for a KL term; what exceeds an equal or at-most marginal is scaled down, what lacks is filled by deficits. */
import { log } from "../../kernels/math.ts";
import { massOf, total } from "./measure.ts";
import type { Pairs } from "./pairs.ts";
import { penalty, type Rules } from "./rules.ts";

export interface BentBounds {
  /** <C, P> + epsilon KL + penalties of a plan that keeps all hard marginals is not above */
  readonly regularised: number;
  /** mass that scaling and filling move, at most */
  readonly moved: number;
}
/**
 * An upper bound from the marginals of P alone. The rows must be the harder side: a pass has just made them right.
 * `mass`: what the plan must move in all, where that is given.
 */
export function bentBounds(p: Pairs, epsilon: number, [first, second]: Rules, mass?: number): BentBounds {
  const [A, B] = [total(p.a.weight), total(p.b.weight)];
  const moved = massOf(p);
  let [pairing, over] = [0, 0];
  let [f, g, far] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let i = 0; i < p.a.n; i++) {
    const r = p.a.weight[i]! * p.ratio[i]!;
    pairing += r * p.f[i]!;
    if (first.kind !== "kl") over += Math.max(0, r - p.a.weight[i]!);
    f = Math.min(f, p.f[i]!);
    far = Math.max(far, Math.abs(p.f[i]!));
  }
  for (let j = 0; j < p.b.n; j++) {
    pairing += p.column[j]! * p.g[j]!;
    if (second.kind !== "kl") over += Math.max(0, p.column[j]! - p.b.weight[j]!);
    g = Math.min(g, p.g[j]!);
    far = Math.max(far, Math.abs(p.g[j]!));
  }
  const want = mass ?? (first.kind === "equal" ? A : second.kind === "equal" ? B : null);
  const kept = moved - over;
  const fill = want === null ? 0 : Math.max(0, want - kept);
  const cut = over + (want === null ? 0 : Math.max(0, kept - want));
  const least = moved - cut;
  const mixing = fill === 0 ? 0 : fill * log(1 / fill) + least * log((least + fill) / least) + fill * log((least + fill) / fill);
  const plan = pairing + cut * Math.max(0, -(f + g)) + fill * p.largestCost + epsilon * (mixing - (least + fill) + A * B);
  const bent = penalty(first, p.a.n, p.a.weight, (i) => p.a.weight[i]! * p.ratio[i]!) + penalty(second, p.b.n, p.b.weight, (j) => p.column[j]!);
  // a KL term whose side is cut or filled moves by at most the potential times the mass
  const drift = (first.kind === "kl") !== (second.kind === "kl") ? (cut + fill) * far : 0;
  return { regularised: plan + bent + drift, moved: cut + fill };
}
