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
  if ((scheme.takes.rep === "particles" || scheme.takes.rep === "quantiles") && typeof count === "number")
    knobs.push({ path: "initial.count", label: "count", order: 1, at: (level) => count * powerOfTwo(level) });
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

/**
 * How far the final measure of a run may be from the one it approximates, part by part. Smooth errors by Richardson: a run with half the step
 * differs by d, so the error is about d / (1 - 2^-p). Random ones by a second seed: two independent runs differ by about sqrt(2) times what each is off.
 */
export async function errorParts(resolved: Resolved, run: Run, again: Runner): Promise<ErrorPart[]> {
  const parts: ErrorPart[] = [];
  const own = finalMeasure(run);
  const random = resolved.scheme.promises.weak === true;
  if (random) {
    const other = await again({ seed: (resolved.problem.seed + 1) % 4294967296 }, "another seed");
    if (other) parts.push({ source: "sampling", value: distance(own, finalMeasure(other)).value, how: "distance to a run with another seed" });
    return parts;
  }
  for (const knob of knobsOf(resolved)) {
    const finer = await again({ [knob.path]: knob.at(1) }, `${knob.label} refined`);
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
