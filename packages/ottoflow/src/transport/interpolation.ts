/** Displacement interpolation of a discrete plan, as points or deposited on the cells of a grid. */
import type { As, Measure, Plan, Rows, Space } from "../contract.ts";
import { expectLength, OttoflowError, specError } from "../errors.ts";
import { makeFree } from "../space/euclidean.ts";
import { entriesOf } from "./plan.ts";
import { expectSound } from "./sound.ts";

const positions = (m: Measure): { readonly n: number; readonly x: Rows } => {
  if (m.rep === "particles") return m;
  if (m.rep === "cells") return { n: m.space.cells!.n, x: m.space.cells!.centre };
  throw new OttoflowError("UnsupportedError", `a measure stored as ${m.rep} has no points to interpolate`, { missing: ["points"] });
};

/** sum_ij P_ij delta((1 - s) x_i + s y_j): the geodesic of W_p from the first side (s = 0) to the second (s = 1), for an optimal plan of |x - y|^p, p > 1. [mccann1997] */
export function displaced(from: Measure, to: Measure, plan: Plan, s: number): As<"particles"> {
  if (!Number.isFinite(s)) throw specError("s", `got ${s} when expected a time, 0 at the first side and 1 at the second.`);
  const d = from.space.dim;
  expectLength("dimension of the second side", to.space.dim, d);
  const [a, b] = [positions(from), positions(to)];
  expectLength("rows of the plan", plan.n, a.n);
  expectLength("columns of the plan", plan.m, b.n);
  const entries = entriesOf(plan);
  const n = entries.mass.length;
  const x = new Float64Array(d * n);
  for (let k = 0; k < d; k++) for (let e = 0; e < n; e++) x[k * n + e] = (1 - s) * a.x[k * a.n + entries.from[e]!]! + s * b.x[k * b.n + entries.to[e]!]!;
  return { rep: "particles", space: makeFree(d), n, x, weight: Float64Array.from(entries.mass) };
}

/**
 * Points deposited on cells, each shared among the 2^d nearest centres in proportion (cloud in cell): keeps mass and centre of mass, blurs by less than a
 * cell. A picture, not a measure to compute with: W_2 to the points is at most sqrt(d) cells' width.
 */
export function deposited(m: As<"particles">, space: Space): As<"cells"> {
  const grid = space.grid;
  if (!grid) throw new OttoflowError("UnsupportedError", "Points are deposited on the cells of a box.", { missing: ["grid"] });
  const { shape, lower, h } = grid;
  const d = shape.length;
  expectSound("points", m, true);
  expectLength("dimension of the points", m.space.dim, d);
  const rho = new Float64Array(space.cells!.n);
  const volume = h.reduce((v, w) => v * w, 1);
  const base = new Int32Array(d);
  const share = new Float64Array(d);
  for (let i = 0; i < m.n; i++) {
    for (let k = 0; k < d; k++) {
      const u = (m.x[k * m.n + i]! - lower[k]!) / h[k]! - 0.5;
      const cell = Math.min(Math.max(Math.floor(u), 0), Math.max(0, shape[k]! - 2));
      base[k] = cell;
      share[k] = Math.min(1, Math.max(0, u - cell));
    }
    for (let corner = 0; corner < 1 << d; corner++) {
      let [at, w] = [0, m.weight[i]!];
      for (let k = 0; k < d; k++) {
        const up = (corner >> k) & 1;
        at = at * shape[k]! + Math.min(base[k]! + up, shape[k]! - 1);
        w *= up ? share[k]! : 1 - share[k]!;
      }
      rho[at] = rho[at]! + w / volume;
    }
  }
  return { rep: "cells", space, rho };
}
