import { describe, expect, test } from "vitest";
import { openAxis } from "./axis-transform.ts";

const values = (n: number): Float64Array => Float64Array.from({ length: n }, (_, i) => Math.sin(1 + 3.7 * i) + 0.3 * Math.cos(11.3 * i * i));

describe.each([1, 2, 3, 5, 8, 12, 25, 64, 100, 96])("n = %i", (n) => {
  test.each([false, true])("periodic %s: the inverse undoes, and coefficients times eigenvalues are minus the second difference", (periodic) => {
    const lanes = 3;
    const axis = openAxis(n, periodic);
    const x = values(n * lanes + 2);
    const y = x.slice();
    const work = new Float64Array(n * lanes);
    axis.forward(y, 1, lanes, work);
    const back = y.slice();
    axis.inverse(back, 1, lanes, work);
    for (let i = 0; i < x.length; i++) expect(back[i]).toBeCloseTo(x[i]!, 12);
    for (let k = 0; k < n; k++) for (let j = 0; j < lanes; j++) y[1 + k * lanes + j]! *= axis.eigenvalue[k]!;
    axis.inverse(y, 1, lanes, work);
    const at = (i: number, j: number): number => x[1 + (periodic ? (i + n) % n : Math.min(Math.max(i, 0), n - 1)) * lanes + j]!;
    for (let i = 0; i < n; i++) for (let j = 0; j < lanes; j++) expect(y[1 + i * lanes + j]).toBeCloseTo(2 * at(i, j) - at(i - 1, j) - at(i + 1, j), 11);
  });
});

test("cosine coefficients are the sums they stand for", () => {
  const n = 12;
  const x = values(n);
  const y = x.slice();
  openAxis(n, false).forward(y, 0, 1, new Float64Array(n));
  for (let k = 0; k < n; k++)
    expect(y[k]).toBeCloseTo(
      x.reduce((s, v, i) => s + v * Math.cos((Math.PI * (i + 0.5) * k) / n), 0),
      12,
    );
});
