/**
 * npm run bench lab-frames [-- --quick]: whether the page stays at 60 pictures a second while its engine works, pointed at and zoomed all the while, and how
 * fast the engine is in the browser against Node on the same specs. Headless Chromium without a GPU.
 */
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { deflateRawSync } from "node:zlib";
import { runFlow } from "ottoflow";
import { resolveSpec } from "ottoflow/spec/resolve";
import { chromium } from "playwright-core";
import { serveLab } from "../packages/cli/dist/commands/lab.js";
import { findChromium } from "../scripts/chromium.mjs";
import { buildLab } from "../scripts/setup.mjs";
import { load, machine, median } from "./harness/machine.mjs";

const quick = process.argv.includes("--quick");
/** a picture at 60 Hz, a task that a hand feels, the engine in the browser over the engine in Node */
const limits = { pictureMs: 1000 / 60, taskMs: 50, ratio: 1.3 };
const seconds = quick ? 3 : 8;
const rounds = quick ? 1 : 3;

const plane = {
  title: "Fokker–Planck on 256² cells",
  energy: [
    { kind: "entropy", temperature: 0.2 },
    { kind: "potential", formula: "(x^2 - 1)^2 + 2*y^2" },
  ],
  space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [256, 256] },
  initial: { kind: "gaussian", mean: [-0.9, 0.8], deviation: [0.15] },
  scheme: { kind: "finite-volume", time: "sdirk2", step: 0.005 },
};
const cloud = {
  title: "5000 charges in a bowl",
  energy: [
    { kind: "interaction", kernel: { kind: "logarithmic" } },
    { kind: "potential", formula: "(x^2 + y^2)/2" },
  ],
  space: { kind: "free", dimension: 2 },
  initial: { kind: "gaussian", mean: [0.8, 0.4], deviation: [0.2], count: 5000 },
  scheme: { kind: "particles", time: "rk4", step: 0.01 },
};
const line = {
  title: "JKO steps on 2000 quantile levels",
  energy: [{ kind: "entropy" }, { kind: "potential", formula: "(x^2 - 1)^2" }],
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", deviation: [1] },
  scheme: { kind: "jko", proximal: { kind: "quantile", levels: 2000 }, step: 0.002 },
};
/** `long` outlasts the watching, `short` is timed to its end */
const tasks = [
  { name: "finite volumes, 256²", spec: plane, long: 4, short: 0.5 },
  { name: "5000 interacting particles", spec: cloud, long: 5, short: 0.5 },
  { name: "JKO on 2000 quantile levels", spec: line, long: 0, short: 0.6 },
];
const linkTo = (spec, until) => `#1.${deflateRawSync(JSON.stringify({ spec: { version: 1, ...spec, until, seed: 1 } })).toString("base64url")}`;

buildLab();
const before = load();
const server = await serveLab(fileURLToPath(new URL("../packages/lab/dist", import.meta.url)), null, 4310, true);
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
});

async function open(hash) {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  await page.addInitScript(() => {
    globalThis.pictures = [];
    globalThis.tasks = [];
    new PerformanceObserver((list) => globalThis.tasks.push(...list.getEntries().map((e) => ({ at: e.startTime, ms: e.duration })))).observe({
      type: "longtask",
    });
    requestAnimationFrame(function next(now) {
      globalThis.pictures.push(now);
      requestAnimationFrame(next);
    });
  });
  await page.goto(address + hash);
  await page.waitForFunction(() => document.documentElement.dataset.moving === "true");
  return { page, faults };
}
/** The stage pointed at, zoomed and moved, and the chart pointed at, for a while. */
async function handle(page, until) {
  const stage = await page.locator(".stage canvas").first().boundingBox();
  const chart = await page.locator(".ledger .chart").first().boundingBox();
  for (let k = 0; performance.now() < until; k++) {
    const box = k % 60 < 45 ? stage : chart;
    const [u, v] = [0.5 + 0.3 * Math.cos(0.21 * k), 0.5 + 0.3 * Math.sin(0.17 * k)];
    await page.mouse.move(box.x + u * box.width, box.y + v * box.height);
    if (box === stage && k % 3 === 0) {
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, k % 30 < 15 ? -60 : 60);
      await page.keyboard.up("Control");
    }
    if (k % 45 === 20) await page.mouse.down();
    if (k % 45 === 30) await page.mouse.up();
    await page.waitForTimeout(12);
  }
  await page.mouse.up();
}
async function watched({ spec, long }) {
  const { page, faults } = await open(linkTo(spec, long));
  await page.locator(".u-wrap").waitFor();
  await page.waitForTimeout(500);
  const from = await page.evaluate(() => performance.now());
  await handle(page, performance.now() + 1000 * seconds);
  const seen = await page.evaluate((start) => {
    const at = globalThis.pictures.filter((t) => t >= start);
    return {
      gaps: at.slice(1).map((t, i) => t - at[i]),
      tasks: globalThis.tasks.filter((t) => t.at >= start).map((t) => t.ms),
      ended: document.querySelector(".verdict") !== null,
      frames: document.querySelector("footer .small")?.textContent ?? "",
    };
  }, from);
  await page.context().close();
  const gaps = seen.gaps.sort((a, b) => a - b);
  const at = (share) => gaps[Math.min(gaps.length - 1, Math.floor(share * gaps.length))] ?? Number.NaN;
  const whole = gaps.reduce((s, v) => s + v, 0);
  return {
    perSecond: (1000 * gaps.length) / whole,
    median: at(0.5),
    p95: at(0.95),
    longest: gaps.at(-1) ?? Number.NaN,
    over20: gaps.filter((v) => v > 20).length / gaps.length,
    tasks: seen.tasks.length,
    longestTask: Math.max(0, ...seen.tasks),
    // what was watched was a run
    ended: seen.ended,
    faults,
  };
}
/** A page that runs a task again and again: seconds that the worker took for the whole run, and how many steps. */
async function openPage({ spec, short }) {
  const { page } = await open(linkTo(spec, short));
  const done = page.locator("footer [data-seconds]");
  const ended = async () => {
    await done.waitFor({ state: "attached", timeout: 90_000 });
    const steps = await page
      .locator(".ledger dl > div", { has: page.locator("dt", { hasText: /^step$/ }) })
      .locator("data")
      .first()
      .getAttribute("value");
    return { seconds: Number(await done.getAttribute("data-seconds")), steps: Number(steps) };
  };
  return {
    first: ended,
    async again() {
      await page.getByRole("button", { name: "Run again" }).click();
      // the run before is forgotten before this one ends
      await done.waitFor({ state: "detached" });
      return ended();
    },
    close: () => page.context().close(),
  };
}
async function inNode({ spec, short }) {
  const resolved = await resolveSpec({ version: 1, ...spec, until: short, seed: 1 });
  const start = performance.now();
  const { steps } = await runFlow(resolved);
  return { seconds: (performance.now() - start) / 1000, steps };
}

const pictures = [];
for (const task of tasks.filter((t) => t.long > 0)) pictures.push({ name: task.name, ...(await watched(task)) });
const engines = [];
for (const task of tasks) {
  const turns = { node: [], browser: [] };
  const page = await openPage(task);
  // the first turn of each warms up; then they take turns
  const [cold, { seconds: first }] = [await page.first(), await inNode(task)];
  for (let k = 0; k < rounds; k++) {
    const [n, b] = [await inNode(task), await page.again()];
    if (n.steps !== b.steps) throw new Error(`${task.name}: ${n.steps} steps in Node, ${b.steps} in the browser`);
    turns.node.push(n.seconds);
    turns.browser.push(b.seconds);
  }
  await page.close();
  const [node, inPage] = [median(turns.node), median(turns.browser)];
  engines.push({ name: task.name, steps: cold.steps, node, browser: inPage, ratio: inPage / node, cold: { node: first, browser: cold.seconds } });
}
await browser.close();
server.close();

const record = { name: "lab-frames", date: new Date().toISOString().slice(0, 10), machine: machine(), load: [before, load()], limits, pictures, engines };
const cell = (v, digits = 1) => v.toFixed(digits).padStart(8);
console.log(`\n${"pictures while it runs".padEnd(30)}     1/s  median     p95 longest  >20 ms   tasks  longest`);
for (const p of pictures) {
  console.log(
    `${p.name.padEnd(30)}${cell(p.perSecond)}${cell(p.median)}${cell(p.p95)}${cell(p.longest)}${cell(100 * p.over20)}%${String(p.tasks).padStart(7)}${cell(p.longestTask, 0)}${p.ended ? "  the run ended too soon" : ""}`,
  );
}
console.log(`\n${"engine, whole run".padEnd(30)}   steps  Node s  page s   ratio  (limit ${limits.ratio}); cold: Node s, page s`);
for (const e of engines)
  console.log(
    `${e.name.padEnd(30)}${String(e.steps).padStart(8)}${cell(e.node, 2)}${cell(e.browser, 2)}${cell(e.ratio, 2)}${cell(e.cold.node, 2)}${cell(e.cold.browser, 2)}`,
  );
const faults = pictures.flatMap((p) => p.faults);
if (faults.length > 0) console.log(`faults: ${faults.join("; ")}`);
if (!quick) writeFileSync(fileURLToPath(new URL("results/lab-frames.json", import.meta.url)), `${JSON.stringify(record, null, 2)}\n`);
process.exit(faults.length > 0 ? 1 : 0);
