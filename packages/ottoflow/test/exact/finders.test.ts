import { describe, expect, test } from "vitest";
import type { ExactFlow, Field, Geometry, Kernel, Law, Local, Part, Problem, Rows, Space } from "../../src/contract.ts";
import type { ExactFinder, Unit } from "../../src/define.ts";
import { aggregation } from "../../src/exact/aggregation.ts";
import { confinedPorousMedium } from "../../src/exact/confined-porous-medium.ts";
import { fisherRao } from "../../src/exact/fisher-rao.ts";
import { fokkerPlanckSpectral } from "../../src/exact/fokker-planck-spectral.ts";
import { heat } from "../../src/exact/heat.ts";
import { mckeanVlasov } from "../../src/exact/mckean-vlasov.ts";
import { ornsteinUhlenbeck } from "../../src/exact/ornstein-uhlenbeck.ts";
import { porousMedium } from "../../src/exact/porous-medium.ts";
import { translation } from "../../src/exact/translation.ts";
import { barenblattLaw } from "../../src/measure/barenblatt.ts";
import { distanceOnLine } from "../../src/measure/distance.ts";
import { gaussianLaw } from "../../src/measure/gaussian.ts";
import { mixtureLaw } from "../../src/measure/mixture.ts";
import { pointsLaw } from "../../src/measure/points.ts";
import { semicircleLaw } from "../../src/measure/semicircle.ts";
import { storeCells } from "../../src/measure/store.ts";
import { uniformBall, uniformBox } from "../../src/measure/uniform.ts";
import { makeBox } from "../../src/space/box.ts";
import { makeFree } from "../../src/space/euclidean.ts";

// parts made of facts only: the finders may look at nothing else
const never = (): never => {
  throw new Error("finders match facts, they do not evaluate");
};
const noise = (eps: number): Local => ({ form: "local", label: "a", tex: "", U: never, dU: never, d2U: never, noise: eps });
const power = (m: number, factor = 1): Local => ({ form: "local", label: "b", tex: "", U: never, dU: never, d2U: never, power: { m, factor } });
const trap = (A: number[], b: number[], c = 0): Field => ({ form: "field", label: "c", tex: "", value: never, gradient: never, quadratic: { A, b, c } });
const attract = (kappa: number): Part => ({
  form: "pair",
  label: "d",
  tex: "",
  W: { tex: "", sum: never, dx: never, finite: true, quadratic: kappa } as Kernel,
});
const wasserstein: Geometry = { label: "w", tex: "", transport: { linear: true, mobility: never }, promises: [] };
const rows = (f: (x: number) => number) => (n: number, x: Rows, _t: number, out: Rows) => {
  for (let i = 0; i < n; i++) out[i] = f(x[i]!);
};
const well: Field = {
  form: "field",
  label: "e",
  tex: "",
  value: rows((x) => (x * x - 1) ** 2),
  gradient: rows((x) => 4 * x ** 3 - 4 * x),
  hessian: rows((x) => 12 * x * x - 4),
};

function problem(parts: Part[], initial: Law, more: Partial<Problem> = {}): Problem {
  return { space: makeFree(initial.dim), parts, geometry: wasserstein, drift: [], initial, seed: 1, start: 0, ...more };
}
const all: Unit<"exact">[] = [
  aggregation,
  confinedPorousMedium,
  fisherRao,
  fokkerPlanckSpectral,
  heat,
  mckeanVlasov,
  ornsteinUhlenbeck,
  porousMedium,
  translation,
];
function find(p: Problem): { kind: string; flow: ExactFlow } | null {
  const hits = all.map((unit) => ({ kind: unit.kind, flow: (unit.build as (v: object, c: object) => ExactFinder)({}, {})(p) })).filter((h) => h.flow !== null);
  expect(hits.length).toBeLessThanOrEqual(1);
  return hits.length === 1 ? (hits[0] as { kind: string; flow: ExactFlow }) : null;
}
const g = (law: Law): number[] => [...law.gaussian!.mean, ...law.gaussian!.cov];

describe("families are found by facts, one each", () => {
  test("A2.1 through the finder, with a start time and temperature", () => {
    const hit = find(problem([noise(1), trap([1], [0])], gaussianLaw([2], [0.25]), { start: 3 }))!;
    expect(hit.kind).toBe("ornstein-uhlenbeck");
    expect(g(hit.flow.law(4))[0]).toBeCloseTo(0.73575888234288, 14);
    expect(g(hit.flow.law(4))[1]).toBeCloseTo(0.89849853757254, 14);
    // F = KL - log Z
    expect(hit.flow.energy!(4) + 0.5 * Math.log(2 * Math.PI)).toBeCloseTo(0.27343493545548, 13);
  });
  test("two potentials add up; temperature scales the spread", () => {
    const hit = find(problem([noise(0.25), noise(0.25), trap([1], [1]), trap([3], [-1])], gaussianLaw([0], [1])))!;
    const [m, v] = g(hit.flow.law(50));
    expect(m).toBeCloseTo(-0.5, 13);
    expect(v).toBeCloseTo(0.5 / 4, 13);
  });
  test("mixtures and atoms under the heat equation; boxes by error functions", () => {
    const mix = find(problem([noise(1)], mixtureLaw([gaussianLaw([-1], [0.1]), gaussianLaw([1], [0.1])])))!;
    const dirac = find(problem([noise(1)], pointsLaw(1, 2, Float64Array.of(-1, 1))))!;
    // the mixture started 0.05 after the atoms
    expect(distanceOnLine(2, mix.flow.law(0.05), dirac.flow.law(0.1)).value).toBeLessThan(1e-7);
    const box = find(problem([noise(2)], uniformBox([-1], [1])))!;
    expect(box.kind).toBe("heat");
    const out = new Float64Array(1);
    box.flow.law(0.05).density!(1, Float64Array.of(1.5), out);
    expect(out[0]).toBeCloseTo(0.065888113649556, 14);
  });
  test("A7.1 mean field; mass multiplies the attraction", () => {
    const hit = find(problem([noise(1), attract(1)], gaussianLaw([1], [4])))!;
    expect([hit.kind, g(hit.flow.law(0.5))[0]]).toEqual(["mckean-vlasov", 1]);
    expect(g(hit.flow.law(0.5))[1]).toBeCloseTo(2.103638323514, 12);
    const heavy = find(problem([noise(1), attract(0.5)], gaussianLaw([1], [4], { mass: 2 })))!;
    expect(g(heavy.flow.law(0.5))[1]).toBeCloseTo(2.103638323514, 12);
  });
  test("A4 and A6: profiles, with a factor that speeds time up", () => {
    const free = find(problem([power(2, 4)], barenblattLaw(2, 1, [0.3])))!;
    expect([free.kind, free.flow.law(0.25).barenblatt!.time]).toEqual(["porous-medium", 2]);
    const beta = 1 / 3;
    const trapped = find(problem([power(2), trap([1], [0])], barenblattLaw(2, beta * 0.5 ** 3, [0])))!;
    expect(trapped.kind).toBe("confined-porous-medium");
    const R = 2.080083823052 * trapped.flow.law(0.3).barenblatt!.time ** beta;
    expect(R).toBeCloseTo(1.245639127806, 11);
    expect(trapped.flow.energy!(0.3) - 0.6240251469156).toBeCloseTo(0.0128169742175, 12);
    expect(find(problem([power(3)], barenblattLaw(2, 1, [0])))).toBeNull();
  });
  test("A7.3 no temperature: any law is carried affinely", () => {
    const hit = find(problem([attract(1)], pointsLaw(1, 3, Float64Array.of(0, 1, 5))))!;
    expect(hit.kind).toBe("translation");
    const x = hit.flow.law(Math.LN2).points!.x;
    expect([x[0], x[1], x[2]].map((v) => Math.round(v! * 1e12) / 1e12)).toEqual([1, 1.5, 3.5]);
    const box = find(problem([trap([1, 0, 0, 2], [1, 0])], uniformBox([0, 0], [1, 1])))!;
    const mass = new Float64Array(1);
    // [0, 1]^2 shrinks to [1 - e^-t, 1] x [0, e^-2t]
    box.flow.law(1).boxMass!(1, Float64Array.of(1 - Math.exp(-1), 0), Float64Array.of(1 - Math.exp(-1) / 2, Math.exp(-2)), mass);
    expect(mass[0]).toBeCloseTo(0.5, 13);
  });
  test("A8.3, A8.5: semicircles and discs; A8.4: any law under x^2/2 - |x|", () => {
    const kernel = (facts: Partial<Kernel>): Part => ({
      form: "pair",
      label: "d",
      tex: "",
      W: { tex: "", sum: never, dx: never, finite: true, ...facts } as Kernel,
    });
    const gas = kernel({ logGas: { attraction: 1, repulsion: 1 } });
    const arc = find(problem([gas], semicircleLaw(3)))!;
    expect([arc.kind, arc.flow.law(0.4).semicircle!.radius]).toEqual(["aggregation", expect.closeTo(2.2683259794, 10)]);
    const disc = find(problem([gas], uniformBall([1, 0], 2)))!;
    expect(disc.flow.law(0.5).ball!.radius).toBeCloseTo(1.450392472234, 12);
    // half the kernel and a trap of one half that pulls to 0: the same radius, a moving centre
    const trapped = find(problem([kernel({ logGas: { attraction: 0.5, repulsion: 1 } }), trap([0.5, 0, 0, 0.5], [0, 0])], uniformBall([1, 0], 2)))!;
    expect(trapped.flow.law(0.5).ball!.radius).toBeCloseTo(1.450392472234, 12);
    expect(trapped.flow.law(0.5).ball!.centre[0]).toBeCloseTo(Math.exp(-0.25), 14);
    const W = kernel({ parabola: { constant: 0, linear: -1, square: 0.5 } });
    const any = find(problem([W], gaussianLaw([0], [4])))!;
    expect(distanceOnLine(2, any.flow.law(1), uniformBox([-1], [1])).value).toBeCloseTo(
      Math.exp(-1) * distanceOnLine(2, gaussianLaw([0], [4]), uniformBox([-1], [1])).value,
      10,
    );
    expect(find(problem([W], pointsLaw(1, 2, Float64Array.of(-1, 1))))).toBeNull();
    expect(find(problem([kernel({ parabola: { constant: 0, linear: 1, square: 0 } })], gaussianLaw([0], [4])))).toBeNull();
  });
  test("A16.1, A16.3 reactions", () => {
    const reaction = { rate: 1, keepsMass: true };
    const fr = find(problem([noise(1), trap([1], [0])], gaussianLaw([2], [0.25]), { geometry: { label: "", tex: "", reaction, promises: [] } }))!;
    expect(g(fr.flow.law(0.5))[1]).toBeCloseTo(0.3546612443924, 13);
    const wfr = find(problem([noise(1), trap([1], [0])], gaussianLaw([2], [0.25]), { geometry: { ...wasserstein, reaction } }))!;
    expect(g(wfr.flow.law(0.5))[1]).toBeCloseTo(0.7923166464942, 13);
    expect(
      find(problem([noise(1), trap([1], [0])], gaussianLaw([2], [0.25]), { geometry: { ...wasserstein, reaction: { rate: 1, keepsMass: false } } })),
    ).toBeNull();
  });
  test("A3.3 the spectral reference on a box; its cells carry the moments", () => {
    const space: Space = makeBox({ lower: [-3], upper: [3], cells: [600] });
    const hit = find(problem([noise(1), well], gaussianLaw([-1], [0.04]), { space }))!;
    expect(hit.kind).toBe("fokker-planck-spectral");
    const law = hit.flow.law(0.5);
    expect(law.moments!.mean[0]).toBeCloseTo(-0.68434700406, 10);
    const rho = new Float64Array(600);
    storeCells(law, space, rho);
    const mean = rho.reduce((s, r, i) => s + r * 0.01 * space.cells!.centre[i]!, 0);
    expect(mean).toBeCloseTo(-0.68434700406, 10);
    expect(hit.flow.energy!(0.5)).toBeCloseTo(0.33821271247 - 0.67992624289379, 10);
  });
  test("linear potentials shift: porous medium and points under V = -x + 3", () => {
    const slope = (A: number[], b: number[]): Field => ({
      form: "field",
      label: "f",
      tex: "",
      value: never,
      gradient: never,
      secondDegree: { A, slope: b, c: 3 },
    });
    const hit = find(problem([slope([0], [-1])], gaussianLaw([-1], [0.09])))!;
    expect([hit.kind, ...g(hit.flow.law(2))]).toEqual(["translation", 1, 0.09]);
    expect(hit.flow.energy!(2)).toBeCloseTo(2, 14);
    // quadratic in x, linear in y
    const both = find(problem([noise(1), slope([1, 0, 0, 0], [0, 2])], gaussianLaw([2, 0], [0.25, 0, 0, 0.25])))!;
    const [mx, my, vx, , , vy] = g(both.flow.law(1));
    expect([mx, my]).toEqual([expect.closeTo(0.73575888234288, 13), expect.closeTo(-2, 13)]);
    expect([vx, vy]).toEqual([expect.closeTo(0.89849853757254, 13), expect.closeTo(2.25, 13)]);
    // a trap off centre with an offset: rest energy is F_inf + V(b)
    const rest = find(problem([power(2), slope([1], [-2])], barenblattLaw(2, 1 / 3, [2])))!;
    expect(rest.flow.energy!(5)).toBeCloseTo(0.6240251469156 + 3 - 2, 11);
    // off the centre the profile keeps its shape and moves with the mean
    const off = find(problem([power(2), slope([1], [-2])], barenblattLaw(2, 1 / 3, [3])))!;
    expect(off.flow.law(1).barenblatt!.centre[0]).toBeCloseTo(2 + Math.exp(-1), 14);
    expect(off.flow.energy!(1) - rest.flow.energy!(1)).toBeCloseTo(Math.exp(-2) / 2, 13);
    const shifted = find(problem([power(2), slope([0], [1])], barenblattLaw(2, 1, [0])))!;
    expect(shifted.flow.law(1).barenblatt).toEqual({ m: 2, time: 2, centre: [-1] });
  });
  test("what does not fit is not claimed", () => {
    const start = gaussianLaw([0], [1]);
    expect(find(problem([noise(1), { ...trap([1], [0]), moving: true }], start))).toBeNull();
    expect(find(problem([{ ...noise(1), cap: 1 }], start))).toBeNull();
    expect(find(problem([noise(1)], start, { geometry: { ...wasserstein, smoothing: {} as Kernel } }))).toBeNull();
    expect(find(problem([noise(1)], start, { drift: [{ label: "", tex: "" }] }))).toBeNull();
    expect(find(problem([noise(1)], start, { space: makeBox({ lower: [0], upper: [1], cells: [4], periodic: [true] }) }))).toBeNull();
    // the wall cuts the Gibbs measure: the line's solution is not the box's
    expect(find(problem([noise(1), well], start, { space: makeBox({ lower: [-1.5], upper: [1.5], cells: [10] }) }))).toBeNull();
  });
});
