/** npm run bench aggregation-force [-- --quick]: task D9. */
import { openRun } from "ottoflow/flow";
import { openHost } from "ottoflow/kernels/open";
import { resolveSpec } from "ottoflow/spec/resolve";
import { bench, quick } from "./harness/bench.mjs";
import { limitNames } from "./harness/machine.mjs";
import { openPeer } from "./harness/peers.mjs";
import { openThreads } from "./harness/threads.mjs";

const n = 20_000;
const steps = quick ? 1 : 5;
const expected = [0.2863266537398, -1.7263199538082, 0.0449986513048, 1.6455025430657];
const errors = (force) => ({ "F₀, F₁": Math.max(...force.map((v, k) => Math.abs(v - expected[k]))) });

/** the portable stream of the anchors, points row by row */
function uniforms(seed, count) {
  let a = seed;
  return Array.from({ length: count }, () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  });
}
const u = uniforms(1, 2 * n);
const { problem, scheme } = await resolveSpec({
  energy: [{ kind: "interaction", kernel: { kind: "logarithmic", factor: -1 } }],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "points", points: Array.from({ length: n }, (_, i) => [u[2 * i], u[2 * i + 1]]) },
  scheme: { kind: "particles", time: "euler", step: 1 },
  until: 1,
});
const dt = 1e-9;
async function ours(threads) {
  const open = (h) => openRun(problem, scheme, h);
  const { host, close } = threads === 1 ? { host: openHost(open), close: () => {} } : await openThreads(open, threads);
  const { stepper, states } = openRun(problem, scheme, host);
  // the force at the start, from a step of length one
  stepper.step(states[0], states[1], { t: 0, dt: 1, index: 0, count: 1 });
  const [a, b] = states.map((s) => s.measure.x);
  const force = [0, n, 1, n + 1].map((k) => a[k] - b[k]);
  return {
    close,
    run: async () => {
      const start = performance.now();
      stepper.step(states[0], states[1], { t: 0, dt, index: 0, count: steps });
      return { seconds: (performance.now() - start) / 1000, errors: errors(force) };
    },
  };
}
const peer = await openPeer("aggregation");
const numpy = (method, chunk) => async () => {
  const r = await peer.call("run", { method, n, steps, chunk });
  return { seconds: r.seconds, errors: errors(r.force) };
};
const one = await ours(1);
const two = await ours(2);
await bench({
  name: "aggregation-force",
  title: "D9: aggregation force",
  what: `F_i = (1/N) Σ_j (x_i − x_j)/|x_i − x_j|² for ${n} points of the portable uniform stream in the plane, ${steps} Euler steps; forces on the first two points to 1e-6.`,
  gates: { "F₀, F₁": 1e-6 },
  rounds: 5,
  contenders: [
    { name: "ottoflow", how: "scheme particles, kernel logarithmic, float64, direct sum over all pairs, one thread", ...one },
    { name: "scipy", how: "cdist in chunks of 8 targets, reciprocal, BLAS; one thread", run: numpy("cdist", 8), close: peer.close },
    { name: "numpy", how: "broadcasting in chunks of 8 targets, reciprocal, BLAS; one thread", run: numpy("plain", 8) },
    { name: "ottoflow, 2 threads", how: "the same on a pool of two", ...two },
  ],
  versions: peer.versions,
  measures: (_, can, rows) => {
    const limit = (steps * n * n * 12) / (can[limitNames.double] * 1e9);
    return {
      "a step": rows.map((r) => `${r.contender} ${((1e3 * r.median) / steps).toFixed(0)} ms`).join("; "),
      "flop limit at 12 operations a pair, float64, 1 thread": `${limit.toFixed(2)} s; ottoflow takes ${(rows[0].median / limit).toFixed(1)} times that`,
    };
  },
});
