import type { Kernel } from "./kernel.ts";
import type { As, Rep } from "./measure.ts";
import type { Rows } from "./rows.ts";

/** What a geometry can promise to keep. */
export type Kept = "mass" | "positivity";
/** K(rho) xi = -div(M(rho) grad xi) + rate rho (xi - mean); velocities smoothed by a kernel (Stein); `apply` for what is neither. */
export interface Geometry {
  readonly label: string;
  readonly tex: string;
  /** mobility per edge from the densities on both sides a, b and the drop xi_a - xi_b; `linear`: M(rho) = rho, so particles may carry it */
  readonly transport?: { readonly linear: boolean; mobility(n: number, a: Rows, b: Rows, drop: Rows, out: Rows): void };
  readonly reaction?: { readonly rate: number; readonly keepsMass: boolean };
  readonly smoothing?: Kernel;
  /** out = -d rho / dt = K(rho) xi where it is neither transport nor reaction */
  readonly apply?: { readonly [R in Rep]?: (m: As<R>, xi: Rows, out: Rows) => void };
  /** certificates judge the promised and report the rest */
  readonly promises: readonly Kept[];
}
