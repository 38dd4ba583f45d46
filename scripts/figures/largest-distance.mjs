// W_p between an atom and the same atom that has lost one per cent to a point at distance one, against p.
import { cloud, powerCost, solve } from "ottoflow";
import { curve, figure, seriesColour } from "./kit.mjs";

export async function draw() {
  const from = cloud([[0]]);
  const to = cloud([[0], [1]], { weights: [0.99, 0.01] });
  const powers = [1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64, 128];
  const seen = [];
  for (const p of powers) seen.push((await solve({ from, to, cost: powerCost(p) })).value ** (1 / p));
  const limit = (await solve({ from, to, cost: powerCost(Number.POSITIVE_INFINITY) })).value;
  const grid = Array.from({ length: 100 }, (_, k) => 160 ** (k / 99));
  return figure({
    title: "From W₁ to W∞",
    description: `The distance W_p against p on a logarithmic axis: 0.01 for p = 1, 0.1 for p = 2, ${seen.at(-1).toPrecision(3)} for p = 128. It rises towards ${limit}, the largest distance that any mass moves.`,
    panels: [
      {
        height: 270,
        x: { label: "p", log: true, range: { lo: 0.9, hi: 160 } },
        y: { label: "distance", range: { lo: 0, hi: 1.06 } },
        series: [
          { label: "0.01^(1/p)", x: grid, y: grid.map((p) => 0.01 ** (1 / p)), colour: seriesColour(0) },
          ...powers.map((p, i) => ({ label: i === 0 ? "W_p, solved" : "", x: [p], y: [seen[i]], colour: seriesColour(1), dots: true })),
          curve(() => limit, 0.9, 160, { label: "W∞, solved", colour: {}, dash: "5 5" }, 2),
        ],
      },
    ],
  });
}
