import type { As } from "../../src/contract.ts";
import { openFunctional } from "../../src/energy/total.ts";
import { discRadius } from "../../src/exact/aggregation.ts";
import { desaiZwanzigCritical, desaiZwanzigMagnetisation, meanFieldMoments, meanFieldParticles } from "../../src/exact/mckean-vlasov.ts";
import type { Run } from "../../src/flow.ts";
import { plainHost } from "../../src/kernels/host.ts";
import { distanceOnLine } from "../../src/measure/distance.ts";
import { card, once, ownFlow, testChapter } from "./claim.ts";
import { meanOf, sizeOf } from "./measure.ts";

const end = (run: Run) => run.frames.at(-1)!.measure;
const cloudOf = (run: Run): As<"particles"> => end(run) as As<"particles">;
const line = { kind: "free", dimension: 1 };
const power = (p: number, weight?: number): unknown => ({ kind: "interaction", kernel: { kind: "power", p }, ...(weight && { weight }) });

/** When ten particles have halved their distances, if the energy is divided by their number: the gradient of F(x_1 … x_N) itself. */
async function halving(): Promise<number> {
  const run = await ownFlow({
    energy: [power(2, 0.1)],
    space: line,
    initial: { kind: "gaussian", count: 10 },
    scheme: { kind: "particles", step: 0.01 },
    until: 8,
    observe: { frames: { steps: 1 } },
  });
  const size = run.frames.map((f) => sizeOf(f.measure));
  const k = size.findIndex((s) => s <= size[0]! / 2);
  const share = (size[k - 1]! - size[0]! / 2) / (size[k - 1]! - size[k]!);
  return run.frames[k - 1]!.t + share * (run.frames[k]!.t - run.frames[k - 1]!.t);
}
/** Largest difference between the engine's velocity and -N dF/dx_i by differences, over the largest velocity. */
async function factorN(): Promise<number> {
  const run = await ownFlow({
    energy: [{ kind: "interaction", kernel: { kind: "attraction-repulsion", a: 4, b: 2 } }],
    space: { kind: "free", dimension: 2 },
    initial: { kind: "gaussian", mean: [0, 0], count: 12 },
    scheme: { kind: "particles", step: 0.01 },
    until: 0.01,
  });
  const m = cloudOf(run);
  const functional = openFunctional(run.problem.parts, run.problem.space, plainHost());
  const slope = new Float64Array(m.x.length);
  functional.slope(m, 0, slope);
  const delta = 1e-4;
  const moved = (e: number, by: number): number => functional.values({ ...m, x: Float64Array.from(m.x, (v, i) => (i === e ? v + by : v)) }, 0)[0]!;
  const differences = Array.from(m.x.keys(), (e) => (m.n * (moved(e, delta) - moved(e, -delta))) / (2 * delta));
  const largest = Math.max(...slope.map(Math.abs));
  return Math.max(...differences.map((v, e) => Math.abs(v - slope[e]!))) / largest;
}

const attracted = (mean: number, deviation: number): Promise<Run> =>
  ownFlow({
    energy: [power(2)],
    space: line,
    initial: { kind: "gaussian", mean: [mean], deviation: [deviation], count: 400, placement: "low-discrepancy" },
    scheme: { kind: "particles", step: 0.05 },
    until: 3,
  });
async function contracted(other: Promise<Run>): Promise<number> {
  const [a, b] = [await attracted(0, 0.5), await other];
  const between = (k: number): number => distanceOnLine(2, a.frames.at(k)!.measure, b.frames.at(k)!.measure).value;
  return between(-1) / between(0);
}
/** First time at which two atoms are within a hundredth. */
async function meeting(p: number): Promise<number> {
  const run = await ownFlow({
    energy: [power(p)],
    space: line,
    initial: { kind: "points", points: [[-1], [1]] },
    scheme: { kind: "particles", step: 0.001 },
    until: 3,
    observe: { frames: { steps: 1 } },
  });
  // the square root of the distance for p = 3/2, and the distance for p = 1, fall along straight lines, which is carried on to zero
  const [a, b] = [1, 1.5].map((t) => ({ t, z: (2 * sizeOf(run.frames.find((f) => f.t >= t - 1e-9)!.measure)) ** (2 - p) }));
  const straight = a!.t + (a!.z * (b!.t - a!.t)) / (a!.z - b!.z);
  const together = run.frames.find((f) => sizeOf(f.measure) < 0.005)!.t;
  if (!(together > straight - 0.25 && together <= straight + 0.01))
    throw new Error(`the atoms are together at ${together}, the line meets zero at ${straight}`);
  return straight;
}
async function spanOf(distance: number): Promise<number> {
  const N = 40;
  const run = await ownFlow({
    energy: [{ kind: "interaction", kernel: "energy-distance" }],
    space: line,
    initial: { kind: "points", points: Array.from({ length: N }, (_, i) => [distance * (i - (N - 1) / 2)]) },
    scheme: { kind: "particles", step: 0.01 },
    until: 1,
  });
  const { x } = cloudOf(run);
  return Math.max(...x) - Math.min(...x);
}
const five = once(async () => {
  const run = await card("aggregation-semicircle", { set: { "initial.count": 5, until: 12 } });
  return Array.from(cloudOf(run).x).sort((a, b) => b - a);
});
async function discOf(): Promise<number> {
  const run = await ownFlow({
    energy: [{ kind: "interaction", kernel: "power-log" }],
    space: { kind: "free", dimension: 2 },
    initial: { kind: "uniform", shape: "ball", centre: [0, 0], radius: 2, count: 400, placement: "low-discrepancy" },
    scheme: { kind: "particles", time: "adaptive", step: 0.001, tolerance: 1e-6 },
    until: 0.5,
  });
  return Math.SQRT2 * sizeOf(end(run));
}

const problem = { a: 0, kap: 1, eps: 1, m0: 1, v0: 4 };
/** Variance of one of ten particles over 300 runs, with twice its standard error. */
async function oneOfTen(): Promise<{ near: number; error: number }> {
  const of: number[] = [];
  for (let seed = 1; seed <= 300; seed++) {
    const run = await ownFlow({
      energy: ["entropy", power(2)],
      space: line,
      initial: { kind: "gaussian", mean: [1], deviation: [2], count: 10 },
      scheme: { kind: "langevin", step: 0.01 },
      until: 0.5,
      seed,
    });
    of.push(Array.from(cloudOf(run).x).reduce((s, v) => s + (v - 1) ** 2, 0) / 10);
  }
  const mean = of.reduce((s, v) => s + v, 0) / of.length;
  const error = 2 * Math.sqrt(of.reduce((s, v) => s + (v - mean) ** 2, 0) / of.length / of.length);
  const exact = meanFieldParticles(problem, 10, 0.5).variance;
  if (Math.abs(mean - exact) > 2 * error) throw new Error(`${mean} is further than four standard errors from ${exact}`);
  return { near: mean, error: 0 };
}
const magnetised = (temperature: number): Promise<number> =>
  card("phase-transition", { set: { "energy.0.temperature": temperature, until: 60 } }).then((run) => meanOf(end(run)));

testChapter("05-interaction", {
  "size-attraction": async () => sizeOf(end(await card("interaction-signs", { variant: "attraction" }))),
  "size-repulsion": async () => sizeOf(end(await card("interaction-signs", { variant: "repulsion" }))),
  "size-balance": async () => sizeOf(end(await card("interaction-signs", { variant: "balance" }))),
  "wrong-clock": halving,
  "factor-n": async () => ({ atMost: await factorN() }),
  "same-centre": () => contracted(attracted(0, 1.5)),
  "other-centre": () => contracted(attracted(1, 0.5)),
  "meet-1": () => meeting(1),
  "meet-15": () => meeting(1.5),
  fan: async () => {
    if ((await spanOf(0)) !== 0) throw new Error("coinciding particles have parted");
    return spanOf(1e-6);
  },
  "hermite-1": async () => (await five())[0]!,
  "hermite-2": async () => (await five())[1]!,
  "disc-exact": () => discRadius(2, 0.5),
  "disc-particles": discOf,
  "mean-field-variance": () => meanFieldMoments(problem, 0.5).variance,
  "ten-variance": () => meanFieldParticles(problem, 10, 0.5).variance,
  "ten-seen": oneOfTen,
  critical: () => desaiZwanzigCritical(1),
  magnetisation: () => desaiZwanzigMagnetisation(1, 0.3),
  magnetised: () => magnetised(0.3),
  symmetric: () => magnetised(0.6),
});
