// Entropy in the Fisher–Rao geometry that does not keep mass: every density goes to 1/e, from above and from below.
import { density, figure, flowOf, frameAt, seriesColour, timeColour } from "./kit.mjs";

const times = [0, 0.5, 1, 2, 4];

export async function draw() {
  const run = await flowOf(
    {
      energy: ["entropy"],
      geometry: { kind: "fisher-rao", "keeps-mass": false },
      space: { kind: "box", lower: [-2], upper: [2], cells: [200] },
      initial: { kind: "gaussian", mean: [0], deviation: [0.4] },
      scheme: { kind: "finite-volume", time: "explicit", step: 0.01 },
      until: 4,
    },
    { frames: 40 },
  );
  const level = 1 / Math.E;
  return figure({
    title: "Reaction without a constraint",
    description: `Above, densities at times 0 to 4: a bump falls where it was above 1/e and grows where it was below, until it is flat at 1/e. Below, the mass over time: it falls below 1 at first and then grows towards ${(4 * level).toPrecision(3)}, the length of the box over e.`,
    panels: [
      {
        height: 240,
        x: { label: "x", range: { lo: -2, hi: 2 } },
        y: { label: "density", range: { lo: 0, hi: 1.04 } },
        series: [
          ...times.map((t) => density(frameAt(run, t).measure, { lo: -2, hi: 2, label: `t = ${t}`, colour: timeColour(t / 4) })),
          { label: "1/e", x: [-2, 2], y: [level, level], colour: {}, dash: "4 4" },
        ],
      },
      {
        height: 180,
        x: { label: "time", range: { lo: 0, hi: 4 } },
        y: { label: "mass", range: { lo: 0.8, hi: 1.5 } },
        series: [{ label: "", x: run.trace.t, y: run.trace.mass, colour: seriesColour(0) }],
      },
    ],
  });
}
