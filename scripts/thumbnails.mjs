// npm run build first; node scripts/thumbnails.mjs [NAME …]: pictures of the gallery's cards, made by running the quick form of each spec (paths whole).
// Densities on the line as SVG, in the plane as PNG, particles with their ways; a few kilobytes each.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { jobOf, resolveSpec, runFlow, runPath } from "ottoflow";
import { viridis } from "ottoflow/io/figure/colour";
import { indexedPng } from "ottoflow/io/figure/raster";
import { escapeXml } from "ottoflow/io/figure/svg";

const root = new URL("..", import.meta.url).pathname;
const specs = join(root, "specs");
const out = join(root, "packages/lab/src/gallery/thumbnails");
const [width, height] = [176, 104];
const SHOWN = 6;

const jsons = (folder) =>
  readdirSync(join(specs, folder))
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(folder, name));
const wanted = process.argv.slice(2);
const names = [...jsons(""), ...jsons("paths")].map((name) => name.replace(/\.json$/, "")).filter((name) => wanted.length === 0 || wanted.includes(name));
const read = (path) => Promise.resolve(new Uint8Array(readFileSync(join(specs, path))));

async function framesOf(spec) {
  if (jobOf(spec) === "path") return (await runPath(spec, { read, quick: true, set: { frames: SHOWN + 1 } })).frames;
  // the quick form is short: what is shown is the span of the whole flow with the quick form's size where it has one
  const { until: _, ...smaller } = spec.quick ?? {};
  const resolved = await resolveSpec({ ...spec, quick: smaller }, { read, quick: true, ...(spec.variants && { variant: Object.keys(spec.variants)[0] }) });
  const { start = 0 } = resolved.problem;
  const run = await runFlow({ ...resolved, observe: { ...resolved.observe, frames: { time: (resolved.until - start) / 24 } } });
  return run.frames;
}
/** Some frames, crowded towards the start, where most happens. */
function some(frames) {
  const last = frames.length - 1;
  return [...new Set(Array.from({ length: SHOWN }, (_, k) => Math.round(last * (k / (SHOWN - 1)) ** 1.7)))].map((i) => frames[i]);
}
function drawn(title, frames) {
  const [first, end] = [frames[0].measure, frames.at(-1).measure];
  if (first.space.dim === 1) return svg(title, line(some(frames).map((f) => f.measure)));
  if (first.rep === "cells") return { type: "png", bytes: plane(frames[Math.floor(frames.length * 0.5)].measure) };
  if (first.rep === "gaussian") return svg(title, ellipses(some(frames).map((f) => f.measure)));
  return svg(
    title,
    ways(
      frames.map((f) => f.measure),
      end,
    ),
  );
}
const hex = (rgb) => `#${rgb.map((c) => c.toString(16).padStart(2, "0")).join("")}`;
const svg = (title, body) => ({
  type: "svg",
  bytes: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" fill="none"><title>${escapeXml(title)}</title>${body}</svg>\n`),
});
/** Both grounds are behind the same picture: the ends of viridis that either would swallow are left out. */
const timeColour = (u) => hex(viridis(0.3 + 0.5 * u));
const POINTS = 56;

function line(measures) {
  const [lo, hi] = reach(measures);
  const curves = measures.map((m) => sampled(m, lo, hi));
  const tops = curves.map((c) => Math.max(...c)).sort((a, b) => a - b);
  const top = Math.min(tops.at(-1), 2.2 * tops[tops.length >> 1]);
  return curves
    .map((c, k) => {
      const path = c.map((v, i) => `${Math.round((i * width) / (POINTS - 1))} ${Math.round(height - 4 - (height - 12) * Math.min(1.2, v / top))}`).join("L");
      const last = k === curves.length - 1;
      return `<path stroke="${timeColour(k / Math.max(1, curves.length - 1))}" stroke-width="${last ? 3 : 1.5}" d="M${path}"/>`;
    })
    .join("");
}
/** Where nearly all of the mass is. */
function reach(measures) {
  let [lo, hi] = [Infinity, -Infinity];
  for (const m of measures) {
    const q = (u) => quantile(m, u);
    lo = Math.min(lo, q(0.003));
    hi = Math.max(hi, q(0.997));
  }
  const margin = 0.12 * (hi - lo);
  return [lo - margin, hi + margin];
}
function pieces(m) {
  if (m.rep === "cells") {
    const { lower, h } = m.space.grid;
    return { edge: Array.from({ length: m.rho.length + 1 }, (_, i) => lower[0] + i * h[0]), mass: Array.from(m.rho, (r) => Math.max(0, r) * h[0]) };
  }
  if (m.rep === "quantiles") return { edge: Array.from(m.x), mass: Array.from(m.level.subarray(1), (l, i) => l - m.level[i]) };
  if (m.rep === "particles") {
    const sorted = Float64Array.from(m.x).sort();
    const bins = Math.min(POINTS, Math.max(12, Math.round(2 * Math.cbrt(m.n))));
    const [a, b] = [sorted[0], sorted.at(-1)];
    const mass = new Array(bins).fill(0);
    for (const x of sorted) mass[Math.min(bins - 1, Math.floor(((x - a) / (b - a || 1)) * bins))] += 1 / m.n;
    return { edge: Array.from({ length: bins + 1 }, (_, i) => a + ((b - a) * i) / bins), mass };
  }
  const s = Math.sqrt(m.cov[0]);
  const edge = Array.from({ length: 121 }, (_, i) => m.mean[0] + s * (i - 60) * 0.075);
  return { edge, mass: edge.slice(1).map((x) => Math.exp(-((x - 0.0375 * s - m.mean[0]) ** 2) / (2 * s * s)) * 0.03) };
}
function quantile(m, u) {
  const { edge, mass } = pieces(m);
  const total = mass.reduce((s, v) => s + v, 0);
  let sum = 0;
  for (let i = 0; i < mass.length; i++) {
    if (sum + mass[i] >= u * total) return edge[i] + (mass[i] > 0 ? ((u * total - sum) / mass[i]) * (edge[i + 1] - edge[i]) : 0);
    sum += mass[i];
  }
  return edge.at(-1);
}
function sampled(m, lo, hi) {
  const { edge, mass } = pieces(m);
  let k = 0;
  return Array.from({ length: POINTS }, (_, i) => {
    const x = lo + ((hi - lo) * i) / (POINTS - 1);
    while (k + 1 < mass.length && edge[k + 1] <= x) k++;
    return x < edge[0] || x > edge.at(-1) ? 0 : mass[k] / (edge[k + 1] - edge[k]);
  });
}
function plane(m) {
  const [columns, rows] = m.space.grid.shape;
  const stride = Math.max(1, Math.ceil(Math.max(columns, rows) / 72));
  const [w, h] = [Math.floor(columns / stride), Math.floor(rows / stride)];
  let top = 0;
  for (const v of m.rho) top = Math.max(top, v);
  const index = new Uint8Array(w * h);
  for (let i = 0; i < w; i++)
    for (let j = 0; j < h; j++) index[(h - 1 - j) * w + i] = Math.round((255 * Math.max(0, m.rho[i * stride * rows + j * stride])) / top / 6) * 6;
  return indexedPng(w, h, index);
}
/** Pixels of points that fit into the picture, both axes at one scale. */
function pixelsOf(xs, ys) {
  const [a, b, c, d] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = Math.min((width - 12) / (b - a || 1), (height - 12) / (d - c || 1));
  return (x, y) => [width / 2 + scale * (x - (a + b) / 2), height / 2 - scale * (y - (c + d) / 2)];
}
const short = (v) => v.toFixed(1).replace(/\.0$/, "");
function ways(measures, end) {
  const n = end.n;
  const who = Array.from({ length: Math.min(n, 90) }, (_, k) => Math.floor((k * n) / Math.min(n, 90)));
  const shown = [0, 0.1, 0.3, 1].map((u) => measures[Math.round(u * (measures.length - 1))]);
  const at = pixelsOf(
    shown.flatMap((m) => who.map((i) => m.x[i])),
    shown.flatMap((m) => who.map((i) => m.x[n + i])),
  );
  const colours = ["#d1281b", "#8d6c8f", "#3f78c8"];
  const spans = colours.map((colour, k) => {
    const d = who.map(
      (i) =>
        `M${at(shown[k].x[i], shown[k].x[n + i])
          .map(short)
          .join(" ")}L${at(shown[k + 1].x[i], shown[k + 1].x[n + i])
          .map(short)
          .join(" ")}`,
    );
    return `<path stroke="${colour}" d="${d.join("")}"/>`;
  });
  const dots = who
    .map(
      (i) =>
        `M${at(end.x[i], end.x[n + i])
          .map(short)
          .join(" ")}h0`,
    )
    .join("");
  return `${spans.join("")}<path stroke="#1556c0" stroke-width="3.5" stroke-linecap="round" d="${dots}"/>`;
}
function ellipses(measures) {
  const curve = (m) => {
    const a = Math.sqrt(m.cov[0]);
    const b = m.cov[1] / a;
    const e = Math.sqrt(Math.max(0, m.cov[3] - b * b));
    return Array.from({ length: 33 }, (_, i) => {
      const [u, v] = [1.5 * Math.cos((2 * Math.PI * i) / 32), 1.5 * Math.sin((2 * Math.PI * i) / 32)];
      return [m.mean[0] + a * u, m.mean[1] + b * u + e * v];
    });
  };
  const curves = measures.map(curve);
  const at = pixelsOf(
    curves.flat().map(([x]) => x),
    curves.flat().map(([, y]) => y),
  );
  return curves
    .map(
      (c, k) => `<path stroke="${timeColour(k / (curves.length - 1))}" stroke-width="2" d="M${c.map(([x, y]) => at(x, y).map(short).join(" ")).join("L")}"/>`,
    )
    .join("");
}

mkdirSync(out, { recursive: true });
for (const name of names) {
  const spec = JSON.parse(readFileSync(join(specs, `${name}.json`), "utf8"));
  const frames = await framesOf(spec);
  const picture = drawn(spec.title, frames);
  const file = name.replaceAll("/", "--");
  for (const ending of ["svg", "png"]) rmSync(join(out, `${file}.${ending}`), { force: true });
  writeFileSync(join(out, `${file}.${picture.type}`), picture.bytes);
  console.log(`${file}.${picture.type} ${picture.bytes.length} bytes`);
}
