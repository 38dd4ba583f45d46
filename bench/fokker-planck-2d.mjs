/** npm run bench fokker-planck-2d [-- --quick]: task D6. */
import { openRun } from "ottoflow/flow";
import { openHost } from "ottoflow/kernels/open";
import { run } from "ottoflow/run";
import { resolveSpec } from "ottoflow/spec/resolve";
import { bench, quick } from "./harness/bench.mjs";
import { openPeer } from "./harness/peers.mjs";

const n = quick ? 128 : 256;
const until = 0.5;
/** the fewest steps of each contender that pass the gate */
const steps = { ottoflow: 3, scipy: 3, fipy: 110 };
/** py-pde: below the bound of stability */
const finest = quick ? 2e-4 : 5e-5;
const exact = { kl: 0.54561714566896, mean: -0.68434700406 };
const Z = 1.9737321500898 * Math.sqrt(2 * Math.PI);
const spec = {
  energy: [{ kind: "entropy" }, { kind: "potential", formula: "(x^2 - 1)^2 + y^2/2" }],
  space: { kind: "box", lower: [-3, -5], upper: [3, 5], cells: [n, n] },
  initial: { kind: "gaussian", mean: [-1, 1], deviation: [0.2, 0.5] },
  scheme: { kind: "finite-volume", time: "sdirk2", step: until / steps.ottoflow, tolerance: 1e-4 },
  until,
  observe: { frames: { every: until }, trace: { every: until } },
};
const errors = ({ kl, mean }) => ({ KL: Math.abs(kl - exact.kl), "E x": Math.abs(mean - exact.mean) });

function metrics({ space, rho }) {
  const { n: cells, centre, volume } = space.cells;
  let [kl, mean] = [0, 0];
  for (let i = 0; i < cells; i++) {
    const [x, y, mass] = [centre[i], centre[cells + i], rho[i] * volume[i]];
    if (mass > 0) kl += mass * (Math.log(rho[i] * Z) + (x * x - 1) ** 2 + (y * y) / 2);
    mean += mass * x;
  }
  return { kl, mean };
}
const whole = async () => {
  const start = performance.now();
  const result = await run(spec);
  const seconds = (performance.now() - start) / 1000;
  if (result.status !== "reached-end" || !result.holds) throw new Error(result.reason);
  return { seconds, errors: errors(metrics(result.last.measure)) };
};
/** what the peers do: no certificates, no energies, no second dry opening of the memory */
const stepping = async () => {
  const { problem, scheme } = await resolveSpec(spec);
  const host = openHost((h) => openRun(problem, scheme, h));
  const start = performance.now();
  const { stepper, states } = openRun(problem, scheme, host);
  let [a, b] = states;
  const dt = until / steps.ottoflow;
  for (let k = 0; k < steps.ottoflow; k++) {
    const info = stepper.step(a, b, { t: k * dt, dt, index: k, count: 1 });
    if (!info.ok) throw new Error(info.reason);
    [a, b] = [b, a];
  }
  return { seconds: (performance.now() - start) / 1000, errors: errors(metrics(a.measure)) };
};
const peer = await openPeer("fokker_planck_2d");
const ask = (what, options) => async () => {
  const r = await peer.call(what, { n, ...options });
  return { seconds: r.seconds, errors: errors(r) };
};
await bench({
  name: "fokker-planck-2d",
  title: "D6: Fokker–Planck in the plane",
  what: `∂ρ = Δρ + div(ρ∇V), V = (x² − 1)² + y²/2 on [-3, 3] × [-5, 5], ${n}² cells, from N(-1, 0.2²) × N(1, 0.5²) to t = 1/2; KL to the Gibbs law and E x against exact values to 1e-3. Every contender takes the fewest steps that pass the gate.`,
  gates: { KL: 1e-3, "E x": 1e-3 },
  rounds: 9,
  warm: 3,
  contenders: [
    { name: "ottoflow", how: `scheme finite-volume sdirk2, ${steps.ottoflow} steps, inner solves to 1e-4 of the mass, opening and stepping`, run: stepping },
    { name: "ottoflow run", how: "the same by run(spec): with parsing, a dry opening that sizes the memory, energies and certificates", run: whole },
    {
      name: "scipy",
      how: `the same matrix and SDIRK2, ${steps.scipy} steps, assembled and factored once by SuperLU (minimum degree, symmetric mode)`,
      run: ask("scipy_lu", { steps: steps.scipy }),
      close: peer.close,
    },
    { name: "scipy expm_multiply", how: "the same matrix, action of the exponential", rounds: 2, warm: false, run: ask("scipy_expm", {}) },
    {
      name: "FiPy",
      how: `exponential convection, backward Euler, ${steps.fipy} steps, SciPy's LU at each`,
      rounds: 1,
      warm: false,
      run: ask("fipy", { steps: steps.fipy }),
    },
    {
      name: "py-pde",
      how: `explicit Euler, ${1.5 * n}² cells (its central differences miss the gate on ${n}²), dt ${finest}, compiled by numba, compilation not counted`,
      rounds: 1,
      warm: false,
      run: ask("pypde", { n: 1.5 * n, dt: finest }),
    },
  ],
  versions: peer.versions,
});
