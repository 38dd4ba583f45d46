/** What is checked of a coupling, in the form of all certificates. */
import type { Check, Coupling, Transport } from "../contract.ts";
import { marginalsOf } from "./plan.ts";

/** Digits that sums of as many terms keep, with room to spare. */
const rounding = 1e-10;

/** @param tolerance relative gap that was asked for; a solver that promises the optimum is judged at rounding */
export function transportChecks(p: Transport, answer: Coupling, tolerance: number = rounding): Check[] {
  const scale = Math.max(Math.abs(answer.regularised), Math.abs(answer.dual), Number.MIN_VALUE);
  const common = { relation: "at-most" as const };
  const checks: Check[] = [
    {
      ...common,
      kind: "gap",
      title: "duality gap",
      hard: true,
      value: answer.gap / scale,
      bound: tolerance,
      verdict: Number.isFinite(answer.gap) && answer.gap <= tolerance * scale && answer.gap >= -rounding * scale ? "pass" : "fail",
      source: "Kantorovich duality: a feasible dual bounds every plan from below",
      detail: `${answer.certifies} problem: the plan costs ${answer.regularised}, no plan costs less than ${answer.dual}`,
    },
  ];
  if (answer.plan) checks.push(...planChecks(p, answer, tolerance));
  if (answer.unregularised && p.epsilon > 0)
    checks.push({
      kind: "unregularised",
      title: "bounds without entropy",
      hard: false,
      value: answer.unregularised.upper - answer.unregularised.lower,
      bound: null,
      verdict: "reported",
      source: "a feasible potential below, the cost of a plan above",
      detail: `the optimum without entropy lies between ${answer.unregularised.lower} and ${answer.unregularised.upper}`,
    });
  return checks;
}
function planChecks(p: Transport, answer: Coupling, tolerance: number): Check[] {
  const mass = marginalsOf(answer.plan!)[0].reduce((s, v) => s + v, 0);
  const worst = Math.max(...answer.defect) / mass;
  // the gap is of a plan with exact marginals; this one may be as far off as the gap may be wide
  const bound = p.epsilon > 0 ? Math.max(1e-6, tolerance) : rounding;
  const least = answer.plan!.sparse?.mass.reduce((s, v) => Math.min(s, v), Number.POSITIVE_INFINITY) ?? 0;
  return [
    {
      kind: "marginals",
      title: "marginals of the plan",
      relation: "at-most",
      hard: p.marginals.every((m) => m.kind === "equal"),
      value: worst,
      bound,
      verdict: p.marginals.every((m) => m.kind === "equal") ? (worst <= bound ? "pass" : "fail") : "reported",
      source: "both sides, summed absolutely, per mass",
      detail: `${answer.defect[0]} on the first side, ${answer.defect[1]} on the second`,
    },
    {
      kind: "positivity",
      title: "no negative mass in the plan",
      relation: "at-least",
      hard: true,
      value: least,
      bound: 0,
      verdict: least >= 0 ? "pass" : "fail",
      source: "a plan is a measure",
      detail: "least entry",
    },
  ];
}
