import type { Certificate, Check } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { massOf } from "../measure/rows.ts";

interface Memory {
  first: number | null;
  worst: number;
}
const TOLERANCE = 1e-12;

const certificate: Certificate<Memory> = {
  label: "mass",
  title: "mass is kept",
  applies: () => null,
  watcher: () => ({
    every: "trace",
    begin: () => ({ first: null, worst: 0 }),
    see(memory, tick) {
      const mass = massOf(tick.state.measure);
      const first = (memory.first ??= mass);
      memory.worst = Math.max(memory.worst, Math.abs(mass - first) / first);
      return undefined;
    },
  }),
  judge(memory, run): readonly Check[] {
    const promised = run.problem.geometry.promises.includes("mass") && run.scheme.promises.mass;
    const kept = memory.worst <= TOLERANCE;
    return [
      {
        kind: "mass",
        title: "mass is kept",
        verdict: promised ? (kept ? "pass" : "fail") : "reported",
        hard: promised,
        value: memory.worst,
        bound: promised ? TOLERANCE : null,
        source: promised
          ? `promised by the geometry ${run.problem.geometry.label} and the scheme ${run.scheme.label}`
          : `the geometry ${run.problem.geometry.label} does not promise it`,
        detail: `largest relative change of the mass from its start ${memory.first}`,
      },
    ];
  },
};

export const mass: Unit<"certificate"> = defineCertificate({
  kind: "mass",
  title: "mass",
  tex: "\\sup_t |M(t) - M(0)| / M(0)",
  summary: "The largest relative change of the total mass. Hard where geometry and scheme promise to keep it, reported otherwise.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
