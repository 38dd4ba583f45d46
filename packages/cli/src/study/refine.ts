/** Orders of convergence: the same problem on finer and finer discretisations. */
import type { ExactFlow, Measure } from "ottoflow/contract";
import { specError } from "ottoflow/errors";
import type { Run } from "ottoflow/flow";
import { fittedOrder } from "ottoflow/io/figure/study";
import { log } from "ottoflow/kernels/math";
import { distance, distanceL1 } from "ottoflow/measure/distance";
import type { Resolved } from "ottoflow/spec/resolve";
import { type Knob, knobsOf, settingsOf } from "../knobs.ts";
import { finalMeasure, sameSteps } from "../members.ts";
import { power } from "../numbers.ts";
import type { TableOf, Value } from "../tables.ts";

/** An error at each level; null where a level has none. */
export interface ErrorColumn {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** between neighbours: orders[l] from level l - 1 to l */
  readonly orders: readonly (number | null)[];
  /** slope of all levels by least squares */
  readonly order: number | null;
}
export interface Refinement {
  readonly knobs: readonly Knob[];
  readonly levels: number;
  /** what the scheme declares: the lowest order among the knobs; null where it declares none for one of them */
  readonly expected: number | null;
  /** what errors are measured against */
  readonly against: string;
  readonly columns: readonly ErrorColumn[];
  /** levels that took no more steps than the one before, though only the time was to be refined; with why */
  readonly idle: string | null;
  /** errors that no longer fall, and what else could be refined; with why */
  readonly stalled: string | null;
}

/** The knobs by their names: "step", "cells", "count", "width", "levels", "tolerance". */
export function pickKnobs(resolved: Resolved, names: readonly string[]): Knob[] {
  const all = knobsOf(resolved);
  return names.map((name) => {
    const knob = all.find((k) => k.label === name);
    if (!knob) throw specError("--refine", `"${name}" cannot be refined in this spec. What can: ${all.map((k) => k.label).join(", ") || "nothing"}.`);
    return knob;
  });
}

export function settingsAt(knobs: readonly Knob[], level: number): Record<string, unknown> {
  return Object.assign({}, ...knobs.map((knob) => settingsOf(knob, level)));
}

/**
 * Errors and orders of runs on levels 0, 1, 2 … Against the exact solution where there is one, else of each level against the next. `others`: what of the
 * spec could be refined too.
 */
export function refinementOf(knobs: readonly Knob[], runs: readonly Run[], exact: ExactFlow | null, others: readonly Knob[]): Refinement {
  const last = runs.map(finalMeasure);
  const columns: ErrorColumn[] = [];
  const factor = Math.min(...knobs.map((knob) => knob.factor));
  const add = (name: string, values: readonly (number | null)[]): void => {
    if (values.some((v) => v !== null && v > 0)) columns.push(columnOf(name, values, factor));
  };
  const name = distance(last[0], exact ? exact.law(runs[0].time) : last[1]).name;
  add(
    `${name} distance`,
    against(last, (m, l) => (exact ? distance(m, exact.law(runs[l].time)).value : l + 1 < last.length ? distance(m, last[l + 1]).value : null)),
  );
  add("L1 distance", l1Errors(last, runs, exact, knobs));
  const distances = columns.slice();
  const energies = runs.map((run) => run.trace.energy?.at(-1) ?? Number.NaN);
  const truth = exact?.energy;
  add(
    "energy",
    energies.map((energy, l) => size(truth ? energy - truth(runs[l].time) : l + 1 < energies.length ? energy - energies[l + 1] : Number.NaN)),
  );
  for (const check of runs[0].checks.filter((c) => c.verdict === "reported" && !c.hard)) {
    add(
      check.title,
      runs.map((run) => size(run.checks.find((c) => c.kind === check.kind && c.title === check.title)?.value ?? Number.NaN)),
    );
  }
  const expected = knobs.some((knob) => knob.order === null) ? null : Math.min(...knobs.map((knob) => knob.order as number));
  return {
    knobs,
    levels: runs.length,
    expected,
    against: exact ? `the exact solution (${exact.title})` : "the next finer level",
    columns,
    idle: idleWords(knobs, runs),
    stalled: exact && expected !== null ? stalledWords(distances, expected, knobs, others) : null,
  };
}

/** An error that fell as declared and then stops falling has another source than what is refined: a fitted order through both says nothing. */
export function stalledWords(distances: readonly ErrorColumn[], expected: number, knobs: readonly Knob[], others: readonly Knob[]): string | null {
  const stalls = distances.filter(({ orders }) => {
    const known = orders.filter((order) => order !== null);
    const last = known.at(-1);
    return last !== undefined && last < expected / 2 && known.slice(0, -1).some((order) => order > 0.75 * expected);
  });
  if (stalls.length === 0) return null;
  const names = knobs.map((knob) => knob.label);
  const more = others.map((knob) => knob.label).filter((label) => !names.includes(label));
  const mend = more.length > 0 ? `; "--refine ${[...more, ...names].join(",")}" refines ${more.join(" and ")} too` : "";
  return `At the last level ${stalls.map(({ name }) => `the ${name}`).join(" and ")} no longer falls as before: what is left of it does not come from ${names.join(" and ")}, and its fitted order says nothing about them${mend}.`;
}

/** A halved step should double the steps; where something else decides them (a bound, the tolerance, times to land on) the orders mean nothing. */
function idleWords(knobs: readonly Knob[], runs: readonly Run[]): string | null {
  if (!knobs.every((knob) => knob.time)) return null;
  const halves = knobs.some((knob) => knob.label === "step");
  const idle = runs.slice(1).flatMap((run, l) => (sameSteps(runs[l], run) || (halves && run.steps < 1.5 * runs[l].steps) ? [l + 2] : []));
  if (idle.length === 0) return null;
  const names = knobs.map((knob) => knob.label).join(" and ");
  const all = idle.every((level) => sameSteps(runs[level - 2], runs[level - 1]));
  return `Refining ${names} ${all ? "changed nothing" : "hardly changed the steps"} at level${idle.length > 1 ? "s" : ""} ${idle.join(", ")}: the runs took ${runs.map((run) => run.steps).join(", ")} steps, so something else decides them (a stability bound or the times of frames), and the orders say nothing about ${names}.`;
}
function size(value: number): number | null {
  return Number.isFinite(value) ? Math.abs(value) : null;
}
function against(measures: readonly Measure[], error: (m: Measure, level: number) => number | null): (number | null)[] {
  return measures.map(error);
}
/** L1 needs densities on cells, and against another level the same cells. */
function l1Errors(last: readonly Measure[], runs: readonly Run[], exact: ExactFlow | null, knobs: readonly Knob[]): (number | null)[] {
  const same = knobs.every((knob) => knob.path !== "space.cells");
  return last.map((m, l) => {
    if (m.rep !== "cells") return null;
    if (exact) return exact.law(runs[l].time).boxMass || exact.law(runs[l].time).density ? distanceL1(m, exact.law(runs[l].time)).value : null;
    const next = last[l + 1];
    return same && next?.rep === "cells" ? distanceL1(m, next).value : null;
  });
}

/** Orders by the factor of the coarsest knob. */
function columnOf(name: string, values: readonly (number | null)[], factor: number): ErrorColumn {
  const orders = values.map((v, l) => {
    const before = l > 0 ? values[l - 1] : null;
    return v !== null && before !== null && v > 0 && before > 0 ? log(before / v) / log(factor) : null;
  });
  const fit = fittedOrder(
    values.map((_, l) => 1 / power(factor, l)),
    values.map((v) => v ?? Number.NaN),
  );
  return { name, values, orders, order: Number.isNaN(fit) ? null : fit };
}

export function refinementTable(study: Refinement): TableOf {
  const plain = (value: unknown): Value => (typeof value === "number" ? value : Array.isArray(value) ? value.join(" × ") : String(value));
  return {
    columns: [...study.knobs.map((knob) => knob.label), ...study.columns.flatMap((column) => [column.name, "order"])],
    rows: Array.from({ length: study.levels }, (_, l) => [
      ...study.knobs.map((knob) => plain(knob.at(l))),
      ...study.columns.flatMap((column) => [column.values[l], column.orders[l]]),
    ]),
  };
}
