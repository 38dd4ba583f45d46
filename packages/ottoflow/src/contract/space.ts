import type { Rows } from "./rows.ts";

/** Cells joined by edges. Orders of cells: the first axis varies slowest. */
export interface Cellular {
  readonly n: number;
  readonly volume: Rows;
  /** [d * n] */
  readonly centre: Rows;
  /** area over distance of each edge, built on first use; an obstacle is a missing edge */
  edges(): { readonly from: Int32Array; readonly to: Int32Array; readonly conductance: Float64Array };
}
/** Cells of one size along each axis. */
export interface Grid {
  readonly shape: readonly number[];
  readonly lower: readonly number[];
  readonly h: readonly number[];
  readonly periodic: readonly boolean[];
}
/** Where mass lives; what it can carry are its members. */
export interface Space {
  readonly kind: string;
  readonly dim: number;
  readonly cells?: Cellular;
  /** the fast path of a box: cells on a regular grid */
  readonly grid?: Grid;
  /** true where a bounded box is the whole world; false where it stands for R^d and the outermost cells must stay empty */
  readonly bounded?: boolean;
  readonly points?: { tangent?(n: number, x: Rows, v: Rows): void; retract?(n: number, x: Rows): void };
}
