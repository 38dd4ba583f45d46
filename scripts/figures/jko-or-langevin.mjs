// Variances of the JKO scheme and of the Euler–Maruyama chain in the same well with the same step: they rest at different values.
import { covOf } from "ottoflow/measure/rows";
import { figure, flowOf, seriesColour } from "./kit.mjs";

export const specs = [];

export const TAU = 0.5;
const STEPS = 16;
/** Entropy and x^2/2 from N(0, 2^2). @param scheme @param count of particles */
export const well = (scheme, count) => ({
  version: 1,
  title: "A quadratic well, with long steps",
  energy: ["entropy", { kind: "quadratic", matrix: 1 }],
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", mean: [0], deviation: [2], ...(count && { count }) },
  scheme: { ...scheme, step: TAU },
  until: STEPS * TAU,
  seed: 1,
});
export const jko = { kind: "jko", proximal: { kind: "quantile", levels: 1001 } };

export async function draw() {
  const variances = async (spec) => (await flowOf(spec, { frames: STEPS })).frames.map((f) => covOf(f.measure)[0]);
  const steps = Array.from({ length: STEPS + 1 }, (_, k) => k);
  const level = (value, look) => ({ x: [0, STEPS], y: [value, value], dash: "4 4", label: "", ...look });
  return figure({
    title: "Two schemes, two stationary variances",
    description:
      "The variance against the number of steps of length one half, from 4. The Langevin chain falls in one step to 2 and rests at 4/3, the JKO scheme falls to 1 and rests there. Dashed lines mark 4/3 and 1.",
    panels: [
      {
        height: 260,
        x: { label: "steps of length 1/2", range: { lo: 0, hi: STEPS } },
        y: { label: "variance", range: { lo: 0, hi: 4.2 } },
        series: [
          { label: "JKO", x: steps, y: await variances(well(jko)), colour: seriesColour(0), dots: true },
          {
            label: "unadjusted Langevin, 200 000 particles",
            x: steps,
            y: await variances(well({ kind: "langevin" }, 200_000)),
            colour: seriesColour(1),
            dots: true,
          },
          level(1, { colour: seriesColour(0) }),
          level(1 / (1 - TAU / 2), { colour: seriesColour(1) }),
        ],
      },
    ],
  });
}
