import type { Local, Map1 } from "../contract.ts";
import { defineEnergy, type Unit } from "../define.ts";
import { factorTex } from "../formula/numerals.ts";
import { exp, log } from "../kernels/math.ts";
import { logRows } from "../kernels/rows.ts";

/** temperature * int rho log rho, with 0 log 0 = 0. Linear diffusion takes the temperature and never the logarithm. */
export function entropyPart(temperature: number, label = "entropy"): Local {
  const U: Map1 = (n, a, out) => {
    if (out === a) {
      for (let i = 0; i < n; i++) out[i] = a[i] === 0 ? 0 : temperature * a[i]! * log(a[i]!);
      return;
    }
    logRows(n, a, out);
    for (let i = 0; i < n; i++) out[i] = a[i] === 0 ? 0 : temperature * a[i]! * out[i]!;
  };
  return {
    form: "local",
    label,
    tex: `${factorTex(temperature)}\\int \\rho \\log \\rho`,
    U,
    dU: (n, a, out) => {
      logRows(n, a, out);
      for (let i = 0; i < n; i++) out[i] = temperature * (out[i]! + 1);
    },
    d2U: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = temperature / a[i]!;
    },
    inverse: (n, a, out) => {
      for (let i = 0; i < n; i++) out[i] = exp(a[i]! / temperature - 1);
    },
    noise: temperature,
    mccann: () => ({ value: true, how: "proved", because: "r^d U(r^-d) = -d log r is convex and decreasing [mccann1997]" }),
  };
}

export const entropy: Unit<"energy"> = defineEnergy({
  kind: "entropy",
  title: "Boltzmann entropy",
  tex: "\\varepsilon \\int \\rho \\log \\rho \\, dx",
  summary:
    "Its Wasserstein gradient flow is the heat equation d_t rho = eps Lap rho. On particles it has no value; Langevin dynamics carries it as noise of variance 2 eps per unit time. Displacement convex in every dimension.",
  refs: ["jko1998", "mccann1997"],
  params: { temperature: { type: "number", default: 1, above: 0, doc: "factor eps in front of the entropy", unit: "energy" } },
  examples: [
    { dim: 1, params: {} },
    { dim: 2, params: { temperature: 0.5 } },
  ],
  build: ({ temperature }) => [entropyPart(temperature)],
});
