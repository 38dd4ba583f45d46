import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { delimiter, join } from "node:path";
import { getHeapStatistics } from "node:v8";
import { type ExitCode, exitCodes } from "../exit.ts";
import { painter, type Terminal } from "../terminal.ts";
import { version } from "../version.ts";

export interface Finding {
  readonly name: string;
  readonly value: string;
  /** false: something will not work, and `detail` says what */
  readonly ok: boolean;
  readonly detail?: string;
}
/** (module (func (drop (i32x4.splat (i32.const 0))))): validates only where 128-bit SIMD exists */
const simdModule = Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 9, 1, 7, 0, 65, 0, 253, 17, 26, 11);

export function hasSimd(): boolean {
  return WebAssembly.validate(simdModule);
}

/** What is found out about a machine, so that tests can describe another one. */
export interface Machine {
  readonly node: string;
  readonly simd: boolean;
  readonly sharedMemory: boolean;
  readonly writable: (path: string) => boolean;
}
const thisMachine = (): Machine => ({ node: process.versions.node, simd: hasSimd(), sharedMemory: typeof SharedArrayBuffer === "function", writable });

function findProgram(names: readonly string[], env: Terminal["env"]): string | null {
  const given = env.CHROMIUM_PATH ?? env.CHROME_PATH;
  const places = (env.PATH ?? "").split(delimiter).filter(Boolean);
  for (const path of [...(given ? [given] : []), ...names.flatMap((name) => places.map((place) => join(place, name)))]) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // not there, or not to be run: the next one
    }
  }
  return null;
}

export function findings(terminal: Terminal, machine: Machine = thisMachine()): Finding[] {
  const gigabytes = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
  const [major] = machine.node.split(".").map(Number);
  const browser = findProgram(["chromium", "chromium-browser", "google-chrome", "chrome", "microsoft-edge"], terminal.env);
  const { simd } = machine;
  const here = machine.writable(terminal.cwd);
  return [
    { name: "ottoflow", value: version, ok: true },
    { name: "Node", value: machine.node, ok: major >= 20, detail: major >= 20 ? undefined : "Node 20 or newer is needed" },
    { name: "processor", value: `${cpus()[0]?.model.trim() ?? "unknown"} (${availableParallelism()} threads)`, ok: true },
    {
      name: "SIMD in WebAssembly",
      value: simd ? "yes" : "no",
      ok: simd,
      detail: simd ? undefined : "kernels run on their TypeScript twins: the same numbers, slower; a newer Node or processor has SIMD",
    },
    { name: "shared memory", value: machine.sharedMemory ? "yes" : "no", ok: true },
    {
      name: "memory",
      value: `${gigabytes(totalmem())}, of which JavaScript takes up to ${gigabytes(getHeapStatistics().heap_size_limit)} beside typed arrays`,
      ok: true,
    },
    { name: "largest spec and file", value: "20 MB of JSON, 256 MB per input file", ok: true },
    {
      name: "folder here",
      value: here ? "can be written" : "cannot be written",
      ok: here,
      detail: here ? undefined : "give --out a folder that can",
    },
    {
      name: "browser",
      value: browser ? `${browser}${browserVersion(browser)}` : "none found",
      ok: true,
      detail: browser ? undefined : "only the lab and its tests need one; CHROMIUM_PATH names it",
    },
  ];
}
function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
function browserVersion(path: string): string {
  try {
    return ` (${execFileSync(path, ["--version"], { encoding: "utf8", timeout: 5000, stdio: ["ignore", "pipe", "ignore"] }).trim()})`;
  } catch {
    return "";
  }
}

/** `ottoflow doctor`: what this machine offers, and what will not work on it. */
export async function doctorCommand(options: { readonly json?: boolean }, terminal: Terminal): Promise<ExitCode> {
  const found = findings(terminal);
  const healthy = found.every((finding) => finding.ok);
  if (options.json) terminal.out(`${JSON.stringify({ healthy, findings: found })}\n`);
  else {
    const paint = painter(terminal);
    const width = Math.max(...found.map((finding) => finding.name.length));
    for (const finding of found)
      terminal.out(
        `${paint(finding.ok ? "green" : "red", finding.ok ? "✓" : "✗")} ${finding.name.padEnd(width)}  ${finding.value}${finding.detail ? `\n  ${" ".repeat(width)}  ${finding.detail}` : ""}\n`,
      );
  }
  return healthy ? exitCodes.done : exitCodes.badInput;
}
