// Langevin particles at temperature 1/4 in a double well, beside the Gibbs density of that temperature and beside exp(-V).
import { card, curve, density, figure, seriesColour } from "./kit.mjs";

export const specs = ["double-well-langevin"];

const TEMPERATURE = 0.25;
const [lo, hi] = [-2.2, 2.2];

export async function draw() {
  const run = await card("double-well-langevin", { set: { "energy.0.temperature": TEMPERATURE } });
  const end = run.frames.at(-1).measure;
  return figure({
    title: "Which density do the particles sample?",
    description:
      "A histogram of particles at temperature 1/4 has two narrow peaks at -1 and 1 and almost nothing between. It follows exp(-4V) over its integral; exp(-V) over its integral is much wider and lower.",
    panels: [
      {
        height: 280,
        x: { label: "x", range: { lo, hi } },
        y: { label: "density", range: { lo: 0, hi: 1.25 } },
        series: [
          density(end, { lo, hi, bins: 70, label: "particles at temperature 1/4", colour: seriesColour(0) }),
          curve(gibbs(TEMPERATURE), lo, hi, { label: "exp(−4V)/Z", colour: {}, dash: "5 4" }),
          curve(gibbs(1), lo, hi, { label: "exp(−V)/Z", colour: seriesColour(1) }),
        ],
      },
    ],
  });
}
function gibbs(temperature) {
  const f = (x) => Math.exp(-((x * x - 1) ** 2) / temperature);
  let Z = 0;
  for (let i = -4000; i < 4000; i++) Z += 0.001 * f((i + 0.5) / 1000);
  return (x) => f(x) / Z;
}
