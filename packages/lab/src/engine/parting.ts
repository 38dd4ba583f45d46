/** Two equal masses part: what W2, L2 and Fisher–Rao say of two Gaussians at growing separation, by computation and by formula. */
import type { As } from "ottoflow/contract";
import { acos, exp } from "ottoflow/kernels/math";
import { gaussianLaw } from "ottoflow/measure/gaussian";
import { storeCells } from "ottoflow/measure/store";
import { solve } from "ottoflow/solve";
import { makeBox } from "ottoflow/space/box";
import { fisherRaoGeodesic } from "ottoflow/transport/dynamic/fisher-rao-geodesic";
import type { Parting } from "./messages.ts";

const CELLS = 480;

export async function parting(deviation: number, most: number, count: number): Promise<Parting> {
  const s = deviation;
  const margin = 7 * s;
  const space = makeBox({ lower: [-margin], upper: [most + margin], cells: [CELLS] });
  const h = space.grid!.h[0]!;
  const at = (mean: number): As<"cells"> & { readonly rho: Float64Array } => {
    const rho = new Float64Array(CELLS);
    storeCells(gaussianLaw([mean], [s * s]), space, rho);
    return { rep: "cells", space, rho };
  };
  const separation = Float64Array.from({ length: count }, (_, k) => (most * k) / (count - 1));
  const here = at(0);
  const [w, l, f] = [new Float64Array(count), new Float64Array(count), new Float64Array(count)];
  let solver = "";
  for (const [k, d] of separation.entries()) {
    const there = at(d);
    // masses cut by the box differ in the last digits
    const scale = here.rho.reduce((a, b) => a + b, 0) / there.rho.reduce((a, b) => a + b, 0);
    const same = { ...there, rho: there.rho.map((r) => r * scale) };
    const answer = await solve({ from: here, to: same });
    solver = answer.solver;
    w[k] = Math.sqrt(Math.max(0, answer.value));
    l[k] = Math.sqrt(here.rho.reduce((a, r, i) => a + h * (r - same.rho[i]!) * (r - same.rho[i]!), 0));
    f[k] = fisherRaoGeodesic(here, same).arc;
  }
  const curve = (name: string, tex: string, how: string, computed: Float64Array, formula: (d: number) => number): Parting["curves"][number] => {
    const known = separation.map(formula);
    return { name, tex, how, solver: computed, formula: known, apart: computed.reduce((a, v, k) => Math.max(a, Math.abs(v - known[k]!)), 0) };
  };
  return {
    separation,
    curves: [
      curve("Wasserstein W₂", "d", `solver "${solver}", between the cells`, w, (d) => d),
      curve("L²", "\\sqrt{(1 - e^{-d^2/4s^2}) / (s \\sqrt{\\pi})}", "sum over the cells", l, (d) =>
        Math.sqrt((1 - exp((-d * d) / (4 * s * s))) / (s * Math.sqrt(Math.PI))),
      ),
      curve("Fisher–Rao", "2 \\arccos e^{-d^2/8s^2}", "arc of the great circle of √ρ, by cells", f, (d) => 2 * acos(exp((-d * d) / (8 * s * s)))),
    ],
  };
}
