/** F = W2^2(., target) / 2 between clouds, by the exact plan. [danskin1966, ags2008] */
import type { As, Coupling, On, Transport, TransportSolver } from "../../contract.ts";
import { transportProblem } from "../../transport/problem.ts";
import { assignment } from "../../transport/static/assignment.ts";
import { networkSimplex } from "../../transport/static/network-simplex.ts";
import { shortestPaths } from "../../transport/static/shortest-paths.ts";

/** solvers of exact plans that work without waiting; which one fits and is cheapest they say themselves */
const solvers: readonly TransportSolver[] = [assignment, networkSimplex, shortestPaths].map((unit) => unit.build({} as never, undefined as never));

/** The exact plan, within the work of this call. */
function exactPlan(p: Transport): Coupling {
  const able = solvers.filter((s) => s.refuses(p) === null).sort((s, r) => s.estimate(p).work - r.estimate(p).work);
  const work = able[0]!.solve(p, {});
  let next = work.next();
  while (!next.done) next = work.next();
  return next.value;
}

/**
 * The gradient per unit weight is x_i minus where the plan sends x_i on average: the plan may be held fixed, and where several are optimal this is one of
 * the slopes of a minimum of quadratic functions. Particles without mass stay. Where there is no plan (a particle has left the numbers) there are none either, which ends a run.
 */
export function particlesToCloud(target: As<"particles">): On<As<"particles">> {
  const { dim: d } = target.space;
  let known: { readonly x: Float64Array; readonly weight: Float64Array; readonly value: number; readonly gradient: Float64Array } | null = null;
  const same = (a: ArrayLike<number>, b: ArrayLike<number>): boolean => {
    if (a.length !== b.length) return false;
    for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
  };
  /** value and slope at one place are asked one after the other */
  const at = (m: As<"particles">): NonNullable<typeof known> => {
    if (known && same(known.x, m.x) && same(known.weight, m.weight)) return known;
    const lost = !m.x.every(Number.isFinite);
    const found = lost ? null : exactPlan(transportProblem({ from: m, to: target }));
    known = {
      x: Float64Array.from(m.x),
      weight: Float64Array.from(m.weight),
      value: found ? 0.5 * found.value : Number.NaN,
      gradient: gradientOf(m, target, found, d),
    };
    return known;
  };
  return {
    value: (m) => at(m).value,
    slope: (m, _t, out) => out.set(at(m).gradient),
  };
}

function gradientOf(m: As<"particles">, target: As<"particles">, found: Coupling | null, d: number): Float64Array {
  const { n, x, weight } = m;
  const out = new Float64Array(d * n);
  const sparse = found?.status === "optimal" ? found.plan?.sparse : undefined;
  if (!sparse) return out.fill(Number.NaN);
  const { from, to, mass } = sparse;
  for (let k = 0; k < d; k++)
    for (let e = 0; e < mass.length; e++) {
      const i = k * n + from[e]!;
      out[i] = out[i]! + mass[e]! * (x[i]! - target.x[k * target.n + to[e]!]!);
    }
  for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) if (weight[i]! > 0) out[k * n + i] = out[k * n + i]! / weight[i]!;
  return out;
}
