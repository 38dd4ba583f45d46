/** From a spec of a path to a certified one. */
import type { PathProgress, PathResult } from "./contract.ts";
import { pace } from "./pace.ts";
import { type ResolvedPath, resolvePath } from "./spec/path.ts";
import type { ResolveOptions } from "./spec/resolve.ts";
import type { PathSpec } from "./spec/types.gen.ts";

export interface PathOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (p: PathProgress) => void;
}

/** Whether a path may be relied on: found to its tolerance, and no hard check fails. */
export const pathHolds = (result: PathResult): boolean =>
  result.status === "optimal" && result.checks.every((check) => !check.hard || check.verdict !== "fail");

/** Solves a resolved path to its end. Numerical failure is a status of the result, never an exception. */
export async function solvePath({ solver, problem }: ResolvedPath, options: PathOptions = {}): Promise<PathResult> {
  return pace(solver.solve(problem), {
    ...(options.signal && { signal: options.signal }),
    onPause: (progress) => options.onProgress?.(progress),
  });
}

/**
 * Resolves a spec of a path and solves it.
 *
 * @example
 * const path = await runPath({ job: "path", path: "benamou-brenier", space: { kind: "box", lower: [-0.5], upper: [1.5], cells: [128] },
 *   from: { kind: "gaussian", mean: [0.3], deviation: [0.1] }, to: { kind: "gaussian", mean: [0.7], deviation: [0.1] } });
 * console.log(path.action, path.gap, path.continuous);
 * @throws tagged errors on a spec that does not fit, see errors.ts
 */
export async function runPath(spec: PathSpec, options?: PathOptions & ResolveOptions): Promise<PathResult>;
/** Of a spec from elsewhere: text that was parsed, a file that was read. */
export async function runPath(spec: unknown, options?: PathOptions & ResolveOptions): Promise<PathResult>;
export async function runPath(spec: unknown, options: PathOptions & ResolveOptions = {}): Promise<PathResult> {
  return solvePath(await resolvePath(spec, options), options);
}
