/**
 * npm run bench lab-page: what a first visitor fetches and waits for. Opens the built lab from its own server in a fresh browser and adds up what came
 * before the opening flow moved, compressed; then the tasks that held the page up.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";
import { serveLab } from "../packages/cli/dist/commands/lab.js";
import { findChromium } from "../scripts/chromium.mjs";
import { buildLab } from "../scripts/setup.mjs";
import { machine, median } from "./harness/machine.mjs";

buildLab();
const quick = process.argv.includes("--quick");
const folder = fileURLToPath(new URL("../packages/lab/dist", import.meta.url));
const server = await serveLab(folder, null, 4290, true);
const address = `http://127.0.0.1:${server.address().port}/`;
const visits = [];
for (let k = 0; k < (quick ? 1 : 5); k++) {
  const browser = await chromium.launch({ executablePath: findChromium(), args: ["--no-sandbox", "--disable-quic", "--disable-background-networking"] });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const files = [];
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  let moving = false;
  const seen = async (response) => {
    if (moving) return;
    const body = await response.body().catch(() => Buffer.alloc(0));
    files.push({ file: new URL(response.url()).pathname, bytes: gzipSync(body, { level: 9 }).length });
  };
  page.context().on("response", seen);
  await page.addInitScript(() => {
    globalThis.tasks = [];
    new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask", buffered: true });
  });
  const start = performance.now();
  await page.goto(address);
  await page.waitForFunction(() => document.documentElement.dataset.moving === "true", null, { polling: 16 });
  moving = true;
  const seconds = (performance.now() - start) / 1000;
  await page.waitForTimeout(1500);
  const tasks = await page.evaluate(() => globalThis.tasks);
  visits.push({
    seconds,
    bytes: files.reduce((s, f) => s + f.bytes, 0),
    files: files.sort((a, b) => b.bytes - a.bytes),
    longTasks: tasks.length,
    longest: Math.max(0, ...tasks),
    faults,
  });
  await browser.close();
}
server.close();
const last = visits.at(-1);
const record = {
  name: "lab-page",
  date: new Date().toISOString().slice(0, 10),
  machine: machine(),
  bytes: last.bytes,
  files: last.files,
  seconds: median(visits.map((v) => v.seconds)),
  longTasks: median(visits.map((v) => v.longTasks)),
  longest: median(visits.map((v) => v.longest)),
  faults: [...new Set(visits.flatMap((v) => v.faults))],
};
for (const { file, bytes } of record.files) console.log(`${String(bytes).padStart(8)}  ${file}`);
console.log(
  `first load: ${(record.bytes / 1000).toFixed(1)} kB compressed in ${record.files.length} files; in motion after ${record.seconds.toFixed(2)} s; ${record.longTasks} tasks over 50 ms, the longest ${record.longest.toFixed(0)} ms`,
);
if (record.faults.length > 0) console.log(`faults: ${record.faults.join("; ")}`);
if (!quick) writeFileSync(fileURLToPath(new URL("results/lab-page.json", import.meta.url)), `${JSON.stringify(record, null, 2)}\n`);
process.exit(record.faults.length > 0 ? 1 : 0);
