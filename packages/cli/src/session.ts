/** One run under the eyes of a person: progress, Ctrl-C, checkpoints. Shared by every command that computes. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { specError } from "ottoflow/errors";
import type { Checkpoint, Run } from "ottoflow/flow";
import { type RunOptions, runFlow } from "ottoflow/run";
import { type Resolved, resolveSpec } from "ottoflow/spec/resolve";
import { type ExitCode, exitCodes, runError } from "./exit.ts";
import { fileReader, readBounded, type SpecSource } from "./files.ts";
import { checkpointSaver, readCheckpoint } from "./folder/checkpoint.ts";
import { progressLine } from "./progress.ts";
import { readSettings, readValue } from "./settings.ts";
import type { Terminal } from "./terminal.ts";
import { lendHost } from "./threads.ts";

/** Options that every computing command takes. */
export interface SpecOptions {
  readonly set?: readonly string[];
  /** JSON file of paths and values, for what is too long for a command line */
  readonly setFrom?: string;
  readonly quick?: boolean;
  readonly seed?: number;
  readonly variant?: string;
  readonly allowFiles?: readonly string[];
  /** how many compute at once; the numbers do not depend on it */
  readonly threads?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** What `run` takes besides. */
export interface RunCommandOptions extends SpecOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly resume?: boolean;
  /** seconds between checkpoints */
  readonly checkpointEvery?: number;
  /** further formats to leave in the folder */
  readonly export?: readonly string[];
}

/** Resolves a spec with the options of the command line; `more` are further settings that win. */
export async function resolveSource(source: SpecSource, options: SpecOptions, more: Readonly<Record<string, unknown>> = {}): Promise<Resolved> {
  const set = { ...(await settingsFrom(options)), ...more };
  return resolveSpec(source.json, { read: fileReader(source, options.allowFiles), set, quick: options.quick, variant: options.variant });
}

/** Paths and values that the command line sets. */
export async function settingsFrom(options: SpecOptions): Promise<Record<string, unknown>> {
  const long = options.setFrom === undefined ? {} : await readSettingsFile(options.setFrom);
  return { ...long, ...readSettings(options.set ?? []), ...(options.seed === undefined ? {} : { seed: options.seed }) };
}

async function readSettingsFile(path: string): Promise<Record<string, unknown>> {
  const json = readValue(new TextDecoder().decode(await readBounded(path, 200_000_000)));
  if (typeof json !== "object" || json === null || Array.isArray(json)) throw specError("--set-from", `${path} is no JSON object of paths and values.`);
  return json as Record<string, unknown>;
}

export interface WatchedRun {
  readonly run: Run;
  readonly seconds: number;
  readonly interrupted: boolean;
}
const checkpointSeconds = 10;

/** Runs with progress on stderr. Given a folder, keeps a checkpoint there; Ctrl-C saves one more and stops; a second Ctrl-C leaves at once. */
export async function watchRun(
  resolved: Resolved,
  terminal: Terminal,
  options: {
    readonly quiet?: boolean;
    readonly folder?: string;
    readonly resume?: Checkpoint;
    readonly checkpointEvery?: number;
    readonly threads?: number;
  } = {},
): Promise<WatchedRun> {
  const lent = await lendHost(resolved, options.threads ?? 1);
  const stop = new AbortController();
  let interrupted = false;
  const release = terminal.onInterrupt(() => {
    if (interrupted) terminal.exit(130);
    interrupted = true;
    if (!options.folder) stop.abort();
  });
  const line = progressLine(terminal, options.quiet ?? false, resolved.problem.start);
  const { folder } = options;
  const save = folder === undefined ? undefined : checkpointSaver(folder, options.resume?.frames.length);
  const choice: RunOptions = {
    host: lent.host,
    signal: stop.signal,
    resume: options.resume,
    onProgress: (progress) => line.see(progress),
    // read anew at each pause of the run: once interrupted, the next pause saves, and only then the run stops
    get checkpointEvery() {
      return interrupted ? 0 : (options.checkpointEvery ?? checkpointSeconds);
    },
    onCheckpoint: save
      ? async (checkpoint) => {
          await save(checkpoint);
          if (interrupted) stop.abort();
        }
      : undefined,
  };
  const start = performance.now();
  try {
    const run = await runFlow(resolved, choice);
    return { run, seconds: (performance.now() - start) / 1000, interrupted: run.status === "aborted" };
  } finally {
    line.end();
    release();
    lent.close();
  }
}

/** Thrown when the person interrupts one of many runs, so that all of them stop. */
class Interrupted extends Error {}

/** One of many runs, which are of use only together. */
export async function runWhole(resolved: Resolved, { quiet, threads }: SpecOptions, terminal: Terminal): Promise<Run> {
  const { run, interrupted } = await watchRun(resolved, terminal, { quiet, threads });
  if (interrupted) throw new Interrupted();
  return run;
}
/** Answers an interruption of many runs; any other error goes on. */
export function nothingKept(error: unknown, { json }: SpecOptions, terminal: Terminal): ExitCode {
  if (!(error instanceof Interrupted)) throw error;
  if (json) terminal.out(`${JSON.stringify({ status: "aborted", out: null })}\n`);
  terminal.log("interrupted; nothing was kept\n");
  return exitCodes.interrupted;
}

/** The checkpoint of an interrupted run, or undefined where it had none yet. @throws where the folder belongs to another spec */
export async function savedCheckpoint(folder: string, spec: string): Promise<Checkpoint | undefined> {
  const before = join(folder, "spec.json");
  if (existsSync(before)) {
    const old = new TextDecoder().decode(await readBounded(before, 100_000_000));
    if (old !== spec)
      throw runError(
        folder,
        "The interrupted run had another spec, other settings or another version of ottoflow. Give the same ones to resume it, or start anew with --force.",
      );
  }
  return readCheckpoint(folder);
}
