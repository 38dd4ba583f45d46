import type { As } from "../../src/contract.ts";
import type { Run } from "../../src/flow.ts";
import { philoxUniforms } from "../../src/kernels/philox.ts";
import { gaussianW2 } from "../../src/measure/bures.ts";
import { distanceOnLine } from "../../src/measure/distance.ts";
import { solve } from "../../src/solve.ts";
import { cloud } from "../../src/transport/problem.ts";
import { card, once, ownFlow, path, testChapter } from "./claim.ts";
import { frameAt, massOf, sizeOf } from "./measure.ts";

const reaction = (initial: unknown, until: number): Promise<Run> =>
  ownFlow({
    energy: ["entropy"],
    geometry: { kind: "fisher-rao", "keeps-mass": false },
    space: { kind: "box", lower: [-2], upper: [2], cells: [80] },
    initial,
    scheme: { kind: "finite-volume", time: "explicit", step: 0.01 },
    until,
  });
const spread = async (variant: string): Promise<number> => sizeOf((await card("consensus", { variant })).frames.at(-1)!.measure) ** 2 / 2;

const stepped = (dimension: number, proximal: unknown, initial: unknown): Promise<Run> =>
  ownFlow({ energy: ["entropy"], space: { kind: "free", dimension }, initial, scheme: { kind: "jko", proximal, step: 0.1 }, until: 0.1 });
async function onLine(): Promise<number> {
  const proximal = { kind: "quantile", levels: 1000 };
  const [a, b] = [await stepped(1, proximal, { kind: "gaussian", deviation: [1] }), await stepped(1, proximal, { kind: "gaussian", deviation: [3] })];
  return distanceOnLine(2, a.frames.at(-1)!.measure, b.frames.at(-1)!.measure).value / distanceOnLine(2, a.frames[0]!.measure, b.frames[0]!.measure).value;
}
type Ellipse = { readonly angle: number; readonly long: number; readonly short: number };
const lawOf = ({ angle, long, short }: Ellipse): unknown => {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const [u, v] = [long * long, short * short];
  return {
    kind: "gaussian",
    mean: [0, 0],
    covariance: [
      [c * c * u + s * s * v, c * s * (u - v)],
      [c * s * (u - v), s * s * u + c * c * v],
    ],
  };
};
async function inPlane(p: Ellipse, q: Ellipse): Promise<number> {
  const [a, b] = [await stepped(2, "gaussian", lawOf(p)), await stepped(2, "gaussian", lawOf(q))];
  const between = (k: number): number => {
    const [x, y] = [a.frames.at(k)!.measure as As<"gaussian">, b.frames.at(k)!.measure as As<"gaussian">];
    return gaussianW2(2, x.mean, x.cov, y.mean, y.cov);
  };
  return between(-1) / between(0);
}
/** The largest ratio over 200 pairs with axes from 0.1 to 2 in all directions. */
async function worstPair(): Promise<number> {
  const u = new Float64Array(6 * 200);
  philoxUniforms(1, 7, 0, 0, u.length, u);
  const at = (k: number): Ellipse => ({ angle: Math.PI * u[k]!, long: 0.1 + 1.9 * u[k + 1]!, short: 0.1 + 1.9 * u[k + 2]! });
  let worst = 0;
  for (let k = 0; k < 200; k++) worst = Math.max(worst, await inPlane(at(6 * k), at(6 * k + 3)));
  return worst;
}

const n = 60;
const points = (seed: number): Float64Array => {
  const x = new Float64Array(2 * n);
  philoxUniforms(seed, 1, 0, 0, 2 * n, x);
  return x;
};
const softmax = once(async () => {
  const [x, y] = [points(1), points(2)];
  const columns = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const w = Float64Array.from({ length: n }, (_, j) => Math.exp(-((x[i]! - y[j]!) ** 2 + (x[n + i]! - y[n + j]!) ** 2) / 0.05));
    const sum = w.reduce((s, v) => s + v, 0);
    for (let j = 0; j < n; j++) columns[j] = columns[j]! + w[j]! / sum;
  }
  return columns;
});
const mixed = once(() => path("paths/vertical-against-horizontal", { variant: "linear-mixing", set: { frames: 3 } }));
async function squared(s: number, t: number): Promise<number> {
  const [a, b] = [frameAt(await mixed(), s).measure as As<"cells">, frameAt(await mixed(), t).measure as As<"cells">];
  return a.space.grid!.h[0]! * Array.from(a.rho).reduce((sum, r, i) => sum + (r - b.rho[i]!) ** 2, 0);
}

testChapter("07-traps", {
  "reaction-grows": async () => {
    const run = await reaction({ kind: "uniform", shape: "box", lower: [-2], upper: [2], mass: 0.8 }, 1);
    return (run.frames.at(-1)!.measure as As<"cells">).rho[40]!;
  },
  "reaction-mass": async () => massOf((await reaction({ kind: "gaussian", deviation: [0.4] }, 14)).frames.at(-1)!.measure),
  "noise-floor": () => spread("constant"),
  "noise-fades": async () => ({ atMost: await spread("in-proportion") }),
  "prox-line": onLine,
  "prox-plane": () => inPlane({ angle: 0, long: 1, short: 0.2 }, { angle: Math.PI / 4, long: 1, short: 0.2 }),
  "prox-worst": worstPair,
  "softmax-least": async () => Math.min(...(await softmax())),
  "softmax-most": async () => Math.max(...(await softmax())),
  "sinkhorn-defect": async () => {
    const { defect } = await solve({ from: cloud(points(1), { dim: 2 }), to: cloud(points(2), { dim: 2 }), epsilon: 0.05 }, { defect: 1e-9 });
    return { atMost: Math.max(...defect) };
  },
  "squared-direct": () => squared(0, 1),
  "squared-legs": async () => (await squared(0, 0.5)) + (await squared(0.5, 1)),
});
