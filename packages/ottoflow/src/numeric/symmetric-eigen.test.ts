import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, test } from "vitest";
import { philoxNormals } from "../kernels/philox.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

function random(d: number, seed: number, rank = d): Float64Array {
  const z = new Float64Array(rank * d);
  philoxNormals(seed, 0, 0, 0, rank * d, z);
  const a = new Float64Array(d * d);
  for (let i = 0; i < d; i++) for (let j = 0; j < d; j++) for (let k = 0; k < rank; k++) a[i * d + j]! += z[k * d + i]! * z[k * d + j]!;
  return a;
}
function referee(d: number, a: Float64Array): { values: number[]; vectors: Matrix } {
  const m = new Matrix(Array.from({ length: d }, (_, i) => [...a.subarray(i * d, (i + 1) * d)]));
  const evd = new EigenvalueDecomposition(m, { assumeSymmetric: true });
  return { values: evd.realEigenvalues, vectors: evd.eigenvectorMatrix };
}
const cases: (readonly [string, number, Float64Array])[] = [
  ...[1, 2, 3, 5, 8, 20, 40].map((d) => [`random of order ${d}`, d, random(d, d)] as const),
  ["of rank 2 in order 6", 6, random(6, 99, 2)],
  ["zero", 4, new Float64Array(16)],
  ["diagonal", 3, Float64Array.from([3, 0, 0, 0, 1, 0, 0, 0, 2])],
  ["with equal eigenvalues", 3, Float64Array.from([2, 1, 1, 1, 2, 1, 1, 1, 2])],
];

describe.each(cases)("a symmetric matrix, %s", (_, d, a) => {
  const { values, columns } = symmetricEigen(d, a);
  test("has the eigenvalues and vectors of ml-matrix, bit for bit", () => {
    const other = referee(d, a);
    expect([...values]).toEqual(other.values);
    for (let i = 0; i < d; i++) for (let k = 0; k < d; k++) expect(columns[k * d + i]).toBe(other.vectors.get(i, k));
  });
  test("A v = lambda v to rounding", () => {
    const scale = Math.max(1, ...a.map(Math.abs)) * d;
    for (let k = 0; k < d; k++)
      for (let i = 0; i < d; i++) {
        let s = 0;
        for (let j = 0; j < d; j++) s += a[i * d + j]! * columns[k * d + j]!;
        expect(Math.abs(s - values[k]! * columns[k * d + i]!)).toBeLessThan(20 * d * Number.EPSILON * scale);
      }
  });
});
test("the second difference on 12 points has the eigenvalues 2 - 2 cos(k pi / 13)", () => {
  const d = 12;
  const a = Float64Array.from({ length: d * d }, (_, e) => {
    const off = Math.abs(Math.floor(e / d) - (e % d));
    return off === 0 ? 2 : off === 1 ? -1 : 0;
  });
  symmetricEigen(d, a).values.forEach((v, k) => {
    expect(v).toBeCloseTo(2 - 2 * Math.cos(((k + 1) * Math.PI) / 13), 13);
  });
});
