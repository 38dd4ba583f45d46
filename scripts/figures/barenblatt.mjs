// The Barenblatt profile computed on cells: four times over the closed form, and its front.
import { barenblattLaw, barenblattShape } from "ottoflow/measure/barenblatt";
import { card, curve, density, figure, frameAt, seriesColour, timeColour } from "./kit.mjs";

export const specs = ["porous-medium-1d"];

const times = [1, 1.25, 1.5, 2];
const [lo, hi] = [-3.2, 3.2];

/** Outer edge of the last cell that holds more than a thousandth of the peak. */
export function front({ space, rho }) {
  const { lower, h } = space.grid;
  const peak = rho.reduce((a, b) => Math.max(a, b), 0);
  let last = rho.length - 1;
  while (last > 0 && rho[last] < 1e-3 * peak) last--;
  return lower[0] + (last + 1) * h[0];
}
const densityOf = (law) => {
  const [x, out] = [new Float64Array(1), new Float64Array(1)];
  return (at) => {
    x[0] = at;
    law.density(1, x, out);
    return out[0];
  };
};

export async function draw() {
  const run = await card("porous-medium-1d", { frames: 20 });
  const { radius, beta } = barenblattShape(2, 1);
  return figure({
    title: "The Barenblatt profile",
    description:
      "Above, parabolic caps at times 1, 1.25, 1.5 and 2, each lower and wider, on the dashed closed form; outside its front each is zero. Below, the place of the front against time on the curve R(1) times the cube root of t.",
    panels: [
      {
        title: "density",
        height: 230,
        x: { label: "x", range: { lo, hi } },
        y: { label: "ρ", range: { lo: 0, hi: 0.4 } },
        series: [
          ...times.map((t, k) => density(frameAt(run, t).measure, { lo, hi, label: `t = ${t}`, colour: timeColour(k / 3) })),
          ...times.map((t, k) => curve(densityOf(barenblattLaw(2, t, [0])), lo, hi, { label: k === 0 ? "exact" : "", colour: {}, dash: "3 5" })),
        ],
      },
      {
        title: "front",
        height: 190,
        x: { label: "t", range: { lo: 1, hi: 2 } },
        y: { label: "R(t)", range: { lo: 2, hi: 2.75 } },
        series: [
          { label: "computed, to a cell", x: run.frames.map((f) => f.t), y: run.frames.map((f) => front(f.measure)), colour: seriesColour(0), dots: true },
          curve((t) => radius * t ** beta, 1, 2, { label: "R(1) t^(1/3)", colour: {}, dash: "4 4" }),
        ],
      },
    ],
  });
}
