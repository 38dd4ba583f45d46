// Five long JKO steps of the entropy on quantile functions, over the exact heat flow at the end.
import { card, curve, density, figure, frameAt, timeColour } from "./kit.mjs";

export const specs = ["jko-entropy-quantiles"];

const TAU = 0.2;
const [lo, hi] = [-5, 5];

export async function draw() {
  const run = await card("jko-entropy-quantiles", { set: { "scheme.step": TAU }, frames: 5 });
  const steps = Array.from({ length: 6 }, (_, k) => frameAt(run, k * TAU).measure);
  const normal = (variance) => (x) => Math.exp((-x * x) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
  return figure({
    title: "Five JKO steps of the entropy",
    description:
      "Six densities from a standard normal at step 0 to step 5, each flatter than the one before, and dashed the heat flow at time 1, which is a little flatter than the fifth step.",
    panels: [
      {
        height: 280,
        x: { label: "x", range: { lo, hi } },
        y: { label: "ρ", range: { lo: 0, hi: 0.42 } },
        series: [
          ...steps.map((m, k) => density(m, { lo, hi, label: k === 0 ? "ρ₀" : k === 5 ? "ρ₅" : "", colour: timeColour(k / 5) })),
          curve(normal(3), lo, hi, { label: "heat flow at t = 1", colour: {}, dash: "4 4" }),
        ],
      },
    ],
  });
}
