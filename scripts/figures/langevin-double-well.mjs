// Langevin particles from the top of the double well: histograms at four times over the Gibbs density.
import { card, curve, density, figure, frameAt, timeColour } from "./kit.mjs";

export const specs = ["double-well-langevin"];

const times = [0.05, 0.2, 1, 2];
const [lo, hi] = [-2.3, 2.3];
const gibbs = (x) => Math.exp(-((x * x - 1) ** 2));

export async function draw() {
  const run = await card("double-well-langevin", { frames: 40, set: { until: 2 } });
  let total = 0;
  for (let i = 0; i < 2000; i++) total += gibbs(-4 + (i + 0.5) * 0.004) * 0.004;
  return figure({
    title: "Langevin particles in a double well",
    description:
      "Histograms of 100 000 particles at times 0.05, 0.2, 1 and 2: a peak at 0 that splits into two humps near −1 and 1 and stays close to the dashed Gibbs density.",
    panels: [
      {
        height: 260,
        x: { label: "x", range: { lo, hi } },
        y: { label: "density", range: { lo: 0, hi: 1.3 } },
        series: [
          ...times.map((t, k) => density(frameAt(run, t).measure, { lo, hi, bins: 60, label: `t = ${t}`, colour: timeColour(k / 3) })),
          curve((x) => gibbs(x) / total, lo, hi, { label: "Gibbs", colour: {}, dash: "3 4" }),
        ],
      },
    ],
  });
}
