/** From a spec to a certified run: the main entry of the library. */
import type { Host, Watcher } from "./contract.ts";
import { USUAL_FRAMES } from "./flow/budget.ts";
import { type Checkpoint, flow, openRun, type Progress, type Run } from "./flow.ts";
import { openHost } from "./kernels/open.ts";
import { allCertificates, knownOf } from "./known.ts";
import { pace } from "./pace.ts";
import { type Resolved, type ResolveOptions, resolveSpec, type Schedule } from "./spec/resolve.ts";
import type { FlowSpec } from "./spec/types.gen.ts";

export interface RunOptions {
  /** memory and workers; opened to the size the run needs unless given */
  readonly host?: Host;
  readonly signal?: AbortSignal;
  readonly onProgress?: (p: Progress) => void;
  readonly onCheckpoint?: (c: Checkpoint) => void | Promise<void>;
  /** seconds between checkpoints; 10 unless said */
  readonly checkpointEvery?: number;
  readonly resume?: Checkpoint;
  /** looked at on their schedules after the certificates; they never change numbers */
  readonly watchers?: readonly Watcher[];
}

const every = (s: Schedule | null, fallback: Watcher["every"]): Watcher["every"] => s ?? fallback;

/**
 * Runs a resolved flow to its end. Numerical failure is a status of the returned run, never an exception.
 * @throws what opening the scheme throws on problems it cannot store
 */
export async function runFlow(resolved: Resolved, options: RunOptions = {}): Promise<Run> {
  const { problem, scheme, until, observe, stop } = resolved;
  const host = options.host ?? openHost((h) => openRun(problem, scheme, h));
  const work = flow(problem, scheme, host, {
    until,
    // unasked for, frames are taken at the nearest steps, so that not asking changes no step
    frames: every(observe.frames, { time: (until - problem.start) / USUAL_FRAMES, land: false }),
    trace: every(observe.trace, scheme.promises.weak ? { time: (until - problem.start) / 200, land: false } : { steps: 1 }),
    certificates: await allCertificates(problem),
    known: await knownOf(problem),
    watchers: options.watchers,
    dissipation: stop.dissipation,
    maxSteps: stop.maxSteps,
    resume: options.resume,
  });
  let saved = 0;
  return pace(work, {
    ...(options.signal && { signal: options.signal }),
    async onPause(progress, elapsed) {
      options.onProgress?.(progress);
      if (!options.onCheckpoint || elapsed - saved <= 1000 * (options.checkpointEvery ?? 10)) return;
      await options.onCheckpoint(progress.checkpoint());
      saved = elapsed;
    },
  });
}

/**
 * Resolves a spec and runs it.
 *
 * @example
 * const result = await run({ energy: [{ kind: "entropy" }, { kind: "potential", formula: "(x^2-1)^2" }],
 *   space: { kind: "box", lower: [-3], upper: [3], cells: [400] }, initial: { kind: "gaussian", deviation: [0.5] },
 *   scheme: { kind: "finite-volume", time: "sdirk2", step: 0.01 }, until: 2 });
 * console.log(result.status, result.holds);
 * @throws tagged errors on a spec that does not fit, see errors.ts
 */
export async function run(spec: FlowSpec, options?: RunOptions & ResolveOptions): Promise<Run>;
/** Of a spec from elsewhere: text that was parsed, a file that was read. */
export async function run(spec: unknown, options?: RunOptions & ResolveOptions): Promise<Run>;
export async function run(spec: unknown, options: RunOptions & ResolveOptions = {}): Promise<Run> {
  return runFlow(await resolveSpec(spec, options), options);
}
