import { fileURLToPath } from "node:url";
import { Resvg } from "@resvg/resvg-js";
import { defineExporter, type Unit } from "ottoflow/define";
import { svgDocument } from "ottoflow/io/figure/document";
import { figuresOf } from "ottoflow/io/figure/figures";

const fonts = ["figure.ttf", "figure-bold.ttf"].map((name) => fileURLToPath(new URL(`../../assets/${name}`, import.meta.url)));

/** The drawing as pixels, twice as fine as on screen. Letters come from the package, so every machine draws the same. */
export function pngBytes(svg: string): Uint8Array {
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: 2 },
    font: { loadSystemFonts: false, fontFiles: fonts, defaultFontFamily: "Ottoflow Figure", sansSerifFamily: "Ottoflow Figure" },
    imageRendering: 1,
  });
  return new Uint8Array(image.render().asPng());
}

export const png: Unit<"exporter"> = defineExporter({
  kind: "png",
  title: "figures as PNG",
  tex: "",
  summary: "The figures of the run as pictures on white, 1520 pixels wide, for slides and documents that take no SVG.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    extension: "png",
    write: async (run) => figuresOf(run).map((figure) => ({ name: `${figure.name}.png`, bytes: pngBytes(svgDocument(figure)) })),
  }),
});
