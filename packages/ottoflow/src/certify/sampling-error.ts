import type { Certificate, Check, Particles } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";

/** First and second moments along each axis at the last look, and their standard errors over the particles. */
interface Memory {
  t: number;
  mean: number[];
  meanError: number[];
  second: number[];
  secondError: number[];
  exactMean: number[] | null;
  exactSecond: number[] | null;
}

const certificate: Certificate<Memory> = {
  label: "sampling-error",
  title: "error bars of the sample",
  applies: (_p, s) => (s.promises.weak ? null : "the scheme is deterministic"),
  watcher: (p, _s, known) => ({
    every: "trace",
    begin: () => ({ t: p.start, mean: [], meanError: [], second: [], secondError: [], exactMean: null, exactSecond: null }),
    see(memory, tick) {
      const m = tick.state.measure as Particles;
      memory.t = tick.t;
      for (let k = 0; k < p.space.dim; k++) {
        const [mean, meanError, second, secondError] = axis(m, k);
        [memory.mean[k], memory.meanError[k], memory.second[k], memory.secondError[k]] = [mean, meanError, second, secondError];
      }
      // the exact law can cost as much as many steps, and only the last one is judged
      const exact = tick.final ? known.exact?.law(tick.t).moments : undefined;
      memory.exactMean = exact ? [...exact.mean] : null;
      memory.exactSecond = exact ? exact.mean.map((v, k) => v * v + exact.cov[k * p.space.dim + k]!) : null;
      return undefined;
    },
  }),
  judge: (m) =>
    m.mean.flatMap((_, k) => [check("mean", k, m.mean, m.meanError, m.exactMean, m.t), check("second moment", k, m.second, m.secondError, m.exactSecond, m.t)]),
};

/** Weighted means of x and x^2 and their standard errors, as if the particles were independent. */
function axis(m: Particles, k: number): readonly [number, number, number, number] {
  let [w, w2, s1, s2, s4] = [0, 0, 0, 0, 0];
  for (let i = 0; i < m.n; i++) {
    const [wi, x] = [m.weight[i]!, m.x[k * m.n + i]!];
    w += wi;
    w2 += wi * wi;
    s1 += wi * x;
    s2 += wi * x * x;
    s4 += wi * x * x * x * x;
  }
  const [mean, second, fourth] = [s1 / w, s2 / w, s4 / w];
  const effective = w2 / (w * w);
  return [mean, Math.sqrt(Math.max(0, second - mean * mean) * effective), second, Math.sqrt(Math.max(0, fourth - second * second) * effective)];
}

function check(what: string, k: number, value: readonly number[], error: readonly number[], exact: readonly number[] | null, t: number): Check {
  const off = exact ? Math.abs(value[k]! - exact[k]!) / error[k]! : null;
  return {
    kind: "sampling-error",
    title: `${what} along axis ${k + 1}, with its error bar`,
    verdict: off === null ? "reported" : off <= 4 ? "pass" : "reported",
    hard: false,
    relation: "equals",
    value: value[k]!,
    bound: exact?.[k] ?? null,
    source: "standard error over the particles taken as independent; four of them leave one in 16 000 outside",
    detail: `${value[k]!.toPrecision(6)} ± ${error[k]!.toPrecision(2)} at t = ${t}${off === null ? "" : `, ${off.toFixed(1)} standard errors from the exact ${exact![k]!.toPrecision(6)}${off > 4 ? " (more than chance: the time step, or particles that are not independent)" : ""}`}`,
  };
}

export const samplingError: Unit<"certificate"> = defineCertificate({
  kind: "sampling-error",
  title: "stochastic error bars",
  tex: "\\bar x \\pm \\sqrt{\\mathrm{Var}/N}",
  summary:
    "Means and second moments of sampled measures with their standard errors, held against the exact ones where these are known. More than four standard errors off is the time step's bias, not chance.",
  refs: ["roberts1996"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
