import type { Certificate, Check } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";

interface Memory {
  last: number | null;
  /** left minus right side of the step that is worst against its own tolerance, and that tolerance */
  worst: number;
  tolerance: number;
  steps: number;
  /** sum of tau^2 E_n of the a-posteriori bound */
  posterior: number;
}

const certificate: Certificate<Memory> = {
  label: "jko-inequality",
  title: "each step beats standing still",
  applies: (_p, s) => (s.promises.proximal ? null : "the scheme takes no proximal steps"),
  watcher: () => ({
    every: { steps: 1 },
    begin: () => ({ last: null, worst: Number.NEGATIVE_INFINITY, tolerance: 0, steps: 0, posterior: 0 }),
    see(memory, tick) {
      const { total, parts } = tick.energy();
      if (total === null) return undefined;
      if (memory.last !== null && tick.info?.cost !== undefined) {
        memory.steps++;
        const excess = total + tick.info.cost - memory.last;
        const tolerance = (tick.info.gap ?? 0) + 1e-11 * (parts.reduce<number>((s, v) => s + Math.abs(v ?? 0), 0) + Math.abs(memory.last));
        if (excess - tolerance > memory.worst - memory.tolerance) [memory.worst, memory.tolerance] = [excess, tolerance];
        memory.posterior += Math.max(0, tick.info.posterior ?? 0);
      }
      memory.last = total;
      return undefined;
    },
  }),
  judge(m, run): readonly Check[] {
    const head = { kind: "jko-inequality", title: "each step beats standing still" } as const;
    if (m.steps === 0)
      return [{ ...head, verdict: "not-applicable", hard: false, value: null, bound: null, source: "", detail: "no proximal step reported its cost" }];
    const checks: Check[] = [
      {
        ...head,
        verdict: m.worst <= m.tolerance ? "pass" : "fail",
        hard: true,
        value: m.worst,
        bound: m.tolerance,
        source: "F(rho_{k+1}) + d^2/(2 tau) <= F(rho_k), because rho_k competes in the minimisation [jko1998]",
        detail: `left side minus right side of the worst of ${m.steps} steps; the bound is the certified gap of its minimiser`,
      },
    ];
    const modulus = run.known.modulus;
    if (modulus && modulus.value >= 0 && m.posterior > 0)
      checks.push({
        kind: "a-posteriori",
        title: "distance to the true flow",
        verdict: "reported",
        hard: false,
        value: Math.sqrt(m.posterior),
        bound: null,
        source: "W2(computed, true)^2 <= sum tau^2 E_n for convex energies [ags2008, nochetto2000]",
        detail: "upper bound on W2 at the end, from energies and distances of the steps alone, if each step is the exact minimiser",
      });
    return checks;
  },
};

export const jkoInequality: Unit<"certificate"> = defineCertificate({
  kind: "jko-inequality",
  title: "JKO inequality",
  tex: "F(\\rho_{k+1}) + \\frac{W_2^2(\\rho_k, \\rho_{k+1})}{2\\tau} \\le F(\\rho_k)",
  summary:
    "Every proximal step must do at least as well as standing still. Hard, up to the certified gap of the inner minimiser. For convex energies the same numbers bound the distance to the true flow a posteriori.",
  refs: ["jko1998", "ags2008", "nochetto2000"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
