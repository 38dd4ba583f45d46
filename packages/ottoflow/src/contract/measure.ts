import type { Rows } from "./rows.ts";
import type { Space } from "./space.ts";

/** Density against cell volume: boxes now, graphs and meshes later. `rho[i]` is the average over cell i. */
export interface Cells {
  readonly rep: "cells";
  readonly space: Space;
  readonly rho: Rows;
}
/** sum_i weight_i delta(x_i). */
export interface Particles {
  readonly rep: "particles";
  readonly space: Space;
  readonly n: number;
  /** [d * n] */
  readonly x: Rows;
  /** [n], sums to the mass */
  readonly weight: Rows;
}
/**
 * A measure on the line by its quantile function X, linear between the nodes (level_i, x_i), so the density
 * is the constant mass * (level_{i+1} - level_i) / (x_{i+1} - x_i) between neighbours. level_0 = 0, level_{n-1} = 1.
 */
export interface Quantiles {
  readonly rep: "quantiles";
  readonly space: Space;
  /** [n], increasing */
  readonly x: Rows;
  /** [n], strictly increasing from 0 to 1; shared by every state of a run */
  readonly level: Rows;
  readonly mass: number;
}
/** mass * N(mean, cov); cov is [d * d], symmetric positive definite. */
export interface Gaussian {
  readonly rep: "gaussian";
  readonly space: Space;
  readonly mean: Rows;
  readonly cov: Rows;
  readonly mass: number;
}
/** A measure is stored in one of these ways. Arrays are views into the run's memory: whoever keeps one copies it. */
export type Measure = Cells | Particles | Quantiles | Gaussian;
export type Rep = Measure["rep"];
export type As<R extends Rep> = Extract<Measure, { rep: R }>;
