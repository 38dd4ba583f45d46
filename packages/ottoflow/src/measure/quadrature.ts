import type { Law } from "../contract.ts";
import { specError } from "../errors.ts";

type Density = NonNullable<Law["density"]>;

const r30 = Math.sqrt(3 / 5);
const r70 = 2 * Math.sqrt(10 / 7);
const outer = Math.sqrt(5 + r70) / 3;
const near = Math.sqrt(5 - r70) / 3;
const s70 = Math.sqrt(70);
/** Gauss-Legendre rules of three and five points on [-1, 1], weights summing to one. */
const three = { x: [-r30, 0, r30], w: [5 / 18, 8 / 18, 5 / 18] } as const;
export const gauss5: { readonly x: readonly number[]; readonly w: readonly number[] } = {
  x: [-outer, -near, 0, near, outer],
  w: [(322 - 13 * s70) / 1800, (322 + 13 * s70) / 1800, 64 / 225, (322 + 13 * s70) / 1800, (322 - 13 * s70) / 1800],
};

/** A tensor rule on [-1, 1]^d: nodes [d][points], weights of total one. */
interface Rule {
  readonly size: number;
  readonly x: readonly Float64Array[];
  readonly w: Float64Array;
}
function tensor(d: number, rule: { readonly x: readonly number[]; readonly w: readonly number[] }): Rule {
  const p = rule.x.length;
  let size = 1;
  for (let k = 0; k < d; k++) size *= p;
  const x = Array.from({ length: d }, () => new Float64Array(size));
  const w = new Float64Array(size).fill(1);
  for (let q = 0; q < size; q++)
    for (let k = 0, rest = q; k < d; k++, rest = Math.floor(rest / p)) {
      x[k]![q] = rule.x[rest % p]!;
      w[q] = w[q]! * rule.w[rest % p]!;
    }
  return { size, x, w };
}

export interface BoxIntegrals {
  /** sum over boxes of the last difference between the five- and the three-point rule: an estimate, far above the true error on smooth densities */
  readonly error: number;
  readonly evaluations: number;
}

/**
 * Integrals of a density over n boxes [lo, hi] ([d * n] each, finite) into out [n]: tensor Gauss rules of 5 and 3 points per axis,
 * halving every box on which they differ by more than `tolerance`, all boxes of a generation in one batch, until `budget` evaluations are spent.
 * @throws {SpecError} where the density is negative or not a number, with the point
 */
export function integrateBoxes(
  d: number,
  n: number,
  lo: ArrayLike<number>,
  hi: ArrayLike<number>,
  density: Density,
  out: Float64Array,
  tolerance: number,
  budget: number,
): BoxIntegrals {
  const fine = tensor(d, gauss5);
  const coarse = tensor(d, three);
  out.fill(0, 0, n);
  let boxes = Array.from({ length: n }, (_, i) => i);
  let corner = Float64Array.from(lo);
  let size = Float64Array.from(hi, (b, i) => b - lo[i]!);
  let error = 0;
  let evaluations = 0;
  while (boxes.length > 0) {
    const m = boxes.length;
    const a = ruleOver(d, m, corner, size, fine, density);
    const b = ruleOver(d, m, corner, size, coarse, density);
    evaluations += m * (fine.size + coarse.size);
    const split: number[] = [];
    const room = budget - evaluations;
    for (let i = 0; i < m; i++) {
      const gap = Math.abs(a[i]! - b[i]!);
      if (gap > tolerance && (split.length + 1) * (1 << d) * (fine.size + coarse.size) <= room) split.push(i);
      else {
        out[boxes[i]!] = out[boxes[i]!]! + a[i]!;
        error += gap;
      }
    }
    [boxes, corner, size] = halve(d, m, boxes, corner, size, split);
  }
  return { error, evaluations };
}

/** The rule on m boxes, in blocks of rows so that memory stays small. */
function ruleOver(d: number, m: number, corner: Float64Array, size: Float64Array, rule: Rule, density: Density): Float64Array {
  const out = new Float64Array(m);
  const block = Math.max(1, Math.floor(8192 / rule.size));
  for (let first = 0; first < m; first += block) {
    const count = Math.min(block, m - first);
    const points = count * rule.size;
    const x = new Float64Array(d * points);
    for (let i = 0; i < count; i++)
      for (let k = 0; k < d; k++)
        for (let q = 0; q < rule.size; q++)
          x[k * points + i * rule.size + q] = corner[k * m + first + i]! + size[k * m + first + i]! * (0.5 + 0.5 * rule.x[k]![q]!);
    const f = new Float64Array(points);
    density(points, x, f);
    for (let i = 0; i < count; i++) {
      let s = 0;
      for (let q = 0; q < rule.size; q++) {
        const v = f[i * rule.size + q]!;
        if (!(v >= 0 && v < Number.POSITIVE_INFINITY)) refuse(d, points, x, i * rule.size + q, v);
        s += rule.w[q]! * v;
      }
      for (let k = 0; k < d; k++) s *= size[k * m + first + i]!;
      out[first + i] = s;
    }
  }
  return out;
}

function refuse(d: number, points: number, x: Float64Array, i: number, value: number): never {
  const at = Array.from({ length: d }, (_, k) => x[k * points + i]);
  throw specError("initial", `the density is ${value} at x = (${at.join(", ")}); a density must be a finite number >= 0 everywhere on the box.`);
}

function halve(
  d: number,
  m: number,
  boxes: readonly number[],
  corner: Float64Array,
  size: Float64Array,
  split: readonly number[],
): [number[], Float64Array<ArrayBuffer>, Float64Array<ArrayBuffer>] {
  const children = 1 << d;
  const total = split.length * children;
  const owner = new Array<number>(total);
  const c = new Float64Array(d * total);
  const s = new Float64Array(d * total);
  split.forEach((i, j) => {
    for (let child = 0; child < children; child++) {
      const at = j * children + child;
      owner[at] = boxes[i]!;
      for (let k = 0; k < d; k++) {
        const half = 0.5 * size[k * m + i]!;
        s[k * total + at] = half;
        c[k * total + at] = corner[k * m + i]! + (Math.floor(child / (1 << k)) % 2 === 1 ? half : 0);
      }
    }
  });
  return [owner, c, s];
}
