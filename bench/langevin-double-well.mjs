/** npm run bench langevin-double-well [-- --quick]: task D8. */
import { openHost } from "ottoflow/kernels/open";
import { copyState } from "ottoflow/scheme/jko";
import { resolveSpec } from "ottoflow/spec/resolve";
import { bench, quick } from "./harness/bench.mjs";
import { limitNames } from "./harness/machine.mjs";
import { openPeer } from "./harness/peers.mjs";
import { openThreads } from "./harness/threads.mjs";

const n = quick ? 100_000 : 1_000_000;
const [early, late] = [100, 2000];
const dt = 0.005;
/** the exact law of the Euler–Maruyama chain */
const chain = { early: 0.77259014007, late: 0.82934625856 };
const gate = (4 * 0.65) / Math.sqrt(n);
const errors = (m) => ({ "E x², step 100": Math.abs(m.early - chain.early), "E x², step 2000": Math.abs(m.late - chain.late) });

const spec = (precision) => ({
  energy: [{ kind: "entropy" }, { kind: "double-well" }],
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", mean: [0], deviation: [0.05], count: n },
  scheme: { kind: "langevin", step: dt, precision },
  until: late * dt,
  seed: 7,
});
const second = (x) => {
  let s = 0;
  for (let i = 0; i < n; i++) s += x[i] * x[i];
  return s / n;
};
const prints = {};
async function ours(precision, threads) {
  const { problem, scheme } = await resolveSpec(spec(precision));
  const open = (host) => copyState(scheme.open(problem, host).start());
  return async () => {
    const { host, close } = threads === 1 ? { host: openHost(open), close: () => {} } : await openThreads(open, threads);
    const start = performance.now();
    const stepper = scheme.open(problem, host);
    const state = stepper.start();
    const moments = {};
    for (let index = 0; index < late; ) {
      const count = Math.min(64, (index < early ? early : late) - index);
      const info = stepper.step(state, state, { t: index * dt, dt, index, count });
      if (!info.ok) throw new Error(info.reason);
      index += count;
      if (index === early) moments.early = second(state.measure.x);
    }
    moments.late = second(state.measure.x);
    const seconds = (performance.now() - start) / 1000;
    close();
    prints[precision] ??= moments.late;
    if (!Object.is(prints[precision], moments.late)) throw new Error(`${precision}: another result with ${threads} threads`);
    return { seconds, errors: errors(moments) };
  };
}

const peer = await openPeer("langevin");
const numpy = (precision) => async () => {
  const m = await peer.call("run", { particles: n, steps: late, early, dt, precision, block: 8192, seed: 3 });
  return { seconds: m.seconds, errors: errors(m) };
};
const normals = n * late;
await bench({
  name: "langevin-double-well",
  title: "D8: Langevin in a double well",
  what: `${n} particles × ${late} steps of 0.005 in V = (x² − 1)² at temperature 1 from N(0, 0.05²); E x² against the exact law of the discrete chain within four standard errors.`,
  gates: { "E x², step 100": gate, "E x², step 2000": gate },
  rounds: 5,
  contenders: [
    { name: "ottoflow, float32", how: "scheme langevin, precision single, one thread", run: await ours("single", 1) },
    {
      name: "numpy, float32",
      how: "vectorised in blocks of 8192, SFC64 ziggurat normals, one thread",
      rounds: 2,
      warm: false,
      run: numpy("float32"),
      close: peer.close,
    },
    { name: "ottoflow, float64", how: "the same, precision double, one thread", rounds: 1, warm: false, run: await ours("double", 1) },
    { name: "numpy, float64", how: "the same in float64", rounds: 1, warm: false, run: numpy("float64") },
    { name: "ottoflow, float32, 2 threads", how: "the same bits on a pool of two", rounds: 5, run: await ours("single", 2) },
    { name: "ottoflow, float64, 2 threads", how: "the same bits on a pool of two", rounds: 1, warm: false, run: await ours("double", 2) },
  ],
  versions: peer.versions,
  measures: (_, can, rows) => {
    const limit = (precision, threads) => (normals * 35) / (threads * can[limitNames[precision]] * 1e9);
    const of = (at, precision, threads) =>
      `${(rows[at].median / limit(precision, threads)).toFixed(2)} times the limit ${limit(precision, threads).toFixed(2)} s`;
    return {
      "flop limit at 35 operations a normal, float32, 1 thread": of(0, "single", 1),
      "float64, 1 thread": of(2, "double", 1),
      "float32, 2 threads": of(4, "single", 2),
      "numpy float64 over ottoflow float64": (rows[3].median / rows[2].median).toFixed(1),
      "E x² on 1 and 2 threads": "the same to the last bit",
    };
  },
});
