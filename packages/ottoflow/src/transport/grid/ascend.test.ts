import { expect, test } from "vitest";
import { ascend, refine } from "./ascend.ts";
import { centred, checkedMass } from "./density.ts";
import type { Lattice } from "./lattice.ts";

/** A disk, and its halves pulled apart with a thin bridge left between them, as the method's authors set it up. */
function caffarelli(n: number): [Float64Array, Float64Array] {
  const [mu, nu] = [new Float64Array(n * n), new Float64Array(n * n)];
  const disk = (x: number, y: number, a: number): boolean => (x - a) ** 2 + (y - 0.5) ** 2 < 0.125 ** 2;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [x, y] = [(j + 0.5) / n, (i + 0.5) / n];
      if (disk(x, y, 0.5)) mu[i * n + j] = 1;
      const bridge = x > 0.249 && x < 0.751 && y > 0.49 && y < 0.51;
      if ((disk(x, y, 0.25) && x < 0.25) || (disk(x, y, 0.75) && x > 0.75) || bridge) nu[i * n + j] = 1;
    }
  return [mu, nu].map((m) => {
    const s = m.reduce((a, v) => a + v, 0);
    return m.map((v) => v / s);
  }) as [Float64Array, Float64Array];
}

test("Caffarelli's counter-example on 1024^2 cells: the value 2.594842e-2 (half of W_2^2) and the residual that the authors print after 50 turns", () => {
  const n = 1024;
  const [mu, nu] = caffarelli(n);
  const lattice: Lattice = { shape: [n, n], origin: [0.5 / n, 0.5 / n], h: [1 / n, 1 / n] };
  const [X, Y] = [centred(checkedMass(lattice, mu, "from")), centred(checkedMass(lattice, nu, "to"))];
  const steps = ascend(X, Y, [Y.deviation[0] / X.deviation[0], Y.deviation[1] / X.deviation[1]], { most: 24, residual: 0, gain: 0 });
  let next = steps.next();
  while (!next.done) next = steps.next();
  const { energy, residual } = next.value;
  const halfMoment = ({ lattice: l, mass }: typeof X): number =>
    mass.reduce((s, m, k) => {
      const [x, y] = [l.origin[0] + Math.floor(k / l.shape[1]) * l.h[0], l.origin[1] + (k % l.shape[1]) * l.h[1]];
      return s + 0.5 * m * (x * x + y * y);
    }, 0);
  const shift = 0.5 * ((X.mean[0] - Y.mean[0]) ** 2 + (X.mean[1] - Y.mean[1]) ** 2);
  const value = halfMoment(X) + halfMoment(Y) + shift - energy;
  expect(value).toBeGreaterThan(2.594842e-2 - 5e-9);
  expect(value).toBeLessThan(2.594842e-2 + 5e-8);
  expect(residual[0]).toBeLessThan(5.45e-7);
}, 60_000);

test("potentials go to finer grids without kinks: squares by their corners cut twice, planes exactly", () => {
  const coarse: Lattice = { shape: [6, 5], origin: [0.2, -1], h: [0.4, 0.5] };
  const fine: Lattice = { shape: [12, 10], origin: [0.1, -1.125], h: [0.2, 0.25] };
  const of = (l: Lattice, f: (x: number, y: number) => number): Float64Array =>
    Float64Array.from({ length: l.shape[0] * l.shape[1] }, (_, k) =>
      f(l.origin[0] + Math.floor(k / l.shape[1]) * l.h[0], l.origin[1] + (k % l.shape[1]) * l.h[1]),
    );
  const out = new Float64Array(120);
  refine(
    coarse,
    of(coarse, (x, y) => 2 + 3 * x - y),
    fine,
    out,
  );
  const plane = of(fine, (x, y) => 2 + 3 * x - y);
  for (let k = 0; k < 120; k++) expect(Math.abs(out[k]! - plane[k]!)).toBeLessThan(1e-14);
  refine(
    coarse,
    of(coarse, (x) => x * x),
    fine,
    out,
  );
  // linear interpolation at a quarter of the width: 3 / 16 h^2 above the square, the same everywhere inside
  for (let i = 1; i < 11; i++) expect(out[i * 10]! - (0.1 + 0.2 * i) ** 2).toBeCloseTo((3 / 16) * 0.16, 13);
});
