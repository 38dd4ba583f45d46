import type { Certificate, Check } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { whyNoDescent } from "./modulus.ts";

/** The step that rose most beyond its own tolerance. */
interface Memory {
  last: number | null;
  /** rise of that step, its tolerance, its time */
  rise: number;
  tolerance: number;
  time: number;
  steps: number;
  /** first time the energy was not a number */
  lost: number | null;
}

const certificate: Certificate<Memory> = {
  label: "energy-decay",
  title: "energy never rises",
  applies: (p, s) => whyNoDescent(p) ?? (s.promises.weak ? "the scheme is stochastic: its energy has no value on particles" : null),
  watcher: () => ({
    every: { steps: 1 },
    begin: () => ({ last: null, rise: Number.NEGATIVE_INFINITY, tolerance: 0, time: 0, steps: 0, lost: null }),
    see(memory, tick) {
      const { total, parts } = tick.energy();
      if (total === null) return undefined;
      if (Number.isNaN(total)) {
        memory.lost ??= tick.t;
        return undefined;
      }
      if (memory.last !== null && Number.isFinite(memory.last)) {
        memory.steps++;
        const scale = parts.reduce<number>((s, v) => s + Math.abs(v ?? 0), 0) + Math.abs(memory.last);
        const tolerance = (tick.info?.gap ?? 0) + 1e-11 * scale;
        const rise = total - memory.last;
        if (rise - tolerance > memory.rise - memory.tolerance) [memory.rise, memory.tolerance, memory.time] = [rise, tolerance, tick.t];
      }
      memory.last = total;
      return undefined;
    },
  }),
  judge(memory, run): readonly Check[] {
    const head = { kind: "energy-decay", title: "energy never rises" } as const;
    if (memory.lost !== null)
      return [
        {
          ...head,
          verdict: "fail",
          hard: true,
          value: null,
          bound: null,
          source: "an energy has a value",
          detail: `the energy is not a number at t = ${memory.lost}`,
        },
      ];
    if (memory.steps === 0)
      return [{ ...head, verdict: "not-applicable", hard: false, value: null, bound: null, source: "", detail: "the energy is undefined on this storage" }];
    const promised = run.scheme.promises.decay;
    const holds = memory.rise <= memory.tolerance;
    return [
      {
        ...head,
        verdict: holds ? "pass" : promised === false ? "reported" : "fail",
        hard: promised !== false,
        value: memory.rise,
        bound: memory.tolerance,
        source: promised === false ? `the scheme ${run.scheme.label} does not promise it` : promised,
        detail: `change of the energy over the worst of ${memory.steps} steps, at t = ${memory.time}; the bound is the tolerance of the solver at that step`,
      },
    ];
  },
};

export const energyDecay: Unit<"certificate"> = defineCertificate({
  kind: "energy-decay",
  title: "energy decay",
  tex: "F(\\rho_{k+1}) - F(\\rho_k) \\le \\text{tolerance}_k",
  summary:
    "A gradient flow never climbs. The step that changes the energy most against the tolerance of its own inner solve; hard where the scheme promises decay, not applicable under a drift or a moving potential. An energy that is not a number fails.",
  refs: ["ags2008"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
