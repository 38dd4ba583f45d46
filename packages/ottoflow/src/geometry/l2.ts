import type { Geometry, Rows } from "../contract.ts";
import { defineGeometry, type Unit } from "../define.ts";

/** out = xi minus its mean against cell volume: the L2 gradient among densities of one mass. Says nothing of signs. */
function projected(n: number, volume: Rows, xi: Rows, out: Rows): void {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    total += volume[i]!;
    sum += volume[i]! * xi[i]!;
  }
  const mean = sum / total;
  for (let i = 0; i < n; i++) out[i] = xi[i]! - mean;
}

const l2Geometry: Geometry = {
  label: "l2",
  tex: "\\partial_t \\rho = -\\bigl(\\tfrac{\\delta F}{\\delta\\rho} - \\tfrac{1}{|\\Omega|}\\int_\\Omega \\tfrac{\\delta F}{\\delta\\rho}\\bigr)",
  apply: {
    cells: (m, xi, out) => projected(m.rho.length, m.space.cells!.volume, xi, out),
  },
  promises: ["mass"],
};

export const l2: Unit<"geometry"> = defineGeometry({
  kind: "l2",
  title: "L²",
  tex: l2Geometry.tex,
  summary:
    "The plain gradient flow of functions with the mass held by a projection. Mass jumps over any distance at once and densities may turn negative: the contrast that shows what transport does. Needs a bounded box.",
  refs: ["ags2008"],
  params: {},
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: {} },
  ],
  build: () => l2Geometry,
});
