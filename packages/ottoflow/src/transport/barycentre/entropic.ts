/**
 * Entropic barycentres of densities on one grid, by separable log-sums: plain (iterated Bregman projections, blurred by about epsilon / 2 in variance) and
 * debiased (of Sinkhorn divergences: equal inputs come back as they are). [benamou2015, solomon2015, janati2020debiased]
 */
import type { As, Measure, TransportProgress, Work } from "../../contract.ts";
import { expectNames, OttoflowError, specError } from "../../errors.ts";
import { exp } from "../../kernels/math.ts";
import { openRelaxation } from "../entropic/accelerate.ts";
import { canHalve, type GridShape, halved, logOf, pooled, refined, squaredCost } from "../entropic/grid.ts";
import { axisCosts, openSeparable, type Separable, VOID } from "../entropic/separable.ts";
import { exactSum } from "../problem.ts";
import { barycentreWeights, commonMass, expectMeasures } from "./weights.ts";

export interface EntropicBarycentreOptions {
  readonly epsilon: number;
  readonly weights?: ArrayLike<number>;
  /** of Sinkhorn divergences instead of entropic costs; false unless said */
  readonly debiased?: boolean;
  /** sum_k w_k sum |second marginal of P_k - barycentre| to reach, over the mass; 1e-6 unless said */
  readonly defect?: number;
  readonly maxIterations?: number;
  /** start from coarse grids; true unless said */
  readonly multiscale?: boolean;
  /** over-relax by the observed rate; true unless said */
  readonly relaxed?: boolean;
  readonly signal?: { readonly aborted: boolean };
}
export interface EntropicBarycentre {
  readonly measure: As<"cells">;
  readonly status: "optimal" | "max-iterations" | "aborted";
  /**
   * first marginals are exact after each half iteration; this is how far the second ones are from the barycentre, weighted, over the mass; debiased, or how
   * far the barycentre is from the plan with itself that the bias comes from, if that is more
   */
  readonly defect: number;
  /** sum_k w_k <C, P_k>, C = |x - y|^2 */
  readonly cost: number;
  readonly iterations: number;
  readonly convention: string;
}

const names = ["epsilon", "weights", "debiased", "defect", "maxIterations", "multiscale", "relaxed", "signal"] satisfies (keyof EntropicBarycentreOptions)[];

/** @throws tagged errors on measures that are not on one grid without periodic axes, unequal masses, weights that are none, epsilon that is not positive */
export function entropicBarycentre(measures: readonly Measure[], options: EntropicBarycentreOptions): EntropicBarycentre {
  const work = entropicBarycentreWork(measures, options);
  let next = work.next();
  while (!next.done) next = work.next(options.signal?.aborted ? "stop" : undefined);
  return next.value;
}
/** The same as work that yields its progress. */
export function* entropicBarycentreWork(measures: readonly Measure[], options: EntropicBarycentreOptions): Work<TransportProgress, EntropicBarycentre> {
  expectNames("an entropic barycentre", options, names);
  const { epsilon, debiased = false, defect = 1e-6, maxIterations = 5000 } = options;
  if (!(epsilon > 0 && Number.isFinite(epsilon))) throw specError("epsilon", `got ${epsilon} when expected a finite number above 0.`);
  if (!(defect >= 0)) throw specError("defect", `got ${defect} when expected a number of at least 0.`);
  if (!(maxIterations >= 1)) throw specError("maxIterations", `got ${maxIterations} when expected a number of at least 1.`);
  expectMeasures(measures);
  const w = barycentreWeights(measures.length, options.weights);
  const cells = onOneGrid(measures);
  const first = cells[0]!;
  const { n, volume } = first.space.cells!;
  const given = cells.map((m) => Float64Array.from({ length: n }, (_, i) => m.rho[i]! * volume[i]!));
  const mass = commonMass(given.map((a) => exactSum(a)));
  const masses = given.map((a) => a.map((v) => v / mass));
  const { shape, h } = first.space.grid!;
  const levels: { grid: GridShape; masses: Float64Array[] }[] = [{ grid: { shape, h }, masses }];
  // coarse grids carry epsilons that their cells can resolve
  while (options.multiscale !== false && canHalve(levels[0]!.grid) && levels[0]!.grid.shape.every((k) => k >= 32)) {
    const below = levels[0]!;
    levels.unshift({ grid: halved(below.grid), masses: below.masses.map((a) => pooled(below.grid.shape, a)) });
  }
  let carried: Carried | null = null;
  let iterations = 0;
  for (const [l, level] of levels.entries()) {
    const last = l === levels.length - 1;
    const wide = last ? epsilon : Math.max(epsilon, 2 * Math.max(...level.grid.h.map((v) => v * v)));
    const start: Carried | null = carried && grown(carried, levels[l - 1]!.grid.shape, wide);
    const most = last ? Math.max(1, maxIterations - iterations) : 200;
    const found: Found = yield* project(
      level,
      w,
      wide,
      { debiased, last, defect: last ? defect : Math.max(defect, 1e-2), most, relaxed: options.relaxed ?? true },
      start,
      iterations,
    );
    iterations = found.iterations;
    carried = found;
    if (last || found.stopped) return answer(found, level, w, first, last, epsilon, debiased, mass);
  }
  throw new OttoflowError("UnsupportedError", "Entropic barycentre: no level was solved.", { missing: ["levels"] });
}
function onOneGrid(measures: readonly Measure[]): As<"cells">[] {
  const key = (m: Measure): string =>
    m.rep === "cells" && m.space.grid ? JSON.stringify([m.space.grid.shape, m.space.grid.lower, m.space.grid.h, m.space.grid.periodic]) : "";
  const first = key(measures[0]!);
  for (const [k, m] of measures.entries())
    if (m.rep !== "cells" || !m.space.grid || key(m) !== first)
      throw new OttoflowError("UnsupportedError", `measures[${k}]: an entropic barycentre takes densities on the cells of one grid.`, {
        missing: ["one grid"],
      });
  if (measures[0]!.space.grid!.periodic.some((v) => v))
    throw new OttoflowError("UnsupportedError", "An entropic barycentre takes no periodic axes: its distances are those of the box.", { missing: ["box"] });
  return measures as As<"cells">[];
}

/** What the next level starts from: logarithms of the sums K'u_k and of the debiasing density. */
interface Carried {
  readonly epsilon: number;
  readonly psi: readonly Float64Array[];
  readonly bias: Float64Array;
}
interface Found extends Carried {
  readonly phi: readonly Float64Array[];
  readonly sums: readonly Float64Array[];
  readonly logB: Float64Array;
  readonly kernel: Separable;
  readonly defect: number;
  readonly iterations: number;
  readonly done: boolean;
  readonly stopped: boolean;
}
function grown(c: Carried, shape: readonly number[], epsilon: number): Carried {
  const scale = c.epsilon / epsilon;
  return { epsilon, psi: c.psi.map((p) => refined(shape, p).map((v) => scale * v)), bias: refined(shape, c.bias) };
}

/**
 * Ascent of the dual in two blocks: phi_k = log a_k - log K e^psi_k, and psi_k = log b - log K' e^phi_k with log b = sum_k w_k log K' e^phi_k, so that
 * sum_k w_k psi_k = 0. Two blocks, so over-relaxation has its optimum as for two marginals. Debiased: b also carries d with d = sqrt(d b / K d).
 */
function* project(
  { grid, masses }: { grid: GridShape; masses: readonly Float64Array[] },
  w: Float64Array,
  epsilon: number,
  o: { readonly debiased: boolean; readonly last: boolean; readonly defect: number; readonly most: number; readonly relaxed: boolean },
  start: Carried | null,
  before: number,
): Generator<TransportProgress, Found, "stop" | undefined> {
  const size = masses[0]!.length;
  const kernel = openSeparable(
    grid.shape,
    grid.shape.map((n, k) => axisCosts(n, grid.h[k]!, epsilon, (r) => r * r)),
  );
  const logA = masses.map(logOf);
  const rows = (): Float64Array[] => masses.map(() => new Float64Array(size));
  const [phi, sums] = [rows(), rows()];
  const psi = start ? start.psi.map((p) => p.slice()) : rows();
  const bias = start ? start.bias.slice() : new Float64Array(size);
  const logB = new Float64Array(size);
  const room = new Float64Array(size);
  const relaxation = openRelaxation();
  let far = Number.POSITIVE_INFINITY;
  for (let iterations = before + 1; ; iterations++) {
    const omega = o.relaxed && far <= 1 ? relaxation.omega : 1;
    let heard: "stop" | undefined;
    logB.set(o.debiased ? bias : room.fill(0));
    for (let k = 0; k < masses.length; k++) {
      kernel.sums(psi[k]!, room);
      const [p, a] = [phi[k]!, logA[k]!];
      for (let i = 0; i < size; i++) p[i] = a[i] === VOID ? VOID : omega === 1 ? a[i]! - room[i]! : p[i]! + omega * (a[i]! - room[i]! - p[i]!);
      kernel.sums(p, sums[k]!);
      for (let i = 0; i < size; i++) logB[i] = logB[i]! + w[k]! * sums[k]![i]!;
      heard = (yield progress(grid, epsilon, iterations)) ?? heard;
    }
    let defect = 0;
    far = 0;
    for (let k = 0; k < masses.length; k++) {
      const [v, s] = [psi[k]!, sums[k]!];
      for (let i = 0; i < size; i++) {
        const change = logB[i]! - s[i]! - v[i]!;
        const b = exp(logB[i]!);
        defect += w[k]! * Math.abs(exp(v[i]! + s[i]!) - b);
        // where there is hardly any mass exponents may be far off for long
        if (b > 1e-9) far = Math.max(far, Math.abs(change));
        v[i] = v[i]! + omega * change;
      }
    }
    if (o.debiased) {
      kernel.sums(bias, room);
      let off = 0;
      for (let i = 0; i < size; i++) {
        off += Math.abs(exp(bias[i]! + room[i]!) - exp(logB[i]!));
        bias[i] = 0.5 * (bias[i]! + logB[i]! - room[i]!);
      }
      relaxation.see(defect, far);
      if (o.last) defect = Math.max(defect, off);
    } else relaxation.see(defect, far);
    const done = defect <= o.defect;
    if (done || heard === "stop" || iterations - before >= o.most)
      return { epsilon, psi, bias, phi, sums, logB, kernel, defect, iterations, done, stopped: heard === "stop" };
  }
}
const progress = (grid: GridShape, epsilon: number, iteration: number): TransportProgress => ({
  stage: `barycentre, epsilon ${epsilon.toPrecision(3)}, ${grid.shape.join(" x ")} cells`,
  iteration,
  gap: null,
  defect: null,
  fraction: null,
});

function answer(
  found: Found,
  { grid, masses }: { grid: GridShape; masses: readonly Float64Array[] },
  w: Float64Array,
  like: As<"cells">,
  last: boolean,
  epsilon: number,
  debiased: boolean,
  mass: number,
): EntropicBarycentre {
  let b: Float64Array = found.logB.map((v) => exp(v));
  let shape = grid.shape;
  // stopped on a coarse grid: its cells are shared out evenly
  while (b.length < like.rho.length) {
    b = refined(shape, b).map((v) => Math.max(0, v));
    shape = shape.map((n) => 2 * n);
  }
  const total = exactSum(b);
  const { volume } = like.space.cells!;
  let cost = 0;
  for (const [k, a] of masses.entries()) {
    const ones = a.map((v) => (v > 0 ? 1 : 0));
    const scaled = (v: Float64Array): Float64Array => v.map((e) => (e === VOID ? 0 : epsilon * e));
    const column = found.sums[k]!.map((s, i) => exp(found.logB[i]!) * (s === VOID ? 0 : 1));
    const state = {
      grid,
      kernel: found.kernel,
      a: ones,
      b: a.map(() => 1),
      f: scaled(found.phi[k]!),
      g: scaled(found.psi[k]!),
      ratio: a,
      column,
      defect: [0, 0] as const,
    };
    cost += w[k]! * mass * squaredCost(state, epsilon);
  }
  return {
    measure: { rep: "cells", space: like.space, rho: b.map((v, i) => ((v / total) * mass) / volume[i]!) },
    status: found.done && last ? "optimal" : found.stopped ? "aborted" : "max-iterations",
    defect: found.defect,
    cost,
    iterations: found.iterations,
    convention: `C = |x - y|^2 (not halved), epsilon = ${epsilon}; ${debiased ? "of Sinkhorn divergences" : "of <C, P> + epsilon sum P log P: blurred"}`,
  };
}
