/** npm run bench explicit-step-512 [-- --quick]: the explicit finite-volume step on 512² cells. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRun } from "ottoflow/flow";
import { npyBytes } from "ottoflow/io/npy";
import { openHost } from "ottoflow/kernels/open";
import { resolveSpec } from "ottoflow/spec/resolve";
import { bench } from "./harness/bench.mjs";
import { limitNames } from "./harness/machine.mjs";
import { openPeer } from "./harness/peers.mjs";

const n = 512;
const steps = 20;
const folder = mkdtempSync(join(tmpdir(), "bench-"));
const peer = await openPeer("explicit_step");
/** bytes a Heun step must move at least: per stage its density and potential are read and the result written, the second also reads the start */
const least = (potential) => n * n * 8 * (2 + 3 + (potential ? 2 : 0));

async function task(name, title, what, spec, lower, h, potential) {
  const { problem, scheme } = await resolveSpec(spec);
  const host = openHost((x) => openRun(problem, scheme, x));
  const { stepper, states } = openRun(problem, scheme, host);
  const [bound] = stepper.bound(states[0], 0);
  const dt = 0.5 * bound;
  const start = states[0].measure.rho.slice();
  const file = join(folder, `${name}.npy`);
  writeFileSync(file, npyBytes([n, n], start));
  let V = null;
  if (potential) {
    V = join(folder, `${name}-V.npy`);
    const field = problem.parts.find((p) => p.form === "field");
    const rows = new Float64Array(n * n);
    field.value(n * n, problem.space.cells.centre, 0, rows);
    writeFileSync(V, npyBytes([n, n], rows));
  }
  const eps = potential ? 1 : 0;
  const m = potential ? null : 2;
  let sample;
  const errors = (values, mass) => {
    sample ??= values;
    const top = Math.max(...sample);
    return { "both agree": Math.max(...values.map((v, i) => Math.abs(v - sample[i]))) / top, mass: Math.abs(mass - startMass) };
  };
  const cell = h * h;
  const startMass = start.reduce((s, v) => s + v, 0) * cell;
  const ours = (bounded) => async () => {
    states[0].measure.rho.set(start);
    let [a, b] = states;
    const begin = performance.now();
    for (let k = 0; k < steps; k++) {
      if (bounded && !(stepper.bound(a, k * dt)[0] > dt)) throw new Error("the step exceeds its bound");
      const info = stepper.step(a, b, { t: k * dt, dt, index: k, count: 1 });
      if (!info.ok) throw new Error(info.reason);
      [a, b] = [b, a];
    }
    const seconds = (performance.now() - begin) / 1000 / steps;
    const { rho } = a.measure;
    const values = Array.from({ length: 256 }, (_, i) => rho[Math.floor(i / 16) * (n / 16) * n + (i % 16) * (n / 16)]);
    return { seconds, errors: errors(values, rho.reduce((s, v) => s + v, 0) * cell) };
  };
  const numpy = async () => {
    const r = await peer.call("run", { n, lower, h, dt, steps, start: file, potential: V, eps, m });
    return { seconds: r.seconds / steps, errors: errors(r.sample, r.mass) };
  };
  await bench({
    name,
    title,
    what,
    gates: { "both agree": 1e-11, mass: 1e-11 },
    rounds: 9,
    warm: 3,
    contenders: [
      { name: "ottoflow", how: "scheme finite-volume explicit, one thread", run: ours(false) },
      { name: "ottoflow, bounded", how: "the same with the largest step asked for before each one, as a run does", run: ours(true) },
      { name: "numpy", how: "the same scheme by slices into rows allocated once, one thread", run: numpy },
    ],
    versions: peer.versions,
    measures: (row, can) => {
      const rate = least(potential) / row.median / 1e9;
      const percent = (v) => `${((100 * rate) / v).toFixed(0)} %`;
      return {
        "bytes a step must move": `${(least(potential) / 1e6).toFixed(1)} MB (${potential ? 7 : 5} rows of float64 per step of two stages)`,
        "at that count": `${rate.toFixed(1)} GB/s, ${percent(can[limitNames.copy])} of copying 64 MiB rows and ${percent(can[limitNames.cached])} of copying 2 MiB rows in the same run`,
      };
    },
  });
}

const box = (half) => ({ kind: "box", lower: [-half, -half], upper: [half, half], cells: [n, n] });
await task(
  "explicit-step-512-porous-medium",
  "Explicit step, porous medium, 512²",
  "One step of Heun's method with limited slopes for ∂ρ = Δρ² on 512² cells, from a Barenblatt profile; half of the largest step. Both contenders compute the same numbers.",
  {
    energy: [{ kind: "power", m: 2 }],
    space: box(2.5),
    initial: { kind: "barenblatt", m: 2, time: 1 },
    scheme: { kind: "finite-volume", time: "explicit", step: 1 },
    until: 1,
  },
  -2.5,
  5 / n,
  false,
);
await task(
  "explicit-step-512-fokker-planck",
  "Explicit step, Fokker–Planck, 512²",
  "One step of Heun's method for ∂ρ = Δρ + div(ρ∇V), V = (x² − 1)² + y²/2 on [-4, 4]², 512² cells; half of the largest step. Both contenders compute the same numbers.",
  {
    energy: [{ kind: "entropy" }, { kind: "potential", formula: "(x^2-1)^2 + y^2/2" }],
    space: box(4),
    initial: { kind: "gaussian", mean: [-1, 1], deviation: [0.3, 0.5] },
    scheme: { kind: "finite-volume", time: "explicit", step: 1 },
    until: 1,
  },
  -4,
  8 / n,
  true,
);
rmSync(folder, { recursive: true });
peer.close();
