/**
 * npm run bench kernels-langevin [-- --quick]: task D8. Particles in the double well (x^2 - 1)^2 at temperature 1, step 0.005, from
 * N(0, 0.05^2), float32, by the fused kernel on one and two threads. E x^2 after 100 and 2000 steps is compared with the law of the
 * chain itself; the limit is 35 operations per normal at 100 Gflop/s (25 where SIMD has 128 bits and no fused products).
 */
import { Worker } from "node:worker_threads";
import { openMemory } from "ottoflow/kernels/memory";
import { philoxNormals32 } from "ottoflow/kernels/philox";
import { openPool } from "ottoflow/kernels/pool";
import { makeTape, writeTape } from "ottoflow/kernels/tape";

const n = process.argv.includes("--quick") ? 100_000 : 1_000_000;
const slope = makeTape(
  1,
  [
    { op: "mul", args: [{ input: 0 }, { input: 0 }] },
    { op: "sub", args: [{ value: 0 }, { constant: 1 }] },
    { op: "mul", args: [{ constant: 4 }, { input: 0 }] },
    { op: "mul", args: [{ value: 2 }, { value: 1 }] },
  ],
  [{ value: 3 }],
);
const dt = 0.005;
const module = import.meta.resolve("ottoflow/kernels/pool");
const spawn = (workerData) =>
  new Promise((resolve, reject) => {
    const source = `const { workerData, parentPort } = require("node:worker_threads"); import("${module}").then(({ serve }) => { parentPort.postMessage(0); serve(workerData); });`;
    const worker = new Worker(source, { eval: true, workerData });
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.unref();
  });
const secondMoment = (x) => x.reduce((sum, v) => sum + v * v, 0) / x.length;

for (const threads of [1, 2]) {
  const memory = openMemory({ bytes: 4 * n + 4096, shared: true, threads });
  const pool = await openPool(memory, spawn);
  const tape = writeTape(slope, memory.alloc);
  const x = memory.alloc32(n);
  philoxNormals32(1, 1, 0, 0, n, x);
  for (let i = 0; i < n; i++) x[i] *= 0.05;
  const run = (index, count) => pool.blocks("langevin", n, [tape, x, 1, 0, index, count, 0, dt, Math.sqrt(2 * dt)]);
  const start = performance.now();
  run(0, 100);
  const early = secondMoment(x);
  run(100, 1900);
  const seconds = (performance.now() - start) / 1000;
  pool.close();
  const bound = 4 * 6.5e-4 * Math.sqrt(1e6 / n);
  for (const [name, value, exact] of [
    ["E x^2, 100 steps", early, 0.77259014],
    ["E x^2, 2000 steps", secondMoment(x), 0.82934626],
  ])
    console.log(`${name}: ${value.toFixed(5)}, exact ${exact}, ${Math.abs(value - exact) < bound ? "within" : "OUTSIDE"} ${bound.toExponential(1)}`);
  const limit = (2000 * n * 35) / 100e9;
  console.log(
    `${threads} thread(s): ${seconds.toFixed(2)} s, ${((1e9 * seconds) / (2000 * n)).toFixed(2)} ns per particle and step, ${(seconds / limit).toFixed(1)} times the limit`,
  );
}
