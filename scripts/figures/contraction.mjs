// Two solutions of each equation from the same two starts: their Wasserstein distance never grows.
import { distanceOnLine } from "ottoflow/measure/distance";
import { curve, figure, flowOf, seriesColour } from "./kit.mjs";

export const specs = [];

const until = 1.5;
const spec = (energy, initial) => ({
  version: 1,
  title: "One of two solutions",
  energy,
  space: { kind: "box", lower: [-9], upper: [9], cells: [600] },
  initial,
  scheme: { kind: "finite-volume", time: "implicit", step: 0.005 },
  until,
});
const starts = [
  { kind: "uniform", shape: "box", lower: [-2], upper: [-1] },
  {
    kind: "mixture",
    weights: [0.5, 0.5],
    components: [
      { kind: "uniform", shape: "box", lower: [-1], upper: [-0.5] },
      { kind: "uniform", shape: "box", lower: [1], upper: [3] },
    ],
  },
];
/** Distances of both solutions at the frames, over the one at the start. */
export async function distances(energy) {
  const [a, b] = [await flowOf(spec(energy, starts[0]), { frames: 30 }), await flowOf(spec(energy, starts[1]), { frames: 30 })];
  const d = a.frames.map((frame, k) => distanceOnLine(2, frame.measure, b.frames[k].measure).value);
  return { t: a.frames.map((f) => f.t), d: d.map((v) => v / d[0]) };
}

export async function draw() {
  const ways = [
    ["heat", ["entropy"]],
    ["porous medium, m = 2", [{ kind: "power", m: 2 }]],
    ["heat in the well x²/2", ["entropy", { kind: "quadratic", matrix: 1 }]],
  ];
  const series = [];
  for (const [k, [label, energy]] of ways.entries()) {
    const { t, d } = await distances(energy);
    series.push({ label, x: t, y: d, colour: seriesColour(k) });
  }
  return figure({
    title: "Contraction",
    description:
      "The Wasserstein distance of two solutions over its value at the start, against time, logarithmic. Heat and porous medium fall slowly. In the well it falls faster than the dashed line exp(−t).",
    panels: [
      {
        height: 260,
        x: { label: "t", range: { lo: 0, hi: until } },
        y: { label: "W₂ over its start", range: { lo: 0.15, hi: 1.05 }, log: true },
        series: [...series, curve((t) => Math.exp(-t), 0, until, { label: "exp(−t)", colour: {}, dash: "4 4" })],
      },
    ],
  });
}
