import { defineExporter, type Unit } from "../define.ts";
import { svgDocument } from "./figure/document.ts";
import { figuresOf } from "./figure/figures.ts";

export const svg: Unit<"exporter"> = defineExporter({
  kind: "svg",
  title: "figures as SVG",
  tex: "",
  summary:
    "Figures of the run as scalable drawings: densities, points or heat maps over time, the energy with its dissipation ledger, and the parts of the energy. Each file follows the light or dark scheme of whoever shows it, carries a title and a description for readers who cannot see it, and has the same bytes wherever it is made.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    extension: "svg",
    write: async (run) => figuresOf(run).map((figure) => ({ name: `${figure.name}.svg`, bytes: new TextEncoder().encode(svgDocument(figure)) })),
  }),
});
