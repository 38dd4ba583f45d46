/** npm run bench semi-discrete [-- --quick]: the uniform square to points of the portable stream, cells of equal area. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { laguerre } from "ottoflow/transport/static/semi-discrete";
import { attempt, root } from "../scripts/shell.mjs";
import { bench, quick } from "./harness/bench.mjs";
import { ensurePeers, openPeer } from "./harness/peers.mjs";

function uniforms(seed, count) {
  let a = seed;
  return Array.from({ length: count }, () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  });
}
/** pysdot beside the other peers, from a wheel; null where there is none */
function pysdot() {
  const target = join(root, ".cache/pysdot");
  const install = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--no-deps", "--target", target, "pysdot==0.2.16"];
  if (!existsSync(join(target, "pysdot")) && !attempt(ensurePeers(), install)) return null;
  process.env.PYTHONPATH = target;
  return openPeer("semi_discrete");
}
/** found by both contenders, which share no code */
const values = { 1000: 0.0009376807295113, 10000: 0.0000958210154779 };

for (const n of quick ? [1000] : [1000, 10_000]) {
  const u = uniforms(1, 2 * n);
  const points = Array.from({ length: n }, (_, i) => [u[2 * i], u[2 * i + 1]]);
  const errors = (value, defect) => ({ value: Math.abs(value - values[n]), defect });
  const peer = await pysdot();
  const contenders = [
    {
      name: "ottoflow",
      how: "laguerre: flips of exact orientation, damped Newton, conjugate gradients; one thread",
      run: async () => {
        const start = performance.now();
        const r = laguerre({ shape: [1, 1] }, points);
        return { seconds: (performance.now() - start) / 1000, errors: errors(r.value, r.defect[1]), more: { iterations: r.iterations } };
      },
    },
  ];
  if (peer)
    contenders.push({
      name: "pysdot",
      how: "OptimalTransport.adjust_weights with SciPy's sparse solver; its diagrams on as many threads as it takes",
      run: async () => {
        const r = await peer.call("run", { n });
        return { seconds: r.seconds, errors: errors(r.value, r.defect), more: { iterations: r.iterations } };
      },
      close: peer.close,
    });
  await bench({
    name: `semi-discrete-${n}`,
    title: `Semi-discrete transport to ${n} atoms`,
    what: `W₂² from the uniform unit square to ${n} uniform points of equal weight, cells of equal area to 1e-9 in all.`,
    gates: { value: 1e-12, defect: 1e-9 },
    rounds: 5,
    warm: 2,
    contenders,
    versions: peer?.versions ?? {},
    measures: (_, __, rows) => ({ "Newton steps": rows.map((r) => `${r.contender} ${r.iterations}`).join(", ") }),
  });
}
