import { describe, expect, test } from "vitest";
import { barenblattDistance, confinedFamily, confinedSteady, frontSpeed, profileTime } from "../../src/exact/porous-medium.ts";
import { barenblattLaw, barenblattShape } from "../../src/measure/barenblatt.ts";

describe("A4 Barenblatt, t = 1 to 2", () => {
  test("m=2: radius, peak and W2 in d=1 and d=2", () => {
    for (const [d, R, peak, w2] of [
      [1, 2.620741394209, 0.2861785606383, 0.2417894163314],
      [2, 2.124503864054, 0.1410473958869, 0.1951537328474],
    ] as const) {
      const s = barenblattShape(2, d);
      expect(s.radius * 2 ** s.beta).toBeCloseTo(R, 12);
      const at = new Float64Array(1);
      barenblattLaw(2, 2, new Array<number>(d).fill(0)).density!(1, new Float64Array(d), at);
      expect(at[0]).toBeCloseTo(peak, 13);
      expect(barenblattDistance(2, d, 1, 2)).toBeCloseTo(w2, 13);
    }
  });
  test("d/dt M2 = 2 d int rho^m; front speed beta R / t", () => {
    for (const [m, d] of [
      [2, 1],
      [3, 2],
      [2, 3],
    ] as const) {
      const s = barenblattShape(m, d);
      expect(2 * s.beta * s.secondMoment).toBeCloseTo(2 * d * s.powerIntegral, 13);
      expect(frontSpeed(m, d, 1)).toBeCloseTo((s.radius * (1.00001 ** s.beta - 0.99999 ** s.beta)) / 2e-5, 9);
    }
  });
});

describe("A6 confined", () => {
  test.each([
    [2, 1, 1.442249570307, 0.520020955763, 0.4160167646104, 0.6240251469156],
    [3, 1, 1.050075135809, 0.6062611623285, 0.2756644477109, 0.2756644477109],
    [2, 2, 1.263237555492, 0.3989422804014, 0.5319230405352, 0.5319230405352],
    [3, 2, 0.9386434874274, 0.5419260701393, 0.3524206385959, 0.264315478947],
  ])("m=%d d=%d steady state", (m, d, R, peak, M2, F) => {
    const s = confinedSteady(m, d);
    expect(s.radius).toBeCloseTo(R, 12);
    expect(s.peak).toBeCloseTo(peak, 12);
    expect(s.secondMoment).toBeCloseTo(M2, 12);
    expect(s.energy).toBeCloseTo(F, 12);
  });
  test("transient lam0 = 0.5, t = 0.3", () => {
    const a = confinedFamily(2, 1, 0.5, 0.3);
    expect(a.lam).toBeCloseTo(0.8636779330363, 13);
    expect(a.radius).toBeCloseTo(1.245639127806, 12);
    expect(a.peak).toBeCloseTo(0.6021005468263, 13);
    expect(a.w2).toBeCloseTo(0.08792686290405, 14);
    expect(a.excess).toBeCloseTo(0.0128169742175, 13);
    const b = confinedFamily(2, 2, 0.5, 0.3);
    expect(b.lam).toBeCloseTo(0.9203970349997, 13);
    expect(b.radius).toBeCloseTo(1.162680100575, 12);
    expect(b.excess).toBeCloseTo(0.007336837954858, 14);
  });
  test("change of variables: the profile's time gives the same radii, and beta is its fixed point", () => {
    const s = confinedSteady(2, 1);
    const t0 = s.time * 0.5 ** (1 / s.beta);
    const R = barenblattShape(2, 1).radius * profileTime(s.beta, 1, 1, t0, 0.3) ** s.beta;
    expect(R).toBeCloseTo(1.245639127806, 12);
    expect(profileTime(s.beta, 1, 1, s.beta, 7)).toBeCloseTo(s.beta, 14);
  });
});
