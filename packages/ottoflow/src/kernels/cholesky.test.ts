import { expect, test } from "vitest";
import { openCholesky } from "./cholesky.ts";
import { philoxUniforms } from "./philox.ts";

/** b b' + n I for a random b, lower triangle into the table; above it what nobody may read */
function fill(n: number, table: Float64Array): Float64Array {
  const b = new Float64Array(n * n);
  philoxUniforms(n, 1, 0, 0, n * n, b);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      let s = i === j ? n : 0;
      for (let k = 0; k < n; k++) s += b[i * n + k]! * b[j * n + k]!;
      a[i * n + j] = a[j * n + i] = s;
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) table[i * n + j] = j <= i ? a[i * n + j]! : Number.NaN;
  return a;
}
test.each([1, 2, 3, 31, 32, 33, 64, 67, 130])("order %i: l l' is the matrix, solutions solve, reference and SIMD give the same bits", (n) => {
  const kernels = [openCholesky(n), openCholesky(n, true)];
  const a = kernels.map(({ table }) => fill(n, table))[0]!;
  const right = new Float64Array(n);
  philoxUniforms(1, 2, 0, 0, n, right);
  const x = kernels.map((k) => {
    expect(k.factor()).toBe(true);
    const out = new Float64Array(n);
    k.solve(right, out);
    return out;
  });
  expect(Array.from(x[0]!)).toEqual(Array.from(x[1]!));
  const [l, m] = kernels.map((k) => k.table) as [Float64Array, Float64Array];
  for (let i = 0; i < n; i++) {
    let product = 0;
    for (let j = 0; j < n; j++) product += a[i * n + j]! * x[0]![j]!;
    // the largest entry of a row is about 4 n / 3, the condition number below n
    expect(Math.abs(product - right[i]!)).toBeLessThan(1e-14 * n);
    for (let j = 0; j <= i; j++) {
      expect(l[i * n + j]).toBe(m[i * n + j]);
      let s = 0;
      for (let k = 0; k <= j; k++) s += l[i * n + k]! * l[j * n + k]!;
      expect(Math.abs(s - a[i * n + j]!)).toBeLessThan(1e-14 * n);
    }
  }
});

test("a matrix that is not positive definite is refused, in the first panel and later", () => {
  for (const at of [0, 5, 40, 69])
    for (const reference of [true, false]) {
      const k = openCholesky(70, reference);
      fill(70, k.table);
      k.table[at * 70 + at] = -1;
      expect(k.factor()).toBe(false);
    }
});
