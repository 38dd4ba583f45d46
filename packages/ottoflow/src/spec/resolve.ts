/** From an untrusted spec to a problem and a scheme. Here alone stands how a flow is laid out in its spec; path.ts has the same for paths. */
import type { Drift, Part, Problem, Scheme } from "../contract.ts";
import type { Context } from "../define.ts";
import { scalePart } from "../energy/scale.ts";
import { OttoflowError, specError } from "../errors.ts";
import { expectFramesFit, frameBytes, spanOf, USUAL_FRAMES } from "../flow/budget.ts";
import { begun, headOf, SPEC_VERSION, type Told, told, worked } from "./begin.ts";
import type { Builder } from "./build.ts";
import { asObject, expectShallow, isObject, type Json, type JsonObject, show } from "./check.ts";
import { specKeys } from "./keys.ts";
import { lacks } from "./lacks.ts";
import type { Named } from "./named.ts";
import { patched, type ResolveOptions } from "./patches.ts";
import { type Observe, readObserve, readStop, type Stop } from "./watching.ts";
import { number, readSeed } from "./words.ts";

export type { Parameter } from "./parameters.ts";
export type { ResolveOptions } from "./patches.ts";
export type { Observe, Schedule, Stop } from "./watching.ts";
export { patched, SPEC_VERSION };

export interface Resolved extends Told {
  readonly problem: Problem;
  /** which entry of `energy` in the spec each part of the problem comes from */
  readonly origin: readonly number[];
  readonly scheme: Scheme;
  readonly until: number;
  readonly observe: Observe;
  readonly stop: Stop;
}
const needs = ["space", "energy", "initial", "scheme", "until"];

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

/**
 * Builds the problem and the scheme that a spec describes.
 * @throws {SpecError} | {FormulaError} | {DataError} | {UnsupportedError} | {LimitError}
 */
export async function resolveSpec(raw: unknown, options: ResolveOptions = {}): Promise<Resolved> {
  if (isObject(raw) && raw.job !== undefined && raw.job !== "flow")
    throw specError("job", `got ${show(raw.job)} when this is read as a flow. The other job is "path": \`ottoflow run\`, or runPath in the library.`);
  return worked(patched(raw, options), (named) => resolveNamed(named, options));
}

async function resolveNamed(named: Named, options: ResolveOptions): Promise<Omit<Resolved, "written">> {
  const { spec } = named;
  const { builder, space, context } = await begun(named, "flow", specKeys, needs, options.read);
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
  const seed = readSeed(spec.seed);
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
    ...headOf(spec),
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
    ...told(named, builder),
    spec: plain,
    problem,
    origin: energy.origin,
    scheme: scheme.built,
    until,
    observe,
    stop,
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
