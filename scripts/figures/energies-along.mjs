// Three energies along two curves between the same measures: displacement and linear mixing.
import { figure, path, seriesColour } from "./kit.mjs";

export const specs = ["paths/vertical-against-horizontal"];

const sum = ({ rho, space: { cells, grid } }, f) => rho.reduce((s, r, i) => s + grid.h[0] * f(r, cells.centre[i]), 0);
const mean = (m) => sum(m, (r, x) => r * x);
const energies = [
  ["potential energy, V = x²/2", (m) => sum(m, (r, x) => (r * x * x) / 2)],
  ["interaction energy, W = x²/2", (m) => sum(m, (r, x) => (r * (x - mean(m)) ** 2) / 2)],
  ["entropy", (m) => sum(m, (r) => (r > 0 ? r * Math.log(r) : 0))],
];

export async function draw() {
  const frames = 41;
  const displaced = (await path("paths/vertical-against-horizontal", { set: { frames } })).frames;
  const mixed = (await path("paths/vertical-against-horizontal", { variant: "linear-mixing", set: { frames } })).frames;
  const t = displaced.map((f) => f.t);
  return figure({
    title: "Energies along two curves",
    description:
      "Three panels of an energy against time along displacement and along linear mixing. The potential energy is convex along displacement and a straight line along mixing. The interaction energy falls along a straight line by displacement, slightly convex, and rises in a high arc, concave, along mixing. The entropy is convex along both.",
    panels: energies.map(([title, energy], k) => ({
      title,
      height: 185,
      x: { label: "time", range: { lo: 0, hi: 1 } },
      y: { label: "energy" },
      series: [
        { label: k === 0 ? "displacement" : "", x: t, y: displaced.map((f) => energy(f.measure)), colour: seriesColour(0) },
        { label: k === 0 ? "linear mixing" : "", x: t, y: mixed.map((f) => energy(f.measure)), colour: seriesColour(1), dash: "6 4" },
      ],
    })),
  });
}
