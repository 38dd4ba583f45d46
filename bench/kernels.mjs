/**
 * npm run bench kernels: what the kernels reach on this machine on one thread, the best of several runs, beside copying memory and the
 * platform's own exp. Their results are checked by the contract suite of the room.
 */
import { langevinSteps } from "ottoflow/kernels/langevin";
import { openMemory } from "ottoflow/kernels/memory";
import { pairGradient, pairGradient32 } from "ottoflow/kernels/pairs";
import { philoxNormals, philoxNormals32, philoxUniforms } from "ottoflow/kernels/philox";
import { axpy, dot } from "ottoflow/kernels/reductions";
import { cosRows, expRows, logRows, powRows, sinRows, tanhRows } from "ottoflow/kernels/rows";
import { upwindRun } from "ottoflow/kernels/stencil";
import { makeTape, runTape } from "ottoflow/kernels/tape";
import { solveTridiagonals } from "ottoflow/kernels/tridiagonal";

/** best nanoseconds per unit of `run`, which does `units` of work */
function best(units, run) {
  for (let k = 0; k < 3; k++) run();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 12; round++) {
    let calls = 0;
    const start = process.hrtime.bigint();
    let now = start;
    while (now - start < 15_000_000n) {
      run();
      calls++;
      now = process.hrtime.bigint();
    }
    least = Math.min(least, Number(now - start) / calls / units);
  }
  return least;
}
const report = (what, value, unit) => console.log(`${what.padEnd(44)} ${value.toFixed(2).padStart(8)} ${unit}`);

const n = 4096;
const small = openMemory({ bytes: 2e6 });
const [a, b] = [small.alloc(n), small.alloc(n)];
for (let i = 0; i < n; i++) a[i] = 0.01 + (8 * i) / n;
for (const [name, f] of Object.entries({ expRows, logRows, sinRows, cosRows, tanhRows }))
  report(
    name,
    best(n, () => f(n, a, b)),
    "ns / value",
  );
report(
  "powRows",
  best(n, () => powRows(n, a, 2.5, b)),
  "ns / value",
);
report(
  "Math.exp in a loop",
  best(n, () => {
    for (let i = 0; i < n; i++) b[i] = Math.exp(a[i]);
  }),
  "ns / value",
);
report(
  "philoxUniforms",
  best(n, () => philoxUniforms(1, 0, 0, 0, n, b)),
  "ns / value",
);
report(
  "philoxNormals",
  best(n, () => philoxNormals(1, 0, 0, 0, n, b)),
  "ns / value",
);
const c = small.alloc32(n);
report(
  "philoxNormals32",
  best(n, () => philoxNormals32(1, 0, 0, 0, n, c)),
  "ns / value",
);

// (x^2 - 1)^2 and its slope 4 x (x^2 - 1)
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
report(
  "tape of 4 operations",
  best(n, () => runTape(slope, n, a, 0, b)),
  "ns / point",
);
const walk = { tape: slope, n, seed: 1, stream: 0, start: 0, dt: 0.005, amplitude: 0.1 };
report(
  "Langevin step, float64",
  best(n * 10, () => langevinSteps(walk, 0, n, a, 0, 10)),
  "ns / particle",
);
report(
  "Langevin step, float32",
  best(n * 10, () => langevinSteps(walk, 0, n, c, 0, 10)),
  "ns / particle",
);

const points = 8192;
const cloud = openMemory({ bytes: 1e6 });
const [x, w, force] = [cloud.alloc(2 * points), cloud.alloc(points).fill(1 / points), cloud.alloc(2 * points)];
philoxUniforms(1, 0, 0, 0, 2 * points, x);
const log = { law: "logarithm" };
report(
  "pair force 1/r in the plane, float64",
  best(points * 64, () => pairGradient(log, 1, 2, points, x, points, x, w, force, 0, 64)),
  "ns / pair",
);
report(
  "pair force 1/r in the plane, float32 lanes",
  best(points * 64, () => pairGradient32(log, 1, 2, points, x, points, x, w, force, 0, 64)),
  "ns / pair",
);

const side = 1024;
const cells = side * side;
const big = openMemory({ bytes: 8 * 8 * cells });
const rows = Array.from({ length: 7 }, () => big.alloc(cells).fill(1));
const [rho, drop, slopes, flow, out, diag, work] = rows;
for (let i = 0; i < cells; i++) rho[i] = 1 + ((i * 7919) % 1000) / 1000;
const rate = (arrays, ns) => (8 * arrays) / ns;
report(
  "copy of 8 MB",
  rate(
    2,
    best(cells, () => out.set(rho)),
  ),
  "GB/s",
);
report(
  "axpy",
  rate(
    3,
    best(cells, () => axpy(cells, 1e-9, rho, out)),
  ),
  "GB/s",
);
report(
  "dot",
  rate(
    2,
    best(cells, () => void dot(cells, rho, out)),
  ),
  "GB/s",
);
report(
  "explicit flux along columns",
  best(cells, () => {
    for (let c = 1; c < side - 2; c++) upwindRun(side, rho, (c - 1) * side, c * side, (c + 1) * side, (c + 2) * side, drop, 1, 1, 2, flow);
  }),
  "ns / face",
);
report(
  "explicit flux along lines",
  best(cells, () => {
    for (let c = 0; c < side; c++) upwindRun(side - 3, rho, c * side, c * side + 1, c * side + 2, c * side + 3, drop, 1, 1, 2, flow);
  }),
  "ns / face",
);
diag.fill(4);
for (const columns of [true, false]) {
  const systems = columns ? { n: side, count: side, step: side, apart: 1 } : { n: side, count: side, step: 1, apart: side };
  report(
    `tridiagonal systems along ${columns ? "columns" : "lines"}`,
    best(cells, () => void solveTridiagonals(systems, slopes, diag, flow, rho, out, work)),
    "ns / unknown",
  );
}
