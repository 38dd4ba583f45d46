import { takeApart } from "../../../lab/src/engine/step.ts";
import type { As, Measure } from "../../src/contract.ts";
import { entropyStep } from "../../src/exact/jko-steps.ts";
import { eulerMaruyamaLaw } from "../../src/exact/langevin-chain.ts";
import type { Run } from "../../src/flow.ts";
import { quantileDistance2 } from "../../src/measure/quantile-distance.ts";
import { covOf } from "../../src/measure/rows.ts";
import { resolveSpec } from "../../src/spec/resolve.ts";
import { card, once, ownFlow, testChapter } from "./claim.ts";

const deviation = (m: Measure): number => Math.sqrt(covOf(m)[0]!);
const entropy = (tau: number, until = 1): (() => Promise<Run>) =>
  once(() => card("jko-entropy-quantiles", { set: { "scheme.step": tau, until, "observe.frames": { steps: 1 } } }));
const taus = [0.1, 0.05, 0.025, 0.0125];
const runs = taus.map((tau) => entropy(tau));
const reached = async (k: number): Promise<number> => deviation((await runs[k]!()).frames.at(-1)!.measure);
const error = async (k: number): Promise<number> => Math.sqrt(3) - (await reached(k));

const apart = once(async () => {
  const { problem } = await resolveSpec({
    energy: ["entropy"],
    space: { kind: "free", dimension: 1 },
    initial: { kind: "gaussian", mean: [0], deviation: [1] },
    scheme: { kind: "jko", proximal: "quantile", step: 0.5 },
    until: 0.5,
  });
  const from: Measure = { rep: "gaussian", space: problem.space, mean: Float64Array.of(0), cov: Float64Array.of(1), mass: 1 };
  return takeApart(problem, from, 0, 0.5, 801);
});
const TAU = 0.5;
const well = (scheme: object, count?: number): Promise<Run> =>
  ownFlow({
    energy: ["entropy", { kind: "quadratic", matrix: 1 }],
    space: { kind: "free", dimension: 1 },
    initial: { kind: "gaussian", mean: [0], deviation: [2], ...(count && { count }) },
    scheme: { ...scheme, step: TAU },
    until: 16 * TAU,
    seed: 2,
  });

testChapter("02-jko", {
  "five-steps": async () => deviation((await entropy(0.2)()).frames.at(-1)!.measure),
  "root-three": () => Math.sqrt(3),
  "uneven-before": async () => (await apart()).iterates[0]!.uneven,
  "uneven-after": async () => ({ atMost: (await apart()).iterates.at(-1)!.uneven }),
  "first-formula": () => entropyStep(1, 0.1),
  "first-computed": async () => deviation((await entropy(0.1, 0.1)()).frames.at(-1)!.measure),
  ...Object.fromEntries(taus.flatMap((_, k) => [[`deviation-${k + 1}`, () => reached(k)] as const, [`error-${k + 1}`, () => error(k)] as const])),
  order: async () => Math.log2((await error(2)) / (await error(3))),
  "posterior-bound": async () => {
    const { frames, trace } = await runs[0]!();
    const tau = taus[0]!;
    let sum = 0;
    for (let k = 1; k < frames.length; k++) {
      const [a, b] = [frames[k - 1]!.measure, frames[k]!.measure] as [As<"quantiles">, As<"quantiles">];
      sum += tau * (trace.energy![k - 1]! - trace.energy![k]!) - quantileDistance2(a, b);
    }
    return Math.sqrt(sum);
  },
  "rest-jko": async () => covOf((await well({ kind: "jko", proximal: { kind: "quantile", levels: 2000 } })).frames.at(-1)!.measure)[0]!,
  // four standard deviations of the variance of as many independent normal numbers
  "rest-langevin": async () => ({
    near: covOf((await well({ kind: "langevin" }, 200_000)).frames.at(-1)!.measure)[0]!,
    error: 4 * (4 / 3) * Math.sqrt(2 / 200_000),
  }),
  "chain-rest": () => {
    const law = eulerMaruyamaLaw(
      (x) => 4 * x * (x * x - 1),
      1,
      0.005,
      (x) => Math.exp(-((x * x - 1) ** 2)) / 1.97373,
      -3,
      3,
      301,
    );
    law.advance(1500);
    return law.mean((x) => x * x) / law.mean(() => 1);
  },
  "gibbs-rest": () => {
    let [top, bottom] = [0, 0];
    for (let x = -4; x <= 4; x += 1e-3) {
      const w = Math.exp(-((x * x - 1) ** 2));
      top += w * x * x;
      bottom += w;
    }
    return top / bottom;
  },
});
