/**
 * npm run bench lab-page [-- --quick]: what a first visitor fetches and waits for. Opens the built lab from its own server in fresh browsers and adds up what
 * came before the opening flow moved, compressed; then the times of the way there, and the tasks that held the page up.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { serveLab } from "../packages/cli/dist/commands/lab.js";
import { findChromium } from "../scripts/chromium.mjs";
import { buildLab } from "../scripts/setup.mjs";
import { load, machine, median } from "./harness/machine.mjs";

const quick = process.argv.includes("--quick");
/** what a page may weigh, and how long a visitor waits for motion */
const limits = { bytes: 200_000, seconds: 2 };
const flags = ["--no-sandbox", "--disable-quic", "--disable-background-networking"];
const packed = (body) => ({
  gzip: gzipSync(body, { level: 9 }).length,
  brotli: brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length,
});

buildLab();
const before = load();
const folder = fileURLToPath(new URL("../packages/lab/dist", import.meta.url));
const server = await serveLab(folder, null, 4290, true);
const address = `http://127.0.0.1:${server.address().port}/`;

/** One visit by a browser that knows nothing. */
async function visit() {
  const browser = await chromium.launch({ executablePath: findChromium(), args: flags });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const bodies = [];
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  let moving = false;
  page.context().on("response", (response) => {
    if (!moving) bodies.push({ file: new URL(response.url()).pathname, body: response.body().catch(() => Buffer.alloc(0)) });
  });
  await page.addInitScript(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) globalThis.tasks.push({ startTime, duration });
    }).observe({ type: "longtask", buffered: true });
    // the clock of the page, so that the way from the browser to this script does not count
    const watch = () => (document.documentElement?.dataset.moving === "true" ? (globalThis.movingAt = performance.now()) : requestAnimationFrame(watch));
    requestAnimationFrame(watch);
  });
  await page.goto(address);
  await page.waitForFunction(() => globalThis.movingAt !== undefined, null, { polling: 16 });
  moving = true;
  await page.waitForTimeout(2500);
  const seen = await page.evaluate(() => ({
    movingAt: globalThis.movingAt,
    tasks: globalThis.tasks,
    paint: performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Number.NaN,
    loaded: performance.getEntriesByType("navigation")[0].loadEventEnd,
  }));
  const files = await Promise.all(bodies.map(async ({ file, body }) => ({ file, bytes: (await body).length, ...packed(await body) })));
  await browser.close();
  return { ...seen, files: files.sort((a, b) => b.gzip - a.gzip), faults };
}

const visits = [];
for (let k = 0; k < (quick ? 1 : 5); k++) visits.push(await visit());
server.close();
const middle = (of) => Number(median(visits.map(of)).toPrecision(4));
const { files } = visits.at(-1);
const sum = (key) => files.reduce((s, f) => s + f[key], 0);
const record = {
  name: "lab-page",
  date: new Date().toISOString().slice(0, 10),
  machine: machine(),
  load: [before, load()],
  limits,
  gzip: sum("gzip"),
  brotli: sum("brotli"),
  bytes: sum("bytes"),
  seconds: { paint: middle((v) => v.paint / 1000), loaded: middle((v) => v.loaded / 1000), motion: middle((v) => v.movingAt / 1000) },
  longTasks: {
    untilMotion: middle((v) => v.tasks.filter((t) => t.startTime < v.movingAt).length),
    after: middle((v) => v.tasks.filter((t) => t.startTime >= v.movingAt).length),
    longest: middle((v) => Math.max(0, ...v.tasks.map((t) => t.duration))),
  },
  files,
  faults: [...new Set(visits.flatMap((v) => v.faults))],
};
const kB = (v) => (v / 1000).toFixed(1).padStart(8);
console.log(`${"gzip".padStart(8)}${"brotli".padStart(8)}${"plain".padStart(8)}  kB`);
for (const f of files) console.log(`${kB(f.gzip)}${kB(f.brotli)}${kB(f.bytes)}  ${f.file}`);
console.log(`${kB(record.gzip)}${kB(record.brotli)}${kB(record.bytes)}  ${files.length} files until the opening flow moves (limit ${limits.bytes / 1000} kB)`);
const { paint, loaded, motion } = record.seconds;
console.log(
  `first paint ${paint.toFixed(2)} s, loaded ${loaded.toFixed(2)} s, in motion ${motion.toFixed(2)} s (limit ${limits.seconds} s); medians of ${visits.length}`,
);
const { untilMotion, after, longest } = record.longTasks;
console.log(`tasks over 50 ms: ${untilMotion} until motion, ${after} in the 2.5 s after it, the longest ${longest.toFixed(0)} ms`);
if (record.faults.length > 0) console.log(`faults: ${record.faults.join("; ")}`);
if (!quick) writeFileSync(fileURLToPath(new URL("results/lab-page.json", import.meta.url)), `${JSON.stringify(record, null, 2)}\n`);
process.exit(record.faults.length > 0 ? 1 : 0);
