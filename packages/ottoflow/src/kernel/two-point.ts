import type { Kernel, Rows, Sum } from "../contract.ts";
import { defineKernel, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { factorTex } from "../formula/numerals.ts";
import { philoxUniforms } from "../kernels/philox.ts";
import type { Formula } from "../params.ts";
import { factorParam } from "./radial-sum.ts";

export const twoPoint: Unit<"kernel"> = defineKernel({
  kind: "two-point",
  title: "formula in two points",
  tex: "k(x, y), \\quad k(x, y) = k(y, x)",
  summary:
    "Any symmetric function of two points: x and y on the line, x1, x2, … and y1, y2, … in general, r for their distance. Summed directly, so a grid of n cells costs n² per evaluation; a formula in the distance alone is better given as a radial kernel.",
  refs: ["mccann1997"],
  params: { formula: { type: "formula", of: "xy", doc: "k(x, y), for example exp(-x^2 - y^2) * (x - y)^2" }, factor: factorParam },
  examples: [
    { dim: 1, params: { formula: "(x*y + 1)^2" } },
    { dim: 2, params: { formula: "exp(-r^2) * (1 + x1*y1 + x2*y2)" } },
  ],
  build: ({ formula, factor }, { dim }) => twoPointFormulaKernel(formula, dim, factor),
});

const block = 256;

/**
 * k(x, y) = factor * f(x, y) for a symmetric formula in two points of dimension d.
 * @throws {SpecError} where f(x, y) and f(y, x) differ at sample points
 */
export function twoPointFormulaKernel(f: Formula, dim: number, factor = 1): Kernel {
  const pair = new Float64Array(2 * dim * block);
  const v = new Float64Array(2 * dim * block);
  /** rows of the pairs (x_i, y_j), j in the block */
  const load = (n: number, x: Rows, i: number, m: number, y: Rows, first: number, size: number): void => {
    for (let k = 0; k < dim; k++) {
      pair.fill(x[k * n + i]!, k * size, (k + 1) * size);
      for (let j = 0; j < size; j++) pair[(dim + k) * size + j] = y[k * m + first + j]!;
    }
  };
  const at = (n: number, x: Rows, y: Rows, out: Float64Array): void => {
    for (let i = 0; i < n; i++) {
      load(n, x, i, n, y, i, 1);
      f.value(1, pair, 0, v);
      out[i] = v[0]!;
    }
  };
  checkSymmetry(f, dim, at);
  const finite = finiteOnDiagonal(dim, at);
  const sum: Sum = (n, x, m, y, w, out) => {
    for (let i = 0; i < n; i++) {
      let s = 0;
      for (let first = 0; first < m; first += block) {
        const size = Math.min(block, m - first);
        load(n, x, i, m, y, first, size);
        f.value(size, pair, 0, v);
        for (let j = 0; j < size; j++) if (finite || !coincide(dim, size, pair, j)) s += w[first + j]! * v[j]!;
      }
      out[i] = factor * s;
    }
  };
  const dx: Sum = (n, x, m, y, w, out) => {
    for (let i = 0; i < n; i++) {
      for (let k = 0; k < dim; k++) out[k * n + i] = 0;
      for (let first = 0; first < m; first += block) {
        const size = Math.min(block, m - first);
        load(n, x, i, m, y, first, size);
        f.gradient(size, pair, 0, v);
        for (let j = 0; j < size; j++) {
          if (!finite && coincide(dim, size, pair, j)) continue;
          for (let k = 0; k < dim; k++) out[k * n + i] = out[k * n + i]! + factor * w[first + j]! * v[k * size + j]!;
        }
      }
    }
  };
  const quadratic = quadraticOf(f, dim);
  const value = quadratic === undefined ? undefined : factor * quadratic;
  return {
    tex: factor === 1 ? f.tex : `${factorTex(factor)}\\left(${f.tex}\\right)`,
    sum,
    dx,
    finite,
    quadratic: value,
    convex: value === undefined ? undefined : { value, how: "checked", because: "the kernel is quadratic in x - y" },
  };
}

function coincide(dim: number, size: number, pair: Float64Array, j: number): boolean {
  for (let k = 0; k < dim; k++) if (pair[k * size + j] !== pair[(dim + k) * size + j]) return false;
  return true;
}

const samples = 16;
/** fixed sample points in [-2, 2]^d */
function samplePoints(dim: number, stream: number): Float64Array {
  const x = new Float64Array(dim * samples);
  philoxUniforms(1, stream, 0, 0, x.length, x);
  for (let i = 0; i < x.length; i++) x[i] = 4 * x[i]! - 2;
  return x;
}
type At = (n: number, x: Rows, y: Rows, out: Float64Array) => void;

function checkSymmetry(f: Formula, dim: number, at: At): void {
  const [x, y] = [samplePoints(dim, 1), samplePoints(dim, 2)];
  const [a, b] = [new Float64Array(samples), new Float64Array(samples)];
  at(samples, x, y, a);
  at(samples, y, x, b);
  for (let i = 0; i < samples; i++) {
    if (Math.abs(a[i]! - b[i]!) <= 1e-9 * (Math.abs(a[i]!) + Math.abs(b[i]!) + 1)) continue;
    const show = (p: Float64Array): string => Array.from({ length: dim }, (_, k) => p[k * samples + i]!.toPrecision(4)).join(", ");
    if (Number.isNaN(a[i]!) && Number.isNaN(b[i]!)) continue;
    throw specError(
      "formula",
      `\`${f.text}\` is not symmetric: k(x, y) = ${a[i]} but k(y, x) = ${b[i]} at x = (${show(x)}), y = (${show(y)}). Use (k(x, y) + k(y, x)) / 2, which has the same energy.`,
    );
  }
}
function finiteOnDiagonal(dim: number, at: At): boolean {
  const x = samplePoints(dim, 3);
  const v = new Float64Array(samples);
  at(samples, x, x, v);
  return v.every(Number.isFinite);
}

/** lambda where f = lambda |x - y|^2 / 2 */
function quadraticOf(f: Formula, dim: number): number | undefined {
  const q = f.quadratic();
  if (q === null || q.c !== 0 || q.b.some((v) => v !== 0)) return undefined;
  const lambda = q.A[0]!;
  for (let i = 0; i < 2 * dim; i++)
    for (let j = 0; j < 2 * dim; j++) {
      const want = i % dim !== j % dim ? 0 : i === j ? lambda : -lambda;
      if (q.A[i * 2 * dim + j] !== want) return undefined;
    }
  return lambda;
}
