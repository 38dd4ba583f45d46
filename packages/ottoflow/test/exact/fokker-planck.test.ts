import { describe, expect, test } from "vitest";
import { type LinePotential, spectralFokkerPlanck } from "../../src/exact/fokker-planck-spectral.ts";
import { generatorRates, uphill } from "../../src/exact/generator-gap.ts";
import { gaussianKl, ornsteinUhlenbeckMoments } from "../../src/exact/ornstein-uhlenbeck.ts";

const rows = (f: (x: number) => number) => (n: number, x: Float64Array | Float32Array, out: Float64Array | Float32Array) => {
  for (let i = 0; i < n; i++) out[i] = f(x[i]!);
};
/** V = a x^4 + b x^2 + c */
const quartic = (a: number, b: number, c = 0): LinePotential => ({
  V: rows((x) => a * x ** 4 + b * x * x + c),
  dV: rows((x) => 4 * a * x ** 3 + 2 * b * x),
  d2V: rows((x) => 12 * a * x * x + 2 * b),
});
const doubleWell = quartic(1, -2, 1);
const normal = (m: number, s: number) => (x: number) => Math.exp(-((x - m) ** 2) / (2 * s * s)) / (s * Math.sqrt(2 * Math.PI));
const fp = spectralFokkerPlanck(doubleWell, 1, -3.25, 3.25, 220);

describe("A3.1 double well V = (x^2-1)^2", () => {
  test("Z, minimum of F, moments of the Gibbs density", () => {
    expect(Math.exp(fp.logZ)).toBeCloseTo(1.9737321500898, 12);
    expect(-fp.logZ).toBeCloseTo(-0.67992624289379, 13);
    expect(fp.gibbs((x) => x * x)).toBeCloseTo(0.83274548712838, 13);
    expect(fp.gibbs((x) => x ** 4)).toBeCloseTo(1.0827454871284, 12);
    expect(fp.gibbs((x) => x * (4 * x ** 3 - 4 * x))).toBeCloseTo(1, 12);
  });
  test("E|x| (kink at 0: by Simpson on the half line)", () => {
    let [s, z] = [0, 0];
    for (let i = 0; i <= 2000; i++) {
      const x = (3.5 * i) / 2000;
      const w = (i === 0 || i === 2000 ? 1 : i % 2 ? 4 : 2) * Math.exp(-((x * x - 1) ** 2));
      s += w * x;
      z += w;
    }
    expect(s / z).toBeCloseTo(0.82739243933928, 11);
  });
  test("spectrum of the generator", () => {
    const want = [0, 0.7486816723, 6.0041136709, 11.6606955577];
    want.forEach((v, k) => {
      expect(fp.rates[k]).toBeCloseTo(v, 9);
    });
  });
});

describe("A3.2 from N(0, 0.05^2)", () => {
  // nodes at 0.02: the start has 2.5 nodes per deviation
  const fine = spectralFokkerPlanck(doubleWell, 1, -3.25, 3.25, 261);
  const start = fine.x.map(normal(0, 0.05));
  test.each([
    [0.1, 0.25622660757, 0.16867069933, 0.6040174089],
    [0.5, 0.77472346566, 0.9812389386, 0.0051580136],
    [1.0, 0.82986073545, 1.07769569385, 0.00001297519],
    [2.5, 0.83274513331, 1.08274486777, 0],
  ])("t=%d: E x^2, E x^4, KL", (t, m2, m4, kl) => {
    const s = fine.at(start, t);
    expect(s.mean((x) => x * x)).toBeCloseTo(m2, 10);
    expect(s.mean((x) => x ** 4)).toBeCloseTo(m4, 10);
    expect(Math.abs(s.kl - kl)).toBeLessThan(1.1e-11);
  });
});

describe("A3.3 metastable start N(-1, 0.2^2)", () => {
  const start = fp.x.map(normal(-1, 0.2));
  test.each([
    [0.1, -0.92980331351, 0.9867462703, 1.33316808929, 0.70542028976],
    [0.5, -0.68434700406, 0.84768682812, 1.10889117299, 0.33821271247],
    [1.0, -0.47060313368, 0.83348813751, 1.08404550633, 0.14708100638],
    [2.0, -0.22259032951, 0.83274732042, 1.08274869633, 0.03132153082],
    [5.0, -0.02355381911, 0.83274548713, 1.08274548713, 0.00034635692],
  ])("t=%d: E x, E x^2, E x^4, KL", (t, m1, m2, m4, kl) => {
    const s = fp.at(start, t);
    expect(s.mean((x) => x)).toBeCloseTo(m1, 10);
    expect(s.mean((x) => x * x)).toBeCloseTo(m2, 10);
    expect(s.mean((x) => x ** 4)).toBeCloseTo(m4, 10);
    expect(s.kl).toBeCloseTo(kl, 10);
  });
  test("densities between the nodes integrate to one and agree with a grid of other nodes", () => {
    const other = spectralFokkerPlanck(doubleWell, 1, -3.3, 3.2, 251);
    const y = Float64Array.from({ length: 600 }, (_, i) => -3 + 0.01 * (i + 0.5));
    const [a, b] = [new Float64Array(600), new Float64Array(600)];
    fp.at(start, 0.5).density(600, y, a);
    other.at(other.x.map(normal(-1, 0.2)), 0.5).density(600, y, b);
    expect(a.reduce((s, v) => s + 0.01 * v, 0)).toBeCloseTo(1, 11);
    for (let i = 0; i < 600; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-11);
  });
  test("A3.5 the product with an Ornstein-Uhlenbeck coordinate: KL_y, KL total at t=0.5", () => {
    const y = ornsteinUhlenbeckMoments(1, [1], [0], { mean: [1], cov: [0.25] }, 0.5);
    const kl = gaussianKl(1, y, [1], [0]);
    expect(kl).toBeCloseTo(0.20740443319896, 13);
    expect(kl + fp.at(start, 0.5).kl).toBeCloseTo(0.54561714566896, 11);
  });
});

describe("A3.4 spectral gaps", () => {
  test.each([
    ["x^4/4", quartic(1 / 4, 0), 1.368592521, 4.4537091632],
    ["x^4/4 + x^2/2", quartic(1 / 4, 1 / 2), 2.0679992583, 0],
    ["x^4/4 - x^2/2", quartic(1 / 4, -1 / 2), 0.7920884266, 0],
  ])("%s", (_, V, gap, next) => {
    const { rates } = spectralFokkerPlanck(V, 1, -4.6, 4.6, 180);
    expect(rates[1]).toBeCloseTo(gap, 9);
    if (next) expect(rates[2]).toBeCloseTo(next, 9);
  });
});

describe("A3.6 discrete generators", () => {
  const nodes = (L: number, h: number, V: (x: number) => number): number[] => Array.from({ length: Math.round((2 * L) / h) + 1 }, (_, i) => V(-L + i * h));
  const ou = nodes(6, 0.1, (x) => (x * x) / 2);
  const well = nodes(3, 0.05, (x) => (x * x - 1) ** 2);
  test("square-root approximation", () => {
    const rates = generatorRates(ou, 0.1, uphill.squareRoot);
    expect(rates[1]).toBeCloseTo(0.998750311954, 11);
    expect(rates[2]).toBeCloseTo(1.99749914059, 10);
    expect(generatorRates(well, 0.05, uphill.squareRoot)[1]).toBeCloseTo(0.748921922902, 9);
  });
  test("Scharfetter-Gummel", () => {
    const rates = generatorRates(ou, 0.1, uphill.scharfetterGummel);
    expect(rates[1]).toBeCloseTo(0.998335050322, 11);
    expect(rates[2]).toBeCloseTo(1.99501010337, 10);
    expect(generatorRates(well, 0.05, uphill.scharfetterGummel)[1]).toBeCloseTo(0.748832537635, 9);
  });
  test("Gibbs weights are stationary: detailed balance to rounding", () => {
    for (const up of Object.values(uphill))
      for (let i = 1; i < well.length; i++) {
        const dV = well[i]! - well[i - 1]!;
        const [forth, back] = [Math.exp(-well[i - 1]!) * up(dV), Math.exp(-well[i]!) * up(-dV)];
        expect(Math.abs(forth - back)).toBeLessThanOrEqual(1e-15 * Math.max(forth, back, 1e-15) + 4e-15 * forth);
      }
  });
});
