// One energy, the second moment, from one start, down its slope in three geometries.
import { card, density, figure, frameAt, timeColour } from "./kit.mjs";

export const specs = ["l2-against-wasserstein"];

const times = [0, 0.25, 0.5, 0.75, 1];
const ways = [
  { variant: "wasserstein", title: "Wasserstein: mass slides", top: 4 },
  { variant: "l2", title: "L²: density is added and taken off", top: 1 },
  { variant: "fisher-rao", title: "Fisher–Rao: density grows and fades in proportion", top: 1 },
];

export async function draw() {
  const panels = [];
  for (const [k, { variant, title, top }] of ways.entries()) {
    const run = await card("l2-against-wasserstein", { variant, frames: 20 });
    panels.push({
      title,
      height: 190,
      x: { label: "x", range: { lo: -1, hi: 1 } },
      y: { label: "ρ", range: { lo: variant === "l2" ? -0.3 : 0, hi: top } },
      series: times.map((t, i) =>
        density(frameAt(run, t).measure, { lo: -1, hi: 1, label: k === 0 ? `t = ${t}` : "", colour: timeColour(i / (times.length - 1)) }),
      ),
    });
  }
  return figure({
    title: "The same energy in three geometries",
    description:
      "Three panels of densities on the interval from −1 to 1 at times 0, 0.25, 0.5, 0.75 and 1, all from the uniform density. Wasserstein: a block that narrows and rises. L²: a parabola that bends ever more and is negative at the walls at time 1. Fisher–Rao: a bell that fades at the walls and stays positive.",
    panels,
  });
}
