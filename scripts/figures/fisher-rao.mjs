// Relative entropy down the Fisher–Rao geometry: the density over time.
import { card, density, figure, frameAt, timeColour } from "./kit.mjs";

export const specs = ["fisher-rao"];

const times = [0, 0.2, 0.5, 1, 2, 3];
const [lo, hi] = [-3, 4];

export async function draw() {
  const run = await card("fisher-rao", { frames: 30 });
  return figure({
    title: "Mass appears where it is wanted",
    description:
      "Densities over time. A narrow bump at 2 becomes a wider and lower one whose centre is further left each time, and ends as the Gaussian of width one around 0. Nothing travels: to the left of the start the density grows from almost nothing.",
    panels: [
      {
        height: 250,
        x: { label: "x", range: { lo, hi } },
        y: { label: "density", range: { lo: 0, hi: 0.85 } },
        times: { lo: 0, hi: 3 },
        series: times.map((t) => density(frameAt(run, t).measure, { lo, hi, label: "", colour: timeColour(t / 3) })),
      },
    ],
  });
}
