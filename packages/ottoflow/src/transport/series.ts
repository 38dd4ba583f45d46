/**
 * A cloud seen at several times, as in snapshot biology, where looking at a cell kills it: who became whom, how fast each grows, where all
 * end up, and whether transport tells a held-out time better than mixing its neighbours. [schiebinger2019] [tong2020]
 */
import type { As, Coupling, Plan } from "../contract.ts";
import { specError } from "../errors.ts";
import { log } from "../kernels/math.ts";
import { displaced } from "./interpolation.ts";
import { marginalsOf } from "./plan.ts";
import { cloud, exactSum } from "./problem.ts";

type Cloud = As<"particles">;
export type Couple = (from: Cloud, to: Cloud) => Promise<Coupling>;
export interface Snapshot {
  readonly t: number;
  readonly cloud: Cloud;
  /** group of each point, where there are groups */
  readonly group?: Int32Array;
}
export interface Leg {
  readonly from: number;
  readonly to: number;
  readonly coupling: Coupling;
  /** [n] log(mass that leaves x_i / mass of x_i) / (t_to - t_from); zeros where marginals are equal, NaN where nothing leaves */
  readonly growth: Float64Array;
}
export interface HeldOut {
  readonly t: number;
  /** W_2 of the displacement interpolation of its neighbours to what was seen */
  readonly transport: number;
  /** W_2 of the mixture of its neighbours to what was seen */
  readonly mixing: number;
  /** W_2 of the time before, and of the time after, to what was seen */
  readonly before: number;
  readonly after: number;
}
export interface Series {
  readonly legs: readonly Leg[];
  /** [n_0 * groups]: the probability that a point of the first time ends in each group of the last, where there are groups */
  readonly fates: { readonly groups: number; readonly share: Float64Array } | null;
  readonly heldOut: readonly HeldOut[];
}

/**
 * Couples consecutive times by `couple` (balanced or not), glues the couplings, and judges each inner time by leaving it out with `exact`
 * (a balanced exact W_2; without it no time is held out). Yields what it does in words.
 * @throws {SpecError} for fewer than two times, or times that do not increase
 */
export async function couplingSeries(snapshots: readonly Snapshot[], couple: Couple, exact?: Couple, said?: (what: string) => void): Promise<Series> {
  if (snapshots.length < 2) throw specError("time", `has ${snapshots.length} value${snapshots.length === 1 ? "" : "s"} when a series needs at least two.`);
  for (let k = 1; k < snapshots.length; k++)
    if (!(snapshots[k]!.t > snapshots[k - 1]!.t)) throw specError("time", `goes from ${snapshots[k - 1]!.t} to ${snapshots[k]!.t} when times must increase.`);
  const legs: Leg[] = [];
  for (let k = 1; k < snapshots.length; k++) {
    const [s, t] = [snapshots[k - 1]!, snapshots[k]!];
    said?.(`from t = ${s.t} to t = ${t.t}`);
    const coupling = await couple(s.cloud, t.cloud);
    legs.push({ from: s.t, to: t.t, coupling, growth: growthOf(coupling, s.cloud.weight, t.t - s.t) });
  }
  const heldOut: HeldOut[] = [];
  if (exact)
    for (let k = 1; k + 1 < snapshots.length; k++) {
      said?.(`t = ${snapshots[k]!.t} held out`);
      heldOut.push(await leaveOut(snapshots[k - 1]!, snapshots[k]!, snapshots[k + 1]!, exact));
    }
  return { legs, fates: fatesOf(snapshots.at(-1)!, legs), heldOut };
}

function growthOf({ plan }: Coupling, weight: ArrayLike<number>, dt: number): Float64Array {
  const n = weight.length;
  if (!plan) return new Float64Array(n).fill(Number.NaN);
  const [left] = marginalsOf(plan);
  return left.map((m, i) => (m > 0 ? log(m / weight[i]!) / dt : Number.NaN));
}

/** Plans as Markov chains, read backwards from the groups of the last time: share of each group among the descendants. */
function fatesOf(last: Snapshot, legs: readonly Leg[]): Series["fates"] {
  if (!last.group) return null;
  const groups = last.group.reduce((most, g) => Math.max(most, g + 1), 0);
  let share = new Float64Array(groups * last.cloud.n);
  last.group.forEach((g, i) => {
    share[g * last.cloud.n + i] = 1;
  });
  for (const { coupling } of [...legs].reverse()) {
    const plan = coupling.plan as Plan;
    const next = new Float64Array(groups * plan.n);
    plan.push(groups, share, next);
    const [mass] = marginalsOf(plan);
    for (let g = 0; g < groups; g++) for (let i = 0; i < plan.n; i++) next[g * plan.n + i] = next[g * plan.n + i]! / mass[i]!;
    share = next;
  }
  return { groups, share };
}

async function leaveOut(before: Snapshot, held: Snapshot, after: Snapshot, exact: Couple): Promise<HeldOut> {
  const s = (held.t - before.t) / (after.t - before.t);
  const [a, b, seen] = [normalised(before.cloud), normalised(after.cloud), normalised(held.cloud)];
  const path = await exact(a, b);
  const distance = async (p: Cloud): Promise<number> => Math.sqrt((await exact(p, seen)).value);
  return {
    t: held.t,
    transport: await distance(displaced(a, b, path.plan as Plan, s)),
    mixing: await distance(mixture(a, b, s)),
    before: await distance(a),
    after: await distance(b),
  };
}
function normalised(m: Cloud): Cloud {
  const mass = exactSum(m.weight);
  return { ...m, weight: Float64Array.from(m.weight, (w) => w / mass) };
}
function mixture(a: Cloud, b: Cloud, s: number): Cloud {
  const d = a.space.dim;
  const n = a.n + b.n;
  const x = new Float64Array(d * n);
  for (let k = 0; k < d; k++) {
    x.set(a.x.subarray(k * a.n, (k + 1) * a.n), k * n);
    x.set(b.x.subarray(k * b.n, (k + 1) * b.n), k * n + a.n);
  }
  return cloud(x, { dim: d, weights: [...Array.from(a.weight, (w) => (1 - s) * w), ...Array.from(b.weight, (w) => s * w)] });
}
