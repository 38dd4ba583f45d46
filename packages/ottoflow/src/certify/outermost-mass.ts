import type { Cells, Certificate, Check, Grid } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";

interface Memory {
  worst: number;
  time: number;
}
/** Fraction of the mass that the outermost cells may hold before the box is too small for its claim. */
const BOUND = 1e-6;

const certificate: Certificate<Memory> = {
  label: "outermost-mass",
  title: "the box is large enough",
  applies: (p, s) =>
    s.takes.rep !== "cells" || !p.space.grid
      ? "the measure is not stored on a box"
      : p.space.bounded !== false
        ? "the box is the whole world"
        : p.space.grid.periodic.every(Boolean)
          ? "every axis is periodic"
          : null,
  watcher: (p) => {
    const outer = outermost(p.space.grid!);
    return {
      every: "trace",
      begin: () => ({ worst: 0, time: 0 }),
      see(memory, tick) {
        const { rho, space } = tick.state.measure as Cells;
        let mass = 0;
        for (const i of outer) mass += Math.abs(rho[i]! * space.cells!.volume[i]!);
        if (mass > memory.worst) [memory.worst, memory.time] = [mass, tick.t];
        return undefined;
      },
    };
  },
  judge(memory, run): readonly Check[] {
    const value = memory.worst / run.problem.initial.mass;
    return [
      {
        kind: "outermost-mass",
        title: "the box is large enough",
        verdict: value <= BOUND ? "pass" : "fail",
        hard: true,
        value,
        bound: BOUND,
        source: "a box that stands for R^d must stay empty at its walls",
        detail: `largest fraction of the mass in the outermost cells, at t = ${memory.time}${value > BOUND ? "; make the box larger or let it stand for itself" : ""}`,
      },
    ];
  },
};

/** Indices of the cells that touch a wall. */
function outermost(grid: Grid): Int32Array {
  const { shape, periodic } = grid;
  const n = shape.reduce((a, b) => a * b, 1);
  const out: number[] = [];
  for (let i = 0; i < n; i++) {
    let rest = i;
    for (let k = shape.length - 1; k >= 0; k--) {
      const c = rest % shape[k]!;
      rest = Math.floor(rest / shape[k]!);
      if (!periodic[k] && (c === 0 || c === shape[k]! - 1)) {
        out.push(i);
        break;
      }
    }
  }
  return Int32Array.from(out);
}

export const outermostMass: Unit<"certificate"> = defineCertificate({
  kind: "outermost-mass",
  title: "mass in the outermost cells",
  tex: "\\rho(\\text{outermost cells}) / M",
  summary:
    "When a box stands for the whole space, the fraction of the mass in the cells that touch its walls must stay negligible; hard at one part in a million.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
