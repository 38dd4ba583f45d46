// Error of the JKO scheme for the entropy against its step: the deviation at time 1, which the heat flow has as the root of 3.
import { covOf } from "ottoflow/measure/rows";
import { card, figure, seriesColour } from "./kit.mjs";

export const specs = ["jko-entropy-quantiles"];

export const steps = [0.2, 0.1, 0.05, 0.025, 0.0125];

export async function draw() {
  const errors = [];
  for (const tau of steps) {
    const run = await card("jko-entropy-quantiles", { set: { "scheme.step": tau }, frames: 1 });
    errors.push(Math.sqrt(3) - Math.sqrt(covOf(run.frames.at(-1).measure)[0]));
  }
  return figure({
    title: "The order of the JKO scheme",
    description: "On logarithmic axes the error of the standard deviation at time 1 against the step, five points on a straight line of slope one.",
    panels: [
      {
        height: 260,
        x: { label: "step τ", range: { lo: 0.01, hi: 0.25 }, log: true },
        y: { label: "error of the deviation at t = 1", range: { lo: 1e-3, hi: 5e-2 }, log: true },
        series: [
          { label: "JKO", x: steps, y: errors, colour: seriesColour(0), dots: true },
          { label: "slope 1", x: steps, y: steps.map((tau) => (errors.at(-1) * tau) / steps.at(-1)), colour: {}, dash: "4 4" },
        ],
      },
    ],
  });
}
