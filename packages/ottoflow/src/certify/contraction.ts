import type { Certificate, Check } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { exp, log1p } from "../kernels/math.ts";
import { whyNoDescent } from "./modulus.ts";

/** The slope |dF|(rho_t) at the first look where it is finite, and the worst ratio to e^{-lambda t} times it since. */
interface Memory {
  t0: number | null;
  slope0: number;
  worst: number;
  time: number;
}

/** What a discretisation may add to the ratio before the check fails; the theorem is about the flow itself. */
const SLACK = 0.05;

const certificate: Certificate<Memory> = {
  label: "contraction",
  title: "the slope contracts",
  applies: (p, s, known) =>
    whyNoDescent(p) ??
    s.noLedger ??
    (s.promises.weak ? "the scheme is stochastic" : known.modulus ? null : "no modulus of convexity is known for this energy and geometry"),
  watcher: (_p, s, known) => ({
    every: "trace",
    begin: () => ({ t0: null, slope0: 0, worst: 0, time: 0 }),
    see(memory, tick) {
      const D = tick.dissipation();
      if (D === null || !Number.isFinite(D)) return undefined;
      if (memory.t0 === null) {
        memory.t0 = tick.t;
        memory.slope0 = Math.sqrt(D);
        return undefined;
      }
      const lambda = known.modulus!.value;
      // proximal steps have a bound of their own, which holds for steps of any size
      const rate = s.promises.proximal && lambda * s.step > -1 ? log1p(lambda * s.step) / s.step : lambda;
      const bound = memory.slope0 * exp(-rate * (tick.t - memory.t0));
      // below rounding of the dissipation itself the ratio says nothing
      if (Math.sqrt(D) > 1e-7 * memory.slope0 && Math.sqrt(D) / bound > memory.worst) [memory.worst, memory.time] = [Math.sqrt(D) / bound, tick.t];
      return undefined;
    },
  }),
  judge(memory, run): readonly Check[] {
    const modulus = run.known.modulus!;
    const head = { kind: "contraction", title: "the slope contracts", hard: false, bound: 1 } as const;
    if (memory.worst === 0) return [{ ...head, verdict: "not-applicable", value: null, source: "", detail: "the scheme gives no finite dissipation" }];
    return [
      {
        ...head,
        verdict: memory.worst <= 1 ? "pass" : memory.worst <= 1 + SLACK ? "reported" : "fail",
        value: memory.worst,
        source: `${run.scheme.promises.proximal ? "|dF|(rho_{k+1}) <= |dF|(rho_k) / (1 + lambda tau)" : "|dF|(rho_t) <= e^{-lambda t} |dF|(rho_0)"} with lambda = ${modulus.value} [ags2008]; modulus ${modulus.how}: ${modulus.because}`,
        detail: `largest ratio of the slope to its bound, at t = ${memory.time}${memory.worst > 1 ? `; above its bound by ${(100 * (memory.worst - 1)).toPrecision(2)} %, which refinement must remove` : ""}`,
      },
    ];
  },
};

export const contraction: Unit<"certificate"> = defineCertificate({
  kind: "contraction",
  title: "contraction of the slope",
  tex: "|\\partial F|(\\rho_t) \\le e^{-\\lambda t} |\\partial F|(\\rho_0)",
  summary:
    "Along the flow of a lambda-convex energy the slope falls at least like exp(-lambda t), and along proximal steps of length tau like (1 + lambda tau)^-k. The modulus comes from the facts of the parts, and the certificate says how each is known: proved, checked by interval arithmetic on the box, or only sampled.",
  refs: ["ags2008"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
