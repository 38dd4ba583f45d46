// The same densities by particles that are shaken and by particles that follow the score: their ways.
import { card, figure, seriesColour } from "./kit.mjs";

export const specs = ["fokker-planck-three-ways"];

const SHOWN = 9;
const until = 3;

export async function draw() {
  const langevin = await card("fokker-planck-three-ways", { variant: "langevin", frames: 150, set: { "initial.count": 400, until } });
  const score = await card("fokker-planck-three-ways", { variant: "score", frames: 150, set: { until } });
  const panels = [
    ["shaken: Langevin", langevin, 1],
    ["carried: the score", score, 0],
  ].map(([title, run, colour]) => ({
    title,
    height: 230,
    x: { label: "time", range: { lo: 0, hi: until } },
    y: { label: "x", range: { lo: -3, hi: 4 } },
    series: waysOf(run).map((way) => ({ label: "", ...way, colour: seriesColour(colour) })),
  }));
  return figure({
    title: "Two motions, one density",
    description: `The ways of ${SHOWN} of 400 particles over time, above under Langevin's equation, below carried by the score. Above they are jagged, cross each other and never rest. Below they are smooth, keep their order and come to rest.`,
    panels,
  });
}
/** Particles spread evenly over the order of their starts. */
function waysOf(run) {
  const first = run.frames[0].measure;
  const order = Array.from(first.x.keys()).sort((i, j) => first.x[i] - first.x[j]);
  const chosen = Array.from({ length: SHOWN }, (_, k) => order[Math.floor(((k + 0.5) * first.n) / SHOWN)]);
  return chosen.map((i) => ({ x: run.frames.map((f) => f.t), y: run.frames.map((f) => f.measure.x[i]) }));
}
