// Logarithmic Sobolev, Talagrand and HWI along a Fokker–Planck flow: each side over the other, by the run on a grid and by formula.

import { distanceOnLine } from "ottoflow/measure/distance";
import { gaussianLaw } from "ottoflow/measure/gaussian";
import { card, curve, figure, frameAt, seriesColour } from "./kit.mjs";

export const specs = ["fokker-planck-three-ways"];

const until = 2.5;
const names = ["log-Sobolev: 2H / I", "Talagrand: W² / 2H", "HWI: H / (W√I − W²/2)"];
const ratios = ({ H, I, W }) => [(2 * H) / I, (W * W) / (2 * H), H / (W * Math.sqrt(I) - (W * W) / 2)];

export async function draw() {
  const run = await card("fokker-planck-three-ways", { frames: 50, set: { until } });
  const times = Array.from({ length: 11 }, (_, k) => (k * until) / 10);
  const computed = times.map((t) => ratios(measured(run, frameAt(run, t))));
  const series = names.flatMap((label, k) => [
    curve((t) => ratios(known(t))[k], 0, until, { label, colour: seriesColour(k), dash: k === 2 ? "6 4" : undefined }, 101),
    ...times.map((t, i) => ({ label: "", x: [t], y: [computed[i][k]], colour: seriesColour(k), dots: true })),
  ]);
  return figure({
    title: "Three inequalities along one flow",
    description:
      "Three ratios against time, each the smaller side of an inequality over the larger one: log-Sobolev from 0.74, Talagrand from 0.92 and HWI from 0.77 at the start. All rise to 1 and none exceeds it. Dots from the run on a grid lie on the lines of the formulas.",
    panels: [
      { height: 300, x: { label: "time", range: { lo: 0, hi: until } }, y: { label: "smaller side over larger", range: { lo: 0.7, hi: 1.02 } }, series },
    ],
  });
}
/** Relative entropy to the Gibbs weights of the cells, its dissipation in the run, and the distance to equilibrium. */
function measured(run, { t, measure }) {
  const { centre, n } = measure.space.cells;
  const [h] = measure.space.grid.h;
  const gibbs = Float64Array.from(centre, (x) => Math.exp(-0.5 * x * x));
  const Z = h * gibbs.reduce((s, v) => s + v, 0);
  let H = 0;
  for (let i = 0; i < n; i++) if (measure.rho[i] > 0) H += h * measure.rho[i] * Math.log((measure.rho[i] * Z) / gibbs[i]);
  const row = run.trace.t.reduce((best, v, i) => (Math.abs(v - t) < Math.abs(run.trace.t[best] - t) ? i : best), 0);
  return { H, I: run.trace.dissipation[row], W: distanceOnLine(2, measure, gaussianLaw([0], [1])).value };
}
/** N(2 e^-t, 1 - 3/4 e^-2t) against N(0, 1) */
function known(t) {
  const m = 2 * Math.exp(-t);
  const v = 1 - 0.75 * Math.exp(-2 * t);
  return { H: 0.5 * (v - 1 - Math.log(v) + m * m), I: m * m + ((v - 1) * (v - 1)) / v, W: Math.hypot(m, Math.sqrt(v) - 1) };
}
