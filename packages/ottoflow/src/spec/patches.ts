/** What a spec becomes before it is read: its variant, its short form, and what the caller sets. */
import { specError } from "../errors.ts";
import { asObject, expectShallow, isObject, mergePatch, setPath, unknownKey } from "./check.ts";
import { specKeys } from "./keys.ts";
import { opened, settingPlace, unknownName } from "./parameters.ts";

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

/** A merge-patch of a spec, applied or not: its keys are those of specs. */
function readPatch(value: unknown, path: string, keys: readonly string[]): Record<string, unknown> {
  const patch = asObject(value, path, 'a merge-patch of this spec, like { "until": 1 }');
  for (const key of Object.keys(patch)) if (!keys.includes(key)) throw unknownKey(path, key, keys);
  return patch;
}
