// Velocities of a geodesic at both ends, from its particles, beside the slopes of the Kantorovich potentials.
import { piecesOf } from "ottoflow/measure/line";
import { linePotentials } from "ottoflow/transport/quantile-potentials";
import { figure, path, seriesColour } from "./kit.mjs";

export const specs = ["paths/vertical-against-horizontal"];

export async function draw() {
  const { frames } = await path("paths/vertical-against-horizontal");
  const [a, b] = [frames[0], frames.at(-1)];
  const { f, g } = linePotentials(piecesOf(a.measure), piecesOf(b.measure), 2);
  const half = (u) => (x) => (u(x + 1e-3) - u(x - 1e-3)) / 4e-3;
  const at = ({ measure, velocity }) => {
    const { centre } = measure.space.cells;
    const top = measure.rho.reduce((s, r) => Math.max(s, r), 0);
    const here = Array.from(centre.keys()).filter((i) => measure.rho[i] > 0.02 * top);
    return { x: here.map((i) => centre[i]), v: here.map((i) => velocity[i]) };
  };
  const [start, end] = [at(a), at(b)];
  const thin = ({ x, v }) => ({ x: x.filter((_, i) => i % 4 === 0), y: v.filter((_, i) => i % 4 === 0), dots: true });
  const dotted = (from) => {
    const { x, y } = thin(from);
    return x.map((p, i) => ({ label: i === 0 ? "velocity of the particles" : "", x: [p], y: [y[i]], colour: seriesColour(0), dots: true }));
  };
  const slope = half(f);
  const other = half(g);
  return figure({
    title: "Velocities at both ends",
    description:
      "Above, the velocity of the particles at time 0 lies on minus the gradient of the first potential. Below, at time 1 it lies on plus the gradient of the second potential, near +3; minus that gradient is near -3 and points backwards.",
    panels: [
      {
        title: "at t = 0",
        height: 210,
        x: { label: "x" },
        y: { label: "velocity", range: { lo: 0, hi: 4 } },
        series: [...dotted(start), { label: "−∇φ", x: start.x, y: start.x.map((x) => -slope(x)), colour: seriesColour(1) }],
      },
      {
        title: "at t = 1",
        height: 260,
        x: { label: "x" },
        y: { label: "velocity", range: { lo: -4, hi: 4 } },
        series: [
          ...dotted(end),
          { label: "+∇ψ", x: end.x, y: end.x.map(other), colour: seriesColour(1) },
          { label: "−∇ψ", x: end.x, y: end.x.map((x) => -other(x)), colour: seriesColour(3), dash: "5 5" },
        ],
      },
    ],
  });
}
