/** The built command as a process: killed without warning it leaves no half result, and going on gives the same bits. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const bin = fileURLToPath(new URL("../bin/ottoflow.js", import.meta.url));
const built = existsSync(new URL("../dist/main.js", import.meta.url));
const spec = {
  title: "long enough to be killed",
  energy: [{ kind: "entropy" }, { kind: "potential", formula: "x^2/2" }],
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", mean: [0.3], deviation: [0.5], count: 400 },
  scheme: { kind: "jko", step: 0.001 },
  until: 5,
};
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "ottoflow-kill-"));
  writeFileSync(join(root, "long.json"), JSON.stringify(spec));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const words = (out: string, ...more: string[]): string[] => [bin, "run", "long.json", "--out", out, "--checkpoint-every", "0.05", "--json", ...more];
const whole = (out: string): boolean =>
  ["certificate.json", "report.html", "spec.json", "trace.csv", "trace.parquet", "frames.zarr"].every((name) => existsSync(join(root, out, name)));
/** every file with the digest of its bytes, and what the certificate says */
function contents(out: string): Record<string, unknown> {
  const files = readdirSync(join(root, out), { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile() && e.name !== "report.html" && e.name !== "certificate.json")
    .map((e) => join(e.parentPath, e.name))
    .sort();
  const digest = (path: string): string => createHash("sha256").update(readFileSync(path)).digest("hex");
  const { certificate } = JSON.parse(readFileSync(join(root, out, "certificate.json"), "utf8"));
  return { certificate, ...Object.fromEntries(files.map((path) => [path.slice(root.length + out.length + 1), digest(path)])) };
}
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const stamp = (out: string): number => statSync(join(root, `.${out}.partial/checkpoint`), { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Runs until the command has written a further checkpoint, waits a little more, and signals; its exit code, null where the signal ended it. */
async function signalled(out: string, signal: NodeJS.Signals, more: number, ...words_: string[]): Promise<number | null> {
  const before = stamp(out);
  const child = spawn(process.execPath, words(out, ...words_), { cwd: root, stdio: "ignore" });
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  while (child.exitCode === null && child.signalCode === null && stamp(out) === before) await sleep(5);
  await sleep(more);
  child.kill(signal);
  return ended;
}

describe.skipIf(!built)("the built command", () => {
  test("killed again and again, resumed each time, ends with the bits of an undisturbed run", { timeout: 120_000 }, async () => {
    expect(spawnSync(process.execPath, words("whole"), { cwd: root }).status).toBe(0);
    for (let round = 0; round < 4; round++) {
      const resume = round > 0 ? ["--resume"] : [];
      expect(await signalled("killed", "SIGKILL", 37 * round, ...resume)).toBe(null);
      expect(existsSync(join(root, "killed"))).toBe(false);
    }
    expect(spawnSync(process.execPath, words("killed", "--resume"), { cwd: root }).status).toBe(0);
    expect(whole("killed")).toBe(true);
    expect(contents("killed")).toEqual(contents("whole"));
    expect(readdirSync(root).filter((name) => name.startsWith(".killed"))).toEqual([]);
  });
  test("SIGINT ends with 130 and keeps a checkpoint", async () => {
    expect(await signalled("int", "SIGINT", 0)).toBe(130);
    expect(existsSync(join(root, "int"))).toBe(false);
    expect(readdirSync(join(root, ".int.partial")).sort()).toEqual(["checkpoint", "checkpoint.frames", "spec.json"]);
  });
  test("two commands at one place: one works, the other is refused", async () => {
    const first = spawn(process.execPath, words("both"), { cwd: root, stdio: "ignore" });
    const ended = new Promise<number | null>((resolve) => first.on("exit", resolve));
    while (stamp("both") === 0) await sleep(5);
    first.kill("SIGSTOP"); // still there, but it waits for us
    const second = spawnSync(process.execPath, words("both", "--force"), { cwd: root, encoding: "utf8" });
    first.kill("SIGCONT");
    first.kill("SIGINT");
    expect([second.status, second.stderr]).toEqual([2, expect.stringMatching(/another ottoflow/)]);
    expect(await ended).toBe(130);
  });
  test("two threads give the bits of one", () => {
    const langevin = { ...spec, initial: { ...spec.initial, count: 20000 }, scheme: { kind: "langevin", step: 0.01 }, until: 0.2 };
    for (const threads of ["1", "2"]) {
      const done = spawnSync(process.execPath, [bin, "run", "-", "--out", `threads-${threads}`, "--threads", threads, "--quiet"], {
        cwd: root,
        input: JSON.stringify(langevin),
        encoding: "utf8",
      });
      expect([done.status, done.stderr]).toEqual([0, ""]);
    }
    expect(contents("threads-2")).toEqual(contents("threads-1"));
  });
  test("a reader that goes away is no error: ottoflow list | head -1", () => {
    const piped = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" list | head -1`], { encoding: "utf8" });
    expect(piped.stdout).toBe("energy\n");
    expect(piped.stderr).toBe("");
  });
  test("a spec on standard input", () => {
    const done = spawnSync(process.execPath, [bin, "run", "-", "--out", "piped", "--json", "--quiet", "--set", "until=0.01"], {
      cwd: root,
      input: JSON.stringify(spec),
      encoding: "utf8",
    });
    expect(JSON.parse(done.stdout)).toMatchObject({ status: "reached-end" });
    expect(done.stderr).toBe("");
  });
});
