/** What a comparison finds, and its tables. */
import type { Run } from "ottoflow/flow";
import { formatNumber } from "ottoflow/io/figure/number";
import { type Distance, distance } from "ottoflow/measure/distance";
import type { Resolved } from "ottoflow/spec/resolve";
import { type ErrorPart, type ExactError, finalMeasure, sameEnd } from "./members.ts";
import type { TableOf } from "./tables.ts";

export interface Member {
  readonly name: string;
  readonly resolved: Resolved;
  readonly run: Run;
  readonly parts: readonly ErrorPart[];
  /** sum of the parts; null where none was asked for or one is not known */
  readonly error: number | null;
  readonly exact: ExactError | null;
  /** the same on finer and finer discretisations, from the first refinement on */
  readonly finer: readonly Finer[];
}
export interface Finer {
  /** what was refined, as paths of the spec */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly run: Run;
  readonly exact: ExactError | null;
}
export interface Pair {
  readonly a: string;
  readonly b: string;
  readonly distance: Distance;
  /** errors of both members and of the distance itself */
  readonly bar: number | null;
  readonly agree: boolean | null;
  /** largest distance at a time that both have, and when */
  readonly worst: { readonly t: number; readonly value: number } | null;
  /** distances where both members are refined once, twice …; null where a run did not reach the end */
  readonly finer: readonly (number | null)[];
  /** each refinement brings them closer; null without refinements */
  readonly falls: boolean | null;
}
/** One that cannot run the problem. */
export interface Refused {
  readonly name: string;
  readonly because: string;
}
export interface Comparison {
  readonly title: string;
  readonly members: readonly Member[];
  readonly pairs: readonly Pair[];
  readonly refused: readonly Refused[];
}

export function pairsOf(members: readonly Member[]): Pair[] {
  return members.flatMap((a, i) => members.slice(i + 1).map((b) => pairOf(a, b)));
}
function pairOf(a: Member, b: Member): Pair {
  const d = distance(finalMeasure(a.run), finalMeasure(b.run));
  const bar = a.error === null || b.error === null ? null : a.error + b.error + d.error;
  const finer = a.finer.map(({ run }, l) => {
    const other = b.finer[l].run;
    return sameEnd(run, a.run) && sameEnd(run, other) ? distance(finalMeasure(run), finalMeasure(other)).value : null;
  });
  const falls = finer.length === 0 ? null : finer.every((value, l) => value !== null && value < ([d.value, ...finer][l] ?? 0));
  return { a: a.name, b: b.name, distance: d, bar, agree: bar === null ? null : d.value <= bar, worst: worstOf(a.run, b.run), finer, falls };
}
function worstOf(a: Run, b: Run): Pair["worst"] {
  let worst: { t: number; value: number } | null = null;
  for (const frame of a.frames) {
    const other = b.frames.find((candidate) => Math.abs(candidate.t - frame.t) <= 1e-9 * Math.max(1, Math.abs(frame.t)));
    if (!other) continue;
    const { value } = distance(frame.measure, other.measure);
    if (worst === null || value > worst.value) worst = { t: frame.t, value };
  }
  return worst;
}

/** Who agrees with whom, in sentences. */
export function verdictOf({ members, pairs }: Comparison): string {
  const judged = pairs.filter((pair) => pair.agree !== null);
  const names = (list: readonly Pair[]): string => list.map((pair) => `${pair.a} and ${pair.b}`).join(", ");
  const differ = judged.filter((pair) => pair.agree === false);
  const sentences = [
    judged.length === 0
      ? "The distances are not judged, as there are no error bars."
      : differ.length === 0
        ? `${judged.length < pairs.length ? `${judged.length} of ${pairs.length}` : judged.length === 1 ? "The" : `All ${judged.length}`} ${pairs.length === 1 ? "pair agrees within its error bar" : "pairs agree within their error bars"}.`
        : `${differ.length} of ${judged.length} pairs ${differ.length === 1 ? "differs by more than its error bar" : "differ by more than their error bars"}: ${names(differ)}.`,
  ];
  for (const member of members)
    for (const part of member.parts) if (part.value === null) sentences.push(`${member.name} has no error bar: ${part.source} ${part.how}.`);
  const refined = pairs.filter((pair) => pair.falls !== null);
  const stuck = refined.filter((pair) => pair.falls === false);
  if (refined.length > 0)
    sentences.push(
      stuck.length === 0
        ? `${refined.length === 1 ? "The distance falls" : `All ${refined.length} distances fall`} at every refinement.`
        : `${stuck.length} of ${refined.length} distances do not fall at every refinement: ${names(stuck)}.`,
    );
  return sentences.join(" ");
}

export function pairTable(pairs: readonly Pair[]): TableOf {
  const refined = pairs.some((p) => p.finer.length > 0);
  return {
    columns: ["pair", "verdict", "distance", "error bar", "kind", "largest", "at t", ...(refined ? ["refined"] : [])],
    rows: pairs.map((p) => [
      `${p.a} – ${p.b}`,
      p.agree === null ? "no error bar" : p.agree ? "agree" : "differ",
      p.distance.value,
      p.bar,
      p.distance.name,
      p.worst?.value ?? null,
      p.worst?.t ?? null,
      ...(refined ? [fallWords(p)] : []),
    ]),
  };
}
function fallWords(pair: Pair): string {
  const last = pair.finer.at(-1);
  if (last === undefined || last === null) return "not reached";
  return `${pair.falls ? "falls to" : "does not fall:"} ${formatNumber(last, 3)}`;
}

/** Distances of each pair, and of each member to the exact solution, from the spec as it is to the last refinement; null without refinements. */
export function refinedTable({ members, pairs }: Comparison): TableOf | null {
  const levels = members[0]?.finer.length ?? 0;
  if (levels === 0) return null;
  return {
    columns: ["distance", "as given", ...Array.from({ length: levels }, (_, l) => `refined ${l + 1}×`)],
    rows: [
      ...pairs.map((p) => [`${p.a} – ${p.b}`, p.distance.value, ...p.finer]),
      ...members.filter((m) => m.exact).map((m) => [`${m.name} – exact`, m.exact?.value ?? null, ...m.finer.map((f) => f.exact?.value ?? null)]),
    ],
  };
}

export function memberTable(members: readonly Member[]): TableOf {
  return {
    columns: ["scheme", "final energy", "steps", "own error", "to the exact solution", "certificate"],
    rows: members.map((m) => [m.name, m.run.trace.energy?.at(-1) ?? null, m.run.steps, m.error, m.exact?.value ?? null, m.run.holds ? "holds" : "fails"]),
  };
}
