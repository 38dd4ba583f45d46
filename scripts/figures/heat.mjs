// Heat from a Gaussian: densities over the exact ones, and the variance, which grows along a straight line.
import { covOf } from "ottoflow/measure/rows";
import { card, curve, density, figure, frameAt, seriesColour, timeColour } from "./kit.mjs";

export const specs = ["heat-gaussian"];

const times = [0, 0.1, 0.3, 1];
const [lo, hi] = [-4.5, 4.5];
const normal = (variance) => (x) => Math.exp((-x * x) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);

export async function draw() {
  const run = await card("heat-gaussian", { frames: 20 });
  return figure({
    title: "Heat",
    description:
      "Above, Gaussian densities at times 0, 0.1, 0.3 and 1, each wider and lower, on the dashed exact ones. Below, the variance at 21 times on the straight line 0.25 + 2t.",
    panels: [
      {
        title: "density",
        height: 240,
        x: { label: "x", range: { lo, hi } },
        y: { label: "ρ", range: { lo: 0, hi: 0.85 } },
        series: [
          ...times.map((t, k) => density(frameAt(run, t).measure, { lo, hi, label: `t = ${t}`, colour: timeColour(k / 3) })),
          ...times.map((t, k) => curve(normal(0.25 + 2 * t), lo, hi, { label: k === 0 ? "exact" : "", colour: {}, dash: "3 5" })),
        ],
      },
      {
        title: "variance",
        height: 190,
        x: { label: "t", range: { lo: 0, hi: 1 } },
        y: { label: "∫x²ρ", range: { lo: 0, hi: 2.4 } },
        series: [
          { label: "computed", x: run.frames.map((f) => f.t), y: run.frames.map((f) => covOf(f.measure)[0]), colour: seriesColour(0), dots: true },
          curve((t) => 0.25 + 2 * t, 0, 1, { label: "0.25 + 2t", colour: {}, dash: "4 4" }, 2),
        ],
      },
    ],
  });
}
