/**
 * Cholesky's factorisation a = l l' of large symmetric positive definite matrices, row-major, lower triangle: left-looking in panels of 32
 * columns, so that nearly all of the n^3 / 6 products are sums over rows that lie in memory one after the other. The matrix stands in a
 * memory of the kernel's own; without WASM the TypeScript reference works on an ordinary row, with the same bits.
 */
import { base64, sharedFlag } from "./cholesky.gen.ts";
import { openModule } from "./solver-module.ts";

export interface Cholesky {
  /** [n * n], a before `factor`, then l; the upper triangle is not read */
  readonly table: Float64Array;
  /** false where a is not positive definite, with l unfinished */
  factor(): boolean;
  /** solves l l' out = right; `out` may be `right` */
  solve(right: Float64Array, out: Float64Array): void;
}

const generated = { base64, sharedFlag };
const panel = 32;

/** `reference` keeps away from SIMD. */
export function openCholesky(n: number, reference = false): Cholesky {
  if (!reference && typeof WebAssembly !== "undefined") {
    const module = openModule(generated, 8 * n * n + 8 * n + 128);
    const [table, x] = [module.f64(n * n), module.f64(n)];
    return {
      table,
      factor: () => module.exports.factor!(n, table.byteOffset) === 1,
      solve(right, out) {
        x.set(right);
        module.exports.solve!(n, table.byteOffset, x.byteOffset);
        out.set(x);
      },
    };
  }
  const table = new Float64Array(n * n);
  return { table, factor: () => factorReference(n, table), solve: (right, out) => solveReference(n, table, right, out) };
}

/** sum over the first `many` (even) columns of rows i and j, even and odd ones apart */
function dot(a: Float64Array, i: number, b: Float64Array, j: number, many: number): number {
  let even = 0;
  let odd = 0;
  for (let k = 0; k < many; k += 2) {
    even += a[i + k]! * b[j + k]!;
    odd += a[i + k + 1]! * b[j + k + 1]!;
  }
  return even + odd;
}
function factorReference(n: number, a: Float64Array): boolean {
  for (let p = 0; p < n; p += panel) {
    const end = Math.min(n, p + panel);
    for (let i = p; i < n; i++) for (let j = p; j < Math.min(i + 1, end); j++) a[i * n + j] = a[i * n + j]! - dot(a, i * n, a, j * n, p);
    for (let k = p; k < n; k++)
      for (let j = p; j < Math.min(k + 1, end); j++) {
        let s = a[k * n + j]!;
        for (let l = p; l < j; l++) s -= a[k * n + l]! * a[j * n + l]!;
        if (j < k) s /= a[j * n + j]!;
        else if (s > 0) s = Math.sqrt(s);
        else return false;
        a[k * n + j] = s;
      }
  }
  return true;
}
function solveReference(n: number, a: Float64Array, right: Float64Array, out: Float64Array): void {
  if (out !== right) out.set(right);
  for (let i = 0; i < n; i++) {
    const even = i & ~1;
    let s = out[i]! - dot(a, i * n, out, 0, even);
    if (i & 1) s -= a[i * n + even]! * out[even]!;
    out[i] = s / a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    const v = out[i]! / a[i * n + i]!;
    out[i] = v;
    for (let k = 0; k < i; k++) out[k] = out[k]! - a[i * n + k]! * v;
  }
}
