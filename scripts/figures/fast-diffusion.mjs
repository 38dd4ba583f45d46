// Three tails from the same block: heat, fast diffusion with m = 1/2, porous medium with m = 2, on logarithmic axes.
import { density, figure, flowOf, seriesColour } from "./kit.mjs";

export const specs = [];

/** @param energy @param reach half of the box */
export const block = (energy, reach = 120) => ({
  version: 1,
  title: "A block in a wide box",
  energy: [energy],
  space: { kind: "box", lower: [-reach], upper: [reach], cells: [20 * reach] },
  initial: { kind: "uniform", shape: "box", lower: [-0.5], upper: [0.5] },
  scheme: { kind: "finite-volume", time: "implicit", step: 0.005 },
  until: 1,
});

export async function draw() {
  const ways = [
    ["m = 1/2", { kind: "power", m: 0.5 }],
    ["heat, m = 1", "entropy"],
    ["m = 2", { kind: "power", m: 2 }],
  ];
  const series = [];
  for (const [k, [label, energy]] of ways.entries()) {
    const run = await flowOf(block(energy), { frames: 1 });
    series.push(density(run.frames.at(-1).measure, { lo: 0.3, hi: 25, label, colour: seriesColour([1, 0, 2][k]) }));
  }
  const x = [6, 25];
  const [tail] = series;
  const at = tail.x.findIndex((v) => v >= 6);
  return figure({
    title: "Three kinds of tails",
    description:
      "Densities at time 1 against the distance from the centre on logarithmic axes. For m = 1/2 the tail becomes a straight line, parallel to the dashed line of slope minus four. Heat bends down ever more steeply. For m = 2 the curve drops to nothing at its front.",
    panels: [
      {
        height: 280,
        x: { label: "x", range: { lo: 0.3, hi: 25 }, log: true },
        y: { label: "ρ at t = 1", range: { lo: 1e-8, hi: 1 }, log: true },
        series: [...series, { label: "slope −4", x, y: x.map((v) => 0.4 * tail.y[at] * (v / 6) ** -4), colour: {}, dash: "4 4" }],
      },
    ],
  });
}
