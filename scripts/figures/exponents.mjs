// The same block under three exponents: at one time, on a plain axis and on a logarithmic one, where tails show.
import { card, density, figure, frameAt, seriesColour } from "./kit.mjs";

export const specs = ["diffusion-exponents"];

const T = 0.1;
const [lo, hi] = [-3, 3];
const power = (m) => [{ kind: "power", m }];
const ways = [
  [["entropy"], "heat, m = 1"],
  [power(2), "m = 2"],
  [power(4), "m = 4"],
];

export async function draw() {
  const series = [];
  for (const [k, [energy, label]] of ways.entries()) {
    const run = await card("diffusion-exponents", { set: { energy }, frames: 50 });
    if (k === 0) series.push(density(run.frames[0].measure, { lo, hi, label: "start", colour: {}, dash: "3 4" }));
    series.push(density(frameAt(run, T).measure, { lo, hi, label, colour: seriesColour(k) }));
  }
  return figure({
    title: "Three exponents",
    description:
      "Densities at time 0.1 from the block on (−1/2, 1/2). Above on a plain axis: heat is a bell, m = 2 a cap, m = 4 a flatter cap with steep sides. Below on a logarithmic axis: heat reaches the walls at every height, the other two end at fronts, outside of which nothing is drawn because the density is zero.",
    panels: [
      { title: `density at t = ${T}`, height: 220, x: { label: "x", range: { lo, hi } }, y: { label: "ρ", range: { lo: 0, hi: 1.06 } }, series },
      {
        title: "the same, logarithmic",
        height: 220,
        x: { label: "x", range: { lo, hi } },
        y: { label: "ρ", range: { lo: 1e-10, hi: 3 }, log: true },
        series: series.map((s) => ({ ...s, label: "" })),
      },
    ],
  });
}
