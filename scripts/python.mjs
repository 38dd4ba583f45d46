// A Python with NumPy and Zarr, for the tests that read our files as a Python user does.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { attempt, root } from "./shell.mjs";

const own = join(root, ".cache/python");
const program = join(own, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
/** The independent reader of frames.zarr: pinned, because a reader that changes is no witness. */
const zarr = "zarr==3.1.6";
const has = (python, ...names) => attempt(python, ["-c", `import ${names.join(", ")}`], { quiet: true });
const install = (...names) => attempt(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...names]);

/** One of our own under .cache, with what the package index gives: NumPy at least, or null. */
function ownPython() {
  if (!existsSync(program) && !attempt("python3", ["-m", "venv", own], { quiet: true })) return null;
  if (!has(program, "numpy", "zarr")) {
    console.log("setup: installing NumPy and Zarr for the Python tests");
    if (!install("numpy", zarr) && !has(program, "numpy") && !install("numpy")) return null;
  }
  return has(program, "numpy") ? program : null;
}
function fromTheSystem() {
  if (process.getuid?.() !== 0 || !attempt("apt-get", ["--version"], { quiet: true })) return null;
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  attempt("apt-get", ["update", "-qq"], { env });
  attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "python3-numpy"], { env });
  return has("/usr/bin/python3", "numpy") ? "/usr/bin/python3" : null;
}

/** The path of a Python with NumPy and, where it can be had, Zarr: the machine's, else one of our own. @throws with what to do where there is none */
export function ensurePython() {
  if (has("python3", "numpy", "zarr")) return "python3";
  const found = ownPython() ?? (has("python3", "numpy") ? "python3" : fromTheSystem());
  if (found === null) throw new Error("No Python with NumPy was found, and none could be installed. Install python3, numpy and zarr.");
  if (!has(found, "zarr"))
    console.log(`setup: Zarr could not be installed, so nobody else reads frames.zarr here (with CI=true that fails). Try: pip install ${zarr}`);
  return found;
}
