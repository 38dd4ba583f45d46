/** npm run bench quantile-step [-- --quick]: one exact JKO step on 10^5 quantile nodes. */
import { openRun } from "ottoflow/flow";
import { openHost } from "ottoflow/kernels/open";
import { resolveSpec } from "ottoflow/spec/resolve";
import { bench, quick } from "./harness/bench.mjs";
import { openPeer } from "./harness/peers.mjs";

const n = quick ? 10_000 : 100_000;
const tau = 0.1;
/** of the energy scale, which is about 5: as far as rounding lets the gap fall for so many nodes */
const tolerance = 1e-16;
/** N(0, 1) goes to N(0, s^2) with s = 1 + tau / s */
const exact = (1 + Math.sqrt(1 + 4 * tau)) / 2;
const { problem, scheme } = await resolveSpec({
  energy: [{ kind: "entropy" }],
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", mean: [0], deviation: [1] },
  scheme: { kind: "jko", proximal: { kind: "quantile", levels: n, tolerance }, step: tau },
  until: tau,
});
const host = openHost((h) => openRun(problem, scheme, h));
const { stepper, states } = openRun(problem, scheme, host);
function deviation({ x, level }) {
  let [mean, square] = [0, 0];
  for (let i = 0; i + 1 < n; i++) {
    const w = level[i + 1] - level[i];
    mean += (w * (x[i] + x[i + 1])) / 2;
    square += (w * (x[i] * x[i] + x[i] * x[i + 1] + x[i + 1] * x[i + 1])) / 3;
  }
  return Math.sqrt(square - mean * mean);
}
const ours = async () => {
  const start = performance.now();
  const info = stepper.step(states[0], states[1], { t: 0, dt: tau, index: 0, count: 1 });
  const seconds = (performance.now() - start) / 1000;
  if (!info.ok) throw new Error(info.reason);
  return { seconds, errors: { gap: info.gap, deviation: Math.abs(deviation(states[1].measure) - exact) }, more: { iterations: info.iterations } };
};
const peer = await openPeer("quantile_step");
const scipy = async () => {
  const r = await peer.call("newton", { n, tau, tolerance });
  return { seconds: r.seconds, errors: { gap: r.gap, deviation: Math.abs(r.deviation - exact) }, more: { iterations: r.iterations } };
};
await bench({
  name: "quantile-step",
  title: "Quantile step",
  what: `One JKO step τ = 0.1 of the entropy from N(0, 1) on ${n} quantile nodes with graded levels, to a certified gap below 1e-15; the deviation against s = 1 + τ/s.`,
  gates: { gap: 1e-15, deviation: quick ? 1e-7 : 1e-9 },
  rounds: 15,
  warm: 5,
  contenders: [
    { name: "ottoflow", how: "scheme jko, proximal quantile: guess from a coarser chain, Newton in fused passes", run: ours },
    {
      name: "scipy",
      how: "Newton's method in NumPy with the same rule for steps, systems by LAPACK's ptsv called directly, rows allocated once",
      run: scipy,
      close: peer.close,
    },
  ],
  versions: peer.versions,
  measures: (_, __, rows) => ({
    "Newton iterations": rows.map((r) => `${r.contender} ${r.iterations}, ${((1e3 * r.median) / r.iterations).toFixed(2)} ms each`).join("; "),
  }),
});
