import { describe, expect, test } from "vitest";
import { makeBox } from "../space/box.ts";
import { barenblattLaw, barenblattShape } from "./barenblatt.ts";
import { gaussianLaw } from "./gaussian.ts";
import { mixtureLaw } from "./mixture.ts";
import { pointsLaw } from "./points.ts";
import { gradedLevels, storeCells, storeGaussian, storeParticles, storeQuantiles } from "./store.ts";
import { uniformBall, uniformBox } from "./uniform.ts";

const sum = (a: Float64Array): number => a.reduce((s, v) => s + v, 0);
function cellsOf(law: Parameters<typeof storeCells>[0], lower: number[], upper: number[], cells: number[], periodic?: boolean[]) {
  const space = makeBox({ lower, upper, cells, ...(periodic ? { periodic } : {}) });
  const rho = new Float64Array(space.cells!.n);
  const stored = storeCells(law, space, rho);
  return { space, rho, stored, volume: space.cells!.volume[0]! };
}
const { density: _, ...noDensity } = gaussianLaw([0], [1]);

describe("cells", () => {
  test("Gaussian: averages are differences of the distribution function, tails keep their digits", () => {
    const { rho } = cellsOf(gaussianLaw([0], [1]), [-10], [10], [20]);
    // Phi(-9) - Phi(-10) at 30 digits
    expect(rho[0]! / 1.128512207423599e-19).toBeCloseTo(1, 12);
    expect(rho[0]).toBe(rho[19]);
    expect(rho[10]).toBeCloseTo(0.341344746068543, 14);
    expect(sum(rho)).toBeCloseTo(1, 14);
  });
  test("quadrature of a density agrees with the exact masses it replaces", () => {
    const { boxMass: exactMass, ...onlyDensity } = gaussianLaw([0.3, -0.2], [0.04, 0, 0, 0.01], { mass: 2 });
    const a = cellsOf({ ...onlyDensity, boxMass: exactMass! }, [-2, -1], [2, 1], [20, 10]);
    const b = cellsOf(onlyDensity, [-2, -1], [2, 1], [20, 10]);
    expect(b.stored.how).toBe("estimated");
    const { sideMass: _, ...boxesOnly } = gaussianLaw([0.3, -0.2], [0.04, 0, 0, 0.01], { mass: 2 });
    // masses along the axes, multiplied, are those of the boxes, bit by bit
    expect(cellsOf(boxesOnly, [-2, -1], [2, 1], [20, 10]).rho).toEqual(a.rho);
    for (let i = 0; i < 200; i++) expect(Math.abs(a.rho[i]! - b.rho[i]!)).toBeLessThan(1e-10);
    expect(sum(a.rho) * a.volume).toBeCloseTo(2, 13);
  });
  test("a sheared Gaussian keeps mass, mean and covariance (less the cells' own h^2/12)", () => {
    const { rho, space, volume } = cellsOf(gaussianLaw([0.1, 0], [0.1, 0.05, 0.05, 0.2]), [-3, -3], [3, 3], [60, 60]);
    const x = space.cells!.centre;
    let [m, xy] = [0, 0];
    for (let i = 0; i < 3600; i++) {
      m += rho[i]! * volume * x[i]!;
      xy += rho[i]! * volume * (x[i]! - 0.1) * x[3600 + i]!;
    }
    expect(m).toBeCloseTo(0.1, 9);
    expect(xy).toBeCloseTo(0.05, 9);
  });
  test("mass outside the box is refused with its fraction, and allowed by `cut`", () => {
    expect(() => cellsOf(gaussianLaw([0], [1]), [-1], [1], [10])).toThrow(/31\.7 % of the mass lies outside/);
    const { rho, stored } = cellsOf(gaussianLaw([0], [1], { cut: 0.4 }), [-1], [1], [10]);
    expect(stored.lost).toBeCloseTo(1 - 0.682689492137086, 13);
    expect(sum(rho) * 0.2).toBeCloseTo(0.682689492137086, 13);
  });
  test("periodic axes wrap the law", () => {
    const { rho } = cellsOf(gaussianLaw([0.95], [0.01]), [0], [1], [50], [true]);
    expect(sum(rho) / 50).toBeCloseTo(1, 13);
    expect(rho[0]! - rho[44]!).toBeCloseTo(0, 10); // cells at the same distance 0.06 and 0.06 of 0.95
  });
  test("disc and ring: cells cut by the edge hold the exact part", () => {
    const { rho, volume } = cellsOf(uniformBall([0.1, 0], 0.7), [-1, -1], [1, 1], [31, 17]);
    expect(sum(rho) * volume).toBeCloseTo(1, 13);
    // the cell of area 4 over a quarter: a disc of radius 1 in its bounding box
    expect(cellsOf(uniformBall([0, 0], 1), [-1, -1], [1, 1], [2, 2]).rho[3]).toBeCloseTo(0.25, 15);
    // area of the unit disc above y = 1/2, by the circular segment: pi/3 - sqrt(3)/4
    expect(cellsOf(uniformBall([0, 0], 1), [-1, -1], [1, 1], [1, 4]).rho[3]! * Math.PI).toBeCloseTo(Math.PI / 3 - Math.sqrt(3) / 4, 14);
    expect(sum(cellsOf(uniformBall([0, 0], 0.9, 0.5), [-1, -1], [1, 1], [20, 20]).rho) * 0.01).toBeCloseTo(1, 13);
  });
  test("disc and ring: no cell holds less than nothing, not even to rounding", () => {
    for (const law of [uniformBall([0.13, 0.07], 0.879), uniformBall([0.03, 0], 1.1, 0.55)])
      for (const cells of [9, 12, 13, 25, 40]) for (const rho of cellsOf(law, [-2, -2], [2, 2], [cells, cells + 1]).rho) expect(rho).toBeGreaterThanOrEqual(0);
  });
  test("a disc beside a correlated Gaussian: each by the best that it knows", () => {
    const parts = [gaussianLaw([0, 0], [0.02, 0.015, 0.015, 0.02]), uniformBall([0.3, 0], 0.5)] as const;
    const both = cellsOf(mixtureLaw(parts, [1, 3]), [-2, -2], [2, 2], [64, 64]);
    expect(sum(both.rho) * both.volume).toBeCloseTo(1, 12);
    const [g, b] = parts.map((law) => cellsOf(law, [-2, -2], [2, 2], [64, 64]).rho);
    for (let i = 0; i < 4096; i++) expect(both.rho[i]! - (g![i]! + 3 * b![i]!) / 4).toBeCloseTo(0, 12);
  });
  test("balls, shells and Barenblatt profiles in space: total mass, symmetry, and a cap by its formula", () => {
    for (const law of [
      uniformBall([0, 0, 0], 0.8),
      uniformBall([0.05, 0, 0.1], 0.8, 0.5),
      barenblattLaw(2, 0.02, [0.02, 0, 0]),
      barenblattLaw(4, 0.05, [0, 0, 0]),
    ]) {
      const { rho, volume } = cellsOf(law, [-1, -1, -1], [1, 1, 1], [8, 9, 10]);
      expect(sum(rho) * volume).toBeCloseTo(1, law.barenblatt?.m === 4 ? 7 : 10);
      expect(Math.min(...rho)).toBeGreaterThanOrEqual(0);
    }
    // the cap of the unit ball above z = 1/2 has volume pi h^2 (3 - h) / 3 with h = 1/2, of 4 pi / 3
    const cap = cellsOf(uniformBall([0, 0, 0], 1), [-1, -1, -1], [1, 1, 1], [1, 1, 4]).rho;
    expect(cap[3]! * 2).toBeCloseTo((0.25 * 2.5) / 4, 11);
    const octant = cellsOf(uniformBall([0, 0, 0], 1), [-1, -1, -1], [1, 1, 1], [2, 2, 2]).rho;
    for (const v of octant) expect(v).toBeCloseTo(1 / 8, 11);
  });
  test("mixtures weigh their components, whatever masses these carry", () => {
    const law = mixtureLaw([uniformBox([0], [1], { mass: 5 }), uniformBox([1], [2], { mass: 7 })], [1, 3], { mass: 8 });
    expect([...cellsOf(law, [0], [2], [2]).rho]).toEqual([2, 6]);
    const out = new Float64Array(2);
    law.density!(2, Float64Array.of(0.5, 1.5), out);
    expect([...out]).toEqual([2, 6]);
    expect(law.moments!.mean[0]).toBeCloseTo(0.25 * 0.5 + 0.75 * 1.5, 15);
  });
  test("atoms are counted, and the far face belongs to the last cell", () => {
    const { rho } = cellsOf(pointsLaw(1, 4, Float64Array.of(0, 0.5, 1, 0.1)), [0], [1], [2]);
    expect([...rho]).toEqual([1, 1]);
  });
  test("Barenblatt m=2, d=2 at time 1: mass and second moment of A4", () => {
    const law = barenblattLaw(2, 1, [0, 0]);
    const { rho, volume, space } = cellsOf(law, [-2, -2], [2, 2], [64, 64]);
    expect(sum(rho) * volume).toBeCloseTo(1, 13);
    // against adaptive quadrature of the density, also in the cells the front cuts
    const { boxMass: _b, ...noMass } = law;
    const other = cellsOf({ ...noMass, cut: 1e-3 }, [-2, -2], [2, 2], [64, 64]).rho;
    for (let i = 0; i < 4096; i++) expect(Math.abs(rho[i]! - other[i]!)).toBeLessThan(1e-4);
    let m2 = 0;
    for (let i = 0; i < 4096; i++) m2 += rho[i]! * volume * (space.cells!.centre[i]! ** 2 + space.cells!.centre[4096 + i]! ** 2);
    expect(m2).toBeCloseTo(1.06384608107, 2);
  });
});

describe("quantile nodes", () => {
  test("levels are symmetric, increasing, and reach 0 and 1", () => {
    for (const g of [1, 2, 3]) {
      const l = new Float64Array(101);
      gradedLevels(101, l, g);
      expect([l[0], l[50], l[100]]).toEqual([0, 0.5, 1]);
      for (let i = 1; i < 101; i++) expect(l[i]).toBeGreaterThan(l[i - 1]!);
    }
  });
  const spread = (n: number, g: number, law: Parameters<typeof storeQuantiles>[0]): { mean: number; second: number } => {
    const l = new Float64Array(n);
    const x = new Float64Array(n);
    gradedLevels(n, l, g);
    storeQuantiles(law, l, x);
    let [mean, second] = [0, 0];
    for (let i = 1; i < n; i++) {
      const [a, b, w] = [x[i - 1]!, x[i]!, l[i]! - l[i - 1]!];
      mean += (w * (a + b)) / 2;
      second += (w * (a * a + a * b + b * b)) / 3;
    }
    return { mean, second };
  };
  test("Gaussian with graded levels: deviation at second order (A34 asks 1.4e-6 at n = 2000)", () => {
    const error = (n: number, g: number): number => Math.sqrt(spread(n, g, gaussianLaw([0], [1])).second) - 1;
    const rate = Math.log2(Math.abs(error(500, 3)) / Math.abs(error(1000, 3)));
    expect(Math.abs(rate - 2)).toBeLessThan(0.2);
    expect(Math.abs(error(2000, 3))).toBeLessThan(1.4e-6);
  });
  test("a skew law: mean of a mixture of Gaussians at second order", () => {
    const law = mixtureLaw([gaussianLaw([-0.5], [0.25]), gaussianLaw([1], [0.49])], [0.3, 0.7]);
    const error = (n: number): number => spread(n, 3, law).mean - 0.55;
    expect(Math.abs(Math.log2(error(2001) / error(4001)) - 2)).toBeLessThan(0.2);
    expect(Math.abs(error(4001))).toBeLessThan(1e-6);
    expect(spread(101, 1, uniformBox([-1], [3])).second).toBeCloseTo(1 + 16 / 12, 13);
  });
  test("compact front: Barenblatt m=2, d=1 has M2(1)=0.8653497421844", () => {
    expect(spread(2001, 2, barenblattLaw(2, 1, [0])).second).toBeCloseTo(0.8653497421844, 5);
  });
  test("an atom is refused", () => {
    expect(() => spread(11, 1, pointsLaw(1, 2, Float64Array.of(0, 1)))).toThrow(/atom/);
  });
});

describe("particles", () => {
  const moments = (law: Parameters<typeof storeParticles>[0], n: number, seed = 1): { mean: number[]; cov: number[] } => {
    const d = law.dim;
    const x = new Float64Array(d * n);
    storeParticles(law, n, seed, x, new Float64Array(n));
    const p = pointsLaw(d, n, x).moments!;
    return { mean: [...p.mean], cov: [...p.cov] };
  };
  test("random draws have the law's moments within four standard errors", () => {
    const n = 20000;
    for (const law of [
      gaussianLaw([1, 0], [1, 0.5, 0.5, 2]),
      uniformBall([1, 0], 2, 1),
      barenblattLaw(2, 1, [0, 1]),
      barenblattLaw(3, 2, [1]),
      barenblattLaw(0.8, 1, [0, 0]),
    ]) {
      const m = moments(law, n);
      for (let k = 0; k < law.dim; k++) {
        const v = law.moments!.cov[k * law.dim + k]!;
        expect(Math.abs(m.mean[k]! - law.moments!.mean[k]!)).toBeLessThan(4 * Math.sqrt(v / n));
        // kurtosis of the fast-diffusion profile is large: allow its standard error to be ten times the Gaussian one
        expect(Math.abs(m.cov[k * law.dim + k]! - v)).toBeLessThan((law.barenblatt && law.barenblatt.m < 1 ? 40 : 6) * v * Math.sqrt(2 / n));
      }
    }
  });
  test("low-discrepancy sets do the same a hundred times better", () => {
    const law = gaussianLaw([1, 0], [1, 0.5, 0.5, 2], { placement: "low-discrepancy" });
    const m = moments(law, 4096);
    expect(Math.abs(m.mean[0]! - 1)).toBeLessThan(1e-3);
    expect(Math.abs(m.cov[1]! - 0.5)).toBeLessThan(1e-2);
    expect(moments({ ...law, ...gaussianLaw([0], [1]), placement: "low-discrepancy" }, 1000).mean[0]).toBeCloseTo(0, 12);
  });
  test("value i does not depend on n; the seed matters", () => {
    const law = gaussianLaw([0], [1]);
    const [a, b, c] = [new Float64Array(10), new Float64Array(100), new Float64Array(10)];
    storeParticles(law, 10, 7, a, new Float64Array(10));
    storeParticles(law, 100, 7, b, new Float64Array(100));
    storeParticles(law, 10, 8, c, new Float64Array(10));
    expect([...a]).toEqual([...b.subarray(0, 10)]);
    expect([...a]).not.toEqual([...c]);
  });
  test("atoms are kept with their weights; mixtures pick components by weight", () => {
    const [x, w] = [new Float64Array(3), new Float64Array(3)];
    const stored = storeParticles(pointsLaw(1, 3, Float64Array.of(3, 1, 2), [1, 1, 2], { mass: 8 }), 3, 1, x, w);
    expect([stored.how, [...x], [...w]]).toEqual(["exact", [3, 1, 2], [2, 2, 4]]);
    const m = moments(mixtureLaw([gaussianLaw([-1], [0.01]), uniformBox([2], [3])], [3, 1]), 40000);
    expect(Math.abs(m.mean[0]! + 0.125)).toBeLessThan(0.03);
  });
  test("particles outside a bounded box are refused", () => {
    const space = makeBox({ lower: [-1], upper: [1], cells: [4] });
    expect(() => storeParticles(gaussianLaw([0], [1]), 100, 1, new Float64Array(100), new Float64Array(100), space)).toThrow(/outside the bounded box/);
  });
});

describe("Gaussian storage", () => {
  test("moments of laws that know them; refused where not known", () => {
    const [mean, cov] = [new Float64Array(1), new Float64Array(1)];
    expect(storeGaussian(uniformBox([0], [1]), mean, cov).how).toBe("estimated");
    expect(cov[0]).toBeCloseTo(1 / 12, 15);
    const { gaussian: _g, moments: _m, ...bare } = noDensity;
    expect(() => storeGaussian(bare, mean, cov)).toThrow(/not known/);
  });
});

describe("Barenblatt (A4, A5)", () => {
  test.each([
    [2, 1, 0.3605623925769, 2.080083823052, 0.3605623925769, 0.8653497421844, 0.2884499140615],
    [3, 1, 0.1837762984739, 1.485030498571, 0.4286913790525, 0.5513288954218, 0.1378322238554],
    [4, 1, 0.1132019631279, 1.228559932755, 0.4837466674046, 0.4116435022833, 0.0823287004567],
    [2, 2, 0.1994711402007, 1.786487683476, 0.1994711402007, 1.06384608107, 0.1329807601338],
    [3, 2, 0.0889431666294, 1.265297198025, 0.2982334096465, 0.6403907997317, 0.0533658999776],
    [2, 3, 0.1348101408194, 1.642011819807, 0.1348101408194, 1.155515492737, 0.0770343661825],
  ])("A4: m=%d d=%d constants", (m, d, C, R, peak, M2, power) => {
    const s = barenblattShape(m, d);
    expect(s.C).toBeCloseTo(C, 12);
    expect(s.radius).toBeCloseTo(R, 11);
    expect(s.peak).toBeCloseTo(peak, 12);
    expect(s.secondMoment).toBeCloseTo(M2, 11);
    expect(s.powerIntegral).toBeCloseTo(power, 12);
  });
  test.each([
    [1 / 2, 1, 1.94888854486, 0.2632849255363, 5.846665634581],
    [2 / 3, 1, 1.560465618481, 0.263170609885, 3.467701374402],
    [3 / 4, 2, 2.112307020511, 0.0502310006852, 9.505381592301],
  ])("A5: m=%d d=%d constants", (m, d, C, peak, M2) => {
    const s = barenblattShape(m, d);
    expect(s.C).toBeCloseTo(C, 10);
    expect(s.peak).toBeCloseTo(peak, 12);
    expect(s.secondMoment).toBeCloseTo(M2, 11);
  });
  test("A5: infinite second moment is refused", () => {
    expect(() => barenblattLaw(1 / 3, 1, [0])).toThrow(/second moment is infinite/);
    expect(() => barenblattLaw(0.5, 1, [0, 0])).toThrow(/0\.5 in dimension 2/);
  });
  test.each([2, 3, 1.5, 0.7])("m=%d: intervals and quantiles on the line are each other's inverse, and integrate the density", (m) => {
    const law = barenblattLaw(m, 0.7, [0.2], { mass: 3 });
    const level = Float64Array.of(1e-9, 0.01, 0.3, 0.5, 0.9, 0.999999);
    const x = new Float64Array(6);
    law.quantile!(6, level, x);
    const mass = new Float64Array(6);
    law.boxMass!(6, new Float64Array(6).fill(-Infinity), x, mass);
    for (let i = 0; i < 6; i++) expect(mass[i]! / 3 / level[i]!).toBeCloseTo(1, 9);
    const { boxMass: _b, ...noMass } = law;
    const cells = (l: typeof law) => cellsOf({ ...l, cut: 0.5 }, [-2], [2], [40]).rho;
    const [a, b] = [cells(law), cells(noMass)];
    for (let i = 0; i < 40; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-9);
  });
});
