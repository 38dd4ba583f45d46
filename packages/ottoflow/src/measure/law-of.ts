import type { As, Law, Measure } from "../contract.ts";
import { specError } from "../errors.ts";
import { gaussianLaw } from "./gaussian.ts";
import { gridLaw } from "./grid-law.ts";
import { pointsLaw, upperBound } from "./points.ts";
import { massOf } from "./rows.ts";

/**
 * A stored measure as a law again, so that any storage can be put on any other (`storeCells(lawOf(particles), box, rho)` is a histogram), drawn from, or compared.
 * Densities on cells are constant per cell; quantiles are uniform between nodes.
 * @throws {SpecError} for cells without a grid
 */
export function lawOf(m: Measure): Law {
  switch (m.rep) {
    case "cells": {
      const grid = m.space.grid;
      if (!grid) throw specError("space", `a density on a ${m.space.kind} has no boxes to spread over.`);
      return { ...gridLaw(grid, m.rho, { mass: massOf(m) }), cut: 1 };
    }
    case "particles":
      return pointsLaw(m.space.dim, m.n, m.x, m.weight, { mass: massOf(m) });
    case "quantiles":
      return quantileLaw(m);
    case "gaussian":
      return gaussianLaw(Array.from(m.mean), Array.from(m.cov), { mass: m.mass });
  }
}

/** The law whose quantile function is linear between nodes. */
function quantileLaw(m: As<"quantiles">): Law {
  const { x, level, mass } = m;
  const n = x.length;
  const below = (v: number): number => {
    if (v <= x[0]!) return 0;
    if (v >= x[n - 1]!) return 1;
    const i = upperBound(x, v);
    return level[i - 1]! + ((level[i]! - level[i - 1]!) * (v - x[i - 1]!)) / (x[i]! - x[i - 1]!);
  };
  return {
    tex: "X_\\# \\mathrm{Unif}(0, 1)",
    dim: 1,
    mass,
    quantile: (k, a, out) => {
      for (let j = 0; j < k; j++) {
        const i = Math.max(1, Math.min(upperBound(level, a[j]!), n - 1));
        out[j] = x[i - 1]! + ((x[i]! - x[i - 1]!) * (a[j]! - level[i - 1]!)) / (level[i]! - level[i - 1]!);
      }
    },
    boxMass: (k, lo, hi, out) => {
      for (let j = 0; j < k; j++) out[j] = mass * Math.max(0, below(hi[j]!) - below(lo[j]!));
    },
    density: (k, at, out) => {
      for (let j = 0; j < k; j++) {
        const v = at[j]!;
        const i = upperBound(x, v);
        out[j] = i === 0 || i === n ? 0 : (mass * (level[i]! - level[i - 1]!)) / (x[i]! - x[i - 1]!);
      }
    },
  };
}
