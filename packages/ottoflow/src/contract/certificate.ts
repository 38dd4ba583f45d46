import type { Fact } from "./fact.ts";
import type { Status, Watcher } from "./flow.ts";
import type { Law } from "./law.ts";
import type { Problem } from "./problem.ts";
import type { Scheme } from "./scheme.ts";

/** A closed-form solution that fits a problem: its law at each time, and what else is known. */
export interface ExactFlow {
  readonly label: string;
  readonly title: string;
  readonly refs: readonly string[];
  law(t: number): Law;
  energy?(t: number): number;
}
/** What theory knows about the problem before it runs; certificates read it, schemes never see it. */
export interface Known {
  readonly exact: ExactFlow | null;
  /** lambda such that F is lambda-convex along geodesics of the geometry */
  readonly modulus: Fact<number> | null;
}
/** What a certificate measured. Hard ones decide the exit code. */
export interface Check {
  readonly kind: string;
  readonly title: string;
  readonly verdict: "pass" | "fail" | "reported" | "not-applicable";
  readonly hard: boolean;
  readonly value: number | null;
  readonly bound: number | null;
  /** how value and bound compare where the check holds; at-most unless said */
  readonly relation?: "at-most" | "at-least" | "equals";
  /** theorem, promise or estimate behind the bound */
  readonly source: string;
  /** what was measured, or why not applicable */
  readonly detail: string;
}
/** What a certificate is handed when the run has ended. */
export interface Judged {
  readonly problem: Problem;
  readonly scheme: Scheme;
  readonly known: Known;
  readonly status: Status;
}
/** Watches a run and judges it: by a theorem, a promise or an estimate. */
export interface Certificate<A = unknown> {
  readonly label: string;
  readonly title: string;
  /** why it does not apply to this problem and scheme, or null */
  applies(p: Problem, s: Scheme, known: Known): string | null;
  watcher(p: Problem, s: Scheme, known: Known): Watcher<A>;
  judge(memory: A, run: Judged): readonly Check[];
}
