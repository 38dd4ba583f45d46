import { defineSpace, type Unit } from "../define.ts";
import { makeFree } from "./euclidean.ts";

export { makeFree };

export const free: Unit<"space"> = defineSpace({
  kind: "free",
  title: "free space",
  tex: "\\mathbb{R}^d",
  summary: "The whole Euclidean space, without cells and walls. Particles, quantile functions and Gaussians live here; densities on cells need a box.",
  refs: ["ags2008"],
  params: {
    dimension: { type: "integer", min: 1, max: 10_000, default: 1, doc: "number of coordinates" },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { dimension: 2 } },
  ],
  build: ({ dimension }) => makeFree(dimension),
});
