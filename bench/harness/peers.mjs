/** Python peers: processes of their own that load their libraries once and time themselves, on as many threads as we use. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { attempt, root, run } from "../../scripts/shell.mjs";

const folder = fileURLToPath(new URL("../peers", import.meta.url));
const home = join(root, ".cache/bench-python");
const program = join(home, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** A Python with the pinned peers, in .cache; installed when the list has changed. @throws with what to do where it cannot be */
export function ensurePeers() {
  const list = join(folder, "requirements.txt");
  const wanted = createHash("sha256").update(readFileSync(list)).digest("hex");
  const stamp = join(home, "peers.sha256");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return program;
  console.log("bench: installing the peers from PyPI");
  mkdirSync(home, { recursive: true });
  if (!existsSync(program) && !attempt("python3", ["-m", "venv", home], { quiet: true }))
    throw new Error("A Python environment for the peers could not be made. Install python3 with its venv module (Debian: python3-venv).");
  run(program, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", list]);
  writeFileSync(stamp, wanted);
  return program;
}

const one = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", MKL_NUM_THREADS: "1", NUMBA_NUM_THREADS: "1", PYTHONHASHSEED: "0", FIPY_SOLVERS: "scipy" };

/** A peer had no answer in the seconds it was given. */
export class OutOfTime extends Error {
  constructor(seconds) {
    super(`no answer within ${seconds} s`);
    this.seconds = seconds;
  }
}

/** Starts peers/`name`.py; `call(what, options)` asks it for one run, `versions` says what it runs on; after `patience` seconds without an answer it is ended. */
export async function openPeer(name, { patience = 600 } = {}) {
  const child = spawn(ensurePeers(), ["-u", join(folder, `${name}.py`)], { stdio: ["pipe", "pipe", "inherit"], env: { ...process.env, ...one } });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const read = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`The peer ${name}.py ended without an answer.`);
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(`The peer ${name}.py failed: ${answer.error}`);
    return answer;
  };
  const { versions } = await read();
  return {
    versions,
    call: async (what, options = {}) => {
      if (child.killed) throw new OutOfTime(patience);
      child.stdin.write(`${JSON.stringify({ what, ...options })}\n`);
      let alarm;
      const late = new Promise((_, reject) => {
        alarm = setTimeout(() => {
          child.kill("SIGKILL");
          reject(new OutOfTime(patience));
        }, 1000 * patience);
      });
      const answer = read();
      answer.catch(() => {});
      return Promise.race([answer, late]).finally(() => clearTimeout(alarm));
    },
    close: () => child.stdin.end(),
  };
}
