import type { Certificate, Check, Law, Measure, Problem } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { isOttoflowError } from "../errors.ts";
import { type Stored, storeCells, storeGaussian, storeParticles, storeQuantiles } from "../measure/store.ts";

/** What the conversion of the initial law said of itself, or why it said nothing. */
interface Memory {
  how: Stored["how"] | "";
  bound: number | null;
  lost: number;
  because: string;
}

/** Stores the law once more beside the run, to hear how its error is known. */
function stored(m: Measure, law: Law, p: Problem): Stored {
  switch (m.rep) {
    case "cells":
      return storeCells(law, p.space, new Float64Array(m.rho.length));
    case "particles":
      return storeParticles(law, m.n, p.seed, new Float64Array(m.x.length), new Float64Array(m.n), p.space);
    case "quantiles":
      return storeQuantiles(law, m.level, new Float64Array(m.x.length));
    case "gaussian":
      return storeGaussian(law, new Float64Array(m.mean.length), new Float64Array(m.cov.length));
  }
}

const certificate: Certificate<Memory> = {
  label: "storage",
  title: "the initial measure as stored",
  applies: () => null,
  watcher: (p) => ({
    every: "trace",
    begin: () => ({ how: "", bound: null, lost: 0, because: "" }),
    see(memory, tick) {
      if (memory.because !== "") return undefined;
      try {
        const s = stored(tick.state.measure, p.initial, p);
        [memory.how, memory.bound, memory.lost, memory.because] = [s.how, s.bound ?? null, s.lost, s.because];
      } catch (error) {
        if (!isOttoflowError(error)) throw error;
        memory.because = error.message;
      }
      return undefined;
    },
  }),
  judge(m): readonly Check[] {
    const head = { kind: "storage", title: "the initial measure as stored", hard: false } as const;
    if (m.how === "") return [{ ...head, verdict: "not-applicable", value: null, bound: null, source: "", detail: m.because || "nothing was stored" }];
    const lost = m.lost > 0 ? `; ${m.lost.toExponential(1)} of the mass lies outside the box and is left out` : "";
    return [
      {
        ...head,
        verdict: "reported",
        value: m.bound,
        bound: null,
        source: m.bound === null ? `${m.how}: no bound is known` : `${m.how} bound on W2 between the law and what is stored`,
        detail: `${m.because}${lost}`,
      },
    ];
  },
};

export const storage: Unit<"certificate"> = defineCertificate({
  kind: "storage",
  title: "error of the initial storage",
  tex: "W_2(\\rho_0, \\rho_0^h) \\le \\text{bound}",
  summary:
    "Turning the initial law into cells, particles, quantiles or a Gaussian loses something before the first step. Says how much where a bound on the Wasserstein distance is proved, and whether the rest is exact, estimated or statistical.",
  refs: ["villani2003"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
