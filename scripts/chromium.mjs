// Where a Chromium stands on this machine, for the tests that run in a browser.
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { attempt } from "./shell.mjs";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const fixed = ["/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"];

function runs(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The path of a Chromium, or null. CHROMIUM_PATH comes first. */
export function findChromium() {
  const given = process.env.CHROMIUM_PATH;
  if (given && runs(given)) return given;
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...fixed].find(runs) ?? null;
}

/** Finds a Chromium or installs Debian's. @throws with what to do where it cannot */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  if (process.getuid?.() === 0 && attempt("apt-get", ["--version"], { quiet: true })) {
    console.log("setup: installing Chromium for the browser tests");
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    attempt("apt-get", ["update", "-qq"], { env });
    attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], { env });
    const installed = findChromium();
    if (installed) return installed;
  }
  throw new Error("No Chromium was found for the browser tests. Install one (Debian: apt-get install chromium), or set CHROMIUM_PATH to its program.");
}
