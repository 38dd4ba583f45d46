import type { Certificate, Check } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { whyNoDescent } from "./modulus.ts";

interface Memory {
  last: number | null;
  rise: number;
  time: number;
  scale: number;
  slack: number;
  steps: number;
}

const certificate: Certificate<Memory> = {
  label: "energy-decay",
  title: "energy never rises",
  applies: (p, s) => whyNoDescent(p) ?? (s.promises.weak ? "the scheme is stochastic: its energy has no value on particles" : null),
  watcher: () => ({
    every: { steps: 1 },
    begin: () => ({ last: null, rise: 0, time: 0, scale: 0, slack: 0, steps: 0 }),
    see(memory, tick) {
      const { total, parts } = tick.energy();
      if (total === null || !Number.isFinite(total)) return undefined;
      memory.scale = Math.max(
        memory.scale,
        parts.reduce<number>((s, v) => s + Math.abs(v ?? 0), 0),
      );
      memory.slack = Math.max(memory.slack, tick.info?.gap ?? 0);
      if (memory.last !== null) {
        memory.steps++;
        if (total - memory.last > memory.rise) [memory.rise, memory.time] = [total - memory.last, tick.t];
      }
      memory.last = total;
      return undefined;
    },
  }),
  judge(memory, run): readonly Check[] {
    if (memory.steps === 0)
      return [
        {
          kind: "energy-decay",
          title: "energy never rises",
          verdict: "not-applicable",
          hard: false,
          value: null,
          bound: null,
          source: "",
          detail: "the energy is undefined on this storage",
        },
      ];
    const promised = run.scheme.promises.decay;
    const bound = memory.slack + 1e-11 * memory.scale;
    return [
      {
        kind: "energy-decay",
        title: "energy never rises",
        verdict: promised === false ? (memory.rise <= bound ? "pass" : "reported") : memory.rise <= bound ? "pass" : "fail",
        hard: promised !== false,
        value: memory.rise,
        bound,
        source: promised === false ? `the scheme ${run.scheme.label} does not promise it` : promised,
        detail: `largest rise of the energy over one of ${memory.steps} steps${memory.rise > 0 ? `, at t = ${memory.time}` : ""}; the bound is the solver's tolerance`,
      },
    ];
  },
};

export const energyDecay: Unit<"certificate"> = defineCertificate({
  kind: "energy-decay",
  title: "energy decay",
  tex: "\\max_k \\left(F(\\rho_{k+1}) - F(\\rho_k)\\right) \\le \\text{tolerance}",
  summary:
    "A gradient flow never climbs. The largest rise of the energy over a step, against the tolerance of the inner solver; hard where the scheme promises decay, not applicable under a drift or a moving potential.",
  refs: ["ags2008"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
