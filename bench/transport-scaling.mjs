/**
 * npm run bench transport-scaling [-- --quick]: seconds and memory of the transport solvers against N, with fitted exponents.
 * Each size runs in a process of its own, so that the peak of its memory is its own. Writes results/transport-scaling.{json,md,svg}.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { panel } from "ottoflow/io/figure/chart";
import { seriesColour } from "ottoflow/io/figure/colour";
import { svgDocument } from "ottoflow/io/figure/document";
import { fittedOrder } from "ottoflow/io/figure/study";
import { element, polyline } from "ottoflow/io/figure/svg";
import { solve } from "ottoflow/solve";
import { makeBox } from "ottoflow/space/box";
import { cloud } from "ottoflow/transport/problem";
import { machine } from "./harness/machine.mjs";

const quick = process.argv.includes("--quick");
const results = (name) => fileURLToPath(new URL(`results/${name}`, import.meta.url));

/** mulberry32, as in all published instances */
function uniform(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
function points(seed, n, d, weighted = false) {
  const u = uniform(seed);
  const x = new Float64Array(d * n);
  for (let i = 0; i < n; i++) for (let k = 0; k < d; k++) x[k * n + i] = u();
  if (!weighted) return cloud(x, { dim: d });
  const w = Float64Array.from({ length: n }, () => 0.2 + u());
  const mass = w.reduce((s, v) => s + v, 0);
  return cloud(x, { dim: d, weights: w.map((v) => v / mass) });
}
/** The pair of images of the exact grid instance: two bumps each on cells of the unit square. */
function image(n, bumps) {
  const space = makeBox({ lower: [0, 0], upper: [1, 1], cells: [n, n] });
  const rho = new Float64Array(n * n);
  const { centre } = space.cells;
  for (let i = 0; i < n * n; i++) {
    rho[i] = 1e-3;
    for (const [x, y, s, h] of bumps) rho[i] += h * Math.exp(-((centre[i] - x) ** 2 + (centre[n * n + i] - y) ** 2) / (2 * s * s));
  }
  const mass = rho.reduce((s, v) => s + v, 0) / (n * n);
  return { rep: "cells", space, rho: rho.map((v) => v / mass) };
}
const images = (n) => ({
  from: image(n, [
    [0.3, 0.3, 0.1, 1],
    [0.7, 0.25, 0.07, 0.5],
  ]),
  to: image(n, [
    [0.6, 0.7, 0.12, 1],
    [0.25, 0.75, 0.06, 0.7],
  ]),
});

/** name to problem of size N, sizes, and what N counts */
const tasks = {
  "on the line, weights": { of: (n) => ({ from: points(1, n, 1, true), to: points(2, n, 1, true) }), sizes: [1e4, 1e5, 1e6], solver: "line" },
  "assignment in the plane": { of: (n) => ({ from: points(1, n, 2), to: points(2, n, 2) }), sizes: [1000, 4000, 16000, 64000, 100000] },
  "weights in the plane": { of: (n) => ({ from: points(1, n, 2, true), to: points(2, n, 2, true) }), sizes: [1000, 4000, 16000, 64000] },
  "assignment in ten dimensions": { of: (n) => ({ from: points(1, n, 10), to: points(2, n, 10) }), sizes: [500, 1000, 2000, 4000] },
  "entropic, epsilon 0.01, plane": {
    of: (n) => ({ from: points(1, n, 2), to: points(2, n, 2), epsilon: 0.01 }),
    sizes: [1000, 4000, 16000, 64000],
    options: { defect: 1e-7 },
  },
  "entropic, epsilon 0.001, plane": {
    of: (n) => ({ from: points(1, n, 2), to: points(2, n, 2), epsilon: 0.001 }),
    sizes: [1000, 4000, 16000, 64000, 100000],
    options: { defect: 1e-7 },
  },
  "exact between images (N pixels)": { of: (n) => images(Math.round(Math.sqrt(n))), sizes: [256, 1024, 4096, 16384], solver: "grid" },
  "maps between images (N pixels)": {
    of: (n) => images(Math.round(Math.sqrt(n))),
    sizes: [4096, 16384, 65536, 262144],
    solver: "back-and-forth",
    options: { tolerance: 1e-3 },
  },
};

if (process.argv[2] === "--one") {
  const task = tasks[process.argv[3]];
  const problem = task.of(Number(process.argv[4]));
  const base = process.memoryUsage().rss;
  const start = performance.now();
  const answer = await solve(problem, { ...task.options, ...(task.solver && { solver: task.solver }), bytes: 1e9 });
  const seconds = (performance.now() - start) / 1000;
  const { value, regularised, gap, defect, status, solver, certifies } = answer;
  console.log(
    JSON.stringify({
      seconds,
      bytes: Math.max(0, 1024 * process.resourceUsage().maxRSS - base),
      value,
      gap: gap / Math.abs(regularised),
      defect: Math.max(...defect),
      status,
      solver,
      certifies,
    }),
  );
} else {
  const rows = [];
  for (const [name, task] of Object.entries(tasks)) {
    for (const n of quick ? task.sizes.slice(0, 2) : task.sizes) {
      const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), "--one", name, String(n)], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
        timeout: 1_200_000,
      });
      if (status !== 0) throw new Error(`bench: ${name} at N = ${n} did not end`);
      const row = { name, n, ...JSON.parse(stdout) };
      rows.push(row);
      console.log(
        `  ${name}, N = ${n}: ${row.seconds.toPrecision(3)} s, ${(row.bytes / 1e6).toPrecision(3)} MB, ${row.solver}, ${row.status}, gap ${row.gap.toExponential(1)}`,
      );
    }
  }
  const fits = Object.keys(tasks).map((name) => {
    const own = rows.filter((r) => r.name === name);
    // the last three sizes: below, what opening costs hides the growth
    const late = own.slice(-3);
    const exponent = (key) =>
      fittedOrder(
        late.map((r) => r.n),
        late.map((r) => r[key]),
      );
    return { name, solvers: [...new Set(own.map((r) => r.solver))], time: exponent("seconds"), memory: exponent("bytes") };
  });
  const table = [
    "<!-- Written by `npm run bench transport-scaling`. -->",
    "",
    "# Transport against N",
    "",
    `${machine().cpu ?? ""}, one thread, ${new Date().toISOString().slice(0, 10)}. Memory is the peak of the process above what the points take. Gap and marginals are those of the answer.`,
    "",
    "| problem | N | solver | seconds | MB | relative gap | marginals off by | status |",
    "| --- | ---: | --- | ---: | ---: | ---: | ---: | --- |",
    ...rows.map(
      (r) =>
        `| ${r.name} | ${r.n} | ${r.solver} | ${r.seconds.toPrecision(3)} | ${(r.bytes / 1e6).toPrecision(3)} | ${r.gap.toExponential(1)} | ${r.defect.toExponential(1)} | ${r.status} |`,
    ),
    "",
    "Exponents fitted to the three largest sizes:",
    "",
    "| problem | solvers | time ~ N^ | memory ~ N^ |",
    "| --- | --- | ---: | ---: |",
    ...fits.map((f) => `| ${f.name} | ${f.solvers.join(", ")} | ${f.time.toFixed(2)} | ${f.memory.toFixed(2)} |`),
    "",
    "![Seconds and memory against N](transport-scaling.svg)",
    "",
  ].join("\n");
  console.log(table);
  if (!quick) {
    writeFileSync(
      results("transport-scaling.json"),
      `${JSON.stringify({ name: "transport-scaling", date: new Date().toISOString().slice(0, 10), machine: machine(), rows, fits }, null, 2)}\n`,
    );
    writeFileSync(results("transport-scaling.md"), table);
    writeFileSync(results("transport-scaling.svg"), svgDocument(figure(rows)));
  }
}

function figure(rows) {
  const names = Object.keys(tasks);
  const side = (key, label, scale, left) => {
    const values = rows.map((r) => r[key] / scale).filter((v) => v > 0);
    return panel({
      id: key,
      left,
      top: 0,
      width: 460,
      height: 420,
      title: label,
      x: { label: "N", range: { lo: Math.min(...rows.map((r) => r.n)), hi: Math.max(...rows.map((r) => r.n)) }, log: true },
      y: { label, range: { lo: Math.min(...values), hi: Math.max(...values) }, log: true },
      draw: (x, y) =>
        names
          .map((name, k) => {
            const own = rows.filter((r) => r.name === name);
            const d = polyline(
              own.length,
              (i) => x.at(own[i].n),
              (i) => y.at(own[i][key] / scale),
            );
            const dots = own.map((r) => element("circle", { cx: x.at(r.n), cy: y.at(r[key] / scale), r: 3, fill: "currentColor" })).join("");
            return element(
              "g",
              seriesColour(k),
              element("path", { d, fill: "none", stroke: "currentColor", "stroke-width": 1.8, "stroke-dasharray": k >= 6 ? "6 4" : undefined }),
              dots,
            );
          })
          .join(""),
    });
  };
  const legend = names
    .map((name, k) =>
      element(
        "g",
        seriesColour(k),
        element("path", {
          d: `M${20 + (k % 3) * 300} ${440 + 20 * Math.floor(k / 3)}h22`,
          stroke: "currentColor",
          "stroke-width": 2,
          "stroke-dasharray": k >= 6 ? "6 4" : undefined,
        }),
        element("text", { x: 50 + (k % 3) * 300, y: 444 + 20 * Math.floor(k / 3), fill: "currentColor" }, name),
      ),
    )
    .join("");
  return {
    name: "transport-scaling",
    title: "Transport against N",
    description: "Seconds and peak memory of the transport solvers against the number of points or pixels, both axes logarithmic.",
    caption: "",
    width: 930,
    height: 500,
    body: side("seconds", "seconds", 1, 0) + side("bytes", "MB", 1e6, 465) + legend,
  };
}
