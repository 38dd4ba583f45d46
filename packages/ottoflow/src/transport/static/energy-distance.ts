/** The energy distance beside the transport distances. */
import { defineTransport, type Unit } from "../../define.ts";
import { countOf, discrepancyAnswer, energyDistanceOf, refusesDiscrepancy } from "../discrepancy.ts";

export const energyDistance: Unit<"transport"> = defineTransport({
  kind: "energy-distance",
  title: "energy distance",
  tex: String.raw`2\,\mathbb{E}|X - Y| - \mathbb{E}|X - X'| - \mathbb{E}|Y - Y'|`,
  summary:
    "Another distance than transport, with no problem to solve: on the line twice the squared L² distance of the distribution functions, exact by sorting for all storages; in more dimensions sums over all pairs, or slices by sorting times the slicing constant. Its square root is a metric.",
  refs: ["szekely2013", "hertrich2024"],
  params: {
    slices: { type: "integer", default: 0, min: 0, max: 1000000, doc: "directions to sort along; 0 takes all pairs" },
    seed: { type: "integer", default: 1, doc: "of the directions" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { slices: 64 } },
  ],
  build: ({ slices, seed }) => ({
    label: "energy-distance",
    answer: "other-distance",
    refuses: (p) =>
      refusesDiscrepancy(p) ??
      (p.from.space.dim > 1 && [p.from.rep, p.to.rep].some((r) => r === "gaussian") ? "has closed forms for Gaussians on the line only" : null),
    estimate: (p) => {
      const n = countOf(p.from) + countOf(p.to);
      return { work: p.from.space.dim === 1 ? 40 * n : slices > 0 ? 50 * slices * n : 3 * n * n, bytes: 80 * n };
    },
    *solve(p) {
      yield { stage: "sums", iteration: 0, gap: null, defect: null, fraction: null };
      const { value, standardError, how } = energyDistanceOf(p.from, p.to, slices, seed);
      const answer = discrepancyAnswer(
        "energy-distance",
        value,
        3 * standardError,
        "2 E|X - Y| - E|X - X'| - E|Y - Y'| (the cost of the problem plays no part; a metric is value^(1/2))",
        [`Not a transport distance: ${how}.`, ...(standardError > 0 ? ["The gap is three standard errors, statistical and no bound."] : [])],
      );
      return { ...answer, figures: { standardError } };
    },
  }),
});
