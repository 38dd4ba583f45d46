import { cumulative } from "../../src/io/figure/ledger.ts";
import { card, once, testChapter } from "./claim.ts";

const well = once(() => card("double-well-grid", { set: { until: 1 } }));
const geometries = {
  w: once(() => card("l2-against-wasserstein", { variant: "wasserstein" })),
  l2: once(() => card("l2-against-wasserstein", { variant: "l2" })),
  fr: once(() => card("l2-against-wasserstein", { variant: "fisher-rao" })),
};
const energyAt = async (name: keyof typeof geometries, t: number): Promise<number> => {
  const { trace } = await geometries[name]();
  return trace.energy![trace.t!.findIndex((v) => v >= t - 1e-9)]!;
};

testChapter("01-gradient-flows", {
  "well-start": async () => (await well()).trace.energy![0]!,
  "well-end": async () => (await well()).trace.energy!.at(-1)!,
  "well-ledger": async () => {
    const { t, energy, dissipation } = (await well()).trace;
    const from = t!.findIndex((v) => v >= 0.05 - 1e-9);
    const paid = cumulative(t!.subarray(from), dissipation!.subarray(from)).at(-1)!;
    return { atMost: Math.abs(energy![from]! - energy!.at(-1)! - paid) };
  },
  "l2-negative": async () => {
    const { t, minimum } = (await geometries.l2()).trace;
    const i = minimum!.findIndex((v) => v < 0);
    const [a, b] = [minimum![i - 1]!, minimum![i]!];
    return t![i - 1]! + ((t![i]! - t![i - 1]!) * a) / (a - b);
  },
  "w-quarter": () => energyAt("w", 0.25),
  "w-half": () => energyAt("w", 0.5),
  "w-one": () => energyAt("w", 1),
  "l2-quarter": () => energyAt("l2", 0.25),
  "l2-half": () => energyAt("l2", 0.5),
  "l2-one": () => energyAt("l2", 1),
  "fr-quarter": () => energyAt("fr", 0.25),
  "fr-half": () => energyAt("fr", 0.5),
  "fr-one": () => energyAt("fr", 1),
  // mass M and second moment e of d rho/dt = -(x^2 - e/M) on (-1, 1), by the midpoint rule: apart from the picture, which has cells
  "wrong-mass": () => {
    let [M, e] = [1, 1 / 3];
    const slope = (m: number, second: number): readonly [number, number] => [-2 / 3 + (2 * second) / m, -2 / 5 + (2 / 3) * (second / m)];
    const tau = 1e-4;
    for (let k = 0; k < 1e4; k++) {
      const [a, b] = slope(M, e);
      const [c, d] = slope(M + 0.5 * tau * a, e + 0.5 * tau * b);
      M += tau * c;
      e += tau * d;
    }
    return M;
  },
});
