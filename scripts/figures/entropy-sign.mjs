// Along one flow two candidates for its energy: with the entropy added, and with it taken off.
import { card, figure, seriesColour } from "./kit.mjs";

export const specs = ["double-well-grid"];

export async function draw() {
  const { trace } = await card("double-well-grid", { set: { until: 2 } });
  const [entropy, potential] = ["energy:0", "energy:1"].map((start) => trace[Object.keys(trace).find((name) => name.startsWith(start))]);
  return figure({
    title: "Which sign the entropy has",
    description:
      "Two curves against time along the flow of the double well. The potential energy plus the integral of rho log rho falls throughout. The potential energy minus that integral rises.",
    panels: [
      {
        height: 260,
        x: { label: "t", range: { lo: 0, hi: 2 } },
        y: { label: "energy" },
        series: [
          { label: "∫Vρ + ∫ρ log ρ", x: trace.t, y: potential.map((v, i) => v + entropy[i]), colour: seriesColour(0) },
          { label: "∫Vρ − ∫ρ log ρ", x: trace.t, y: potential.map((v, i) => v - entropy[i]), colour: seriesColour(1) },
        ],
      },
    ],
  });
}
