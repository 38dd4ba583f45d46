/** Displacement interpolation as a path job. */
import type { As, PathProblem, PathProgress, PathResult, Space, Work } from "../../contract.ts";
import { definePath, type Unit } from "../../define.ts";
import { gaussianLaw } from "../../measure/gaussian.ts";
import { type Pieces, piecesOf } from "../../measure/line.ts";
import { storeCells } from "../../measure/store.ts";
import { onCommonPieces, valueAt } from "../pieces.ts";
import { cloud, transportProblem } from "../problem.ts";
import { transportOnLine } from "../static/line.ts";
import { networkSimplex } from "../static/network-simplex.ts";
import type { Curve } from "./curve.ts";
import { alongGaussians, alongPlan, constantSpeed, type Geodesic } from "./displacement.ts";
import { storeEnds } from "./ends.ts";
import { atMost, knownPath, massKept } from "./known-path.ts";

export const displacement: Unit<"path"> = definePath({
  kind: "displacement",
  title: "displacement interpolation",
  tex: String.raw`\mu_t = \big((1 - t)\, \mathrm{id} + t\, T\big)_\# \mu_0, \quad W_2(\mu_s, \mu_t) = |t - s|\, W_2(\mu_0, \mu_1)`,
  summary:
    "The geodesic of W_2 where it is known without solving in space and time: between Gaussians in any dimension by the linear map, between densities on the cells of a line by quantile functions, between points by an exact plan. Every particle goes straight at constant speed. The reference for Benamou–Brenier's solver.",
  refs: ["mccann1997", "villani2009"],
  params: {},
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: {} },
  ],
  build: () => ({ label: "displacement", tex: String.raw`\min \int_0^1\!\!\int |v|^2 \rho \, dx \, dt`, refuses, solve: walk }),
});
function refuses(p: PathProblem): string | null {
  if (p.space.grid?.periodic.some((v) => v)) return "takes no periodic axes";
  if (p.from.gaussian && p.to.gaussian) return Math.abs(p.from.mass - p.to.mass) <= 1e-9 * p.from.mass ? null : "needs equal masses";
  if (p.from.points && p.to.points) return null;
  if (p.space.dim === 1 && p.space.cells) return null;
  return "takes two Gaussians, two sets of points, or densities on the cells of a line; benamou-brenier takes densities in the plane";
}
const convention = "action = int int |v|^2 rho dx dt = W_2^2 (not halved), d_t rho + div(rho v) = 0";

function* walk(p: PathProblem): Work<PathProgress, PathResult> {
  yield { iteration: 0, upper: null, lower: null, fraction: null };
  if (p.from.points && p.to.points) return yield* betweenPoints(p);
  if (p.from.gaussian && p.to.gaussian) return betweenGaussians(p);
  return onLine(p);
}

function betweenGaussians(p: PathProblem): PathResult {
  const measure = ({ gaussian, mass }: PathProblem["from"]): As<"gaussian"> => ({
    rep: "gaussian",
    space: p.space,
    mean: Float64Array.from(gaussian!.mean),
    cov: Float64Array.from(gaussian!.cov),
    mass,
  });
  const g = alongGaussians(measure(p.from), measure(p.to));
  const { space } = p;
  const curve: Curve = space.cells
    ? {
        label: g.label,
        at: (t) => cellsOf(space, g.at(t) as As<"gaussian">, Math.max(p.from.cut ?? 0.01, p.to.cut ?? 0.01)),
        velocity: (t) => {
          const { n, centre } = space.cells!;
          const v = new Float64Array(space.dim * n);
          g.velocityAt(t, n, centre, v);
          return { n, x: Float64Array.from(centre), v };
        },
      }
    : g;
  return knownPath(p, {
    curve,
    action: g.value,
    continuous: { lower: g.value, upper: g.value, because: "Gaussians stay Gaussian along the linear map: a theorem" },
    convention,
    checks: [speedCheck(g, g.value, p.times)],
    notes: space.cells ? ["The action is that of the Gaussians themselves; the frames are their averages over cells."] : [],
  });
}
function cellsOf(space: Space, m: As<"gaussian">, cut: number): As<"cells"> {
  const rho = new Float64Array(space.cells!.n);
  storeCells({ ...gaussianLaw(Array.from(m.mean), Array.from(m.cov), { mass: m.mass }), cut }, space, rho);
  return { rep: "cells", space, rho };
}
function speedCheck(g: Geodesic, dual: number, times: readonly number[]): ReturnType<typeof atMost> {
  const { slack } = constantSpeed(g, dual, times);
  return atMost(
    "constant-speed",
    "W_2 between frames against |t - s| W_2, relative",
    dual > 0 ? slack / Math.sqrt(dual) : 0,
    1e-6,
    "the curve's own couplings bound it from above, the triangle inequality from below",
    "largest width of the bracket over all pairs of frames",
  );
}

function* betweenPoints(p: PathProblem): Work<PathProgress, PathResult> {
  const [a, b] = [p.from, p.to].map((law) =>
    cloud(law.points!.x, { dim: law.dim, weights: law.points!.weight ?? new Float64Array(law.points!.n).fill(law.mass / law.points!.n) }),
  ) as [As<"particles">, As<"particles">];
  const answer = p.space.dim === 1 ? transportOnLine(a.x, b.x, { weights: [a.weight, b.weight] }) : yield* coupled(a, b);
  if (!answer.plan || answer.status !== "optimal")
    return {
      ...knownPath(p, { curve: { label: "none", at: () => a }, action: Number.NaN, convention }),
      status: answer.status === "aborted" ? "aborted" : "stalled",
      notes: answer.notes,
    };
  const g = alongPlan(a, b, answer.plan);
  return knownPath(p, {
    curve: g,
    action: answer.value,
    dual: answer.dual,
    continuous: { lower: answer.dual, upper: answer.value, because: "between the points as given: plan and potentials" },
    convention,
    checks: [speedCheck({ ...g, value: answer.value }, answer.dual, p.times), massKept(g, p.times, 1e-12)],
    figures: { moves: answer.plan.sparse?.mass.length ?? 0 },
  });
}
function* coupled(a: As<"particles">, b: As<"particles">): Work<PathProgress, import("../../contract.ts").Coupling> {
  const work = networkSimplex.build({} as never, { dim: a.space.dim, space: a.space }).solve(transportProblem({ from: a, to: b }), {});
  let next = work.next();
  while (!next.done) next = work.next(yield { iteration: next.value.iteration, upper: null, lower: null, fraction: next.value.fraction });
  return next.value;
}

/** Common pieces of both quantile functions: level, ends at both times. */
interface Segments {
  readonly mass: number[];
  readonly start: [left: number, right: number][];
  readonly end: [left: number, right: number][];
}
function onLine(p: PathProblem): PathResult {
  const { space } = p;
  const ends = storeEnds(p, undefined, true);
  const [a, b] = [ends.from, ends.to].map((rho): As<"cells"> => ({ rep: "cells", space, rho })) as [As<"cells">, As<"cells">];
  const h = space.grid!.h[0]!;
  const mass = ends.from.reduce((s, r) => s + r * h, 0);
  const all = segmentsOf(piecesOf(a)!, piecesOf(b)!, mass);
  let action = 0;
  for (const [k, m] of all.mass.entries()) {
    const [u, v] = [all.end[k]![0] - all.start[k]![0], all.end[k]![1] - all.start[k]![1]];
    action += (m * (u * u + u * v + v * v)) / 3;
  }
  const curve: Curve = {
    label: "displacement",
    at: (t) => (t === 0 ? a : t === 1 ? b : { rep: "cells", space, rho: deposit(space, all, t).rho }),
    velocity: (t) => ({ n: space.cells!.n, x: Float64Array.from(space.cells!.centre), v: deposit(space, all, t).velocity }),
  };
  return knownPath(p, {
    curve,
    action,
    continuous: { lower: action, upper: action, because: "quantile functions of the densities that are constant in each cell: a theorem" },
    convention,
    checks: [
      speedCheck({ value: action, p: 2, chord: (s, t) => action * (t - s) * (t - s), label: "", at: curve.at }, action, p.times),
      massKept(curve, p.times, 1e-12),
    ],
    notes: [...ends.notes, "Frames are averages over cells of the moved density."],
  });
}
function segmentsOf(a: Pieces, b: Pieces, mass: number): Segments {
  const out: Segments = { mass: [], start: [], end: [] };
  onCommonPieces(a, b, (i, j, from, to) => {
    out.mass.push(mass * (to - from));
    out.start.push([valueAt(a, i, from), valueAt(a, i, to)]);
    out.end.push([valueAt(b, j, from), valueAt(b, j, to)]);
  });
  return out;
}
/** Cell averages of the density at time t, and the mean velocity of what is in each cell. */
function deposit(space: Space, s: Segments, t: number): { rho: Float64Array; velocity: Float64Array } {
  const { shape, lower, h } = space.grid!;
  const [n, step, low] = [shape[0]!, h[0]!, lower[0]!];
  const rho = new Float64Array(n);
  const velocity = new Float64Array(n);
  for (const [k, m] of s.mass.entries()) {
    const [[a, b], [c, d]] = [s.start[k]!, s.end[k]!];
    const [l, r] = [(1 - t) * a + t * c, (1 - t) * b + t * d];
    const first = Math.min(n - 1, Math.max(0, Math.floor((l - low) / step)));
    const last = Math.min(n - 1, Math.max(first, Math.floor((r - low) / step)));
    for (let i = first; i <= last; i++) {
      const p = i === first ? l : low + i * step;
      const q = i === last ? r : low + (i + 1) * step;
      const share = r > l ? Math.max(0, q - p) / (r - l) : i === first ? 1 : 0;
      const middle = r > l ? (0.5 * (p + q) - l) / (r - l) : 0.5;
      rho[i] = rho[i]! + (m * share) / step;
      velocity[i] = velocity[i]! + ((m * share) / step) * (c - a + middle * (d - b - (c - a)));
    }
  }
  for (let i = 0; i < n; i++) velocity[i] = rho[i]! > 0 ? velocity[i]! / rho[i]! : 0;
  return { rho, velocity };
}
