// The L2 slope of the second moment with two means taken off: the mean over the interval keeps the mass, the mean under the measure does not.
import { curve, figure, seriesColour } from "./kit.mjs";

export const specs = [];

const CELLS = 400;
const STEPS = 400;
const until = 1;

/** d rho/dt = -(x^2 - mean), by Heun's method. @param mean of x^2, told the density */
export function flow(mean) {
  const h = 2 / CELLS;
  const square = Float64Array.from({ length: CELLS }, (_, i) => (-1 + (i + 0.5) * h) ** 2);
  const rho = new Float64Array(CELLS).fill(0.5);
  const mass = [1];
  const slope = (r) => {
    const taken = mean(square, r, h);
    return square.map((v) => taken - v);
  };
  const tau = until / STEPS;
  for (let k = 0; k < STEPS; k++) {
    const first = slope(rho);
    const second = slope(rho.map((r, i) => r + tau * first[i]));
    for (let i = 0; i < CELLS; i++) rho[i] += 0.5 * tau * (first[i] + second[i]);
    mass.push(rho.reduce((s, r) => s + h * r, 0));
  }
  return { rho, mass };
}
export const ofInterval = (square, _rho, h) => square.reduce((s, v) => s + v * h, 0) / 2;
export const ofMeasure = (square, rho) => square.reduce((s, v, i) => s + v * rho[i], 0) / rho.reduce((s, r) => s + r, 0);

export async function draw() {
  const [good, bad] = [flow(ofInterval), flow(ofMeasure)];
  const t = Float64Array.from({ length: STEPS + 1 }, (_, k) => (until * k) / STEPS);
  const x = Float64Array.from({ length: CELLS }, (_, i) => -1 + ((i + 0.5) * 2) / CELLS);
  return figure({
    title: "Which mean is taken off",
    description:
      "Above, the mass against time: with the mean over the interval it stays 1, with the mean under the measure it sinks ever faster. Below, both densities at time 1: the second lies below the first by a constant.",
    panels: [
      {
        title: "mass",
        height: 190,
        x: { label: "t", range: { lo: 0, hi: until } },
        y: { label: "∫ρ", range: { lo: 0.8, hi: 1.02 } },
        series: [
          { label: "mean over the interval", x: t, y: good.mass, colour: seriesColour(0) },
          { label: "mean under the measure", x: t, y: bad.mass, colour: seriesColour(1) },
        ],
      },
      {
        title: "density at t = 1",
        height: 190,
        x: { label: "x", range: { lo: -1, hi: 1 } },
        y: { label: "ρ" },
        series: [
          { label: "", x, y: good.rho, colour: seriesColour(0) },
          { label: "", x, y: bad.rho, colour: seriesColour(1) },
          curve(() => 0, -1, 1, { colour: {}, dash: "2 4" }, 2),
        ],
      },
    ],
  });
}
