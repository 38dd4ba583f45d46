// The shortest way of a crowd around a wall: the largest density that each place sees, as a long exposure.
import { dataAddress, indexedPng } from "ottoflow/io/figure/raster";
import { element, figure, path } from "./kit.mjs";

export const specs = ["paths/benamou-brenier-obstacle"];

export async function draw() {
  const { frames } = await path("paths/benamou-brenier-obstacle", { set: { frames: 25 } });
  const [columns, rows] = frames[0].measure.space.grid.shape;
  const exposed = new Float64Array(columns * rows);
  for (const { measure } of frames) for (const [i, r] of measure.rho.entries()) exposed[i] = Math.max(exposed[i], r);
  const top = exposed.reduce((s, v) => Math.max(s, v), 0);
  const index = new Uint8Array(columns * rows);
  for (let i = 0; i < columns; i++) for (let j = 0; j < rows; j++) index[(rows - 1 - j) * columns + i] = Math.round((255 * exposed[i * rows + j]) / top);
  const href = dataAddress("image/png", indexedPng(columns, rows, index));
  return figure({
    title: "Around a wall",
    description:
      "A long exposure of a density that moves from left to right in a square with a wall in the middle that leaves a gap at the bottom: a bright arc leads down to the gap, through it, and up again on the other side.",
    panels: [
      {
        height: 430,
        x: { label: "x", range: { lo: 0, hi: 1 } },
        y: { label: "y", range: { lo: 0, hi: 1 } },
        series: [],
        draw: (x, y) =>
          element("image", {
            x: x.at(0),
            y: y.at(1),
            width: x.at(1) - x.at(0),
            height: y.at(0) - y.at(1),
            preserveAspectRatio: "none",
            style: "image-rendering:pixelated",
            href,
          }) + element("rect", { x: x.at(0.47), y: y.at(1), width: x.at(0.53) - x.at(0.47), height: y.at(0.3) - y.at(1), fill: "#8b949e" }),
      },
    ],
  });
}
