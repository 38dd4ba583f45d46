// The double well: densities on their way to the Gibbs density, and the energy beside what the flow says it has paid.
import { cumulative } from "ottoflow/io/figure/ledger";
import { card, curve, density, figure, frameAt, seriesColour, timeColour } from "./kit.mjs";

export const specs = ["double-well-grid"];

const times = [0.02, 0.1, 0.2, 0.5, 1];
const [lo, hi] = [-2.2, 2.2];

export async function draw() {
  const run = await card("double-well-grid", { frames: 50, set: { until: 1 } });
  const { t, energy, dissipation } = run.trace;
  // at the very start cells without mass make the dissipation infinite
  const from = t.findIndex((v) => v >= 0.05 - 1e-9);
  const paid = cumulative(t.subarray(from), dissipation.subarray(from));
  const total = sum(lo, hi, gibbs);
  return figure({
    title: "Mass in a double well",
    description:
      "Above, densities at five times: a narrow peak at 0 splits into two humps at −1 and 1 and settles on the dashed Gibbs density. Below, the energy falls from 2.6 to −0.7, and the energy at time 0.05 less the dissipation since lies on the same curve.",
    panels: [
      {
        title: "density",
        height: 250,
        x: { label: "x", range: { lo, hi } },
        y: { label: "ρ", range: { lo: 0, hi: 2 } },
        series: [
          ...times.map((at, k) => density(frameAt(run, at).measure, { lo, hi, label: `t = ${at}`, colour: timeColour(k / (times.length - 1)) })),
          curve((x) => gibbs(x) / total, lo, hi, { label: "at rest", colour: {}, dash: "3 4" }),
        ],
      },
      {
        title: "energy",
        height: 220,
        x: { label: "t", range: { lo: 0, hi: 1 } },
        y: { label: "F" },
        series: [
          { label: "F(ρ_t)", x: t, y: energy, colour: seriesColour(0) },
          { label: "F(ρ at t = 0.05) − dissipated since", x: t.subarray(from), y: paid.map((v) => energy[from] - v), colour: seriesColour(1), dash: "6 5" },
        ],
      },
    ],
  });
}
const gibbs = (x) => Math.exp(-((x * x - 1) ** 2));
function sum(a, b, f, n = 4000) {
  let s = 0;
  for (let i = 0; i < n; i++) s += f(a + ((b - a) * (i + 0.5)) / n);
  return (s * (b - a)) / n;
}
