/**
 * From an untrusted spec to a problem and a scheme. The only place that knows the layout of a spec.
 */
import type { Drift, Part, Problem, Scheme } from "../contract.ts";
import type { Context } from "../define.ts";
import { scalePart } from "../energy/scale.ts";
import { OttoflowError, specError } from "../errors.ts";
import { expectFramesFit, frameBytes, spanOf, USUAL_FRAMES } from "../flow/budget.ts";
import type { FileData } from "../params.ts";
import { Builder } from "./build.ts";
import { asObject, expectShallow, isObject, type Json, type JsonObject, mergePatch, setPath, show, unknownKey } from "./check.ts";
import { specKeys } from "./keys.ts";
import { lacks } from "./lacks.ts";
import { explained, type Named, workedOut } from "./named.ts";
import { opened, type Parameter, settingPlace, unknownName } from "./parameters.ts";

export type { Parameter } from "./parameters.ts";

export const SPEC_VERSION = 1;
/** `{ "every": time }`, `{ "steps": n }`. */
export type Schedule = { readonly time: number } | { readonly steps: number };
export interface Observe {
  readonly frames: Schedule | null;
  readonly trace: Schedule | null;
}
export interface Stop {
  /** stop as `stationary` once -dF/dt is below this */
  readonly dissipation?: number;
  readonly maxSteps: number;
}
export interface ResolveOptions {
  /** reads a file named in the spec */
  readonly read?: (path: string) => Promise<Uint8Array>;
  /** paths like `scheme.step`, or names of parameters, to values */
  readonly set?: Readonly<Record<string, unknown>>;
  /** values of parameters of the spec by their names: numbers, or formulas of other parameters */
  readonly parameters?: Readonly<Record<string, number | string>>;
  /** applies the merge-patch `quick` */
  readonly quick?: boolean;
  /** applies the merge-patch `variants[name]` */
  readonly variant?: string;
}
export interface Resolved {
  readonly title: string;
  readonly summary: string;
  /** plain JSON with every default filled in and every parameter a number; resolving it again gives the same run */
  readonly spec: JsonObject;
  /** the named numbers of the spec, with their values */
  readonly parameters: readonly Parameter[];
  /** the spec as it was written, patched, where that names numbers; null where `spec` says it all */
  readonly written: Readonly<Record<string, unknown>> | null;
  readonly problem: Problem;
  /** which entry of `energy` in the spec each part of the problem comes from */
  readonly origin: readonly number[];
  readonly scheme: Scheme;
  readonly until: number;
  readonly observe: Observe;
  readonly stop: Stop;
  /** keys of references.bib of every unit used */
  readonly refs: readonly string[];
  readonly inputs: readonly FileData[];
  readonly variants: readonly string[];
}

/** Reads the text of a spec. @throws {SpecError} with the place where the JSON breaks */
export function parseSpec(text: string): unknown {
  if (text.length > 20_000_000) throw specError("spec", `has ${text.length} characters when at most 20000000 are read. Put data into files.`);
  let spec: unknown;
  try {
    spec = JSON.parse(text);
  } catch (error) {
    throw new OttoflowError("SpecError", `The spec is not valid JSON: ${(error as Error).message}`, { path: "" }, { cause: error });
  }
  expectShallow(spec, "spec");
  return spec;
}

/** The spec with `variant`, `quick`, `set` and `parameters` applied, in this order. */
export function patched(raw: unknown, options: ResolveOptions, keys: readonly string[] = specKeys): Record<string, unknown> {
  const given = asObject(raw, "spec", 'an object like { "version": 1, "energy": [ … ], … }');
  expectShallow(given, "spec");
  expectShallow(options.set, "set");
  const quick = readPatch(given.quick ?? {}, "quick", keys);
  const variants = given.variants === undefined ? {} : asObject(given.variants, "variants", "an object of named merge-patches");
  for (const [name, patch] of Object.entries(variants)) readPatch(patch, `variants.${name}`, keys);
  let spec: unknown = opened(given);
  if (options.variant !== undefined) {
    if (!Object.hasOwn(variants, options.variant))
      throw specError("variants", `"${options.variant}" is not among the variants of this spec (${Object.keys(variants).join(", ") || "there are none"}).`);
    spec = mergePatch(spec, opened(variants[options.variant]));
  }
  if (options.quick) spec = mergePatch(spec, opened((spec as Record<string, unknown>).quick ?? quick));
  for (const [path, value] of Object.entries(options.set ?? {})) spec = setPath(spec, settingPlace(spec, path, value, keys), value);
  return withValues(asObject(spec, "spec", "an object"), options.parameters ?? {});
}

function withValues(spec: Record<string, unknown>, values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const names = isObject(spec.parameters) ? Object.keys(spec.parameters) : [];
  return Object.entries(values).reduce((out, [name, value]) => {
    if (!names.includes(name)) throw unknownName(`parameters.${name}`, name, names, "a parameter of this spec", names);
    return setPath(out, `parameters.${name}.value`, value) as Record<string, unknown>;
  }, spec);
}

/** The patched spec without what has been applied, to be kept beside the plain one; null where both say the same. */
export function writtenOf({ quick: _, variants: __, ...spec }: Readonly<Record<string, unknown>>, { parameters, worked }: Named): Resolved["written"] {
  return parameters.length > 0 || worked.size > 0 ? spec : null;
}

/** A merge-patch of a spec, applied or not: its keys are those of specs. */
function readPatch(value: unknown, path: string, keys: readonly string[]): Record<string, unknown> {
  const patch = asObject(value, path, 'a merge-patch of this spec, like { "until": 1 }');
  for (const key of Object.keys(patch)) if (!keys.includes(key)) throw unknownKey(path, key, keys);
  return patch;
}

/**
 * Builds the problem and the scheme that a spec describes.
 * @throws {SpecError} | {FormulaError} | {DataError} | {UnsupportedError} | {LimitError}
 */
export async function resolveSpec(raw: unknown, options: ResolveOptions = {}): Promise<Resolved> {
  if (isObject(raw) && raw.job !== undefined && raw.job !== "flow")
    throw specError("job", `got ${show(raw.job)} when this is read as a flow. The other job is "path": \`ottoflow run\`, or runPath in the library.`);
  const written = patched(raw, options);
  const named = workedOut(written);
  try {
    return { ...(await resolveNamed(named, options)), written: writtenOf(written, named) };
  } catch (error) {
    throw explained(error, named);
  }
}

async function resolveNamed({ spec, parameters, values }: Named, options: ResolveOptions): Promise<Omit<Resolved, "written">> {
  for (const key of Object.keys(spec)) if (!specKeys.includes(key)) throw unknownKey("", key, specKeys);
  if (spec.version !== undefined && spec.version !== SPEC_VERSION)
    throw specError("version", `got ${show(spec.version)} when this program reads version ${SPEC_VERSION}.`);
  for (const key of ["space", "energy", "initial", "scheme", "until"])
    if (spec[key] === undefined) throw specError(key, "is missing. A flow needs space, energy, initial, scheme and until.");
  readWords(spec);
  const measures = spec.measures === undefined ? {} : asObject(spec.measures, "measures", "an object of named measures");
  const builder = new Builder(measures, options.read, values);

  const space = await builder.make("space", spec.space, "space", { dim: 0, space: undefined as never });
  const context: Context = { dim: space.built.dim, space: space.built };
  const [initial, initialJson] = await builder.measure(spec.initial, "initial", context, 0);
  const measuresJson = await builder.measures(context);
  const energy = await makeEnergy(builder, spec.energy, context);
  const geometry = await builder.make("geometry", spec.geometry ?? "wasserstein", "geometry", context);
  const drift = await makeDrift(builder, spec.drift, context);
  if (energy.parts.length === 0 && drift.drift.length === 0)
    throw specError("energy", "got no parts and there is no drift either: nothing would move. Give an energy, or a drift for pure transport.");
  const scheme = await builder.make("scheme", spec.scheme, "scheme", context);

  const start = number(spec.start ?? 0, "start");
  const until = number(spec.until, "until");
  if (!(until > start)) throw specError("until", `got ${until} when expected a time after the start ${start}.`);
  const seed = number(spec.seed ?? 1, "seed");
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) throw specError("seed", `got ${seed} when expected a whole number from 0 to 4294967295.`);
  const problem: Problem = { space: space.built, parts: energy.parts, geometry: geometry.built, drift: drift.drift, initial, seed, start };
  refuse(problem);
  await support(problem, scheme.built, scheme.json);
  const observe = readObserve(spec.observe, until - start);
  const stop = readStop(spec.stop);
  if (stop.dissipation !== undefined && energy.parts.length === 0)
    throw specError("stop.dissipation", "waits for a dissipation when there is no energy to dissipate. Leave it out.");
  // the frames of a run that does not say how many it wants are kept in memory as well
  const frames = observe.frames ?? { time: (until - start) / USUAL_FRAMES };
  expectFramesFit(frames, spanOf(problem, scheme.built, until, stop.maxSteps), frameBytes(problem, scheme.built.takes.rep));
  const plain: Record<string, Json> = {
    version: SPEC_VERSION,
    title: text(spec.title, "title"),
    ...(spec.summary === undefined ? {} : { summary: text(spec.summary, "summary") }),
    energy: energy.json,
    geometry: geometry.json,
    space: space.json,
    initial: initialJson,
    ...(spec.measures === undefined ? {} : { measures: measuresJson }),
    ...(drift.json.length === 0 ? {} : { drift: drift.json }),
    scheme: scheme.json,
    start,
    until,
    ...(spec.observe === undefined ? {} : { observe: spec.observe as Json }),
    ...(spec.stop === undefined ? {} : { stop: spec.stop as Json }),
    seed,
  };
  return {
    title: text(spec.title, "title"),
    summary: text(spec.summary, "summary"),
    spec: plain,
    parameters,
    problem,
    origin: energy.origin,
    scheme: scheme.built,
    until,
    observe,
    stop,
    refs: [...builder.refs].sort(),
    inputs: builder.inputs,
    variants: isObject(spec.variants) ? Object.keys(spec.variants) : [],
  };
}

async function makeEnergy(builder: Builder, value: unknown, context: Context): Promise<{ parts: Part[]; origin: number[]; json: JsonObject[] }> {
  const list = Array.isArray(value) ? value : [value];
  if (list.length > 100) throw specError("energy", `got ${list.length} parts when at most 100 are read.`);
  const parts: Part[] = [];
  const origin: number[] = [];
  const json: JsonObject[] = [];
  for (const [i, item] of list.entries()) {
    const path = `energy[${i}]`;
    const { weight, ...rest } =
      typeof item === "string" ? { kind: item, weight: undefined } : (asObject(item, path, 'an energy like { "kind": "entropy" }') as Record<string, unknown>);
    const w = weight === undefined ? 1 : number(weight, `${path}.weight`);
    if (w === 0) throw specError(`${path}.weight`, "is 0: leave the energy out instead.");
    const made = await builder.make("energy", rest, path, context);
    parts.push(...made.built.map((part) => scalePart(part, w, `${path}.weight`)));
    origin.push(...made.built.map(() => i));
    json.push(w === 1 ? made.json : { ...made.json, weight: w });
  }
  return { parts, origin, json };
}

async function makeDrift(builder: Builder, value: unknown, context: Context): Promise<{ drift: Drift[]; json: JsonObject[] }> {
  const list = value === undefined ? [] : Array.isArray(value) ? value : [value];
  const made = [];
  for (const [i, item] of list.entries()) made.push(await builder.make("drift", item, `drift[${i}]`, context));
  return { drift: made.map((m) => m.built), json: made.map((m) => m.json) };
}

function refuse(p: Problem): void {
  p.parts.forEach((part, i) => {
    const why = part.refuses?.(p.space);
    if (why) throw specError(`energy[${i}]`, why);
    const { law } = part.target ?? {};
    if (law && !(Math.abs(law.mass - p.initial.mass) <= 1e-9 * p.initial.mass))
      throw specError(
        `energy[${i}].to.mass`,
        `is ${law.mass} when the measure that flows has the mass ${p.initial.mass}: it could never get there. Give both the same "mass".`,
      );
  });
}

async function support(p: Problem, scheme: Scheme, json: JsonObject): Promise<void> {
  const missing = lacks(p, scheme.takes);
  if (missing.length === 0) return;
  const { alternatives } = await import("./alternatives.ts");
  const others = await alternatives(p, json);
  const why = missing.map((m) => m.why).join("; ");
  const mend = others.length ? ` These would work: ${others.join(", ")}.` : "";
  throw new OttoflowError("UnsupportedError", `scheme: "${json.kind}" ${why}.${mend}`, { missing: missing.map((m) => m.trait) });
}

export function number(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) throw specError(path, `got ${show(value)} when expected a number.`);
  return value;
}
export function text(value: unknown, path: string): string {
  if (value === undefined) return "";
  if (typeof value !== "string" || value.length > 5000) throw specError(path, `got ${show(value)} when expected a text.`);
  return value;
}

/** What only readers read is checked too: a spec that resolves is sound. */
export function readWords(spec: Readonly<Record<string, unknown>>): void {
  for (const key of ["$schema", "title", "summary", "watch"]) text(spec[key], key);
  const { tags } = spec;
  if (tags !== undefined && (!Array.isArray(tags) || tags.length > 100 || tags.some((tag) => typeof tag !== "string" || tag.length > 100)))
    throw specError("tags", `got ${show(tags)} when expected a list of at most 100 short texts.`);
}

/** Looks a run may schedule by time: each lands a step, and each frame is kept in memory. */
const MOST_LOOKS = { frames: 10_000, trace: 10_000_000 } as const;

function readObserve(value: unknown, span: number): Observe {
  if (value === undefined) return { frames: null, trace: null };
  const given = asObject(value, "observe", 'an object like { "frames": { "every": 0.1 } }');
  for (const key of Object.keys(given)) if (key !== "frames" && key !== "trace") throw unknownKey("observe", key, ["frames", "trace"]);
  const read = (name: "frames" | "trace"): Schedule | null => {
    const s = schedule(given[name], `observe.${name}`);
    if (s && "time" in s && span / s.time > MOST_LOOKS[name])
      throw specError(
        `observe.${name}.every`,
        `asks for ${Math.floor(span / s.time)} ${name === "frames" ? "frames" : "rows"} when at most ${MOST_LOOKS[name]} are kept. Look less often.`,
      );
    return s;
  };
  return { frames: read("frames"), trace: read("trace") };
}

function schedule(value: unknown, path: string): Schedule | null {
  if (value === undefined) return null;
  const given = asObject(value, path, '{ "every": time } or { "steps": number }');
  const keys = Object.keys(given);
  if (keys.length !== 1 || (keys[0] !== "every" && keys[0] !== "steps"))
    throw specError(path, `got ${show(value)} when expected { "every": time } or { "steps": number }.`);
  const v = number(given[keys[0]!], `${path}.${keys[0]}`);
  if (!(v > 0)) throw specError(`${path}.${keys[0]}`, `got ${v} when expected a positive number.`);
  if (keys[0] === "every") return { time: v };
  if (!Number.isInteger(v)) throw specError(`${path}.steps`, `got ${v} when expected a whole number of steps.`);
  return { steps: v };
}

function readStop(value: unknown): Stop {
  if (value === undefined) return { maxSteps: 10_000_000 };
  const given = asObject(value, "stop", 'an object like { "dissipation": 1e-10 }');
  for (const key of Object.keys(given)) if (key !== "dissipation" && key !== "maxSteps") throw unknownKey("stop", key, ["dissipation", "maxSteps"]);
  const dissipation = given.dissipation === undefined ? undefined : number(given.dissipation, "stop.dissipation");
  if (dissipation !== undefined && !(dissipation > 0)) throw specError("stop.dissipation", `got ${dissipation} when expected a number > 0.`);
  const maxSteps = given.maxSteps === undefined ? 10_000_000 : number(given.maxSteps, "stop.maxSteps");
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) throw specError("stop.maxSteps", `got ${maxSteps} when expected a whole number >= 1.`);
  return { dissipation, maxSteps };
}
