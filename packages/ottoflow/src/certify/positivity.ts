import type { Certificate, Check } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { minimumOf } from "../measure/rows.ts";

interface Memory {
  least: number;
  time: number;
  /** first time a negative value was seen */
  turned: number | null;
}

const certificate: Certificate<Memory> = {
  label: "positivity",
  title: "density stays non-negative",
  applies: (p, s) =>
    s.takes.rep === "cells" || s.takes.rep === "quantiles"
      ? null
      : `${s.takes.rep} are positive by construction: ${p.geometry.label} moves them or their weights stay fixed`,
  watcher: () => ({
    every: "trace",
    begin: () => ({ least: Number.POSITIVE_INFINITY, time: 0, turned: null }),
    see(memory, tick) {
      const least = minimumOf(tick.state.measure);
      if (least < memory.least) [memory.least, memory.time] = [least, tick.t];
      if (least < 0) memory.turned ??= tick.t;
      return undefined;
    },
  }),
  judge(memory, run): readonly Check[] {
    const promised = run.problem.geometry.promises.includes("positivity") && run.scheme.promises.positivity;
    const turned = memory.turned === null ? "" : `; first negative at t = ${memory.turned}`;
    return [
      {
        kind: "positivity",
        title: "density stays non-negative",
        verdict: promised ? (memory.least >= 0 ? "pass" : "fail") : "reported",
        hard: promised,
        relation: "at-least",
        value: memory.least,
        bound: promised ? 0 : null,
        source: promised
          ? `promised by the geometry ${run.problem.geometry.label} and the scheme ${run.scheme.label}`
          : `not promised by ${run.problem.geometry.promises.includes("positivity") ? `the scheme ${run.scheme.label}` : `the geometry ${run.problem.geometry.label}`}`,
        detail: `smallest density seen, at t = ${memory.time}${turned}`,
      },
    ];
  },
};

export const positivity: Unit<"certificate"> = defineCertificate({
  kind: "positivity",
  title: "positivity",
  tex: "\\min_{t, x} \\rho(t, x) \\ge 0",
  summary:
    "The smallest density of the run and where it occurred. Hard where geometry and scheme promise it. Nothing is clipped: a geometry that drives the density negative, like projected L2, is reported with the time at which it did.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
