/** Sums of a radial kernel over points, written once for all of them. */
import type { Fact, Kernel, Map1, Rows, Space, Sum } from "../contract.ts";
import { factorTex, numberTex, ratioTex } from "../formula/numerals.ts";
import { logRows, powRows } from "../kernels/rows.ts";

/** k(x, y) = value(|x - y|): what a kernel unit writes down. */
export interface RadialKernel {
  readonly tex: string;
  readonly value: Map1;
  /** k'(r) */
  readonly slope: Map1;
  /** k''(r) */
  readonly curvature?: Map1;
  /** k(0) is finite; if not, pairs at distance 0 are left out */
  readonly finite: boolean;
  /** these seven hold in free space and are dropped where an axis is periodic */
  readonly convex?: Fact<number>;
  readonly concave?: Fact<number>;
  readonly definite?: Kernel["definite"];
  readonly convexOnHalfLine?: Fact<boolean>;
  readonly quadratic?: number;
  readonly parabola?: Kernel["parabola"];
  readonly logGas?: Kernel["logGas"];
  /** faster sums of the same kernel in free space, with the same meaning at distance 0 */
  readonly sums?: { readonly sum: Sum; readonly dx: Sum; readonly singleDx?: Sum; readonly fast?: Kernel["fast"] };
}

/** pairs whose distances are worked on at a time */
const block = 256;

/**
 * The kernel with its sums. Sources are taken in fixed blocks in their order, so the bits depend on nothing but the points.
 * At distance 0 the gradient is 0; the value is left out where it is not finite. On periodic axes distances go the short way round.
 * Without a space the dimension is read off the rows: d = x.length / n.
 */
export function radialKernel(k: RadialKernel, space?: Space): Kernel {
  const period = periods(space);
  const wraps = period.some((L) => L > 0);
  const r = new Float64Array(block);
  const v = new Float64Array(block);
  const blocks = (n: number, x: Rows, m: number, y: Rows, map: Map1, add: (i: number, first: number, size: number) => void): void => {
    const d = space?.dim ?? x.length / n;
    for (let i = 0; i < n; i++)
      for (let first = 0; first < m; first += block) {
        const size = Math.min(block, m - first);
        distances(d, n, x, i, m, y, first, size, period, r);
        map(size, r, v);
        add(i, first, size);
      }
  };
  const sum: Sum = (n, x, m, y, w, out) => {
    for (let i = 0; i < n; i++) out[i] = 0;
    blocks(n, x, m, y, k.value, (i, first, size) => {
      let s = out[i]!;
      for (let j = 0; j < size; j++) if (k.finite || r[j]! > 0) s += w[first + j]! * v[j]!;
      out[i] = s;
    });
  };
  const dx: Sum = (n, x, m, y, w, out) => {
    const d = space?.dim ?? x.length / n;
    for (let i = 0; i < d * n; i++) out[i] = 0;
    blocks(n, x, m, y, k.slope, (i, first, size) => {
      for (let j = 0; j < size; j++) v[j] = r[j]! > 0 ? (w[first + j]! * v[j]!) / r[j]! : 0;
      for (let axis = 0; axis < d; axis++) {
        const at = x[axis * n + i]!;
        const L = period[axis] ?? 0;
        let s = out[axis * n + i]!;
        for (let j = 0; j < size; j++) s += v[j]! * short(at - y[axis * m + first + j]!, L);
        out[axis * n + i] = s;
      }
    });
  };
  const { tex, finite, value, slope, curvature } = k;
  const fast = wraps ? undefined : k.sums;
  const free = wraps ? {} : { ...factsOf(k), convexOnHalfLine: k.convexOnHalfLine, quadratic: k.quadratic, parabola: k.parabola, logGas: k.logGas };
  return { tex, finite, sum: fast?.sum ?? sum, dx: fast?.dx ?? dx, singleDx: fast?.singleDx, fast: fast?.fast, radial: { value, slope, curvature }, ...free };
}

const factsOf = ({ convex, concave, definite }: RadialKernel): Pick<Kernel, "convex" | "concave" | "definite"> => ({ convex, concave, definite });

/** length of each periodic axis, 0 for the others */
export const periods = (space: Space | undefined): number[] => space?.grid?.periodic.map((p, k) => (p ? space.grid!.h[k]! * space.grid!.shape[k]! : 0)) ?? [];

/** a difference of coordinates the short way round a circle of length L > 0 */
export const short = (z: number, L: number): number => (L > 0 ? z - L * Math.round(z / L) : z);

function distances(
  d: number,
  n: number,
  x: Rows,
  i: number,
  m: number,
  y: Rows,
  first: number,
  size: number,
  period: readonly number[],
  r: Float64Array,
): void {
  r.fill(0, 0, size);
  for (let axis = 0; axis < d; axis++) {
    const at = x[axis * n + i]!;
    const L = period[axis] ?? 0;
    const row = axis * m + first;
    for (let j = 0; j < size; j++) {
      const z = short(at - y[row + j]!, L);
      r[j] = r[j]! + z * z;
    }
  }
  for (let j = 0; j < size; j++) r[j] = Math.sqrt(r[j]!);
}

/** factor * r^p */
export function powerRows(factor: number, p: number): Map1 {
  return (n, r, out) => {
    if (p === 0) out.fill(1, 0, n);
    else if (p === 1) for (let i = 0; i < n; i++) out[i] = r[i]!;
    else if (p === 2) for (let i = 0; i < n; i++) out[i] = r[i]! * r[i]!;
    else if (p === -1) for (let i = 0; i < n; i++) out[i] = 1 / r[i]!;
    else if (p === -2) for (let i = 0; i < n; i++) out[i] = 1 / (r[i]! * r[i]!);
    else powRows(n, r, p, out);
    scaleRows(n, factor, out);
  };
}
/** factor * log r */
export function logarithmRows(factor: number): Map1 {
  return (n, r, out) => {
    logRows(n, r, out);
    scaleRows(n, factor, out);
  };
}
function scaleRows(n: number, factor: number, out: Rows): void {
  if (factor !== 1) for (let i = 0; i < n; i++) out[i] = out[i]! * factor;
}
/** f + g; allocates on growth only */
export function sumRows(f: Map1, g: Map1): Map1 {
  let part = new Float64Array(block);
  return (n, r, out) => {
    if (part.length < n) part = new Float64Array(n);
    g(n, r, part);
    f(n, r, out);
    for (let i = 0; i < n; i++) out[i] = out[i]! + part[i]!;
  };
}
/** a number in TeX before what it multiplies */
/** factor |x - y|^p / p, the logarithm for p = 0 */
export function distancePower(p: number, factor = 1): string {
  if (p === 0) return `${factorTex(factor)}\\log|x - y|`;
  return `${ratioTex(factor, p)}|x - y|${p === 1 ? "" : `^{${numberTex(p)}}`}`;
}
/** in front of a kernel */
export const coefficient: (factor: number) => string = factorTex;

export const factorParam = { type: "number", default: 1, doc: "multiplies the kernel" } as const;
