/** What of a spec belongs to its discretisation: read off the parameters of its units, which say so themselves. */
import type { Refines } from "ottoflow/params";
import { type CatalogueEntry, catalogue } from "ottoflow/spec/catalogue.gen";
import type { Resolved } from "ottoflow/spec/resolve";
import { power, powerOfTwo } from "./numbers.ts";

/** One way to refine a spec, level by level: its name in the spec and what becomes of its value. */
export interface Knob {
  readonly path: string;
  readonly label: string;
  /** the error falls by factor^-order per level; null where no theorem says */
  readonly order: number | null;
  /** how much finer a level is: 2 for lengths, times and numbers, 10 for tolerances */
  readonly factor: 2 | 10;
  /** it is about time alone */
  readonly time: boolean;
  at(level: number): unknown;
  /** what else must change with it for the refinement to make sense */
  also?(level: number): Readonly<Record<string, unknown>>;
}

/** Particles are drawn at random, at the start or at every step. */
export function isSampled({ scheme, problem }: Resolved): boolean {
  return scheme.promises.weak === true || (scheme.takes.rep === "particles" && !problem.initial.points && problem.initial.placement !== "low-discrepancy");
}

/** What of this run can be refined, in the order of the spec's parts: scheme, space, initial measure. */
export function knobsOf(resolved: Resolved): Knob[] {
  const knobs = ["scheme", "space", "initial"].flatMap((path) => knobsIn(resolved, path, read(resolved.spec, path), roleOf[path]));
  const taken = knobs.flatMap((knob) => Object.keys(knob.also?.(0) ?? {}));
  return knobs.filter((knob) => !taken.includes(knob.path));
}
const roleOf: Readonly<Record<string, string>> = { scheme: "scheme", space: "space", initial: "law" };

/** The settings of a knob at a level, with all that changes with it. */
export function settingsOf(knob: Knob, level: number): Record<string, unknown> {
  return { [knob.path]: knob.at(level), ...knob.also?.(level) };
}

/** The settings of all knobs where each error is at most 2^-level of what it was, by a first-order estimate: numbers of random particles grow by four. */
export function halved(knobs: readonly Knob[], level: number): Record<string, unknown> {
  return Object.assign({}, ...knobs.map((knob) => settingsOf(knob, knob.order === randomOrder ? 2 * level : level)));
}

/** Means over independent draws are off by the root of their number. */
const randomOrder = 0.5;

function knobsIn(resolved: Resolved, path: string, value: unknown, role: string): Knob[] {
  const kind = typeof value === "string" ? value : read(value, "kind");
  const unit: CatalogueEntry | undefined = catalogue.find((entry) => entry.role === role && entry.kind === kind);
  if (!unit) return [];
  return Object.entries(unit.params).flatMap(([name, param]) => {
    const [given, at] = [read(value, name), `${path}.${name}`];
    if (param.type === "unit") return knobsIn(resolved, at, given, param.role);
    const refines = "refines" in param ? param.refines : undefined;
    return refines && applies(refines, resolved, value) ? knobOf(refines, resolved, at, name, given) : [];
  });
}

function applies(refines: Refines, { scheme, problem, spec }: Resolved, unit: unknown): boolean {
  if (refines.under && !refines.under.includes(scheme.takes.rep)) return false;
  if (refines.under && problem.initial.points && scheme.takes.rep === "particles") return false;
  if (refines.unless && read(spec, refines.unless) !== undefined) return false;
  return Object.entries(refines.where ?? {}).every(([name, values]) => values.includes(String(read(unit, name))));
}

function knobOf(refines: Refines, resolved: Resolved, path: string, label: string, given: unknown): Knob[] {
  const factor = refines.by === 0.1 ? 10 : 2;
  const scale = (value: number, level: number): number =>
    refines.by === 2
      ? Math.round(value * powerOfTwo(level))
      : factor === 2
        ? value / powerOfTwo(level)
        : Number((value / power(factor, level)).toPrecision(12));
  const list = Array.isArray(given) && given.every((v) => typeof v === "number") ? (given as number[]) : null;
  if (!list && typeof given !== "number") return [];
  // width ~ spacing^(2/3), as in the rule for widths that are left out
  const { points } = refines;
  const count = points === undefined ? undefined : read(resolved.spec, points);
  return [
    {
      path,
      label,
      order: orderOf(refines, resolved, label),
      factor,
      time: refines.order === "time" || refines.where?.time !== undefined,
      at: (level) => (list ? list.map((v) => scale(v, level)) : scale(given as number, level)),
      ...(points !== undefined && typeof count === "number"
        ? { also: (level: number) => ({ [points]: Math.round(count * powerOfTwo(1.5 * resolved.problem.space.dim * level)) }) }
        : {}),
    },
  ];
}

function orderOf(refines: Refines, resolved: Resolved, label: string): number | null {
  const { order, spaceOrder } = resolved.scheme.promises;
  if (refines.order === "time") return order;
  if (refines.order === "space") return spaceOrder ?? null;
  if (refines.order === "seen") return label === "count" && isSampled(resolved) ? randomOrder : null;
  return refines.order;
}

const read = (value: unknown, path: string): unknown =>
  path.split(".").reduce<unknown>((v, key) => (typeof v === "object" && v !== null ? (v as Record<string, unknown>)[key] : undefined), value);
