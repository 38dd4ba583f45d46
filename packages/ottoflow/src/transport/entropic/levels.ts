/**
 * From coarse to fine: means of blocks of points carry large epsilon, and each finer cloud starts from the potentials of the coarser one, extended to
 * all its points by one softmin. Epsilon falls by factors while the blocks are small against the width of the kernel. [schmitzer2019, feydy2019]
 */
import type { Cost, TransportProgress } from "../../contract.ts";
import { log } from "../../kernels/math.ts";
import { total } from "./measure.ts";
import { type Iteration, type IterationOptions, type IterationState, newton } from "./newton.ts";
import { coarser, type Ordered } from "./order.ts";
import { openPairs, type Pairs } from "./pairs.ts";
import { balanced, type Rules, updateOf } from "./rules.ts";

export interface LevelOptions {
  readonly epsilon: number;
  /** whether the potentials of the last pass over all points will do */
  readonly enough: (pairs: Pairs, defect: number) => boolean;
  /** two-sided defect that is asked for, or near what is: pairs are left out by it */
  readonly defect: number;
  /** passes at most, on all levels together */
  readonly passes: number;
  /** factor by which epsilon falls */
  readonly factor: number;
  /** float32 entries that may be stored */
  readonly store: number;
  readonly block: number;
  /** points of the coarsest cloud */
  readonly coarsest: number;
  /** coarse clouds make sense: costs are functions of coordinates */
  readonly multiscale: boolean;
  /** how the potentials are iterated on the last level */
  readonly rules?: Rules;
  readonly iterate: (pairs: Pairs, options: IterationOptions) => Iteration;
  /** and on the way; by Newton unless given */
  readonly rough?: (pairs: Pairs, options: IterationOptions) => Iteration;
}
export interface Solved {
  readonly pairs: Pairs;
  readonly state: IterationState;
  readonly passes: number;
  readonly products: number;
  readonly levels: number;
  readonly stopped: boolean;
  /** float64 brought it no nearer */
  readonly stalled: boolean;
  /** pairs below were left out */
  readonly theta: number;
}

/** Mean squared distance of points from the means of their blocks, per axis. */
function blur(c: Ordered, size: number): number {
  if (size === 1) return 0;
  const far = coarser(c, size, size);
  let s = 0;
  let mass = 0;
  for (let i = 0; i < c.n; i++) {
    const q = Math.floor(i / size);
    for (let k = 0; k < c.d; k++) {
      const r = c.x[k * c.padded + i]! - far.x[k * far.padded + q]!;
      s += c.weight[i]! * r * r;
    }
    mass += c.weight[i]!;
  }
  return s / (mass * c.d);
}

export function* throughLevels(cost: Cost, a: Ordered, b: Ordered, o: LevelOptions): Generator<TransportProgress, Solved, "stop" | undefined> {
  const rules = o.rules ?? balanced;
  const step = 1 << Math.min(a.d, 3);
  let size = 1;
  while (o.multiscale && Math.min(a.n, b.n) / (size * step) >= o.coarsest) size *= step;
  let before: Pairs | null = null;
  let epsilon = Number.POSITIVE_INFINITY;
  let [passes, products, levels] = [0, 0, 0];
  for (; ; size /= step) {
    levels++;
    const [from, to] = size === 1 ? [a, b] : [coarser(a, size, o.block), coarser(b, size, o.block)];
    const whole = from.padded * to.padded;
    const pairs = openPairs(cost, from, to, { block: o.block, store: Math.min(o.store, whole), coarse: o.multiscale && o.store < whole });
    if (before) extend(cost, before, pairs, epsilon, step, o.block, rules);
    else epsilon = Math.max(o.epsilon, 0.5 * (pairs.largestCost - Math.min(0, pairs.leastCost)));
    const least = size === 1 ? o.epsilon : Math.max(o.epsilon, 4 * Math.max(blur(a, size), blur(b, size)));
    const mass = total(from.weight);
    const gauge = rules[0].cap === 0 ? 0 : 0.5 * log(mass * total(to.weight));
    for (;;) {
      const last = size === 1 && epsilon <= o.epsilon;
      const work = last
        ? o.iterate(pairs, {
            epsilon,
            rules,
            enough: (defect) => o.enough(pairs, defect),
            passes: Math.max(1, o.passes - passes),
            theta: leaveOut(o.defect, mass),
          })
        : (o.rough ?? newton)(pairs, { epsilon, rules, enough: (defect) => defect <= ROUGH * mass, passes: ROUGH_PASSES, theta: ROUGH_THETA / mass });
      let next = work.next();
      while (!next.done) {
        const heard = yield progress(epsilon, passes + next.value.passes, next.value.defect, from.n);
        next = work.next(heard);
        if (heard === "stop" && !next.done) next = work.return(next.value);
        if (heard === "stop")
          return { pairs, state: next.value as IterationState, passes, products, levels, stopped: true, stalled: false, theta: leaveOut(o.defect, mass) };
      }
      passes += next.value.passes;
      products += next.value.products;
      if (last) return { pairs, state: next.value, passes, products, levels, stopped: false, stalled: next.value.stalled, theta: leaveOut(o.defect, mass) };
      if (epsilon <= least) break;
      const lower = Math.max(least, epsilon * o.factor);
      // f + g + epsilon log(mass) is what hardly depends on epsilon
      for (let i = 0; i < from.n; i++) pairs.f[i] = pairs.f[i]! + (epsilon - lower) * gauge;
      epsilon = lower;
    }
    before = pairs;
  }
}
/** Defect, passes and pairs of the problems on the way. */
const ROUGH = 0.02;
const ROUGH_PASSES = 200;
const ROUGH_THETA = 1e-5;
/** Pairs below this may be left out: together they hold at most a hundredth of the defect asked for. */
const leaveOut = (defect: number, mass: number): number => Math.min(1e-6 / mass, (0.01 * defect) / (mass * mass));
const progress = (epsilon: number, iteration: number, defect: number, n: number): TransportProgress => ({
  stage: `epsilon ${epsilon.toPrecision(3)}, ${n} points`,
  iteration,
  gap: null,
  defect: Number.isFinite(defect) ? defect : null,
  fraction: null,
});

/** Potentials of the coarse problem on the fine one: f by blocks (the next pass makes it afresh), g by the softmin over the coarse points. */
function extend(cost: Cost, coarse: Pairs, fine: Pairs, epsilon: number, step: number, block: number, rules: Rules): void {
  for (let i = 0; i < fine.a.n; i++) fine.f[i] = coarse.f[Math.floor(i / step)]!;
  const across = openPairs(cost, fine.b, coarse.a, { block });
  for (let j = 0; j < fine.b.n; j++) across.f[j] = coarse.g[Math.floor(j / step)]!;
  across.g.set(coarse.f);
  across.select(epsilon, 1e-9);
  for (const _ of across.pass(epsilon, { update: updateOf(rules[1], epsilon), columns: false }));
  fine.g.set(across.f);
}
