// Logarithmic repulsion and quadratic attraction on the line: histograms over the semicircles of the closed form.
import { knownOf } from "ottoflow";
import { card, curve, density, figure, frameAt, timeColour } from "./kit.mjs";

export const specs = ["aggregation-semicircle"];

const times = [0, 0.2, 0.5, 2];
const [lo, hi] = [-3.2, 3.2];

export async function draw() {
  const run = await card("aggregation-semicircle", { frames: 20 });
  const { exact } = await knownOf(run.problem);
  const series = times.flatMap((t, k) => {
    const law = exact.law(t);
    const [x, out] = [new Float64Array(1), new Float64Array(1)];
    const at = (v) => {
      x[0] = v;
      law.density(1, x, out);
      return out[0];
    };
    return [
      density(frameAt(run, t).measure, { lo, hi, bins: 32, label: `t = ${t}`, colour: timeColour(t / 2) }),
      curve(at, lo, hi, { label: k === 0 ? "semicircles" : "", colour: {}, dash: "4 4" }),
    ];
  });
  return figure({
    title: "Semicircles shrink to a semicircle",
    description:
      "Histograms of 400 particles at times 0, 0.2, 0.5 and 2. Each follows a semicircle; their radii fall from 3 to the root of 2 while their heights grow.",
    panels: [{ height: 280, x: { label: "x", range: { lo, hi } }, y: { label: "density", range: { lo: 0, hi: 0.52 } }, series }],
  });
}
