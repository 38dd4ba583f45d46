/** What the ledger reads of a trace. */
import type { TraceRow } from "../engine/messages.ts";

/** The last row at this time or before it; the first where none is. */
export function rowAt(trace: readonly TraceRow[], t: number): TraceRow | null {
  let [lo, hi] = [0, trace.length];
  // times that differ by rounding are the same
  const until = t + 1e-9 * Math.abs(t);
  while (hi - lo > 1) {
    const middle = (lo + hi) >> 1;
    if (trace[middle]!.t <= until) lo = middle;
    else hi = middle;
  }
  return trace[lo] ?? null;
}
/** Below this share of the energies that it is a difference of, a distance to equilibrium is rounding. */
const ROUNDING = 1e-11;

/** F above its least value; null where either is not known, or their difference is none. */
export function aboveRest(row: TraceRow | null, rest: number | null): number | null {
  if (!row || rest === null || row.energy === null) return null;
  const above = row.energy - rest;
  const scale = row.parts.reduce<number>((s, v) => s + Math.abs(v ?? 0), Math.abs(row.energy) + Math.abs(rest));
  return above > ROUNDING * scale ? above : null;
}
/** -d/dt log (F - F_least) at this row: the rate at which the distance to equilibrium falls just now. */
export function decayRate(row: TraceRow | null, rest: number | null): number | null {
  const above = aboveRest(row, rest);
  const dissipation = row?.dissipation ?? null;
  return above === null || dissipation === null || !Number.isFinite(dissipation) ? null : dissipation / above;
}

/** Six digits in nine characters: what is small or large is written by its power. */
export function short(v: number): string {
  const size = Math.abs(v);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return v.toExponential(3).replace("e+", "e");
  return Number(size < 1 ? v.toFixed(6) : v.toPrecision(6)).toString();
}
const raised = "⁰¹²³⁴⁵⁶⁷⁸⁹";
/** 10⁻³ and the like, for axes */
export function powerOfTen(v: number): string {
  const k = Math.round(Math.log10(v));
  if (k === 0) return "1";
  if (k === 1) return "10";
  return `10${k < 0 ? "⁻" : ""}${[...String(Math.abs(k))].map((d) => raised[Number(d)]).join("")}`;
}
/** Marks of an axis with the digits that tell them apart, however near they are. */
export function marks(values: readonly number[]): string[] {
  const step = values.length > 1 ? Math.abs(values[1]! - values[0]!) : 1;
  return values.map((v) => {
    const rounded = Math.abs(v) < 1e-9 * step ? 0 : Number(v.toPrecision(10));
    return Math.abs(rounded) >= 1e5 || (rounded !== 0 && Math.abs(rounded) < 1e-3)
      ? rounded.toExponential().replace("e+", "e")
      : String(rounded).replace("-", "−");
  });
}
