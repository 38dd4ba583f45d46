import { readFileSync } from "node:fs";
import type { As, Measure } from "../../src/contract.ts";
import { powerPart } from "../../src/energy/power.ts";
import { openFunctional } from "../../src/energy/total.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { gaussianLaw } from "../../src/measure/gaussian.ts";
import { piecesOf } from "../../src/measure/line.ts";
import { storeCells } from "../../src/measure/store.ts";
import { runPath } from "../../src/run-path.ts";
import { solve } from "../../src/solve.ts";
import { makeBox } from "../../src/space/box.ts";
import { makeFree } from "../../src/space/euclidean.ts";
import { resolvePath } from "../../src/spec/path.ts";
import { powerCost } from "../../src/transport/cost.ts";
import { energyAlong, reverseKlCounterExample } from "../../src/transport/dynamic/along.ts";
import { alongGaussians } from "../../src/transport/dynamic/displacement.ts";
import { fisherRaoGeodesic } from "../../src/transport/dynamic/fisher-rao-geodesic.ts";
import { cloud } from "../../src/transport/problem.ts";
import { linePotentials } from "../../src/transport/quantile-potentials.ts";
import { transportGaussians } from "../../src/transport/static/bures.ts";
import { once, path, testChapter } from "./claim.ts";
import { frameAt, meanOf, varianceOf } from "./measure.ts";

const bumps = "paths/vertical-against-horizontal";
const displaced = once(() => path(bumps, { set: { frames: 41 } }));
const mixed = once(() => path(bumps, { variant: "linear-mixing", set: { frames: 41 } }));
const ends = once(() => path(bumps));
/** Second difference in the middle of the path, over a step of a quarter. */
async function second(energy: (m: Measure) => number): Promise<number> {
  const of = async (t: number): Promise<number> => energy(frameAt(await displaced(), t).measure);
  return ((await of(0.25)) - 2 * (await of(0.5)) + (await of(0.75))) * 16;
}
const halfSecond = (m: Measure): number => 0.5 * (varianceOf(m) + meanOf(m) ** 2);

const gaussians = once(async () => {
  const { from, to } = (await resolvePath(JSON.parse(readFileSync(new URL("../../../../specs/paths/gaussian-geodesic.json", import.meta.url), "utf8"))))
    .problem;
  return transportGaussians(from.gaussian!.mean, from.gaussian!.cov, to.gaussian!.mean, to.gaussian!.cov);
});
const determinant = async (s: number): Promise<number> => {
  const { cov } = (await gaussians()).at(s);
  return cov[0]! * cov[3]! - cov[1]! * cov[2]!;
};

/** Velocity of the particles and slope of the second potential for |x - y|^2 / 2, both where x = 3 and time is 1. */
async function atTheEnd(): Promise<{ velocity: number; slope: number }> {
  const { frames } = await ends();
  const [a, b] = [frames[0]!.measure, frames.at(-1)!];
  const { g } = linePotentials(piecesOf(a)!, piecesOf(b.measure)!, 2);
  const { centre } = b.measure.space.cells!;
  const i = centre.findIndex((x) => x > 3);
  return { velocity: (b.velocity![i - 1]! + b.velocity![i]!) / 2, slope: (g(3 + 1e-3) - g(3 - 1e-3)) / 4e-3 };
}

/** Largest height of the energy above (or, negative, below) its chord along the geodesic from width 1 to width 4 in the plane, over the difference of the ends. */
function aboveChord(m: number): number {
  const space = makeFree(2);
  const round = (s: number): As<"gaussian"> => ({ rep: "gaussian", space, mean: new Float64Array(2), cov: Float64Array.of(s * s, 0, 0, s * s), mass: 1 });
  const functional = openFunctional([powerPart(m)], space, plainHost());
  const { times, values } = energyAlong((measure) => functional.values(measure, 0)[0]!, alongGaussians(round(1), round(4)), { steps: 240 });
  const [a, b] = [values[0]!, values.at(-1)!];
  const off = Array.from(values, (v, i) => (v - (1 - times[i]!) * a - times[i]! * b) / Math.abs(b - a));
  return off.reduce((s, v) => (Math.abs(v) > Math.abs(s) ? v : s), 0);
}

const deviation = 0.3;
const box = makeBox({ lower: [-3], upper: [7], cells: [1000] });
function bumpAt(mean: number): As<"cells"> {
  const rho = new Float64Array(1000);
  storeCells(gaussianLaw([mean], [deviation * deviation]), box, rho);
  return { rep: "cells", space: box, rho };
}
const l2 = (d: number): number => {
  const [a, b] = [bumpAt(0), bumpAt(d)];
  return Math.sqrt(0.01 * Array.from(a.rho).reduce((s, r, i) => s + (r - b.rho[i]!) ** 2, 0));
};
const split = { from: cloud([[0]]), to: cloud([[0], [1]], { weights: [0.99, 0.01] }) };
const distance = async (p: number): Promise<number> => (await solve({ ...split, cost: powerCost(p) })).value ** (Number.isFinite(p) ? 1 / p : 1);

testChapter("06-geodesics", {
  bumps: async () => Math.sqrt((await displaced()).action),
  "constant-speed": async () => ({ atMost: (await ends()).checks.find((check) => check.kind === "constant-speed")!.value! }),
  "half-way": async () => Math.sqrt(varianceOf(frameAt(await displaced(), 0.5).measure)),
  "half-mixed": async () => Math.sqrt(varianceOf(frameAt(await mixed(), 0.5).measure)),
  "det-start": () => determinant(0),
  "det-half": () => determinant(0.5),
  "det-end": () => determinant(1),
  "gauss-value": async () => (await gaussians()).value,
  "gauss-gap": async () => ({ atMost: Math.abs((await gaussians()).value - (await gaussians()).dual) }),
  "v-end": async () => (await atTheEnd()).velocity,
  "grad-psi": async () => (await atTheEnd()).slope,
  action: async () =>
    (
      await runPath({
        job: "path",
        path: "benamou-brenier",
        space: { kind: "box", lower: [-0.5], upper: [1.5], cells: [128] },
        from: { kind: "gaussian", mean: [0.3], deviation: [0.1] },
        to: { kind: "gaussian", mean: [0.7], deviation: [0.1] },
      })
    ).action,
  // at a looser tolerance than the card's, whose answer is within both gaps
  around: async () => {
    const { action, gap } = await path("paths/benamou-brenier-obstacle", { set: { "path.tolerance": 0.05 } });
    return { near: action, error: gap! };
  },
  corner: () => (2 * Math.hypot(0.25, 0.3) + 0.06) ** 2,
  "potential-second": () => second(halfSecond),
  "interaction-start": async () => varianceOf((await mixed()).frames[0]!.measure) / 2,
  "interaction-top": async () => Math.max(...(await mixed()).frames.map((f) => varianceOf(f.measure) / 2)),
  "interaction-second": () => second((m) => varianceOf(m) / 2),
  "mccann-fast": () => -aboveChord(0.75),
  "mccann-edge": () => ({ atMost: Math.abs(aboveChord(0.5)) }),
  "mccann-below": () => aboveChord(0.3),
  "reverse-kl": () => reverseKlCounterExample()!.modulus,
  "l2-ceiling": () => l2(4),
  "l2-share": () => (100 * l2(2)) / l2(4),
  "fr-share": () => (100 * fisherRaoGeodesic(bumpAt(0), bumpAt(2)).arc) / Math.PI,
  splitting: async () => (await path("paths/splitting-atom")).action,
  "w-1": () => distance(1),
  "w-2": () => distance(2),
  "w-16": () => distance(16),
  "w-infinity": () => distance(Number.POSITIVE_INFINITY),
});
