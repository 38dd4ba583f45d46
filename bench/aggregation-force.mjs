/** npm run bench aggregation-force [-- --quick]: task D9. */
import { openRun } from "ottoflow/flow";
import { runBlocks } from "ottoflow/kernels/blocks";
import { openMemory } from "ottoflow/kernels/memory";
import { openHost } from "ottoflow/kernels/open";
import { resolveSpec } from "ottoflow/spec/resolve";
import { bench, quick } from "./harness/bench.mjs";
import { limitNames } from "./harness/machine.mjs";
import { openPeer } from "./harness/peers.mjs";

const n = 20_000;
const steps = quick ? 1 : 3;
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
const spec = (precision) => ({
  energy: [{ kind: "interaction", kernel: { kind: "logarithmic", factor: -1 }, precision }],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "points", points: Array.from({ length: n }, (_, i) => [u[2 * i], u[2 * i + 1]]) },
  scheme: { kind: "particles", time: "euler", step: 1 },
  until: 1,
});
const dt = 1e-9;
async function ours(precision) {
  const { problem, scheme } = await resolveSpec(spec(precision));
  const open = (h) => openRun(problem, scheme, h);
  const host = openHost(open);
  const { stepper, states } = openRun(problem, scheme, host);
  // the force at the start, from a step of length one
  stepper.step(states[0], states[1], { t: 0, dt: 1, index: 0, count: 1 });
  const [a, b] = states.map((s) => s.measure.x);
  const force = [0, n, 1, n + 1].map((k) => a[k] - b[k]);
  return {
    run: async () => {
      const start = performance.now();
      stepper.step(states[0], states[1], { t: 0, dt, index: 0, count: steps });
      return { seconds: (performance.now() - start) / 1000, errors: errors(force) };
    },
  };
}
/** the direct sum that the scheme takes for fewer points, which the fast one is tested against */
function direct() {
  const host = openMemory({ bytes: 48 * n });
  const [x, w, force] = [host.alloc(2 * n), host.alloc(n).fill(1 / n), host.alloc(2 * n)];
  return async () => {
    for (let i = 0; i < n; i++) [x[i], x[n + i]] = [u[2 * i], u[2 * i + 1]];
    const start = performance.now();
    let first = null;
    for (let k = 0; k < steps; k++) {
      // the law log r (number 1) times one, in two coordinates
      runBlocks("pairGradient", n, [x, x, w, force, 1, 0, 1, 2, n]);
      first ??= [0, n, 1, n + 1].map((i) => force[i]);
      for (let i = 0; i < 2 * n; i++) x[i] -= dt * force[i];
    }
    return { seconds: (performance.now() - start) / 1000, errors: errors(first) };
  };
}
const peer = await openPeer("aggregation");
const numpy = (method, chunk) => async () => {
  const r = await peer.call("run", { method, n, steps, chunk });
  return { seconds: r.seconds, errors: errors(r.force) };
};
const [double, single] = [await ours("double"), await ours("single")];
await bench({
  name: "aggregation-force",
  title: "D9: aggregation force",
  what: `F_i = (1/N) Σ_j (x_i − x_j)/|x_i − x_j|² for ${n} points of the portable uniform stream in the plane, ${steps} Euler steps; forces on the first two points to 1e-6.`,
  gates: { "F₀, F₁": 1e-6 },
  rounds: 5,
  contenders: [
    { name: "ottoflow, float64", how: "scheme particles, kernel logarithmic: multipoles, every term to 1e-12, one thread", ...double },
    { name: "ottoflow, precision single", how: "the same, every term to 1e-7", ...single },
    { name: "ottoflow, direct sum", how: "kernel pairGradient, float64, all pairs, one thread", run: direct() },
    { name: "scipy, float64", how: "cdist in chunks of 8 targets, reciprocal, BLAS; one thread", run: numpy("cdist", 8), close: peer.close },
    { name: "numpy, float64", how: "broadcasting in chunks of 8 targets, reciprocal, BLAS; one thread", run: numpy("plain", 8) },
    { name: "numpy, float32", how: "broadcasting in chunks of 16 targets, reciprocal, sums in float64; one thread", run: numpy("single", 16) },
  ],
  versions: peer.versions,
  measures: (_, can, rows) => {
    const limit = (steps * n * n * 12) / (can[limitNames.double] * 1e9);
    return {
      "a step": rows.map((r) => `${r.contender} ${((1e3 * r.median) / steps).toFixed(0)} ms`).join("; "),
      "flop limit of the direct sum at 12 operations a pair, float64, 1 thread": `${limit.toFixed(2)} s; our direct sum takes ${(rows[2].median / limit).toFixed(1)} times that, our multipoles ${(rows[0].median / limit).toFixed(3)} times`,
      "peers over our direct sum": rows
        .slice(3)
        .map((r) => `${r.contender} ${(r.median / rows[2].median).toFixed(1)}`)
        .join("; "),
    };
  },
});
