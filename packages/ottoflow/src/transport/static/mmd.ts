/** Maximum mean discrepancy with a Gaussian kernel, beside the transport distances. */
import { defineTransport, type Unit } from "../../define.ts";
import { countOf, discrepancyAnswer, gaussianMmd, refusesDiscrepancy } from "../discrepancy.ts";

export const mmd: Unit<"transport"> = defineTransport({
  kind: "mmd",
  title: "maximum mean discrepancy",
  tex: String.raw`\iint e^{-|x - y|^2 / 2 h^2}\, d(\mu - \nu)\, d(\mu - \nu)`,
  summary:
    "Another distance than transport: the squared norm of mu - nu in the space of a Gaussian kernel, by sums over all pairs, or in closed form between Gaussians. The direct function mmdSquared takes any kernel.",
  refs: ["gretton2012"],
  params: { width: { type: "number", default: 1, above: 0, unit: "length", doc: "h, the kernel's standard deviation" } },
  examples: [{ dim: 1, params: {} }],
  build: ({ width }) => ({
    label: "mmd",
    answer: "other-distance",
    refuses: (p) => refusesDiscrepancy(p) ?? ([p.from.rep, p.to.rep].includes("quantiles") ? "takes atoms or Gaussians, not quantiles" : null),
    estimate: (p) => {
      const n = countOf(p.from) + countOf(p.to);
      return { work: 12 * n * n, bytes: 80 * n };
    },
    *solve(p) {
      yield { stage: "sums", iteration: 0, gap: null, defect: null, fraction: null };
      return discrepancyAnswer(
        "mmd",
        gaussianMmd(p.from, p.to, width),
        0,
        `E k(X, X') + E k(Y, Y') - 2 E k(X, Y), k = exp(-|x - y|^2 / 2 h^2), h = ${width} (the cost of the problem plays no part; a metric is value^(1/2))`,
        ["Not a transport distance: sums over all pairs, exact."],
      );
    },
  }),
});
