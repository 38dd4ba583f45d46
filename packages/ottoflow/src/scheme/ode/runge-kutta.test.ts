import { describe, expect, it } from "vitest";
import type { Rows } from "../../contract.ts";
import { plainHost } from "../../kernels/host.ts";
import { openRungeKutta, type Tableau, tableaus } from "./runge-kutta.ts";

const sum = (a: readonly number[], f: (v: number, i: number) => number): number => a.reduce((s, v, i) => s + f(v, i), 0);
/** (A c^k)_i */
const stage = ({ a, c }: Tableau, i: number, k: number): number => sum(a[i]!, (v, j) => v * c[j]! ** k);

describe.each(Object.entries(tableaus))("%s", (_name, t) => {
  it("is consistent: the rows of A sum to c", () => {
    t.a.forEach((row, i) => {
      expect(sum(row, (v) => v)).toBeCloseTo(t.c[i]!, 15);
    });
  });
  it("satisfies the quadrature conditions sum b c^{k-1} = 1/k up to its order and not beyond", () => {
    for (let k = 1; k <= t.order; k++) expect(sum(t.b, (b, i) => b * t.c[i]! ** (k - 1))).toBeCloseTo(1 / k, 14);
    expect(Math.abs(sum(t.b, (b, i) => b * t.c[i]! ** t.order) - 1 / (t.order + 1))).toBeGreaterThan(1e-4);
  });
  it("satisfies the tree conditions b A c = 1/6, b c A c = 1/8, b A c^2 = 1/12 where its order asks for them", () => {
    if (t.order >= 3) expect(sum(t.b, (b, i) => b * stage(t, i, 1))).toBeCloseTo(1 / 6, 14);
    if (t.order < 4) return;
    expect(sum(t.b, (b, i) => b * t.c[i]! * stage(t, i, 1))).toBeCloseTo(1 / 8, 14);
    expect(sum(t.b, (b, i) => b * stage(t, i, 2))).toBeCloseTo(1 / 12, 14);
  });
  it("integrates y' = 5 t^4 exactly as far as its order goes, time included", () => {
    const p = t.order;
    const ode = openRungeKutta(t, 1, (time: number, _y: Rows, out: Rows) => out.fill(p * time ** (p - 1)), plainHost());
    const y = Float64Array.of(0.2);
    ode.step(0.5, 0.7, y, y, t.fsal ? Float64Array.of(p * 0.5 ** (p - 1)) : undefined);
    expect(y[0]).toBeCloseTo(0.2 + 1.2 ** p - 0.5 ** p, 13);
  });
});

it("the embedded method of Dormand and Prince is of order 4: e annihilates c^0 … c^3 and not c^4", () => {
  const { e, c } = tableaus.adaptive;
  for (let k = 0; k < 4; k++) expect(Math.abs(sum(e!, (v, i) => v * c[i]! ** k))).toBeLessThan(1e-15);
  expect(Math.abs(sum(e!, (v, i) => v * c[i]! ** 4))).toBeGreaterThan(1e-4);
});
