/** From an untrusted spec with `"job": "path"` to a path problem and its solver. */
import type { PathProblem, PathSolver } from "../contract.ts";
import type { Context } from "../define.ts";
import { OttoflowError, specError } from "../errors.ts";
import type { FileData } from "../params.ts";
import { Builder } from "./build.ts";
import { asObject, isObject, type Json, type JsonObject, show, unknownKey } from "./check.ts";
import { pathKeys } from "./keys.ts";
import { explained, type Named, workedOut } from "./named.ts";
import type { Parameter } from "./parameters.ts";
import { number, patched, type ResolveOptions, readWords, SPEC_VERSION, text, writtenOf } from "./resolve.ts";

export interface ResolvedPath {
  readonly title: string;
  readonly summary: string;
  /** plain JSON with every default filled in and every parameter a number; resolving it again gives the same path */
  readonly spec: JsonObject;
  /** the named numbers of the spec, with their values */
  readonly parameters: readonly Parameter[];
  /** the spec as it was written, patched, where that names numbers; null where `spec` says it all */
  readonly written: Readonly<Record<string, unknown>> | null;
  readonly problem: PathProblem;
  readonly solver: PathSolver;
  /** keys of references.bib of every unit used */
  readonly refs: readonly string[];
  readonly inputs: readonly FileData[];
  readonly variants: readonly string[];
}

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
  const named = workedOut(written);
  try {
    return { ...(await resolveNamed(named, options)), written: writtenOf(written, named) };
  } catch (error) {
    throw explained(error, named);
  }
}

async function resolveNamed({ spec, parameters, values }: Named, options: ResolveOptions): Promise<Omit<ResolvedPath, "written">> {
  for (const key of Object.keys(spec)) if (!pathKeys.includes(key)) throw unknownKey("", key, pathKeys);
  if (spec.version !== undefined && spec.version !== SPEC_VERSION)
    throw specError("version", `got ${show(spec.version)} when this program reads version ${SPEC_VERSION}.`);
  for (const key of ["space", "from", "to", "path"]) if (spec[key] === undefined) throw specError(key, "is missing. A path needs space, from, to and path.");
  readWords(spec);
  const measures = spec.measures === undefined ? {} : asObject(spec.measures, "measures", "an object of named measures");
  const builder = new Builder(measures, options.read, values);
  const space = await builder.make("space", spec.space, "space", { dim: 0, space: undefined as never });
  const context: Context = { dim: space.built.dim, space: space.built };
  const [from, fromJson] = await builder.measure(spec.from, "from", context, 0);
  const [to, toJson] = await builder.measure(spec.to, "to", context, 0);
  const measuresJson = await builder.measures(context);
  const path = await builder.make("path", spec.path, "path", context);
  const times = readFrames(spec.frames);
  const seed = number(spec.seed ?? 1, "seed");
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) throw specError("seed", `got ${seed} when expected a whole number from 0 to 4294967295.`);
  const problem: PathProblem = { space: space.built, from, to, times, seed };
  const why = path.built.refuses(problem);
  if (why !== null) throw new OttoflowError("UnsupportedError", `path: "${path.unit.kind}" ${why}.`, { missing: [why] });
  const plain: Record<string, Json> = {
    version: SPEC_VERSION,
    job: "path",
    title: text(spec.title, "title"),
    ...(spec.summary === undefined ? {} : { summary: text(spec.summary, "summary") }),
    space: space.json,
    from: fromJson,
    to: toJson,
    ...(spec.measures === undefined ? {} : { measures: measuresJson }),
    path: path.json,
    frames: [...times],
    seed,
  };
  return {
    title: text(spec.title, "title"),
    summary: text(spec.summary, "summary"),
    spec: plain,
    parameters,
    problem,
    solver: path.built,
    refs: [...builder.refs].sort(),
    inputs: builder.inputs,
    variants: isObject(spec.variants) ? Object.keys(spec.variants) : [],
  };
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
