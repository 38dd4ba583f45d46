/** npm run bench barycentre-grid [-- --quick]: D10, entropic barycentre of three images. */

import { makeBox } from "ottoflow/space/box";
import { entropicBarycentre } from "ottoflow/transport/barycentre/entropic";
import { bench, quick } from "./harness/bench.mjs";
import { openPeer } from "./harness/peers.mjs";

const PIXELS = 4;
const GATE = 1e-4;

/** disk, ring, two squares, as densities on n x n cells of the unit square */
function images(n) {
  const space = makeBox({ lower: [0, 0], upper: [1, 1], cells: [n, n], periodic: [false, false] });
  const t = (i) => (i + 0.5) / n;
  const make = (inside) => {
    const rho = Float64Array.from({ length: n * n }, (_, e) => (inside(t(Math.floor(e / n)), t(e % n)) ? 1 : 0));
    const mass = rho.reduce((s, v) => s + v, 0) / (n * n);
    return { rep: "cells", space, rho: rho.map((v) => v / mass) };
  };
  const r = (x, y) => Math.hypot(x - 0.5, y - 0.5);
  const square = (c, x, y) => Math.max(Math.abs(x - c), Math.abs(y - 0.5)) < 0.12;
  return [make((x, y) => r(x, y) < 0.3), make((x, y) => r(x, y) < 0.4 && r(x, y) > 0.25), make((x, y) => square(0.25, x, y) || square(0.75, x, y))];
}
const masses = (measure, n) => Array.from(measure.rho, (v) => v / (n * n));
const apart = (a, b) => a.reduce((s, v, i) => s + Math.abs(v - b[i]), 0);

for (const n of quick ? [64] : [128, 256]) await task(n);

async function task(n) {
  const epsilon = PIXELS / (n * n);
  const input = images(n);
  // a test holds it against iterations without coarse grids and over-relaxation
  const reference = masses(entropicBarycentre(input, { epsilon, defect: 1e-8 }).measure, n);
  const ours = async () => {
    const start = performance.now();
    const found = entropicBarycentre(input, { epsilon, defect: GATE });
    return { seconds: (performance.now() - start) / 1000, errors: { L1: apart(masses(found.measure, n), reference) }, more: { iterations: found.iterations } };
  };
  // a process each: one that has no answer in time is ended
  const peers = [];
  const peer = async (what, options) => {
    const child = await openPeer("barycentre", { patience: 60 });
    peers.push(child);
    const run = async () => {
      const r = await child.call(what, { n, pixels: PIXELS, ...options });
      return { seconds: r.seconds, errors: { L1: apart(r.image, reference) }, more: { iterations: r.iterations } };
    };
    return { run, close: child.close };
  };
  const rounds = 1;
  await bench({
    name: `barycentre-grid-${n}`,
    title: `D10: entropic barycentre of three images, ${n}²`,
    what: `Disk, ring and two squares on ${n}² pixels, weights 1/3, epsilon = ${PIXELS} px², plain; L1 distance to the converged float64 barycentre at most 1e-4; one thread.`,
    gates: { L1: GATE },
    rounds: 3,
    contenders: [
      { name: "ottoflow", how: "float64, log domain, coarse grids first, over-relaxed; to a defect of 1e-4", run: ours },
      {
        name: "POT, log domain",
        how: `convolutional_barycenter2d, sinkhorn_log, stopThr 1e-7; ${n > 128 ? 100 : 1000} iterations at most`,
        rounds,
        warm: false,
        ...(await peer("pot", { method: "sinkhorn_log", iterations: n > 128 ? 100 : 1000, threshold: 1e-7 })),
      },
      {
        name: "POT",
        how: "convolutional_barycenter2d, scaling vectors floored at 1e-30, stopThr 1e-7",
        rounds,
        warm: false,
        ...(await peer("pot", { method: "sinkhorn", iterations: 2000, threshold: 1e-7 })),
      },
      {
        name: "OTT-JAX",
        how: "FixedBarycenter on a Grid, log domain, compiled beforehand, at most 500 iterations",
        rounds,
        warm: false,
        ...(await peer("ott", { threshold: 1e-5 })),
      },
    ],
    versions: peers[0].versions,
    measures: (_, __, rows) => ({ iterations: rows.map((r) => `${r.contender} ${r.iterations ?? "unknown"}`).join(", ") }),
  });
}
