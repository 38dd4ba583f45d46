/** What theory lays over a stage: the exact solution at the time of a frame, the measure at which the flow rests. */
import type { ExactFlow, Law, Measure, Problem, Space } from "ottoflow/contract";
import { isOttoflowError } from "ottoflow/errors";
import { storeCells } from "ottoflow/measure/store";
import { makeBox } from "ottoflow/space/box";
import type { Answers, PlainField } from "./messages.ts";

/** Cells per axis of an overlay where the measure has none of its own. */
const cellsOf = [0, 240, 72];
/** Overlays may take this many milliseconds, and this share of the time since the run began. */
const PATIENCE = 1200;
const SHARE = 0.2;

/** The cells of a measure, or cells around where most of it is. */
function spaceAround(m: Measure): Space | null {
  const d = m.space.dim;
  if (d > 2) return null;
  if (m.rep === "cells") {
    const grid = m.space.grid!;
    if (d === 1 || grid.shape.every((n) => n <= cellsOf[2]!)) return m.space;
    return makeBox({
      lower: grid.lower,
      upper: grid.lower.map((a, k) => a + grid.h[k]! * grid.shape[k]!),
      cells: grid.shape.map((n) => Math.min(n, cellsOf[2]!)),
    });
  }
  const box = Array.from({ length: d }, (_, k) => reach(m, k));
  if (box.some(([lo, hi]) => !(hi > lo && Number.isFinite(hi - lo)))) return null;
  return makeBox({ lower: box.map(([lo]) => lo), upper: box.map(([, hi]) => hi), cells: box.map(() => cellsOf[d]!) });
}
function reach(m: Exclude<Measure, { rep: "cells" }>, axis: number): readonly [number, number] {
  const d = m.space.dim;
  if (m.rep === "gaussian") {
    const s = 4 * Math.sqrt(m.cov[axis * d + axis]!);
    return [m.mean[axis]! - s, m.mean[axis]! + s];
  }
  const n = m.rep === "particles" ? m.n : m.x.length;
  let [lo, hi] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = axis * n; i < (axis + 1) * n; i++) {
    lo = Math.min(lo, m.x[i]!);
    hi = Math.max(hi, m.x[i]!);
  }
  const margin = 0.12 * (hi - lo);
  return [lo - margin, hi + margin];
}
/** Averages of a law over cells, in the plane its values at their centres (contours ask no more); null for laws without a density. */
export function fieldOf(law: Law, space: Space): PlainField | null {
  // atoms counted in cells would be a picture of the cells
  if (!space.grid || law.points || !(law.density || law.boxMass)) return null;
  const rho = new Float64Array(space.cells!.n);
  try {
    if (space.dim === 2 && law.density) law.density(rho.length, space.cells!.centre, rho);
    else storeCells({ ...law, cut: 1 }, space, rho);
  } catch (error) {
    if (isOttoflowError(error)) return null;
    throw error;
  }
  const { shape, lower, h } = space.grid;
  return { shape, lower, h, rho };
}
/** A solution that theory has but cannot evaluate here is no picture and no fault of the flow. */
function fieldAt(exact: ExactFlow, t: number, space: Space): PlainField | null {
  try {
    return fieldOf(exact.law(t), space);
  } catch (error) {
    if (isOttoflowError(error)) return null;
    throw error;
  }
}
/** The exact solution beside each frame, as long as it does not slow the run down. */
export function exactBeside(exact: ExactFlow | null): (m: Measure, t: number) => PlainField | null {
  const opened = performance.now();
  let spent = 0;
  return (m, t) => {
    const began = performance.now();
    if (!exact || m.space.grid?.periodic.some((wraps) => wraps)) return null;
    if (spent > PATIENCE && spent > SHARE * (began - opened)) return null;
    const space = spaceAround(m);
    const field = space && fieldAt(exact, t, space);
    spent += performance.now() - began;
    return field;
  };
}
export async function equilibriumField(p: Problem): Promise<Answers["equilibrium"]> {
  if (p.space.dim > 2) return null;
  const { restingOf } = await import("./resting.ts");
  const found = restingOf(p);
  if (!found) return null;
  const space = p.space.cells ? p.space : makeBox({ lower: found.lower, upper: found.upper, cells: found.lower.map(() => cellsOf[p.space.dim]!) });
  const field = fieldOf(found.law, space);
  return field && { ...field, because: found.because };
}
