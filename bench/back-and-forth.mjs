/** npm run bench back-and-forth [-- --quick]: Caffarelli's counter-example on 1024² cells, against the code of the method's authors. */
import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ascend } from "ottoflow/transport/grid/ascend";
import { centred, checkedMass } from "ottoflow/transport/grid/density";
import { mapBetween } from "ottoflow/transport/static/back-and-forth";
import { attempt, root } from "../scripts/shell.mjs";
import { bench, quick } from "./harness/bench.mjs";
import { ensurePeers, openPeer } from "./harness/peers.mjs";

const n = quick ? 256 : 1024;
/** what the authors' notebook prints after 50 turns at 1024²: half of W_2^2, and the squared H^-1 norm */
const published = { value: 2.594842e-2, norm: 5.45e-7 };
const turns = 24;

function caffarelli() {
  const [mu, nu] = [new Float64Array(n * n), new Float64Array(n * n)];
  const disk = (x, y, a) => (x - a) ** 2 + (y - 0.5) ** 2 < 0.125 ** 2;
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      const [x, y] = [(j + 0.5) / n, (i + 0.5) / n];
      if (disk(x, y, 0.5)) mu[i * n + j] = 1;
      const bridge = x > 0.249 && x < 0.751 && y > 0.49 && y < 0.51;
      if ((disk(x, y, 0.25) && x < 0.25) || (disk(x, y, 0.75) && x > 0.75) || bridge) nu[i * n + j] = 1;
    }
  return [mu, nu].map((m) => {
    const s = m.reduce((a, v) => a + v, 0);
    return m.map((v) => v / s);
  });
}
const [mu, nu] = caffarelli();
const errors = (value, norm) => (quick ? { value: 0, norm: 0 } : { value: Math.max(0, published.value - value), norm });

/** half the dual between cell centres */
function climbed() {
  const start = performance.now();
  const lattice = { shape: [n, n], origin: [0.5 / n, 0.5 / n], h: [1 / n, 1 / n] };
  const [X, Y] = [centred(checkedMass(lattice, mu, "from")), centred(checkedMass(lattice, nu, "to"))];
  const steps = ascend(X, Y, [Y.deviation[0] / X.deviation[0], Y.deviation[1] / X.deviation[1]], { most: turns, residual: 0, gain: 0 });
  let next = steps.next();
  while (!next.done) next = steps.next();
  const { energy, residual } = next.value;
  const square = ({ lattice: l, mass }) =>
    mass.reduce((s, m, k) => {
      const [x, y] = [l.origin[0] + Math.floor(k / l.shape[1]) * l.h[0], l.origin[1] + (k % l.shape[1]) * l.h[1]];
      return s + 0.5 * m * (x * x + y * y);
    }, 0);
  const shift = 0.5 * ((X.mean[0] - Y.mean[0]) ** 2 + (X.mean[1] - Y.mean[1]) ** 2);
  const value = square(X) + square(Y) + shift - energy;
  return { seconds: (performance.now() - start) / 1000, errors: errors(value, residual[0]), more: { value } };
}
function certified() {
  const start = performance.now();
  const r = mapBetween(mu, nu, { shape: [n, n], most: turns, gain: 0 });
  const seconds = (performance.now() - start) / 1000;
  const value = 0.5 * r.figures["dual between cell centres"];
  return { seconds, errors: errors(value, r.figures["squared H^-1 residual, first"]), more: { value, lower: 0.5 * r.dual, upper: 0.5 * r.value } };
}

/** The authors' module, compiled once from their repository (BFM_REPOSITORY names another copy of it); null where that cannot be. */
function authors() {
  const [source, target] = [join(root, ".cache/bfm-source"), join(root, ".cache/bfm")];
  const built = () => existsSync(target) && readdirSync(target).some((f) => f.startsWith("w2."));
  if (!built()) {
    const repository = process.env.BFM_REPOSITORY ?? "https://github.com/Math-Jacobs/bfm";
    mkdirSync(join(root, ".cache"), { recursive: true });
    if (!existsSync(source) && !attempt("git", ["clone", "--quiet", repository, source])) return null;
    if (!attempt(ensurePeers(), ["-m", "pip", "install", "--quiet", "--target", target, join(source, "python")]) || !built()) return null;
  }
  process.env.PYTHONPATH = target;
  return openPeer("back_and_forth");
}
const peer = await authors();
const contenders = [
  { name: "ottoflow", how: `${turns} turns on the finest grid after coarser ones, to the dual value`, run: async () => climbed() },
  { name: "ottoflow, certified", how: "mapBetween: the same, with the lower bound between densities, a plan and the map", run: async () => certified() },
];
if (peer)
  contenders.push({
    name: "bfm",
    how: "the authors' C++ conjugates and images, SciPy's cosine transforms, their settings, 50 turns and the one before",
    rounds: 2,
    warm: false,
    run: async () => {
      const r = await peer.call("run", { n, turns: quick ? 10 : 51 });
      return { seconds: r.seconds, errors: errors(r.value, r.norm), more: { value: r.value } };
    },
    close: peer.close,
  });
await bench({
  name: "back-and-forth",
  title: "Back-and-forth method on Caffarelli's counter-example",
  what: `A disk of radius 1/8 and its halves half a unit apart with a thin bridge between them, ${n} × ${n} cells; the dual value at cell centres in the authors' convention (half of W₂²) reaches their printed ${published.value} to seven digits, and the squared H^-1 norm of what the map misses their ${published.norm}. One thread.`,
  gates: { value: 5e-9, norm: 5.5e-7 },
  rounds: 5,
  warm: 1,
  contenders,
  versions: peer?.versions ?? {},
  measures: (_, __, rows) => ({
    values: rows.map((r) => `${r.contender} ${r.value?.toExponential(7)}`).join(", "),
    "half of W₂² between the densities, certified": rows[1].lower ? `${rows[1].lower.toExponential(6)} … ${rows[1].upper.toExponential(6)}` : "",
    published: "the authors' notebook: 32.28 s for 50 turns (Colab)",
  }),
});
