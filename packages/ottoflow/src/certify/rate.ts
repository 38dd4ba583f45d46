import type { Certificate, Check } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { exp, log } from "../kernels/math.ts";
import { whyNoDescent } from "./modulus.ts";

interface Memory {
  t: number[];
  logD: number[];
  /** every stride-th look is kept, so that the fit spans the whole run */
  stride: number;
  count: number;
}
const MOST = 2048;

const certificate: Certificate<Memory> = {
  label: "rate",
  title: "rate of convergence",
  applies: (p, s) => whyNoDescent(p) ?? s.noLedger ?? (s.promises.weak ? "the scheme is stochastic" : null),
  watcher: () => ({
    every: "trace",
    begin: () => ({ t: [], logD: [], stride: 1, count: 0 }),
    see(memory, tick) {
      const D = tick.dissipation();
      if (D === null || !(D > 0) || !Number.isFinite(D) || memory.count++ % memory.stride !== 0) return undefined;
      memory.t.push(tick.t);
      memory.logD.push(log(D));
      if (memory.t.length >= MOST) {
        memory.stride *= 2;
        memory.t = memory.t.filter((_, i) => i % 2 === 0);
        memory.logD = memory.logD.filter((_, i) => i % 2 === 0);
      }
      return undefined;
    },
  }),
  judge(memory, run): readonly Check[] {
    const fit = fitTail(memory);
    const head = { kind: "rate", title: "rate of convergence", hard: false } as const;
    if (!fit)
      return [
        {
          ...head,
          verdict: "not-applicable",
          value: null,
          bound: null,
          source: "",
          detail: "the dissipation does not settle into an exponential within the run (its logarithm is not straight), or is not available",
        },
      ];
    const modulus = run.known.modulus;
    const predicted = modulus && modulus.value > 0 ? 2 * modulus.value : null;
    return [
      {
        ...head,
        verdict: predicted === null ? "reported" : fit.rate >= predicted * (1 - 0.02) ? "pass" : "reported",
        relation: "at-least",
        value: fit.rate,
        bound: predicted,
        source:
          predicted === null
            ? "no positive modulus of convexity is known, so no rate is predicted"
            : `-dF/dt falls at least like e^{-2 lambda t}, lambda = ${modulus!.value} (${modulus!.how}) [bakry1985, ags2008]`,
        detail: `fitted to -dF/dt ~ e^{-rate t} from t = ${fit.from.toPrecision(4)} to ${fit.to.toPrecision(4)}, largest relative misfit ${fit.misfit.toExponential(1)}`,
      },
    ];
  },
};

/** Least squares of log D on the last third above rounding; refused unless the fit is straight within 1 % over at least a factor e. */
function fitTail({ t, logD }: Memory): { rate: number; from: number; to: number; misfit: number } | null {
  const floor = Math.max(...logD) + log(1e-18);
  let end = t.length;
  while (end > 0 && logD[end - 1]! < floor) end--;
  const begin = Math.floor((2 * end) / 3);
  const n = end - begin;
  if (n < 8) return null;
  let [st, sl, stt, stl] = [0, 0, 0, 0];
  for (let i = begin; i < end; i++) {
    st += t[i]! / n;
    sl += logD[i]! / n;
  }
  for (let i = begin; i < end; i++) {
    stt += (t[i]! - st) * (t[i]! - st);
    stl += (t[i]! - st) * (logD[i]! - sl);
  }
  const rate = -stl / stt;
  let misfit = 0;
  for (let i = begin; i < end; i++) misfit = Math.max(misfit, Math.abs(logD[i]! - sl + rate * (t[i]! - st)));
  misfit = exp(misfit) - 1;
  return rate > 0 && misfit < 0.01 && rate * (t[end - 1]! - t[begin]!) > 1 ? { rate, from: t[begin]!, to: t[end - 1]!, misfit } : null;
}

export const rate: Unit<"certificate"> = defineCertificate({
  kind: "rate",
  title: "predicted against measured rate",
  tex: "-\\tfrac{d}{dt} F(\\rho_t) \\sim e^{-2 \\lambda t}",
  summary:
    "Fits the exponential rate at which the dissipation falls at the end of the run and holds it against the rate that the modulus of convexity predicts. Refuses to name a rate where the decay is not exponential.",
  refs: ["bakry1985", "ags2008"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
