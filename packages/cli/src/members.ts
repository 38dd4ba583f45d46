/** Several runs of one problem, and how far each may be from what it approximates: by refining what can be refined and reseeding what is random. */
import type { Measure } from "ottoflow/contract";
import type { Run } from "ottoflow/flow";
import { formatNumber } from "ottoflow/io/figure/number";
import { log } from "ottoflow/kernels/math";
import { knownOf } from "ottoflow/known";
import { type Distance, distance } from "ottoflow/measure/distance";
import type { Resolved } from "ottoflow/spec/resolve";
import { isSampled, type Knob, knobsOf, settingsOf } from "./knobs.ts";
import { power } from "./numbers.ts";

export const finalMeasure = (run: Run): Measure => run.frames[run.frames.length - 1].measure;

/** Two runs ended at the same time, so that what they end with can be compared. */
export function sameEnd(a: Run, b: Run): boolean {
  return a.time === b.time || Math.abs(a.time - b.time) <= 1e-9 * Math.abs(a.time);
}

/** A part of an error bar and how it came about. */
export interface ErrorPart {
  readonly source: string;
  /** null where nothing can be said: then there is no bar at all */
  readonly value: number | null;
  readonly how: string;
}
export type Runner = (settings: Readonly<Record<string, unknown>>, what: string) => Promise<Run>;

/** Runs with other seeds that a random error is read off. */
const SEEDS = 3;

/** What differences of refined runs say is multiplied by this: the extrapolation knows the error only about, and a bar must hold it [roache1994]. */
const SAFETY = 1.25;
export const errorBarRefs: readonly string[] = ["roache1994"];

/**
 * How far the final measure of a run may be from the one it approximates, part by part. Where a theorem gives the order p: Richardson, a run with
 * half the step differs by d, so the error is about d / (1 - 2^-p) (10^-p for tolerances, which are refined by ten). Where none does: the order seen over two refinements. Random errors: other seeds.
 */
export async function errorParts(resolved: Resolved, run: Run, again: Runner): Promise<ErrorPart[]> {
  const knobs = knobsOf(resolved);
  const parts: ErrorPart[] = [];
  const sampled = isSampled(resolved);
  const sampling = sampled ? await samplingPart(resolved, run, again) : null;
  if (sampling) parts.push(sampling);
  for (const knob of knobs) {
    // more random particles are another sample: the seeds have already told
    if (sampled && knob.path === "initial.count") continue;
    if (resolved.scheme.promises.weak === true) parts.push(await weakPart(resolved, run, knob, sampling?.value ?? 0, again));
    else if (knob.order === null) parts.push(await seenPart(run, knob, again));
    else parts.push(await richardsonPart(run, knob, knobs, again));
  }
  return parts;
}

/** The sum of the parts; null where there are none or one of them is not known. */
export function errorOf(parts: readonly ErrorPart[]): number | null {
  return parts.length === 0 ? null : parts.reduce<number | null>((sum, part) => (sum === null || part.value === null ? null : sum + part.value), 0);
}

const named = (knob: Knob, level: number): string =>
  Object.entries(settingsOf(knob, level))
    .map(([path, value]) => `${path} ${JSON.stringify(value)}`)
    .join(" and ");
const failed = (knob: Knob, level: number, run: Run): ErrorPart => ({
  source: knob.label,
  value: null,
  how: `not known: the run with ${named(knob, level)} ended at t = ${formatNumber(run.time)} (${run.reason})`,
});

async function richardsonPart(run: Run, knob: Knob, all: readonly Knob[], again: Runner): Promise<ErrorPart> {
  const finer = await again(settingsOf(knob, 1), `${knob.label} refined`);
  if (!sameEnd(run, finer)) return failed(knob, 1, finer);
  const d = apart(run, finer).value;
  const order = knob.order as number;
  if (knob.time && sameSteps(run, finer) && d === 0) {
    const rest = all.filter((other) => !other.time).map((other) => other.label);
    const why = `with ${named(knob, 1)} the run takes the same ${run.steps} steps, as something else decides them`;
    return { source: knob.label, value: rest.length > 0 ? 0 : null, how: rest.length > 0 ? `${why}: they are refined with ${rest.join(" and ")}` : why };
  }
  return {
    source: knob.label,
    value: (SAFETY * d) / (1 - 1 / power(knob.factor, order)),
    how: `Richardson with the order ${order} of the scheme, times ${SAFETY}: a run with ${named(knob, 1)} differs by ${d.toPrecision(3)}`,
  };
}

/** Two runs took the same steps. */
export function sameSteps(run: Run, finer: Run): boolean {
  return run.steps === finer.steps && run.rejected === finer.rejected;
}

/** Differences that shrink by the factor q = d2 / d1 sum up to d1 / (1 - q) [Aitken]. Each refinement is by √2, as the cost of particles grows fast. */
async function seenPart(run: Run, knob: Knob, again: Runner): Promise<ErrorPart> {
  const [half, whole] = [0.5, 1];
  const finer = await again(settingsOf(knob, half), `${knob.label} refined by √2`);
  if (!sameEnd(run, finer)) return failed(knob, half, finer);
  const finest = await again(settingsOf(knob, whole), `${knob.label} refined by 2`);
  if (!sameEnd(run, finest)) return failed(knob, whole, finest);
  const [first, second] = [apart(run, finer), apart(finer, finest)];
  const seen = `runs with ${named(knob, half)} and with ${named(knob, whole)} differ by ${first.value.toPrecision(3)} and ${second.value.toPrecision(3)} from the one before`;
  if (first.value <= first.error) return { source: knob.label, value: first.error, how: `${seen}, which is rounding` };
  const q = second.value / first.value;
  if (q >= 1) return { source: knob.label, value: null, how: `not known: ${seen}, so they do not yet approach anything` };
  return {
    source: knob.label,
    value: (SAFETY * first.value) / (1 - q),
    how: `${seen}: ${q > 0 ? `the order seen is ${((-2 * log(q)) / Math.LN2).toFixed(2)}, and the sum of all further differences is taken times ${SAFETY}` : "nothing is left to refine"}`,
  };
}

async function samplingPart(resolved: Resolved, run: Run, again: Runner): Promise<ErrorPart> {
  let farthest = 0;
  for (let k = 1; k <= SEEDS; k++) {
    const other = await again(seeded(resolved, k), `seed ${k + 1} of ${SEEDS + 1}`);
    if (!sameEnd(run, other)) return { source: "sampling", value: null, how: `not known: a run with another seed ended at t = ${formatNumber(other.time)}` };
    farthest = Math.max(farthest, apart(run, other).value);
  }
  return {
    source: "sampling",
    value: farthest,
    how: `the farthest of ${SEEDS} runs with other seeds; in the mean square two independent runs are √2 times as far apart as each is from their common law, so this is exceeded by bad luck only`,
  };
}
function seeded(resolved: Resolved, k: number): Record<string, unknown> {
  return { seed: (resolved.problem.seed + k) % 4294967296 };
}

/** Noise hides what a step is off unless that is more than other seeds differ by. */
async function weakPart(resolved: Resolved, run: Run, knob: Knob, sampling: number, again: Runner): Promise<ErrorPart> {
  const finer = await again({ ...seeded(resolved, SEEDS + 1), ...settingsOf(knob, 1) }, `${knob.label} refined`);
  if (!sameEnd(run, finer)) return failed(knob, 1, finer);
  const d = apart(run, finer).value;
  const seen = `a run with ${named(knob, 1)} and another seed differs by ${d.toPrecision(3)}`;
  if (d <= sampling) return { source: knob.label, value: 0, how: `${seen}, no more than other seeds do: the bias does not show above the noise` };
  return {
    source: knob.label,
    value: (SAFETY * (d - sampling)) / (1 - 1 / power(knob.factor, knob.order ?? 1)),
    how: `${seen}; Richardson with order ${knob.order ?? 1}, times ${SAFETY}, on what exceeds the sampling error`,
  };
}

const apart = (a: Run, b: Run): Distance => distance(finalMeasure(a), finalMeasure(b));

export interface ExactError {
  readonly title: string;
  readonly value: number;
  readonly error: number;
}
export async function errorToExact(resolved: Resolved, run: Run): Promise<ExactError | null> {
  const { exact } = await knownOf(resolved.problem);
  if (!exact) return null;
  const { value, error } = distance(finalMeasure(run), exact.law(run.time));
  return { title: exact.title, value, error };
}
