/** What every family of exact solutions must satisfy: it claims its own problems only, starts where they start, and its energy falls. */
import { describe, expect, test } from "vitest";
import type { Problem } from "../../src/contract.ts";
import type { ExactFinder, Unit } from "../../src/define.ts";
import { findExact } from "../../src/known.ts";
import { distance, momentDistance } from "../../src/measure/distance.ts";
import { storeParticles, storeQuantiles } from "../../src/measure/store.ts";
import { makeBox } from "../../src/space/box.ts";
import { registry } from "../../src/spec/registry.gen.ts";
import { resolveSpec } from "../../src/spec/resolve.ts";
import { moving, zoo } from "./zoo.ts";

const line = { kind: "free", dimension: 1 };
const box = { kind: "box", lower: [-6], upper: [6], cells: [60], "stands-for": "whole-space" };
const cells = { kind: "finite-volume", step: 0.01 };
const well = { kind: "quadratic", matrix: 1 };
const gauss = { kind: "gaussian", mean: [0.5], deviation: [0.6] };
const goal = { kind: "gaussian", mean: [-0.5], deviation: [0.3], count: 40 };
/** One problem for each family, by the kind that must claim it. */
const own: Record<string, Record<string, unknown>> = {
  "ornstein-uhlenbeck": { space: box, energy: ["entropy", well], initial: gauss, scheme: cells },
  "mckean-vlasov": { space: box, energy: ["entropy", { kind: "interaction", kernel: { kind: "power", p: 2 } }], initial: gauss, scheme: cells },
  heat: { space: box, energy: ["entropy"], initial: { kind: "uniform", lower: [-1], upper: [1] }, scheme: cells },
  "porous-medium": { space: box, energy: [{ kind: "power", m: 2 }], initial: { kind: "barenblatt", m: 2, time: 1 }, scheme: cells },
  "confined-porous-medium": { space: box, energy: [{ kind: "power", m: 2 }, well], initial: { kind: "barenblatt", m: 2, time: 0.1 }, scheme: cells },
  "fisher-rao": { space: box, energy: ["entropy", well], geometry: "fisher-rao", initial: gauss, scheme: cells },
  "fokker-planck-spectral": {
    space: { ...box, lower: [-4], upper: [4] },
    energy: ["entropy", { kind: "double-well" }],
    initial: { ...gauss, deviation: [0.3] },
    scheme: cells,
  },
  displacement: { space: line, energy: [{ kind: "wasserstein", to: goal }], initial: { ...gauss, count: 50 }, scheme: { kind: "particles", step: 0.01 } },
  "energy-distance-line": { space: line, energy: [{ kind: "mmd", to: goal }], initial: { ...gauss, count: 50 }, scheme: { kind: "particles", step: 0.01 } },
  translation: { space: line, energy: [well], initial: { ...gauss, count: 50 }, scheme: { kind: "particles", step: 0.01 } },
  aggregation: {
    space: line,
    energy: [{ kind: "interaction", kernel: { kind: "power-log" } }],
    initial: { kind: "semicircle", radius: 3, count: 50 },
    scheme: { kind: "particles", step: 0.01 },
  },
};

const units = (await Promise.all(Object.values(registry.exact).map((load) => load()))) as Unit<"exact">[];
const finders = units.map((unit) => ({
  kind: unit.kind,
  of: (p: Problem) => (unit.build as (v: object, c: object) => ExactFinder)({}, { dim: p.space.dim, space: p.space })(p),
}));
const claims = (p: Problem): string[] => finders.filter((f) => f.of(p) !== null).map((f) => f.kind);

const specimens = [
  ...(await Promise.all(
    Object.entries(own).map(async ([kind, spec]) => ({
      name: `the problem of ${kind}`,
      problem: (await resolveSpec({ until: 1, ...spec } as never)).problem,
      kind,
    })),
  )),
  ...(await zoo()).map((s) => ({ ...s, kind: undefined })),
];

test("a start far above Gibbs' measure in its tails is left alone by the spectral reference, which would lose its digits", async () => {
  const spec = { until: 1, space: line, energy: ["entropy", { kind: "double-well" }], scheme: { kind: "jko", proximal: "quantile", step: 0.1 } };
  const of = async (deviation: number) =>
    (await findExact((await resolveSpec({ ...spec, initial: { kind: "gaussian", deviation: [deviation] } })).problem))?.label;
  expect([await of(0.3), await of(0.5)]).toEqual(["fokker-planck-spectral", undefined]);
});
test("there is a problem for every family but those added since", () => {
  expect(Object.keys(own).filter((kind) => !units.some((unit) => unit.kind === kind))).toEqual([]);
});

describe.each(specimens)("$name", ({ problem, kind }) => {
  test("at most one family claims it, and its own does", () => {
    const claimed = claims(problem);
    if (kind) expect(claimed).toEqual([kind]);
    else expect(claimed.length).toBeLessThanOrEqual(1);
  });
  test("families that are not loaded for it would not have claimed it", async () => {
    expect((await findExact(problem))?.label ?? null).toBe(finders.map((f) => f.of(problem)).find((flow) => flow !== null)?.label ?? null);
  });
  test("another kind of problem is claimed by none: with a drift, a moving potential, a periodic axis, a smoothed geometry", () => {
    const d = problem.space.dim;
    const all = <T>(v: T): T[] => Array.from({ length: d }, () => v);
    const ring = makeBox({ lower: all(-4), upper: all(4), cells: all(8), periodic: all(true) });
    const smoothing = { tex: "", finite: true, sum: () => {}, dx: () => {} };
    expect(claims({ ...problem, drift: [{ label: "wind", tex: "" }] })).toEqual([]);
    expect(claims({ ...problem, parts: [...problem.parts, moving] })).toEqual([]);
    expect(claims({ ...problem, space: ring })).toEqual([]);
    expect(claims({ ...problem, geometry: { ...problem.geometry, smoothing } })).toEqual([]);
  });
  test("the law found starts as the initial law, at whatever time that is, and its energy falls", () => {
    for (const start of [0, 2.5]) {
      const p = { ...problem, start };
      for (const finder of finders) {
        const flow = finder.of(p);
        if (!flow) continue;
        const law = flow.law(start);
        expect(law.mass).toBeCloseTo(p.initial.mass, 13);
        if (law.points && !p.initial.points) {
          // exact for the particles as they are stored, in any order
          const [x, weight] = [new Float64Array(law.points.x.length), new Float64Array(law.points.n)];
          storeParticles(p.initial, law.points.n, p.seed, x, weight);
          expect([...law.points.x].sort((a, b) => a - b)).toEqual([...x].sort((a, b) => a - b));
        } else if (p.space.dim > 1) {
          const gap = momentDistance(law, p.initial);
          expect(Math.max(gap.mean, gap.cov)).toBeLessThan(1e-12);
        } else {
          const level = Float64Array.from({ length: 41 }, (_, i) => i / 40);
          const x = new Float64Array(41);
          storeQuantiles(p.initial, level, x);
          const stored = { rep: "quantiles" as const, space: p.space, x, level, mass: p.initial.mass };
          const y = new Float64Array(41);
          storeQuantiles(law, level, y);
          expect(distance({ ...stored, x: y }, stored).value).toBeLessThan(1e-9);
        }
        if (!flow.energy || p.geometry.reaction) continue;
        let last = flow.energy(start);
        for (const t of [0.1, 0.5, 2]) {
          const now = flow.energy(start + t);
          expect(now).toBeLessThanOrEqual(last + 1e-10 * (1 + Math.abs(last)));
          last = now;
        }
      }
    }
  });
});
