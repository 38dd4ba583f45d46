// The log gas in the plane: a uniform disc stays one, and its radius relaxes to 1.
import { discRadius } from "ottoflow/exact/aggregation";
import { curve, element, figure, flowOf, pixels, seriesColour } from "./kit.mjs";

const until = 2;
const N = 500;

export async function draw() {
  const run = await flowOf(
    {
      energy: [{ kind: "interaction", kernel: "power-log" }],
      space: { kind: "free", dimension: 2 },
      initial: { kind: "uniform", shape: "ball", centre: [0, 0], radius: 2, count: N, placement: "low-discrepancy" },
      scheme: { kind: "particles", time: "adaptive", step: 0.001, tolerance: 1e-6 },
      until,
    },
    { frames: 20 },
  );
  const radius = run.frames.map(({ measure }) => Math.sqrt((2 * measure.x.reduce((s, v) => s + v * v, 0)) / N));
  const end = run.frames.at(-1).measure;
  const half = 2.1;
  return figure({
    title: "A disc relaxes to the unit disc",
    description: `The radius of a disc of particles over time falls from 2 along the closed form to ${radius.at(-1).toPrecision(3)}. Below, the particles at the end fill a disc of radius one evenly.`,
    panels: [
      {
        title: "radius, from the mean square distance",
        height: 230,
        x: { label: "time", range: { lo: 0, hi: until } },
        y: { label: "radius", range: { lo: 0.9, hi: 2.05 } },
        series: [
          { label: "particles", x: run.frames.map((f) => f.t), y: radius, colour: seriesColour(0), dots: true },
          curve((t) => discRadius(2, t), 0, until, { label: "√(1 + 3 exp(−2t))", colour: {}, dash: "5 5" }),
        ],
      },
      {
        title: "particles at the end, and the unit circle",
        height: 300,
        x: { label: "x", range: { lo: -half, hi: half } },
        y: { label: "y", range: { lo: -0.612 * half, hi: 0.612 * half } },
        series: [],
        draw: (x, y) =>
          Array.from({ length: N }, (_, i) =>
            element("circle", { ...seriesColour(0), cx: x.at(end.x[i]), cy: y.at(end.x[N + i]), r: 2.2, fill: "currentColor" }),
          ).join("") + element("path", { d: circle(x, y), fill: "none", stroke: "currentColor", "stroke-dasharray": "5 5" }),
      },
    ],
  });
}
function circle(x, y) {
  return `M${Array.from({ length: 91 }, (_, k) => `${pixels(x.at(Math.cos((k * Math.PI) / 45)))} ${pixels(y.at(Math.sin((k * Math.PI) / 45)))}`).join("L")}`;
}
