// A Python with NumPy, for the tests that read our files as a Python user does.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { attempt, root } from "./shell.mjs";

const own = join(root, ".cache/python");
const program = join(own, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
const hasNumpy = (python) => attempt(python, ["-c", "import numpy"], { quiet: true });

/** The path of a Python with NumPy: the machine's, else one of our own under .cache. @throws with what to do where there is none */
export function ensurePython() {
  if (hasNumpy("python3")) return "python3";
  if (existsSync(program) && hasNumpy(program)) return program;
  console.log("setup: installing NumPy for the Python tests");
  if (
    attempt("python3", ["-m", "venv", own], { quiet: true }) &&
    attempt(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "numpy"]) &&
    hasNumpy(program)
  )
    return program;
  if (process.getuid?.() === 0 && attempt("apt-get", ["--version"], { quiet: true })) {
    const env = { DEBIAN_FRONTEND: "noninteractive" };
    attempt("apt-get", ["update", "-qq"], { env });
    attempt("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "python3-numpy"], { env });
    if (hasNumpy("/usr/bin/python3")) return "/usr/bin/python3";
  }
  throw new Error("No Python with NumPy was found, and none could be installed. Install python3 and numpy.");
}
