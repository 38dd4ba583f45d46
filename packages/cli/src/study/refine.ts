/** Orders of convergence: the same problem on finer and finer discretisations. */
import type { ExactFlow, Measure } from "ottoflow/contract";
import { specError } from "ottoflow/errors";
import type { Run } from "ottoflow/flow";
import { fittedOrder } from "ottoflow/io/figure/study";
import { log } from "ottoflow/kernels/math";
import { distance, distanceL1 } from "ottoflow/measure/distance";
import type { Resolved } from "ottoflow/spec/resolve";
import { finalMeasure, type Knob, knobsOf, settingsOf } from "../members.ts";
import { powerOfTwo } from "../numbers.ts";
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
  /** what the scheme declares: the lowest order among the knobs */
  readonly expected: number;
  /** what errors are measured against */
  readonly against: string;
  readonly columns: readonly ErrorColumn[];
}

/** The knobs by their names: "step", "cells", "count". */
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

/** Errors and orders of runs on levels 0, 1, 2 … Against the exact solution where there is one, else of each level against the next. */
export function refinementOf(knobs: readonly Knob[], runs: readonly Run[], exact: ExactFlow | null): Refinement {
  const last = runs.map(finalMeasure);
  const columns: ErrorColumn[] = [];
  const add = (name: string, values: readonly (number | null)[]): void => {
    if (values.some((v) => v !== null && v > 0)) columns.push(columnOf(name, values));
  };
  const name = distance(last[0], exact ? exact.law(runs[0].time) : last[1]).name;
  add(
    `${name} distance`,
    against(last, (m, l) => (exact ? distance(m, exact.law(runs[l].time)).value : l + 1 < last.length ? distance(m, last[l + 1]).value : null)),
  );
  add("L1 distance", l1Errors(last, runs, exact, knobs));
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
  return {
    knobs,
    levels: runs.length,
    expected: Math.min(...knobs.map((knob) => knob.order)),
    against: exact ? `the exact solution (${exact.title})` : "the next finer level",
    columns,
  };
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

function columnOf(name: string, values: readonly (number | null)[]): ErrorColumn {
  const orders = values.map((v, l) => {
    const before = l > 0 ? values[l - 1] : null;
    return v !== null && before !== null && v > 0 && before > 0 ? log(before / v) / Math.LN2 : null;
  });
  const fit = fittedOrder(
    values.map((_, l) => 1 / powerOfTwo(l)),
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
