/** npm run bench assignment [-- --quick]: D1, exact assignment of uniform points in the plane, |x - y|^2, with a certificate among all pairs. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { munkres } from "munkres";
import { bench, quick } from "./harness/bench.mjs";
import { openPeer } from "./harness/peers.mjs";
import { once, points } from "./peers/assignment.mjs";

/** A28.1 where it is published; beyond, every contender against the first */
const published = { 1000: 0.00178471164497, 4096: 0.00039597462358 };

/** megabytes by size */
const known = new Map();

for (const n of quick ? [1000] : [1000, 4096, 20_000, 100_000]) await task(n);

async function task(n) {
  let value = published[n];
  const ours = async () => {
    const { seconds, answer } = await once(n);
    if (answer.status !== "optimal") throw new Error(answer.notes.join(" "));
    value ??= answer.value;
    return { seconds, errors: { value: Math.abs(answer.value - value), gap: Math.abs(answer.gap) }, more: { solver: answer.solver, megabytes: memoryOf(n) } };
  };
  const peers = [];
  const peer = async (name, what, how, rounds) => {
    const process = await openPeer("assignment");
    peers.push(process);
    const run = async () => {
      const r = await process.call(what, { n, d: 2 });
      return { seconds: r.seconds, errors: { value: Math.abs(r.value - value) }, more: { megabytes: r.megabytes } };
    };
    return { name, how, rounds, ...(n > 5000 && { warm: false }), run, close: process.close };
  };
  const contenders = [{ name: "ottoflow", how: "solve, as chosen: shortest paths over near pairs; certificate included", run: ours }];
  if (n <= 20_000) contenders.push(await peer("scipy", "lsa", "cdist, linear_sum_assignment", n > 5000 ? 1 : 5));
  // beyond, POT's arcs take more memory than a common machine has
  if (n <= 5000) contenders.push(await peer("POT", "emd", "cdist, ot.emd2 (network simplex)", 5));
  if (n <= 1000) contenders.push({ name: "munkres", how: "npm munkres on rows of numbers, costs included", rounds: 3, run: () => byMunkres(n, value) });
  await bench({
    name: `assignment-${n}`,
    title: `Assignment of ${n} points`,
    what: `Exact W_2^2 between ${n} and ${n} uniform points of the unit square (A28.1), one thread, from points to plan and value${published[n] ? "" : "; no published value, so all against ours, whose gap is certified"}.`,
    gates: { value: 1e-10, gap: 1e-10 },
    rounds: n > 50_000 ? 1 : n > 5000 ? 3 : 5,
    contenders,
    versions: peers[0]?.versions ?? {},
    measures: (_, __, rows) => ({
      "most memory of the process": rows
        .map((r) => (r.megabytes ? `${r.contender} ${Math.round(r.megabytes)} MB` : null))
        .filter(Boolean)
        .join(", "),
    }),
  });
}

/** most memory of a process that does nothing else */
function memoryOf(n) {
  if (!known.has(n)) {
    const { stdout } = spawnSync(process.execPath, [fileURLToPath(new URL("peers/assignment.mjs", import.meta.url)), String(n)], { encoding: "utf8" });
    known.set(n, JSON.parse(stdout).megabytes);
  }
  return known.get(n);
}
async function byMunkres(n, value) {
  const [x, y] = [points(1, n, 2), points(2, n, 2)];
  const start = performance.now();
  const costs = Array.from({ length: n }, (_, i) => Array.from({ length: n }, (__, j) => (x[i] - y[j]) ** 2 + (x[n + i] - y[n + j]) ** 2));
  const found = munkres(costs).reduce((s, [i, j]) => s + costs[i][j], 0) / n;
  return { seconds: (performance.now() - start) / 1000, errors: { value: Math.abs(found - value) } };
}
