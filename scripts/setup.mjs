// npm run setup [-- --browser]: makes a clone ready: installs what the lockfile says where that has changed, builds kernels,
// library and command line, and with --browser sees to a Chromium. Needs nothing but Node and npm; safe to run again at any time.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureChromium } from "./chromium.mjs";
import { attempt, main, root, run, started, tool } from "./shell.mjs";

const stamp = join(root, "node_modules/.ottoflow-setup");
const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : "");
const hash = (text) => createHash("sha256").update(text).digest("hex");

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) throw new Error(`Got Node ${process.versions.node} when at least 20.19 is needed to work on Ottoflow.`);
}

/** Whether what npm last put into node_modules is what the lockfile asks for on this machine. */
function installed() {
  const hidden = read(join(root, "node_modules/.package-lock.json"));
  if (hidden === "") return false;
  const have = JSON.parse(hidden).packages;
  const want = JSON.parse(read(join(root, "package-lock.json"))).packages;
  return Object.entries(want).every(
    ([path, { version, link, optional, peer }]) =>
      path === "" || !path.includes("node_modules/") || optional || peer || (have[path] && (link || have[path].version === version)),
  );
}

function install() {
  const wanted = hash(read(join(root, "package-lock.json")));
  if (read(stamp) === wanted) return;
  if (!installed()) {
    console.log("setup: installing from the lockfile");
    run("npm", ["ci", "--no-audit", "--no-fund"], { shell: process.platform === "win32" });
  }
  writeFileSync(stamp, wanted);
}

/** Runs `build` when its inputs, as text, are not those of the last time. */
function whenChanged(name, inputs, build) {
  const mark = join(root, ".cache/setup", name);
  const now = hash(inputs.map((path) => `${path}\n${read(path)}`).join("\n"));
  if (read(mark) === now) return;
  build();
  mkdirSync(dirname(mark), { recursive: true });
  writeFileSync(mark, now);
}

function kernels() {
  const folders = ["packages/ottoflow/assembly", "packages/ottoflow/src/kernels/math"].map((folder) => join(root, folder));
  const sources = folders.flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)));
  const script = join(root, "scripts/kernels.mjs");
  whenChanged("kernels", [script, ...sources.filter((path) => path.endsWith(".ts")).sort()], () => run(process.execPath, [script]));
}

/** The built page of the lab, anew when its sources or those of the library have changed. */
export function buildLab() {
  const folders = ["packages/lab/src", "packages/lab/book", "packages/lab/vite", "packages/ottoflow/src", "specs", "docs/book"].map((folder) =>
    join(root, folder),
  );
  const sources = folders.flatMap((folder) => readdirSync(folder, { recursive: true }).map((name) => join(folder, name)));
  const kept = sources.filter((path) => /\.(?:ts|js|svelte|css|json|md|svg)$/.test(path) && !path.endsWith(".test.ts"));
  const own = ["packages/lab/index.html", "packages/lab/embed.html", "packages/lab/vite.config.ts", "references.bib", "package-lock.json"].map((path) =>
    join(root, path),
  );
  whenChanged("lab", [...own, ...kept.sort()], () =>
    run(tool("vite"), ["build", "--logLevel", "warn"], { cwd: join(root, "packages/lab"), env: { NODE_ENV: "production" } }),
  );
}

/**
 * `toTest`: generated kernels stay as they are and type errors do not stop the build, so that the tests find them and count them.
 * @throws with what to do where something is missing on the machine
 */
export function setup({ browser = false, toTest = false } = {}) {
  checkNode();
  install();
  if (!toTest) kernels();
  const built = attempt(tool("tsc"), ["-b", "packages/ottoflow", "packages/cli"], { quiet: toTest });
  if (!built && !toTest) throw new Error("The build failed, see above.");
  if (browser) process.env.CHROMIUM_PATH = ensureChromium();
}

if (started(import.meta)) await main((args) => setup({ browser: args.includes("--browser") }));
