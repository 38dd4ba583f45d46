/** Several runs of one problem, and how far each may be from what it approximates: by refining what can be refined and reseeding what is random. */
import type { ExactFlow, Measure } from "ottoflow/contract";
import type { Run } from "ottoflow/flow";
import { knownOf } from "ottoflow/known";
import { distance } from "ottoflow/measure/distance";
import type { Resolved } from "ottoflow/spec/resolve";
import { powerOfTwo } from "./numbers.ts";

/** One way to refine a spec by a factor of two: its name in the spec and what becomes of its value. */
export interface Knob {
  readonly path: string;
  readonly label: string;
  /** order that the scheme declares in this knob */
  readonly order: number;
  at(level: number): unknown;
  /** what else must change with it for the refinement to make sense */
  also?(level: number): Readonly<Record<string, unknown>>;
}
const read = (spec: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((value, key) => (typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined), spec);

/** What of this run can be refined: step, cells, number of particles or nodes, where the resolved spec has them. */
export function knobsOf(resolved: Resolved): Knob[] {
  const { spec, scheme } = resolved;
  const knobs: Knob[] = [];
  const step = read(spec, "scheme.step");
  if (typeof step === "number") knobs.push({ path: "scheme.step", label: "step", order: scheme.promises.order, at: (level) => step / powerOfTwo(level) });
  const cells = read(spec, "space.cells");
  if (scheme.takes.rep === "cells" && Array.isArray(cells))
    knobs.push({ path: "space.cells", label: "cells", order: scheme.promises.spaceOrder ?? 1, at: (level) => cells.map((n: number) => n * powerOfTwo(level)) });
  const count = read(spec, "initial.count");
  const width = read(spec, "scheme.width");
  const counted = (scheme.takes.rep === "particles" || scheme.takes.rep === "quantiles") && typeof count === "number";
  const more = (level: number): number => (count as number) * powerOfTwo(level);
  // a bump of half the width needs twice the particles to overlap as before; alone neither refinement converges
  if (counted && typeof width === "number")
    knobs.push({
      path: "scheme.width",
      label: "width",
      order: 1,
      at: (level) => width / powerOfTwo(level),
      also: (level) => ({ "initial.count": more(level) }),
    });
  else if (counted) knobs.push({ path: "initial.count", label: "count", order: 1, at: more });
  return knobs;
}

export const finalMeasure = (run: Run): Measure => run.frames[run.frames.length - 1].measure;

/** A part of an error bar and how it came about. */
export interface ErrorPart {
  readonly source: string;
  readonly value: number;
  readonly how: string;
}
export type Runner = (settings: Readonly<Record<string, unknown>>, what: string) => Promise<Run | null>;

/** Runs with other seeds that a random error is read off. */
const SEEDS = 3;

/**
 * How far the final measure of a run may be from the one it approximates, part by part. Smooth errors by Richardson: a run with half the step
 * differs by d, so the error is about d / (1 - 2^-p). Random ones by other seeds: two independent runs are farther apart than each is from their
 * common law, and the farthest of three leaves room for chance; what a run with half the step is off beyond that is the bias of the step.
 */
export async function errorParts(resolved: Resolved, run: Run, again: Runner): Promise<ErrorPart[]> {
  return resolved.scheme.promises.weak === true ? randomParts(resolved, run, again) : smoothParts(resolved, run, again);
}

async function smoothParts(resolved: Resolved, run: Run, again: Runner): Promise<ErrorPart[]> {
  const parts: ErrorPart[] = [];
  const own = finalMeasure(run);
  for (const knob of knobsOf(resolved)) {
    const finer = await again(settingsOf(knob, 1), `${knob.label} refined`);
    if (!finer) continue;
    const d = distance(own, finalMeasure(finer)).value;
    parts.push({
      source: knob.label,
      value: d / (1 - 1 / powerOfTwo(knob.order)),
      how: `Richardson with order ${knob.order}: a run with ${knob.label} ${JSON.stringify(knob.at(1))} differs by ${d.toPrecision(3)}`,
    });
  }
  return parts;
}

async function randomParts(resolved: Resolved, run: Run, again: Runner): Promise<ErrorPart[]> {
  const own = finalMeasure(run);
  const seed = (k: number): Record<string, unknown> => ({ seed: (resolved.problem.seed + k) % 4294967296 });
  let sampling = 0;
  for (let k = 1; k <= SEEDS; k++) {
    const other = await again(seed(k), `seed ${k + 1} of ${SEEDS + 1}`);
    if (other) sampling = Math.max(sampling, distance(own, finalMeasure(other)).value);
  }
  const parts: ErrorPart[] = [{ source: "sampling", value: sampling, how: `the farthest of ${SEEDS} runs with other seeds` }];
  const step = knobsOf(resolved).find((knob) => knob.path === "scheme.step");
  const finer = step && (await again({ ...seed(SEEDS + 1), ...settingsOf(step, 1) }, "step refined"));
  if (step && finer) {
    const beyond = Math.max(0, distance(own, finalMeasure(finer)).value - sampling);
    parts.push({ source: "step", value: beyond / (1 - 1 / powerOfTwo(step.order)), how: "a run with half the step, beyond what other seeds differ by" });
  }
  return parts;
}

/** The settings of a knob at a level, with all that changes with it. */
export function settingsOf(knob: Knob, level: number): Record<string, unknown> {
  return { [knob.path]: knob.at(level), ...knob.also?.(level) };
}

export interface ExactError {
  readonly title: string;
  readonly value: number;
  readonly error: number;
}
export async function errorToExact(resolved: Resolved, run: Run): Promise<ExactError | null> {
  const { exact } = await knownOf(resolved.problem);
  return exact ? { title: exact.title, ...pick(distance(finalMeasure(run), exact.law(run.time))) } : null;
}
const pick = ({ value, error }: { value: number; error: number }): { value: number; error: number } => ({ value, error });

export type { ExactFlow };
