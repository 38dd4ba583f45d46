// Repulsion by -|x| on the line from one point: atoms that coincide stay together, atoms a hair apart spread as the flow does.
import { curve, figure, flowOf, seriesColour } from "./kit.mjs";

const until = 1;
const N = 40;
const flow = (initial) =>
  flowOf(
    {
      energy: [{ kind: "interaction", kernel: "energy-distance" }],
      space: { kind: "free", dimension: 1 },
      initial,
      scheme: { kind: "particles", step: 0.01 },
      until,
    },
    { frames: 20 },
  );

export async function draw() {
  const near = await flow({ kind: "points", points: Array.from({ length: N }, (_, i) => [1e-6 * (i - (N - 1) / 2)]) });
  const one = await flow({ kind: "points", points: Array.from({ length: N }, () => [0]) });
  const ways = (run, colour, label) =>
    Array.from({ length: N }, (_, i) => ({
      label: i === 0 ? label : "",
      x: run.frames.map((f) => f.t),
      y: run.frames.map((f) => f.measure.x[i]),
      colour: seriesColour(colour),
    })).filter((_, i) => i % 3 === 0);
  return figure({
    title: "An atom under repulsion",
    description:
      "Positions of particles over time. Particles that start a millionth apart fan out at constant speeds and fill the interval from -t to t evenly. Particles that start in exactly one point stay there.",
    panels: [
      {
        height: 260,
        x: { label: "time", range: { lo: 0, hi: until } },
        y: { label: "x", range: { lo: -1.05, hi: 1.05 } },
        series: [
          ...ways(near, 0, "a millionth apart"),
          ...ways(one, 1, "in one point"),
          curve((t) => t, 0, until, { label: "±t", colour: {}, dash: "5 5" }, 2),
          curve((t) => -t, 0, until, { colour: {}, dash: "5 5" }, 2),
        ],
      },
    ],
  });
}
