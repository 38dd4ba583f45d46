import type { Fact } from "./fact.ts";
import type { Kernel } from "./kernel.ts";
import type { Law } from "./law.ts";
import type { As, Rep } from "./measure.ts";
import type { Map1, Rows, Tape } from "./rows.ts";
import type { Space } from "./space.ts";

/** An energy is a list of parts; a sum is the concatenation. Local, field and pair parts have code per storage, written once in energy/forms; `general` brings its own. */
export type Part = Local | Field | Pair | General;
interface AnyPart {
  /** unit kind that made the part, for messages and per-part traces only; never branch on it */
  readonly label: string;
  readonly tex: string;
  /** its first variation dF/drho in TeX, where it says more than the form of the part */
  readonly variation?: string;
  /** what the unit compares the measure with; every part of the unit carries it */
  readonly target?: Target;
  /** why the part cannot live on this space, or null */
  refuses?(space: Space): string | null;
}
/** A law that energies measure a discrepancy to. It must have the mass of the measure that flows. */
export interface Target {
  readonly law: Law;
  /** the atoms that stand for it in the energy, where such do */
  readonly points?: { readonly n: number; readonly x: Rows; readonly weight: Rows };
  /** on the line its quantile function where that stands for it: linear from left_i to right_i over the levels level_i .. level_{i+1} */
  readonly line?: { readonly n: number; readonly level: Float64Array; readonly left: Float64Array; readonly right: Float64Array };
  /** all parts that carry it are together 0 at the target as it is stored, and positive elsewhere */
  readonly least?: Fact<boolean>;
}
/** int U(rho) dx */
export interface Local extends AnyPart {
  readonly form: "local";
  readonly U: Map1;
  readonly dU: Map1;
  readonly d2U: Map1;
  /** (U')^-1, else by bisection */
  readonly inverse?: Map1;
  /** r U''(r) if constant: a temperature. Linear diffusion is discretised in rho by this number, never through log rho. */
  readonly noise?: number;
  /** U(r) = factor * r^m / (m - 1) */
  readonly power?: { readonly m: number; readonly factor: number };
  /** rho <= cap is enforced */
  readonly cap?: number;
  /** displacement convexity (McCann) in dimension d */
  mccann?(d: number): Fact<boolean>;
}
/** int V rho */
export interface Field extends AnyPart {
  readonly form: "field";
  /** V at n points */
  value(n: number, x: Rows, t: number, out: Rows): void;
  /** [d * n] */
  gradient(n: number, x: Rows, t: number, out: Rows): void;
  /** [d * d * n], entry (k, l) of point i at (k * d + l) * n + i */
  hessian?(n: number, x: Rows, t: number, out: Rows): void;
  /** `gradient` as a program, d inputs and d outputs, to the same bits */
  gradientTape?(): Tape;
  /** V - lambda |x|^2 / 2 is convex */
  readonly convex?: Fact<number>;
  /** V(x) = (x - b)' A (x - b) / 2 + c */
  readonly quadratic?: { readonly A: readonly number[]; readonly b: readonly number[]; readonly c: number };
  /** V(x) = x'Ax / 2 + slope'x + c, where A may be singular: linear potentials too */
  readonly secondDegree?: { readonly A: readonly number[]; readonly slope: readonly number[]; readonly c: number };
  /** exp(-V / eps) is integrable on R^d for every eps > 0 */
  readonly confining?: Fact<boolean>;
  /** V depends on t: then F is no Lyapunov function */
  readonly moving?: boolean;
}
/** 1/2 iint W(x, y) drho drho, W symmetric */
export interface Pair extends AnyPart {
  readonly form: "pair";
  readonly W: Kernel;
}
/** Any other functional: brings its value and slope for the storages it knows. */
export interface General extends AnyPart {
  readonly form: "general";
  readonly on: { readonly [R in Rep]?: On<As<R>> };
  /** F - value W2^2 / 2 is convex along geodesics */
  readonly convex?: Fact<number>;
  /** F - value sum w |x|^2 / 2 is concave in the places x of particles: quadratic functions of that curvature lie above F and touch it */
  readonly concave?: Fact<number>;
  /** F = rate W2^2(., target) / 2 */
  readonly towards?: { readonly rate: number };
}
/** slope: dF/drho on cells; the Wasserstein gradient (velocity up to sign) on particles, quantile nodes; on Gaussians [d + d * d]: gradients in mean and covariance. */
export interface On<M> {
  /** numbers that a solve inside leaves for the next one at a measure nearby; all 0 stands for none. What a state carries along, so that steps stay functions of states */
  warm?(m: M): number;
  /** starts from `warm` where it is given, and leaves it as it was */
  value(m: M, t: number, warm?: Rows): number;
  /** starts from `warm` where it is given, and writes what the next solve starts from */
  slope(m: M, t: number, out: Rows, warm?: Rows): void;
}
