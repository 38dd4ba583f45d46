import type { Map1, Rows } from "./rows.ts";

/** A measure before it is stored (initial data, targets, exact solutions): each member is a capability. `measure/store.ts` alone turns it into rows. */
export interface Law {
  readonly tex: string;
  readonly dim: number;
  readonly mass: number;
  /** density at n points x [d * n] */
  readonly density?: (n: number, x: Rows, out: Rows) => void;
  /** log density, where the density underflows */
  readonly logDensity?: (n: number, x: Rows, out: Rows) => void;
  /** gradient of the log density, [d * n] */
  readonly score?: (n: number, x: Rows, out: Rows) => void;
  /** mass of n axis-aligned boxes [lo, hi], both [d * n]: exact, unless `quadrature` says how far all masses together may be off */
  readonly boxMass?: (n: number, lo: Rows, hi: Rows, out: Rows) => void;
  readonly quadrature?: number;
  /** the law is a product: shares of its mass between lo and hi [n] along one axis, so that `boxMass` is mass times their product */
  readonly sideMass?: (axis: number, n: number, lo: Rows, hi: Rows, out: Rows) => void;
  /** 1D: quantile function of the normalised law at levels in (0, 1) */
  readonly quantile?: Map1;
  /** maps n points u of [0, 1)^uniforms (coordinate-major) to n points of the normalised law */
  readonly draw?: { readonly uniforms: number; map(n: number, u: Rows, out: Rows): void };
  /** the law is a sum of atoms; weights default to mass / n */
  readonly points?: { readonly n: number; readonly x: Rows; readonly weight?: Rows };
  readonly gaussian?: { readonly mean: readonly number[]; readonly cov: readonly number[] };
  /** the law is the Barenblatt profile of d_t rho = Lap rho^m at this time */
  readonly barenblatt?: { readonly m: number; readonly time: number; readonly centre: readonly number[] };
  /** the law is constant on this box */
  readonly uniform?: { readonly lower: readonly number[]; readonly upper: readonly number[] };
  /** the law is constant on this ball */
  readonly ball?: { readonly centre: readonly number[]; readonly radius: number };
  /** 1D: the law is the semicircle 2 sqrt(radius^2 - (x - centre)^2) / (pi radius^2) */
  readonly semicircle?: { readonly centre: number; readonly radius: number };
  /** the law is a weighted sum of these; weights sum to one and count the normalised components */
  readonly mixture?: { readonly weights: readonly number[]; readonly components: readonly Law[] };
  /** mean [d] and covariance [d * d] of the normalised law, where known in closed form */
  readonly moments?: { readonly mean: readonly number[]; readonly cov: readonly number[] };
  /** how many particles or quantile nodes the user asked for, and how particles are placed */
  readonly count?: number;
  readonly placement?: "random" | "low-discrepancy";
  /** largest fraction of the mass that may lie outside the box when cells store it */
  readonly cut?: number;
}
