// Two equal Gaussians move apart: three distances against the separation, computed on cells and by formula.
import { solve } from "ottoflow";
import { gaussianLaw } from "ottoflow/measure/gaussian";
import { storeCells } from "ottoflow/measure/store";
import { makeBox } from "ottoflow/space/box";
import { fisherRaoGeodesic } from "ottoflow/transport/dynamic/fisher-rao-geodesic";
import { curve, figure, seriesColour } from "./kit.mjs";

const s = 0.3;
const most = 4;
const space = makeBox({ lower: [-7 * s], upper: [most + 7 * s], cells: [480] });
const [h] = space.grid.h;
function at(mean) {
  const rho = new Float64Array(480);
  storeCells(gaussianLaw([mean], [s * s]), space, rho);
  const mass = h * rho.reduce((a, b) => a + b, 0);
  return { rep: "cells", space, rho: rho.map((r) => r / mass) };
}
const formulas = [
  ["Wasserstein W₂", (d) => d],
  ["L²", (d) => Math.sqrt((1 - Math.exp((-d * d) / (4 * s * s))) / (s * Math.sqrt(Math.PI)))],
  ["Fisher–Rao", (d) => 2 * Math.acos(Math.exp((-d * d) / (8 * s * s)))],
];

export async function draw() {
  const here = at(0);
  const series = formulas.map(([label, f], k) => curve(f, 0, most, { label, colour: seriesColour(k) }));
  for (let k = 0; k <= 16; k++) {
    const d = (k * most) / 16;
    const there = at(d);
    const { value } = await solve({ from: here, to: there });
    const l2 = Math.sqrt(h * here.rho.reduce((sum, r, i) => sum + (r - there.rho[i]) ** 2, 0));
    const found = [Math.sqrt(Math.max(0, value)), l2, fisherRaoGeodesic(here, there).arc];
    for (const [i, v] of found.entries()) series.push({ label: "", x: [d], y: [v], colour: seriesColour(i), dots: true });
  }
  return figure({
    title: "Two masses part",
    description:
      "Three distances of two equal Gaussians against how far they are apart. W2 grows along the diagonal. The L2 distance and the Fisher–Rao arc rise to a ceiling, reached once the bumps no longer overlap, and stay there.",
    panels: [{ height: 290, x: { label: "separation", range: { lo: 0, hi: most } }, y: { label: "distance", range: { lo: 0, hi: 4.1 } }, series }],
  });
}
