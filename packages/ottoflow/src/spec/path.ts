/** From an untrusted spec with `"job": "path"` to a path problem and its solver. */
import type { PathProblem, PathSolver } from "../contract.ts";
import { OttoflowError, specError } from "../errors.ts";
import { begun, headOf, SPEC_VERSION, type Told, told, worked } from "./begin.ts";
import { isObject, type Json, show } from "./check.ts";
import { pathKeys } from "./keys.ts";
import type { Named } from "./named.ts";
import { patched, type ResolveOptions } from "./patches.ts";
import { number, readSeed } from "./words.ts";

export interface ResolvedPath extends Told {
  readonly problem: PathProblem;
  readonly solver: PathSolver;
}
const needs = ["space", "from", "to", "path"];

/** What a spec asks for: a flow unless it says otherwise. */
export function jobOf(raw: unknown): string {
  return isObject(raw) && typeof raw.job === "string" ? raw.job : "flow";
}

const FRAMES = 11;
const MOST_FRAMES = 10_000;

/**
 * Builds the problem and the solver that a spec describes.
 * @throws {SpecError} | {FormulaError} | {DataError} | {UnsupportedError} | {LimitError}
 */
export async function resolvePath(raw: unknown, options: ResolveOptions = {}): Promise<ResolvedPath> {
  const written = patched(raw, options, pathKeys);
  if (written.job !== "path") throw specError("job", `got ${show(written.job)} when expected "path".`);
  return worked(written, (named) => resolveNamed(named, options));
}

async function resolveNamed(named: Named, options: ResolveOptions): Promise<Omit<ResolvedPath, "written">> {
  const { spec } = named;
  const { builder, space, context } = await begun(named, "path", pathKeys, needs, options.read);
  const [from, fromJson] = await builder.measure(spec.from, "from", context, 0);
  const [to, toJson] = await builder.measure(spec.to, "to", context, 0);
  const measuresJson = await builder.measures(context);
  const path = await builder.make("path", spec.path, "path", context);
  const times = readFrames(spec.frames);
  const seed = readSeed(spec.seed);
  const problem: PathProblem = { space: space.built, from, to, times, seed };
  const why = path.built.refuses(problem);
  if (why !== null) throw new OttoflowError("UnsupportedError", `path: "${path.unit.kind}" ${why}.`, { missing: [why] });
  const plain: Record<string, Json> = {
    version: SPEC_VERSION,
    job: "path",
    ...headOf(spec),
    space: space.json,
    from: fromJson,
    to: toJson,
    ...(spec.measures === undefined ? {} : { measures: measuresJson }),
    path: path.json,
    frames: [...times],
    seed,
  };
  return { ...told(named, builder), spec: plain, problem, solver: path.built };
}

/** A number of frames, evenly spaced with both ends, or their times. */
function readFrames(value: unknown): number[] {
  if (value === undefined || typeof value === "number") {
    const count = value ?? FRAMES;
    if (!Number.isInteger(count) || count < 2 || count > MOST_FRAMES)
      throw specError("frames", `got ${count} when expected a whole number from 2 to ${MOST_FRAMES}, or a list of times.`);
    return Array.from({ length: count }, (_, i) => i / (count - 1));
  }
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_FRAMES)
    throw specError("frames", `got ${show(value)} when expected a number of frames, or 1 to ${MOST_FRAMES} times from 0 to 1.`);
  return value.map((t, i) => {
    const time = number(t, `frames[${i}]`);
    if (!(time >= 0 && time <= 1)) throw specError(`frames[${i}]`, `got ${time} when expected a time from 0 to 1.`);
    if (i > 0 && !(time > (value[i - 1] as number))) throw specError(`frames[${i}]`, `got ${time} after ${show(value[i - 1])} when expected rising times.`);
    return time;
  });
}
