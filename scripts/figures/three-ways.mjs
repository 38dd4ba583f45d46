// Fokker–Planck by three computations: densities at four times, each over the exact one.
import { knownOf } from "ottoflow";
import { card, curve, density, figure, frameAt, timeColour } from "./kit.mjs";

export const specs = ["fokker-planck-three-ways"];

const times = [0, 0.25, 0.5, 1];
const [lo, hi] = [-2.5, 4];
const ways = [
  { variant: "langevin", title: "random particles: a histogram of 100 000", bins: 65 },
  { variant: "score", title: "deterministic particles: a histogram of 400", bins: 32 },
  { variant: "grid", title: "a density on 300 cells", bins: 0 },
];

export async function draw() {
  const panels = [];
  for (const [k, { variant, title, bins }] of ways.entries()) {
    const run = await card("fokker-planck-three-ways", { variant, frames: 20 });
    const { exact } = await knownOf(run.problem);
    const computed = times.map((t) => density(frameAt(run, t).measure, { lo, hi, bins, label: k === 0 ? `t = ${t}` : "", colour: timeColour(t) }));
    const known = times.map((t, i) => curve(densityOf(exact.law(t)), lo, hi, { label: k === 0 && i === 0 ? "exact" : "", colour: {}, dash: "2 5" }));
    panels.push({
      title,
      height: 210,
      x: { label: "x", range: { lo, hi } },
      y: { label: "density", range: { lo: 0, hi: 0.85 } },
      series: [...computed, ...known],
    });
  }
  return figure({
    title: "Fokker–Planck three ways",
    description:
      "Three panels show densities at times 0, 0.25, 0.5 and 1: histograms of random particles, histograms of deterministic particles, and a density on a grid. All follow the dashed exact densities, which travel from 2 towards 0 and widen.",
    panels,
  });
}
function densityOf(law) {
  const [x, out] = [new Float64Array(1), new Float64Array(1)];
  return (at) => {
    x[0] = at;
    law.density(1, x, out);
    return out[0];
  };
}
