/** What specs of every job are read by alike: their head, their space, and how they are told again. */
import type { Context } from "../define.ts";
import { specError } from "../errors.ts";
import type { FileData } from "../params.ts";
import { Builder, type Made } from "./build.ts";
import { asObject, isObject, type Json, type JsonObject, show, unknownKey } from "./check.ts";
import { explained, type Named, workedOut } from "./named.ts";
import type { Parameter } from "./parameters.ts";
import type { ResolveOptions } from "./patches.ts";
import { readWords, text } from "./words.ts";

export const SPEC_VERSION = 1;

/** What a spec says, whatever its job, once it has been read. */
export interface Told {
  readonly title: string;
  readonly summary: string;
  /** plain JSON with every default filled in and every parameter a number; resolving it again gives the same run */
  readonly spec: JsonObject;
  /** the named numbers of the spec, with their values */
  readonly parameters: readonly Parameter[];
  /** the spec as it was written, patched, where that names numbers; null where `spec` says it all */
  readonly written: Readonly<Record<string, unknown>> | null;
  /** keys of references.bib of every unit used */
  readonly refs: readonly string[];
  readonly inputs: readonly FileData[];
  readonly variants: readonly string[];
}
export interface Begun {
  readonly builder: Builder;
  readonly space: Made<"space">;
  readonly context: Context;
}

/** Works out the named numbers of a patched spec and builds it; whatever is wrong with such a number says what it came from. */
export async function worked<T>(spec: Readonly<Record<string, unknown>>, build: (named: Named) => Promise<T>): Promise<T & Pick<Told, "written">> {
  const named = workedOut(spec);
  try {
    return { ...(await build(named)), written: writtenOf(spec, named) };
  } catch (error) {
    throw explained(error, named);
  }
}
/** The patched spec without what has been applied, to be kept beside the plain one; null where both say the same. */
function writtenOf({ quick: _, variants: __, ...spec }: Readonly<Record<string, unknown>>, { parameters, worked }: Named): Told["written"] {
  return parameters.length > 0 || worked.size > 0 ? spec : null;
}

/** Checks the head of a spec and builds its space. `needs`: keys that a job cannot do without. */
export async function begun(
  { spec, values }: Named,
  job: string,
  keys: readonly string[],
  needs: readonly string[],
  read: ResolveOptions["read"],
): Promise<Begun> {
  for (const key of Object.keys(spec)) if (!keys.includes(key)) throw unknownKey("", key, keys);
  if (spec.version !== undefined && spec.version !== SPEC_VERSION)
    throw specError("version", `got ${show(spec.version)} when this program reads version ${SPEC_VERSION}.`);
  for (const key of needs)
    if (spec[key] === undefined) throw specError(key, `is missing. A ${job} needs ${needs.slice(0, -1).join(", ")} and ${needs.at(-1)}.`);
  readWords(spec);
  const measures = spec.measures === undefined ? {} : asObject(spec.measures, "measures", "an object of named measures");
  const builder = new Builder(measures, read, values);
  const space = await builder.make("space", spec.space, "space", { dim: 0, space: undefined as never });
  return { builder, space, context: { dim: space.built.dim, space: space.built } };
}

/** Title and summary as they stand in the plain spec. */
export const headOf = (spec: Named["spec"]): Record<string, Json> => ({
  title: text(spec.title, "title"),
  ...(spec.summary === undefined ? {} : { summary: text(spec.summary, "summary") }),
});
/** Called when all is built: the builder has seen which units and files were used. */
export const told = ({ spec, parameters }: Named, builder: Builder): Omit<Told, "spec" | "written"> => ({
  title: text(spec.title, "title"),
  summary: text(spec.summary, "summary"),
  parameters,
  refs: [...builder.refs].sort(),
  inputs: builder.inputs,
  variants: isObject(spec.variants) ? Object.keys(spec.variants) : [],
});
