// The Fokker–Planck equation with the drift as it is and with the other sign: where mass goes, and what the energy does.
import { openFunctional, total } from "ottoflow/energy/total";
import { plainHost } from "ottoflow/kernels/host";
import { density, figure, flowOf, frameAt, seriesColour } from "./kit.mjs";

export const specs = [];

export const until = 0.5;
/** @param sign 1: down the well (x^2 - 1)^2; -1: up */
export const well = (sign) => ({
  version: 1,
  title: "Down the well or up",
  energy: ["entropy", { kind: "potential", formula: sign > 0 ? "(x^2 - 1)^2" : "-(x^2 - 1)^2" }],
  space: { kind: "box", lower: [-2], upper: [2], cells: [320] },
  initial: { kind: "gaussian", mean: [1], deviation: [0.25], cut: 1e-3 },
  scheme: { kind: "finite-volume", time: "sdirk2", step: 0.002 },
  until,
});
/** The energy of the well along a run, whatever drove it. */
export function energies(run, problem) {
  const f = openFunctional(problem.parts, problem.space, plainHost());
  return run.frames.map(({ t, measure }) => total(f.values(measure, t)));
}

export async function draw() {
  const [down, up] = [await flowOf(well(1), { frames: 50 }), await flowOf(well(-1), { frames: 50 })];
  const t = down.frames.map((f) => f.t);
  return figure({
    title: "Which sign the drift has",
    description:
      "Above, densities at time 1/2 from a bump at 1. With the right sign it spreads over both wells; with the other it is pressed against the wall, at the top of the potential. Below, the energy of the well falls with the right sign and rises with the other.",
    panels: [
      {
        title: `density at t = ${until}`,
        height: 220,
        x: { label: "x", range: { lo: -2, hi: 2 } },
        y: { label: "ρ", range: { lo: 0, hi: 5 } },
        series: [
          density(down.frames[0].measure, { lo: -2, hi: 2, label: "start", colour: {}, dash: "3 4" }),
          density(frameAt(down, until).measure, { lo: -2, hi: 2, label: "+ div(ρ∇V)", colour: seriesColour(0) }),
          density(frameAt(up, until).measure, { lo: -2, hi: 2, label: "− div(ρ∇V)", colour: seriesColour(1) }),
        ],
      },
      {
        title: "energy ∫Vρ + ∫ρ log ρ",
        height: 190,
        x: { label: "t", range: { lo: 0, hi: until } },
        y: { label: "F" },
        series: [
          { label: "", x: t, y: energies(down, down.problem), colour: seriesColour(0) },
          { label: "", x: t, y: energies(up, down.problem), colour: seriesColour(1) },
        ],
      },
    ],
  });
}
