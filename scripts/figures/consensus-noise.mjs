// Spread of a cloud that searches by consensus: noise in proportion to the distance, and constant noise.
import { card, figure, seriesColour } from "./kit.mjs";

export const specs = ["consensus"];

export async function draw() {
  const series = [];
  for (const [k, [variant, label]] of [
    ["in-proportion", "in proportion"],
    ["constant", "constant"],
  ].entries()) {
    const run = await card("consensus", { variant, frames: 80 });
    series.push({ label, x: run.frames.map((f) => f.t), y: run.frames.map((f) => varianceOf(f.measure)), colour: seriesColour(k) });
  }
  const floor = (0.7 * 0.7) / 2;
  return figure({
    title: "Noise that fades and noise that stays",
    description: `The variance per coordinate over time on a logarithmic axis. With noise in proportion to the distance it falls to ${series[0].y.at(-1).toExponential(0)}; with constant noise it stops at about ${floor}.`,
    panels: [
      {
        height: 270,
        x: { label: "time", range: { lo: 0, hi: 8 } },
        y: { label: "variance per coordinate", log: true, range: { lo: 4e-4, hi: 4 } },
        series: [...series, { label: "σ²/2λ", x: [0, 8], y: [floor, floor], colour: {}, dash: "5 5" }],
      },
    ],
  });
}
function varianceOf({ n, x }) {
  const mean = [0, 1].map((k) => x.subarray(k * n, (k + 1) * n).reduce((s, v) => s + v, 0) / n);
  return x.reduce((s, v, i) => s + (v - mean[Math.floor(i / n)]) ** 2, 0) / (2 * n);
}
