// Squared L² distances from the start to a mixture and from there to the end: their sum is less than the squared distance of the ends.
import { figure, path, seriesColour } from "./kit.mjs";

export const specs = ["paths/vertical-against-horizontal"];

export async function draw() {
  const { frames } = await path("paths/vertical-against-horizontal", { variant: "linear-mixing", set: { frames: 21 } });
  const [a, b] = [frames[0].measure, frames.at(-1).measure];
  const squared = (p, q) => p.space.grid.h[0] * p.rho.reduce((s, r, i) => s + (r - q.rho[i]) ** 2, 0);
  const whole = squared(a, b);
  const t = frames.map((f) => f.t);
  const twoLegs = frames.map(({ measure: m }) => squared(a, m) + squared(m, b));
  return figure({
    title: "A squared distance is no distance",
    description: `The sum of both squared legs over a mixture of two densities, against the share of the second: ${whole.toPrecision(3)} at the ends and half of that in the middle. The direct way, dashed, is longer than every detour. The sum of the legs without squares is the direct way itself.`,
    panels: [
      {
        height: 250,
        x: { label: "share t of the second density", range: { lo: 0, hi: 1 } },
        y: { label: "over the direct way", range: { lo: 0.4, hi: 1.08 } },
        series: [
          { label: "squared, by way of the mixture", x: t, y: twoLegs.map((v) => v / whole), colour: seriesColour(1) },
          {
            label: "not squared",
            x: t,
            y: frames.map(({ measure: m }) => (Math.sqrt(squared(a, m)) + Math.sqrt(squared(m, b))) / Math.sqrt(whole)),
            colour: seriesColour(0),
          },
        ],
      },
    ],
  });
}
