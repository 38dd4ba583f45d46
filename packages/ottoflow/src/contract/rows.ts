/** Numbers of many points, flat and coordinate-major: coordinate k of point i of n stands at `x[k * n + i]`. */
export type Rows = Float64Array | Float32Array;
/** Pointwise map over rows: reads n values of a, writes n values of out. `out` may be `a`. */
export type Map1 = (n: number, a: Rows, out: Rows) => void;
/**
 * A straight-line program over rows, see kernels/tape.ts: what a formula compiles to. Schemes fuse it with arithmetic of their own, so that
 * a block of points stays in the cache for many steps.
 */
export interface Tape {
  readonly ops: Int32Array;
  readonly constants: Float64Array;
  readonly inputs: number;
  readonly registers: number;
  readonly outputs: Int32Array;
}
