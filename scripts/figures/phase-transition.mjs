// Desai and Zwanzig's model: where the mean comes to rest against the temperature, by runs and by the self-consistent equation.
import { desaiZwanzigCritical, desaiZwanzigMagnetisation } from "ottoflow/exact/mckean-vlasov";
import { card, figure, seriesColour } from "./kit.mjs";

export const specs = ["phase-transition"];

const temperatures = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6];

export async function draw() {
  const seen = [];
  for (const temperature of temperatures) {
    const { measure } = (await card("phase-transition", { set: { "energy.0.temperature": temperature, until: 60 } })).frames.at(-1);
    seen.push(measure.space.grid.h[0] * measure.rho.reduce((s, r, i) => s + r * measure.space.cells.centre[i], 0));
  }
  const critical = desaiZwanzigCritical(1);
  const fine = [...Array.from({ length: 80 }, (_, k) => 0.02 + ((critical - 0.02) * k) / 80), critical, 0.7];
  const branch = fine.map((eps) => desaiZwanzigMagnetisation(1, eps));
  return figure({
    title: "Where the mean comes to rest",
    description: `The mean at rest against the temperature. Below the critical temperature ${critical.toPrecision(4)} there are three branches: a stable one above, its mirror image below, and zero, which is unstable; above it zero alone is left. Runs that start at 0.1 end on the upper branch: ${temperatures.map((e, i) => `${Math.abs(seen[i]).toFixed(2)} at ${e}`).join(", ")}.`,
    panels: [
      {
        height: 290,
        x: { label: "temperature", range: { lo: 0, hi: 0.7 } },
        y: { label: "mean at rest", range: { lo: -1.1, hi: 1.1 } },
        series: [
          { label: "stable", x: fine, y: branch, colour: seriesColour(0) },
          { label: "", x: fine, y: branch.map((m) => -m), colour: seriesColour(0) },
          { label: "unstable", x: [0, critical], y: [0, 0], colour: {}, dash: "5 5" },
          ...temperatures.map((e, i) => ({ label: i === 0 ? "runs" : "", x: [e], y: [seen[i]], colour: seriesColour(1), dots: true })),
        ],
      },
    ],
  });
}
