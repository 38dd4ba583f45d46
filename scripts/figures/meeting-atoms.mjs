// Two atoms that attract each other by |x|^p / p: half their distance over time, computed and by formula.
import { twoAtoms } from "ottoflow/exact/aggregation";
import { curve, figure, flowOf, seriesColour } from "./kit.mjs";

const until = 3.5;
const flow = (p) =>
  flowOf(
    {
      energy: [{ kind: "interaction", kernel: { kind: "power", p } }],
      space: { kind: "free", dimension: 1 },
      initial: { kind: "points", points: [[-1], [1]] },
      scheme: { kind: "particles", step: 0.005 },
      until,
    },
    { frames: 14 },
  );

export async function draw() {
  const series = [];
  for (const [k, p] of [1, 1.5, 2, 3].entries()) {
    const run = await flow(p);
    series.push(curve((t) => twoAtoms(p, 1, t), 0, until, { label: `p = ${p}`, colour: seriesColour(k) }));
    for (const { t, measure } of run.frames)
      series.push({ label: "", x: [t], y: [Math.abs(measure.x[1] - measure.x[0]) / 2], colour: seriesColour(k), dots: true });
  }
  return figure({
    title: "When two atoms meet",
    description:
      "Half the distance of two atoms over time under attraction by the power p of their distance. For p = 1 it falls along a straight line and is zero from time 2 on, for p = 1.5 from time 2.83 on; for p = 2 and p = 3 it falls for ever without reaching zero. Dots of the computed flow lie on the lines.",
    panels: [{ height: 280, x: { label: "time", range: { lo: 0, hi: until } }, y: { label: "half distance", range: { lo: 0, hi: 1.04 } }, series }],
  });
}
