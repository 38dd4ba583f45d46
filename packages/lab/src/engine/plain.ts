/** Measures as they cross between page and engine, and back. */
import type { Measure, Rows, Space } from "ottoflow/contract";
import { rowsOf } from "ottoflow/measure/rows";
import { makeBox } from "ottoflow/space/box";
import { makeFree } from "ottoflow/space/euclidean";
import type { PlainGrid, PlainMeasure, Stored } from "./messages.ts";

export function plain(m: Measure): PlainMeasure {
  const rows = Object.fromEntries(Object.entries(rowsOf(m)).map(([name, row]: [string, Rows]) => [name, new Float64Array(row)]));
  return { rep: m.rep, rows, ...(m.rep === "particles" && { n: m.n }), ...("mass" in m && { mass: m.mass }) };
}
export function plainGrid({ grid }: Space): PlainGrid | null {
  return grid ? { shape: grid.shape, lower: grid.lower, h: grid.h, periodic: grid.periodic } : null;
}
function spaceOf(dim: number, grid: PlainGrid | null): Space {
  if (!grid) return makeFree(dim);
  return makeBox({ lower: grid.lower, upper: grid.lower.map((a, k) => a + grid.h[k]! * grid.shape[k]!), cells: grid.shape, periodic: grid.periodic });
}
/** The measure again, over the same rows. */
export function measured({ measure: m, dim, grid }: Stored): Measure {
  const space = spaceOf(dim, grid);
  const row = (name: string): Float64Array => m.rows[name]!;
  switch (m.rep) {
    case "cells":
      return { rep: "cells", space, rho: row("rho") };
    case "particles":
      return { rep: "particles", space, n: m.n!, x: row("x"), weight: row("weight") };
    case "quantiles":
      return { rep: "quantiles", space, x: row("x"), level: row("level"), mass: m.mass ?? 1 };
    case "gaussian":
      return { rep: "gaussian", space, mean: row("mean"), cov: row("cov"), mass: m.mass ?? 1 };
  }
}
