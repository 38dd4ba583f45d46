import type { Certificate, Check, Judged } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { whyNoDescent } from "./modulus.ts";

/** Plain numbers: F and D at the start of the ledger and at the last look, and the integral of D by the trapezoidal and the right-end rule. */
interface Memory {
  t0: number | null;
  F0: number;
  t: number;
  F: number;
  D: number;
  trapezoid: number;
  right: number;
  skipped: string;
  restarts: number;
}

const certificate: Certificate<Memory> = {
  label: "dissipation-ledger",
  title: "energy lost equals energy dissipated",
  applies: (p, s) => whyNoDescent(p) ?? s.noLedger ?? (s.promises.weak ? "the scheme is stochastic: single paths do not descend" : null),
  watcher: () => ({
    every: { steps: 1 },
    begin: () => ({ t0: null, F0: 0, t: 0, F: 0, D: 0, trapezoid: 0, right: 0, skipped: "", restarts: 0 }),
    see(memory, tick) {
      const F = tick.energy().total;
      const D = tick.dissipation();
      if (F === null || !Number.isFinite(F)) return undefined;
      if (memory.t0 === null) begin(memory, tick.t, F, D);
      else {
        if (D === null || !Number.isFinite(D)) return begin(memory, tick.t, F, D);
        const dt = tick.t - memory.t;
        memory.trapezoid += 0.5 * dt * (memory.D + D);
        memory.right += dt * D;
        memory.D = D;
      }
      memory.t = tick.t;
      memory.F = F;
      return undefined;
    },
  }),
  judge: (memory, run) => [ledger(memory, run)],
};

/** (Re)starts the ledger. Where D is unknown, as before the first proximal step, only the right-end rule can be used; where it is infinite the ledger waits. */
function begin(m: Memory, t: number, F: number, D: number | null): undefined {
  const infinite = D !== null && !Number.isFinite(D);
  if (m.t0 !== null) m.restarts++;
  if (infinite) m.skipped = `the dissipation is infinite at t = ${t}, so the ledger starts after that step`;
  m.t0 = infinite ? null : t;
  [m.F0, m.t, m.F, m.D, m.trapezoid, m.right] = [F, t, F, D ?? Number.NaN, 0, 0];
  return undefined;
}

function ledger(m: Memory, run: Judged): Check {
  const head = { kind: "dissipation-ledger", title: "energy lost equals energy dissipated", hard: false } as const;
  if (m.t0 === null || !(m.t > m.t0))
    return { ...head, verdict: "not-applicable", value: null, bound: null, source: "", detail: "the scheme gives no dissipation, or none that is finite" };
  const lost = m.F0 - m.F;
  // first-order implicit schemes dissipate at the end of the step; the others are matched by the trapezoidal rule
  const implicit = run.scheme.promises.order === 1 && run.scheme.promises.stepBound === false;
  const paid = implicit || Number.isNaN(m.trapezoid) ? m.right : m.trapezoid;
  const defect = Math.abs(lost - paid) / Math.max(Math.abs(lost), Number.MIN_VALUE);
  return {
    ...head,
    verdict: "reported",
    value: defect,
    bound: null,
    source: "energy dissipation identity F(0) - F(T) = int |dF|^2 dt [ags2008]; at a finite step judged by its order in a study",
    detail: `from t = ${m.t0} to ${m.t}: energy lost ${lost.toPrecision(8)}, dissipated ${paid.toPrecision(8)}, relative defect ${defect.toExponential(2)}${m.skipped ? `; ${m.skipped}` : ""}${m.restarts > 0 ? `; it was interrupted ${m.restarts} times where no dissipation was known, and covers the time since the last` : ""}`,
  };
}

export const dissipationLedger: Unit<"certificate"> = defineCertificate({
  kind: "dissipation-ledger",
  title: "dissipation ledger",
  tex: "F(\\rho_0) - F(\\rho_T) = \\int_0^T |\\partial F|^2(\\rho_t) \\, dt",
  summary:
    "De Giorgi's identity as book-keeping: what the energy lost against the sum of what each step dissipated. Exact for the flow, so the relative defect shows the error of the time step and falls with its order. Starts after the first step where the initial dissipation is infinite.",
  refs: ["ags2008"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
