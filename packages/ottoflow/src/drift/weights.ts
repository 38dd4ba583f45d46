import type { Measure, Rows } from "../contract.ts";
import { OttoflowError } from "../errors.ts";

/** A measure as points with weights, for drifts that average over it: particles as they are, cells by their centres, quantiles by their nodes. */
export interface Atoms {
  readonly n: number;
  /** [d * n] */
  readonly x: Rows;
  weight(i: number): number;
}

/** @throws {UnsupportedError} for Gaussians, which no finite set of points stands for */
export function atomsOf(m: Measure, label: string): Atoms {
  switch (m.rep) {
    case "particles":
      return { n: m.n, x: m.x, weight: (i) => m.weight[i]! };
    case "cells": {
      const { n, centre, volume } = m.space.cells!;
      return { n, x: centre, weight: (i) => m.rho[i]! * volume[i]! };
    }
    case "quantiles": {
      // Trapezium rule in the level: half the gap to each neighbour.
      const { level, x, mass } = m;
      const last = x.length - 1;
      return { n: x.length, x, weight: (i) => (mass * (level[Math.min(i + 1, last)]! - level[Math.max(i - 1, 0)]!)) / 2 };
    }
    case "gaussian":
      throw new OttoflowError("UnsupportedError", `${label}: the drift averages over points, which a Gaussian closure does not have. Use particles or cells.`, {
        missing: ["drift"],
      });
  }
}
