// Two flows of quadratic attraction: their distance falls where they share the centre of mass, and stands still where they do not.
import { distanceOnLine } from "ottoflow/measure/distance";
import { curve, figure, flowOf, seriesColour } from "./kit.mjs";

const until = 3;
const flow = (mean, deviation) =>
  flowOf(
    {
      energy: [{ kind: "interaction", kernel: { kind: "power", p: 2 } }],
      space: { kind: "free", dimension: 1 },
      initial: { kind: "gaussian", mean: [mean], deviation: [deviation], count: 400, placement: "low-discrepancy" },
      scheme: { kind: "particles", step: 0.05 },
      until,
    },
    { frames: 12 },
  );

export async function draw() {
  const narrow = await flow(0, 0.5);
  const wide = await flow(0, 1.5);
  const moved = await flow(1, 0.5);
  const apart = (a, b) => ({ x: a.frames.map((f) => f.t), y: a.frames.map((f, i) => distanceOnLine(2, f.measure, b.frames[i].measure).value), dots: true });
  return figure({
    title: "What attraction contracts",
    description:
      "The distance W2 of two flows over time on a logarithmic axis. Two clouds with one centre of mass, one three times as wide: the distance falls along exp(-t). Two equal clouds with centres one apart: the distance is one at all times.",
    panels: [
      {
        height: 280,
        x: { label: "time", range: { lo: 0, hi: until } },
        y: { label: "W₂ between two flows", log: true, range: { lo: 0.03, hi: 2.2 } },
        series: [
          { label: "one centre, two widths", ...apart(narrow, wide), colour: seriesColour(0) },
          { label: "one width, two centres", ...apart(narrow, moved), colour: seriesColour(1) },
          curve((t) => Math.exp(-t), 0, until, { label: "exp(−t)", colour: {}, dash: "5 5" }, 2),
        ],
      },
    ],
  });
}
