/** Results of paths that are known in closed form: frames from a curve, bounds that meet, checks that compare the curve with what theory says of it. */
import type { Check, PathBounds, PathProblem, PathResult } from "../../contract.ts";
import { massOf } from "../../measure/rows.ts";
import type { Curve } from "./curve.ts";

export interface KnownPath {
  readonly curve: Curve;
  readonly action: number;
  /** a lower bound; the action itself unless said */
  readonly dual?: number;
  readonly continuous?: PathBounds | null;
  /** action per unit of time at the middles of intervals; constant unless said */
  readonly kinetic?: (t: number) => number;
  readonly status?: PathResult["status"];
  readonly iterations?: number;
  /** relative gap that counts as closed; 1e-9 unless said */
  readonly tolerance?: number;
  readonly convention: string;
  readonly checks?: readonly Check[];
  readonly notes?: readonly string[];
  readonly figures?: Readonly<Record<string, number>>;
}
const INTERVALS = 16;

export function knownPath(p: PathProblem, known: KnownPath): PathResult {
  const { curve, action, kinetic, tolerance = 1e-9 } = known;
  const dual = known.dual ?? action;
  const middles = Float64Array.from({ length: INTERVALS }, (_, k) => (k + 0.5) / INTERVALS);
  const frames = p.times.map((t) => {
    const measure = curve.at(t);
    const velocity = curve.velocity?.(t);
    return { t, measure, ...(velocity && { velocity: velocity.v }) };
  });
  const mass = Float64Array.from(frames, (f) => massOf(f.measure));
  const lost = mass.reduce((w, m) => Math.max(w, 1 - m / p.from.mass), 0);
  const relative = action > 0 ? (action - dual) / action : Number.isNaN(action) ? null : 0;
  return {
    status: known.status ?? "optimal",
    frames,
    action,
    dual,
    gap: action - dual,
    continuous: known.continuous ?? null,
    kinetic: { times: middles, value: middles.map((t) => kinetic?.(t) ?? action) },
    mass: { times: Float64Array.from(p.times), value: mass },
    checks: [
      {
        kind: "gap",
        title: "gap between the action and its lower bound, relative",
        relation: "at-most",
        hard: true,
        value: relative,
        bound: tolerance,
        verdict: relative !== null && relative <= tolerance ? "pass" : "fail",
        source: "the lower bound is a theorem or a feasible dual",
        detail: relative === null ? "no path was found" : `action ${action}, not below ${dual}`,
      },
      ...(known.checks ?? []),
    ],
    iterations: known.iterations ?? 1,
    convention: known.convention,
    notes: [...(known.notes ?? []), ...(lost > 1e-6 ? [`Up to ${lost.toExponential(1)} of the mass lies outside the box in a frame and is not drawn.`] : [])],
    figures: known.figures ?? {},
  };
}
/** A hard check that a number is at most a bound. */
export function atMost(kind: string, title: string, value: number, bound: number, source: string, detail: string): Check {
  return { kind, title, relation: "at-most", hard: true, value, bound, verdict: value <= bound ? "pass" : "fail", source, detail };
}
/** That all frames have the mass of the first. */
export function massKept(curve: Curve, times: readonly number[], slack: number): Check {
  const masses = times.map((t) => massOf(curve.at(t)));
  const drift = masses.reduce((s, m) => Math.max(s, Math.abs(m / masses[0]! - 1)), 0);
  return atMost("mass", "drift of the mass, relative", drift, slack, "mass is neither made nor lost", "over the frames");
}
