import type { Fact } from "./fact.ts";
import type { Map1, Rows } from "./rows.ts";

/** out_i = sum_j w_j k(x_i, y_j) for n points x and m points y; gradients write [d * n]. */
export type Sum = (n: number, x: Rows, m: number, y: Rows, w: Rows, out: Rows) => void;
export interface Kernel {
  readonly tex: string;
  readonly sum: Sum;
  /** gradient in the first argument */
  readonly dx: Sum;
  /** `dx` in float32 (differences, law and sums of short blocks): a term is off by about 1e-7 of it times (size of the cloud) / distance */
  readonly singleDx?: Sum;
  /** over many points sum and dx are not direct: every term of dx is within `error` of itself, every term of sum within 2 error |w_j| (up to rounding) */
  readonly fast?: { readonly error: number };
  /** k(x, y) = radial(|x - y|): grids convolve by FFT, particles sum by SIMD */
  readonly radial?: { readonly value: Map1 /** k'(r) */; readonly slope: Map1 /** k''(r) */; readonly curvature?: Map1 };
  /** k(x, x) is finite; if not, particles skip i = j and grids use the cell average */
  readonly finite: boolean;
  /** k - lambda |x - y|^2 / 2 is convex in x - y */
  readonly convex?: Fact<number>;
  /** 1D only: k is convex on each side of 0, enough for displacement convexity on the line */
  readonly convexOnHalfLine?: Fact<boolean>;
  /** k(x, y) = factor * |x - y|^2 / 2 */
  readonly quadratic?: number;
  /** k(x, y) = attraction * |x - y|^2 / 2 - repulsion * log |x - y| + const, repulsion > 0 */
  readonly logGas?: { readonly attraction: number; readonly repulsion: number };
  /** k(x, y) = constant + linear r + square r^2 / 2 with r = |x - y|: closed forms on quantile functions */
  readonly parabola?: { readonly constant: number; readonly linear: number; readonly square: number };
  /** k - value |x - y|^2 / 2 is concave in x - y */
  readonly concave?: Fact<number>;
  /** iint k dm dm > 0 for every signed measure m but 0; `conditionally`: for those of total mass 0 */
  readonly definite?: Fact<"positive" | "conditionally">;
}
