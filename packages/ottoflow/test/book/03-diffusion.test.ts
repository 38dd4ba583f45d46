import type { As, Measure } from "../../src/contract.ts";
import { openFunctional, total } from "../../src/energy/total.ts";
import { barenblattDistance } from "../../src/exact/porous-medium.ts";
import type { Run } from "../../src/flow.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { barenblattShape } from "../../src/measure/barenblatt.ts";
import { distanceOnLine } from "../../src/measure/distance.ts";
import { covOf } from "../../src/measure/rows.ts";
import { card, once, ownFlow, testChapter } from "./claim.ts";

const last = (run: Run): Measure => run.frames.at(-1)!.measure;
const rhoOf = (m: Measure): ArrayLike<number> => (m as As<"cells">).rho;
const placeOf = (m: Measure, x: number): number => {
  const { lower, h } = m.space.grid!;
  return Math.floor((x - lower[0]!) / h[0]!);
};
const heat = once(() => card("heat-gaussian"));
const barenblatt = once(() => card("porous-medium-1d"));
const square = [{ kind: "power", m: 2 }];
const exponents = (energy: readonly unknown[], time: string): Promise<Run> => card("diffusion-exponents", { set: { energy, until: 0.1, "scheme.time": time } });
const wet = (m: Measure): number => Array.from(rhoOf(m)).filter((r) => r > 0).length;

const fast = once(() =>
  ownFlow({
    energy: [{ kind: "power", m: 0.5 }],
    space: { kind: "box", lower: [-120], upper: [120], cells: [2400] },
    initial: { kind: "uniform", shape: "box", lower: [-0.5], upper: [0.5] },
    scheme: { kind: "finite-volume", time: "implicit", step: 0.005 },
    until: 1,
  }),
);
const one = { kind: "uniform", shape: "box", lower: [-2], upper: [-1] };
const other = {
  kind: "mixture",
  weights: [0.5, 0.5],
  components: [
    { kind: "uniform", shape: "box", lower: [-1], upper: [-0.5] },
    { kind: "uniform", shape: "box", lower: [1], upper: [3] },
  ],
};
/** Share of the distance of two solutions that is left at t = 1.5. */
async function left(energy: readonly unknown[]): Promise<number> {
  const run = (initial: object): Promise<Run> =>
    ownFlow({
      energy,
      space: { kind: "box", lower: [-9], upper: [9], cells: [600] },
      initial,
      scheme: { kind: "finite-volume", time: "implicit", step: 0.005 },
      until: 1.5,
    });
  const [a, b] = [await run(one), await run(other)];
  return distanceOnLine(2, last(a), last(b)).value / distanceOnLine(2, a.frames[0]!.measure, b.frames[0]!.measure).value;
}
const well = once(() => card("double-well-grid", { set: { until: 2 } }));
async function difference(at: number): Promise<number> {
  const { trace } = await well();
  const [entropy, potential] = ["energy:0", "energy:1"].map((start) => trace[Object.keys(trace).find((name) => name.startsWith(start))!]!);
  return potential!.at(at)! - entropy!.at(at)!;
}
const drift = (formula: string): Promise<Run> =>
  ownFlow({
    energy: ["entropy", { kind: "potential", formula }],
    space: { kind: "box", lower: [-2], upper: [2], cells: [320] },
    initial: { kind: "gaussian", mean: [1], deviation: [0.25], cut: 1e-3 },
    scheme: { kind: "finite-volume", time: "sdirk2", step: 0.002 },
    until: 0.5,
  });
const down = once(() => drift("(x^2 - 1)^2"));
const up = once(() => drift("-(x^2 - 1)^2"));
/** Energy of the well, whatever drove the run. */
async function energy(m: Measure): Promise<number> {
  const { problem } = await down();
  return total(openFunctional(problem.parts, problem.space, plainHost()).values(m, 0))!;
}

testChapter("03-diffusion", {
  "heat-variance": async () => covOf(last(await heat()))[0]!,
  "fisher-start": async () => (await heat()).trace.dissipation![0]!,
  "fisher-end": async () => (await heat()).trace.dissipation!.at(-1)!,
  "heat-distance": async () => distanceOnLine(2, (await heat()).frames[0]!.measure, last(await heat())).value,
  "wet-heat": async () => wet(last(await exponents(["entropy"], "explicit"))),
  "wet-two": async () => wet(last(await exponents(square, "explicit"))),
  rounding: async () => ({ atMost: Math.max(...Array.from(rhoOf(last(await exponents(square, "implicit")))).slice(0, 90)) }),
  "front-one": () => barenblattShape(2, 1).radius,
  "front-two": () => barenblattShape(2, 1).radius * 2 ** (1 / 3),
  "front-computed": async () => {
    const m = last(await barenblatt());
    const rho = Array.from(rhoOf(m));
    const peak = Math.max(...rho);
    const { lower, h } = m.space.grid!;
    return { near: lower[0]! + (rho.findLastIndex((r) => r > 1e-3 * peak) + 1) * h[0]!, error: h[0]! };
  },
  "barenblatt-distance": () => barenblattDistance(2, 1, 1, 2),
  "barenblatt-computed": async () => distanceOnLine(2, (await barenblatt()).frames[0]!.measure, last(await barenblatt())).value,
  "tail-slope": async () => {
    const m = last(await fast());
    const rho = rhoOf(m);
    return Math.log(rho[placeOf(m, 24.05)]! / rho[placeOf(m, 12.05)]!) / Math.log(24.05 / 12.05);
  },
  "heat-contracts": async () => 100 * (1 - (await left(["entropy"]))),
  "porous-contracts": async () => 100 * (1 - (await left([{ kind: "power", m: 2 }]))),
  "well-contracts": () => left(["entropy", { kind: "quadratic", matrix: 1 }]),
  "well-rate": () => Math.exp(-1.5),
  "minus-start": () => difference(0),
  "minus-end": () => difference(-1),
  "drift-start": async () => energy((await down()).frames[0]!.measure),
  "drift-up": async () => energy(last(await up())),
  "drift-down": async () => energy(last(await down())),
});
