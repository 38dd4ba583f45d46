/** The step microscope: one proximal step on the line, taken apart into Newton's iterates, both terms of what is minimised, and the condition that holds at its end. */
import type { Measure, Part, Problem } from "ottoflow/contract";
import { OttoflowError } from "ottoflow/errors";
import { plainHost } from "ottoflow/kernels/host";
import { gaussianLaw } from "ottoflow/measure/gaussian";
import { piecesOf } from "ottoflow/measure/line";
import { massOf } from "ottoflow/measure/rows";
import { gradedLevels, storeQuantiles } from "ottoflow/measure/store";
import { descend } from "ottoflow/proximal/descend";
import { openLineProblem } from "ottoflow/proximal/quantile-step";
import type { StepApart, StepIterate } from "./messages.ts";

const SHARES = 41;

export function takeApart(p: Problem, from: Measure, t: number, tau: number, levels: number): StepApart {
  const odd = p.parts.find((part) => part.form === "general" || (part.form === "pair" && part.W.quadratic === undefined && !part.W.radial));
  if (p.space.dim !== 1 || !p.geometry.transport?.linear || p.geometry.reaction || p.geometry.apply || odd || p.drift.length > 0)
    throw new OttoflowError(
      "UnsupportedError",
      "A step is taken apart on the line, for Wasserstein flows of local, potential and radial interaction energies.",
      {
        missing: ["line"],
      },
    );
  const { x: before, level } = nodesOf(from, levels);
  const mass = massOf(from);
  const [lower, upper] = wallsOf(p);
  const line = openLineProblem(p.parts, mass, level, lower, upper, plainHost());
  const x = Float64Array.from(before);
  const begun = line.begin(x, tau, t);
  const seen: Float64Array[] = [];
  const watched = {
    ...line,
    gradient(at: Float64Array, g: Float64Array): void {
      seen.push(Float64Array.from(at));
      line.gradient(at, g);
    },
  };
  const row = (): Float64Array => new Float64Array(x.length);
  const mu = line.modulus === null ? null : 1 / tau + line.modulus;
  const aim = { fine: 1e-20, coarse: 1e-9, most: 100, modulus: mu, stiffness: 1 / tau, value: begun.before, scale: begun.scale, terms: begun.terms };
  const out = descend(watched, x, aim, { g: row(), d: row(), trial: row(), best: row() });
  const sum = (rows: readonly number[]): number => rows.reduce((s, v) => s + v, 0);
  const terms = (at: Float64Array): { energy: number; cost: number } => ({ energy: sum(line.energies(at, t)), cost: line.cost(at) });
  const iterates = seen.map((at): StepIterate => ({ x: at, ...terms(at), ...conditionOf(p.parts, before, at, level, mass, tau, t) }));
  const share = Float64Array.from({ length: SHARES }, (_, k) => k / (SHARES - 1));
  const along = Array.from(share, (s) => terms(before.map((v, i) => v + s * (x[i]! - v))));
  return {
    level,
    mass,
    tau,
    before,
    iterates,
    line: { share, energy: Float64Array.from(along, (v) => v.energy), cost: Float64Array.from(along, (v) => v.cost) },
    gap: mu !== null && mu > 0 ? out.residual / (2 * mu) : null,
    ok: out.ok,
    reason: out.reason ?? "",
  };
}

/** Quantile nodes of a stored measure with a density. */
function nodesOf(m: Measure, count: number): { x: Float64Array; level: Float64Array } {
  const level = new Float64Array(count);
  gradedLevels(count, level);
  const x = new Float64Array(count);
  if (m.rep === "gaussian") {
    storeQuantiles(gaussianLaw(Array.from(m.mean), Array.from(m.cov)), level, x);
    return { x, level };
  }
  if (m.rep === "particles")
    throw new OttoflowError("UnsupportedError", "Particles have no density between them: choose a scheme on cells or on quantiles to take a step apart.", {
      missing: ["density"],
    });
  const pieces = piecesOf(m)!;
  for (let i = 0, k = 0; i < count; i++) {
    while (k < pieces.n - 1 && pieces.level[k + 1]! < level[i]!) k++;
    const [a, b] = [pieces.level[k]!, pieces.level[k + 1]!];
    x[i] = pieces.left[k]! + (pieces.right[k]! - pieces.left[k]!) * (b > a ? (level[i]! - a) / (b - a) : i === 0 ? 0 : 1);
  }
  // empty cells at both ends carry no level
  const used = pieces.level.findIndex((v) => v > 0) - 1;
  if (used > 0) x[0] = pieces.left[used]!;
  let last = pieces.n - 1;
  while (last > 0 && pieces.level[last]! >= 1) last--;
  x[count - 1] = pieces.right[last]!;
  for (let i = 1; i < count; i++)
    if (!(x[i]! > x[i - 1]!)) throw new OttoflowError("UnsupportedError", "This measure has no density at some of its quantiles.", { missing: ["density"] });
  return { x, level };
}
function wallsOf({ space }: Problem): readonly [number, number] {
  const g = space.grid;
  if (!space.bounded || !g) return [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return [g.lower[0]!, g.lower[0]! + g.h[0]! * g.shape[0]!];
}

/**
 * phi / tau + dF/drho at the middles of cells, its mean under the measure taken off: phi' = x - T(x), T the map back to rho_k. It is evaluated from
 * density and potentials, not from the gradient that Newton's method uses, so that it shows the condition of the continuous step.
 */
export function conditionOf(
  parts: readonly Part[],
  before: Float64Array,
  x: Float64Array,
  level: Float64Array,
  mass: number,
  tau: number,
  t: number,
): Pick<StepIterate, "middle" | "condition" | "uneven"> {
  const n = x.length - 1;
  const middle = Float64Array.from({ length: n }, (_, i) => 0.5 * (x[i]! + x[i + 1]!));
  const weight = Float64Array.from({ length: n }, (_, i) => mass * (level[i + 1]! - level[i]!));
  const rho = weight.map((w, i) => w / (x[i + 1]! - x[i]!));
  const condition = new Float64Array(n);
  const own = new Float64Array(n);
  for (const part of parts) {
    if (part.form === "local") part.dU(n, rho, own);
    else if (part.form === "field") part.value(n, middle, t, own);
    else if (part.form === "pair") part.W.sum(n, middle, n, middle, weight, own);
    for (let i = 0; i < n; i++) condition[i] = condition[i]! + own[i]!;
  }
  let phi = 0;
  for (let i = 0; i < n; i++) {
    const [u, v, dx] = [x[i]! - before[i]!, x[i + 1]! - before[i + 1]!, x[i + 1]! - x[i]!];
    condition[i] = condition[i]! + (phi + dx * (0.375 * u + 0.125 * v)) / tau;
    phi += 0.5 * dx * (u + v);
  }
  const mean = condition.reduce((s, v, i) => s + v * weight[i]!, 0) / mass;
  let square = 0;
  for (let i = 0; i < n; i++) {
    condition[i] = condition[i]! - mean;
    square += weight[i]! * condition[i]! * condition[i]!;
  }
  return { middle, condition, uneven: Math.sqrt(square / mass) };
}
