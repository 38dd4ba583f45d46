// The rate at which a double well is escaped against the inverse temperature: runs, spectrum, and Kramers' formula.
import { spectralFokkerPlanck } from "ottoflow/exact/fokker-planck-spectral";
import { card, figure, frameAt, seriesColour } from "./kit.mjs";

export const specs = ["double-well-escape"];

const rows = (f) => (n, x, out) => {
  for (let i = 0; i < n; i++) out[i] = f(x[i]);
};
const well = { V: rows((x) => (x * x - 1) ** 2), dV: rows((x) => 4 * x * (x * x - 1)), d2V: rows((x) => 12 * x * x - 4) };
const variants = [
  ["warm", 1],
  ["cool", 0.5],
  ["cold", 0.25],
];

export async function draw() {
  const inverse = Array.from({ length: 21 }, (_, k) => 0.75 + 0.4625 * k);
  const spectrum = inverse.map((b) => spectralFokkerPlanck(well, 1 / b, -3.4, 3.4, 220).rates[1]);
  const seen = [];
  for (const [variant, temperature] of variants) seen.push([1 / temperature, rateOf(await card("double-well-escape", { variant }))]);
  const kramers = inverse.map((b) => (Math.sqrt(32) / Math.PI) * Math.exp(-b));
  const series = [
    { label: "spectral gap", x: inverse, y: spectrum, colour: seriesColour(0) },
    { label: "Kramers", x: inverse, y: kramers, colour: {}, dash: "5 5" },
    ...seen.map(([b, rate], i) => ({ label: i === 0 ? "runs" : "", x: [b], y: [rate], colour: seriesColour(1), dots: true })),
  ];
  return figure({
    title: "Escape from a well against the temperature",
    description: `The rate of escape on a logarithmic axis against one over the temperature falls almost along a straight line: ${seen.map(([b, rate]) => `${rate.toPrecision(3)} at temperature ${1 / b}`).join(", ")}. Kramers' formula, dashed, crosses it and approaches it from above where it is cold.`,
    panels: [
      {
        height: 300,
        x: { label: "1 / temperature", range: { lo: 0.5, hi: 10.2 } },
        y: { label: "rate (1 / time)", log: true, range: { lo: 5e-5, hi: 1.5 } },
        series,
      },
    ],
  });
}
/** Of the mean, once the start is forgotten. */
function rateOf(run) {
  const mean = (t) => {
    const { measure } = frameAt(run, t);
    return measure.space.grid.h[0] * measure.rho.reduce((s, r, i) => s + r * measure.space.cells.centre[i], 0);
  };
  return Math.log(mean(2) / mean(5)) / 3;
}
