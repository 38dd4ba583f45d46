/**
 * From JSON to built units: reads each parameter by its type, loads units lazily, reads files through the host,
 * and keeps the plain resolved JSON beside what was built. Shared by every role; knows no unit by name.
 */
import type { Law, Space } from "../contract.ts";
import type { Built, Context, Unit } from "../define.ts";
import { OttoflowError, specError } from "../errors.ts";
import { fromFunctions, makeFormula } from "../formula/formula.ts";
import { inlined, readTree, writtenNumber } from "../formula/inline.ts";
import type { FileData, Formula, Param, Role } from "../params.ts";
import { asObject, checkKeys, isObject, type Json, nearest, readPlain, show } from "./check.ts";
import { registry } from "./registry.gen.ts";

export interface Made<R extends Role> {
  readonly built: Built[R];
  readonly unit: Unit<R>;
  /** the unit's JSON with every default filled in */
  readonly json: { readonly [key: string]: Json };
}

const MAX_FILE_BYTES = 256 * 1024 * 1024;
const MAX_DEPTH = 12;

/** Everything a build may need beyond its own JSON. */
export class Builder {
  readonly inputs: FileData[] = [];
  readonly refs: Set<string> = new Set();
  private readonly named: Record<string, unknown>;
  private readonly read: ((path: string) => Promise<Uint8Array>) | undefined;
  private readonly numbers: ReadonlyMap<string, number>;
  private readonly open: string[] = [];
  private readonly laws = new Map<string, readonly [Law, Json]>();

  /** `named`: measures by name; `numbers`: parameters of the spec, which its formulas may use */
  constructor(named: Record<string, unknown>, read?: (path: string) => Promise<Uint8Array>, numbers: ReadonlyMap<string, number> = new Map()) {
    this.named = named;
    this.read = read;
    this.numbers = numbers;
  }

  async make<R extends Role>(role: R, value: unknown, path: string, context: Context, depth = 0): Promise<Made<R>> {
    if (depth > MAX_DEPTH) throw specError(path, `is nested deeper than ${MAX_DEPTH} units.`);
    const given: Record<string, unknown> = typeof value === "string" ? { kind: value } : asObject(value, path, `a ${role} like { "kind": … }`);
    const unit = await loadUnit(role, given.kind, `${path}.kind`);
    checkKeys(unit.params, given, path);
    const values: Record<string, unknown> = {};
    const json: Record<string, Json> = { kind: unit.kind };
    for (const [key, param] of Object.entries(unit.params)) {
      const raw = given[key] ?? ("default" in param ? param.default : undefined);
      if (raw === undefined) continue;
      const [v, j] = await this.value(param, raw, `${path}.${key}`, context, depth + 1);
      values[key] = v;
      json[key] = j;
    }
    for (const ref of unit.refs) this.refs.add(ref);
    const built = within(path, () => (unit.build as (v: unknown, c: Context) => Built[R])(values, context));
    return { built, unit, json };
  }

  /** A measure in place, or `"$name"` of one under `measures`. */
  async measure(value: unknown, path: string, context: Context, depth: number): Promise<[Law, Json]> {
    if (typeof value === "string" && value.startsWith("$")) return [(await this.byName(value.slice(1), path, context, depth))[0], value];
    const made = await this.make("law", value, path, context, depth);
    return [made.built, made.json];
  }

  /** All named measures, used or not, with their defaults filled in. */
  async measures(context: Context): Promise<Record<string, Json>> {
    const json: Record<string, Json> = {};
    for (const name of Object.keys(this.named)) json[name] = (await this.byName(name, `measures.${name}`, context, 0))[1];
    return json;
  }

  private async byName(name: string, path: string, context: Context, depth: number): Promise<readonly [Law, Json]> {
    const known = this.laws.get(name);
    if (known) return known;
    const names = Object.keys(this.named);
    if (!Object.hasOwn(this.named, name)) {
      const close = nearest(name, names);
      throw specError(
        path,
        `"$${name}" is not among the measures of this spec (${names.join(", ") || "there are none"}).${close ? ` Did you mean "$${close}"?` : ""}`,
      );
    }
    if (this.open.includes(name))
      throw specError(path, `the measures ${[...this.open, name].map((n) => `$${n}`).join(" → ")} refer to each other in a circle.`);
    this.open.push(name);
    try {
      if (depth > MAX_DEPTH) throw specError(path, `is nested deeper than ${MAX_DEPTH} units.`);
      const law = await this.measure(this.named[name], `measures.${name}`, context, depth + 1);
      this.laws.set(name, law);
      return law;
    } finally {
      this.open.pop();
    }
  }

  private async value(p: Param, raw: unknown, path: string, context: Context, depth: number): Promise<[unknown, Json]> {
    switch (p.type) {
      case "formula":
        return formulaOf(p, raw, path, context, this.numbers);
      case "texts": {
        const texts = readPlain(p, raw, path, context.dim) as readonly string[];
        if (!p.formulas) return [texts, raw as Json];
        const scope = { ...p.formulas, time: p.formulas.time ?? false, dim: context.dim, names: this.numbers };
        const plain = texts.map((text, i) => inlined(text, readTree(text, scope, `${path}[${i}]`), this.numbers));
        return [plain, plain];
      }
      case "file":
        return [await this.file(p.formats, raw, path), raw as Json];
      case "measure":
        return this.measure(raw, path, context, depth);
      case "unit": {
        const made = await this.make(p.role, raw, path, context, depth);
        return [made.built, made.json];
      }
      case "units": {
        if (!Array.isArray(raw) || raw.length === 0 || raw.length > 1000)
          throw specError(path, `got ${show(raw)} when expected a list of 1 to 1000 ${p.role} units.`);
        const made: (readonly [unknown, Json])[] = [];
        for (const [i, item] of raw.entries()) made.push(await this.item(p.role, item, `${path}[${i}]`, context, depth));
        return [made.map(([built]) => built), made.map(([, json]) => json)];
      }
      default:
        return [readPlain(p, raw, path, context.dim), raw as Json];
    }
  }

  /** A unit of a list; laws may be named there too. */
  private async item(role: Role, value: unknown, path: string, context: Context, depth: number): Promise<readonly [unknown, Json]> {
    if (role === "law") return this.measure(value, path, context, depth);
    const made = await this.make(role, value, path, context, depth);
    return [made.built, made.json];
  }

  private async file(formats: readonly string[], raw: unknown, path: string): Promise<FileData> {
    if (typeof raw !== "string" || raw === "" || raw.length > 1000)
      throw specError(path, `got ${show(raw)} when expected the path of a file (${formats.join(", ")}).`);
    const ending = raw.slice(raw.lastIndexOf(".") + 1).toLowerCase();
    if (!formats.includes(ending)) throw specError(path, `got the file ${show(raw)} when expected one ending in ${formats.map((f) => `.${f}`).join(", ")}.`);
    if (!this.read) throw specError(path, `names the file ${show(raw)}, but nothing was given to read files with. Pass \`read\` to resolveSpec.`);
    const known = this.inputs.find((f) => f.path === raw);
    if (known) return known;
    const bytes = await this.read(raw);
    if (bytes.length > MAX_FILE_BYTES) throw specError(path, `the file ${show(raw)} has ${bytes.length} bytes when at most ${MAX_FILE_BYTES} are read.`);
    const file = { path: raw, bytes };
    this.inputs.push(file);
    return file;
  }
}

/** Errors of a unit's own build get the path in the spec in front. */
function within<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof OttoflowError && error.tag === "SpecError" && !(error.fields as { path: string }).path.startsWith(path.split(".")[0]!))
      throw new OttoflowError("SpecError", `${path}.${error.message}`, { path: `${path}.${(error.fields as { path: string }).path}` });
    throw error;
  }
}

/** The JSON beside the formula has no names in it: it says the same without the parameters of the spec. */
function formulaOf(p: Extract<Param, { type: "formula" }>, raw: unknown, path: string, context: Context, names: ReadonlyMap<string, number>): [Formula, Json] {
  if (isObject(raw) && typeof raw.value === "function")
    return [
      within(path, () =>
        fromFunctions(raw as unknown as Parameters<typeof fromFunctions>[0], p.of === "r" ? 1 : p.of === "xy" ? 2 * context.dim : context.dim),
      ),
      "(a function of the calling program)",
    ];
  if (typeof raw === "number") return formulaOf(p, writtenNumber(raw), path, context, names);
  if (typeof raw !== "string")
    throw specError(path, `got ${show(raw)} when expected a formula in ${p.of === "r" ? "r" : p.of === "xy" ? "x and y" : "the coordinates"}, as a text.`);
  const formula = makeFormula(raw, { of: p.of, dim: p.of === "r" ? 1 : context.dim, time: p.time ?? false, path, names });
  return [formula, formula.text];
}

/** Loads a unit by role and kind, or says which kinds there are. */
export async function loadUnit<R extends Role>(role: R, kind: unknown, path: string): Promise<Unit<R>> {
  const table = registry[role] as Readonly<Record<string, () => Promise<Unit<R>>>>;
  const kinds = Object.keys(table);
  if (typeof kind === "string" && Object.hasOwn(table, kind)) return table[kind]!();
  const close = typeof kind === "string" ? nearest(kind, kinds) : undefined;
  throw specError(path, `got ${show(kind)} when expected a known ${role}.${close ? ` Did you mean "${close}"?` : ""} Known: ${kinds.join(", ")}.`);
}

export const contextOf = (space: Space): Context => ({ dim: space.dim, space });
