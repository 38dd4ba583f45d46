import type { Check, Status } from "ottoflow/contract";
import { formatNumber } from "ottoflow/io/figure/number";

/** What a status means to a reader. */
export const statusWords: Readonly<Record<Status, string>> = {
  "reached-end": "reached its end time",
  stationary: "came to rest",
  stopped: "was stopped by its own rule",
  "max-steps": "used up its steps",
  "step-underflow": "needed steps smaller than allowed",
  "energy-rose": "stopped because the energy rose",
  "no-minimiser": "found no minimiser",
  "not-finite": "ran into values that are not finite",
  aborted: "was interrupted",
};

export const verdictWords: Readonly<Record<Check["verdict"], { readonly sign: string; readonly word: string }>> = {
  pass: { sign: "✓", word: "holds" },
  fail: { sign: "✗", word: "fails" },
  reported: { sign: "•", word: "reported" },
  "not-applicable": { sign: "–", word: "not applicable" },
};

/** One sentence on the whole certificate. */
export function certificateSentence(checks: readonly Check[], holds: boolean): string {
  const hard = checks.filter((check) => check.hard && check.verdict !== "not-applicable");
  const failed = hard.filter((check) => check.verdict === "fail");
  if (failed.length > 0) return `${failed.length} of ${hard.length} hard checks fail: ${failed.map((check) => check.title).join(", ")}.`;
  if (hard.length === 0) return "No hard check applies to this problem and scheme; what was measured is reported below.";
  const all =
    hard.length === 1
      ? "The one hard check that applies holds"
      : hard.length === 2
        ? "Both hard checks that apply hold"
        : `All ${hard.length} hard checks that apply hold`;
  return holds ? `${all}.` : `${all}, but the run did not end well.`;
}

/** The bound of a check with its sense: "≤ 1e−12", "≥ 0", "exact 0.5"; empty where there is none. */
export function boundWords({ bound, relation = "at-most" }: Check): string {
  if (bound === null) return "";
  const words = { "at-most": "≤", "at-least": "≥", equals: "exact" } as const;
  return `${words[relation]} ${formatNumber(bound)}`;
}

export function numberWords(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : formatNumber(value, 5);
}

/** JSON has no infinities and no NaN; they are written as text that every language reads as a number. */
export function jsonNumber(value: number | null | undefined): number | string | null {
  return value === null || value === undefined ? null : Number.isFinite(value) ? value : String(value);
}
