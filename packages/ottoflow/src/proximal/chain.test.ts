import { expect, test } from "vitest";
import { applyChain, type Chain, factorChain, solveChain } from "./chain.ts";

const chain = (n: number, f: (i: number) => number, g: (i: number) => number): Chain => ({
  n,
  diagonal: Float64Array.from({ length: n }, (_, i) => f(i)),
  off: Float64Array.from({ length: Math.max(0, n - 1) }, (_, i) => g(i)),
});

test.each([1, 2, 3, 4, 5, 6, 7, 50, 51])("%d unknowns: solutions give back the right-hand side, plain and shifted", (n) => {
  const a = chain(
    n,
    (i) => 2.5 + Math.sin(i),
    (i) => Math.cos(3 * i),
  );
  const metric = chain(
    n,
    () => 2,
    () => 0.5,
  );
  const [pivot, factor] = [new Float64Array(n), new Float64Array(Math.max(0, n - 1))];
  const want = Float64Array.from({ length: n }, (_, i) => Math.sin(7 * i + 1));
  for (const shift of [0, 3]) {
    const whole = chain(
      n,
      (i) => a.diagonal[i]! + shift * 2,
      (i) => a.off[i]! + shift * 0.5,
    );
    const right = new Float64Array(n);
    applyChain(whole, want, right);
    expect(factorChain(a, metric, shift, pivot, factor)).toBe(true);
    solveChain(n, pivot, factor, right, right);
    for (let i = 0; i < n; i++) expect(right[i]).toBeCloseTo(want[i]!, 12);
  }
});

test.each([1, 2, 3, 8, 9])("%d unknowns: a negative eigenvalue is found wherever its row stands", (n) => {
  const [pivot, factor] = [new Float64Array(n), new Float64Array(Math.max(0, n - 1))];
  for (let bad = 0; bad < n; bad++) {
    // diagonally dominant but for one row of diagonal 0.01 with neighbours coupled by 0.5
    const a = chain(
      n,
      (i) => (i === bad ? (n === 1 ? -1 : 0.01) : 2),
      () => 0.5,
    );
    expect(factorChain(a, a, 0, pivot, factor)).toBe(false);
  }
});
