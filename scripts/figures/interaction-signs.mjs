// The same energy with other signs: how large the cloud is over time, and where the balance ends.
import { card, element, figure, pixels, seriesColour } from "./kit.mjs";

export const specs = ["interaction-signs"];

export async function draw() {
  const runs = [];
  for (const variant of ["repulsion", "balance", "attraction"]) runs.push([variant, await card("interaction-signs", { variant, frames: 40 })]);
  const sizes = runs.map(([label, run], k) => ({ label, x: run.frames.map((f) => f.t), y: run.frames.map((f) => sizeOf(f.measure)), colour: seriesColour(k) }));
  const { measure: start } = runs[1][1].frames[0];
  const { measure: end } = runs[1][1].frames.at(-1);
  const half = 2.4;
  return figure({
    title: "Repulsion, attraction, and their balance",
    description: `Root mean square distance from the centre over time: with repulsion it grows to ${sizes[0].y.at(-1).toPrecision(3)}, with attraction it falls to ${sizes[2].y.at(-1).toPrecision(2)}, and in the balance it settles at ${sizes[1].y.at(-1).toPrecision(3)}. Below, the cloud of the balance at the start and at the end, when it is a round disc, denser towards its edge.`,
    panels: [
      { title: "size of the cloud", height: 250, x: { label: "time" }, y: { label: "distance from the centre" }, series: sizes },
      {
        title: "the balance: start and end",
        height: 300,
        x: { label: "x", range: { lo: -half, hi: half } },
        // both axes at one scale
        y: { label: "y", range: { lo: -0.612 * half, hi: 0.612 * half } },
        series: [
          { label: "start", x: [], y: [], colour: seriesColour(5) },
          { label: "end", x: [], y: [], colour: seriesColour(1) },
        ],
        draw: (x, y) => dots(start, x, y, 5, 1.4) + dots(end, x, y, 1, 2),
      },
    ],
  });
}
function sizeOf({ n, x }) {
  const mean = [0, 1].map((k) => x.subarray(k * n, (k + 1) * n).reduce((s, v) => s + v, 0) / n);
  return Math.sqrt(x.reduce((s, v, i) => s + (v - mean[Math.floor(i / n)]) ** 2, 0) / n);
}
function dots({ n, x: points }, x, y, colour, r) {
  let d = "";
  for (let i = 0; i < n; i++) d += `M${pixels(x.at(points[i]))} ${pixels(y.at(points[n + i]))}h0`;
  return element("path", { ...seriesColour(colour), d, fill: "none", stroke: "currentColor", "stroke-width": 2 * r, "stroke-linecap": "round" });
}
