// TypeScript types of specs, from their JSON Schemas: what editors complete in code, and what a compiler says of a misspelt parameter.
import { pathSchema, schema } from "./schema.mjs";

const pascal = (words) =>
  words
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word[0].toUpperCase() + word.slice(1))
    .join("");

/** where the rule below would give a name that is taken, or that says nothing */
const own = { path: "PathSolverSpec", calculated: "Calculated" };
/** "energy.double-well" is DoubleWellEnergySpec, "energy" is EnergySpec. */
function nameOf(definition) {
  const [role, kind = ""] = definition.split(".");
  return `${kind && pascal(kind)}${own[role] ?? `${pascal(role)}Spec`}`;
}
const referred = (ref) => nameOf(ref.slice("#/$defs/".length));

function comment(form, indent) {
  const given = form.default === undefined ? "" : `Default: ${JSON.stringify(form.default)}.`;
  const text = [form.description, given].filter(Boolean).join(" ").replaceAll("*/", "*\\/");
  return text ? `${indent}/** ${text} */\n` : "";
}

function members(form, indent, whole) {
  return Object.entries(form.properties ?? {}).map(([key, value]) => {
    const name = /^[$A-Za-z_]\w*$/.test(key) ? key : JSON.stringify(key);
    const optional = form.required?.includes(key) ? "" : "?";
    return `${comment(value, indent)}${indent}readonly ${name}${optional}: ${typeOf(value, indent, whole)};\n`;
  });
}

/** @param whole the type whose keys a patch may have */
function objectType(form, indent, whole) {
  if (form.propertyNames?.$ref === "#/$defs/key") return `{ readonly [key in keyof ${whole}]?: unknown }`;
  if (form.properties) return `{\n${members(form, `${indent}  `, whole).join("")}${indent}}`;
  return `{ readonly [name: string]: ${typeOf(form.additionalProperties, indent, whole)} }`;
}

const union = (types) => [...new Set(types)].join(" | ");
/** what a text must begin with, as far as types can say it */
const texts = { "^=": `\`=\${string}\``, "^\\$.": `\`$\${string}\`` };
const plain = {
  number: () => "number",
  integer: () => "number",
  boolean: () => "boolean",
  string: (form) => texts[form.pattern] ?? "string",
  array: (form, ...at) => `ReadonlyArray<${typeOf(form.items, ...at)}>`,
  object: objectType,
};

function typeOf(form, indent, whole) {
  if (form.$ref) return referred(form.$ref);
  if ("const" in form) return JSON.stringify(form.const);
  if (form.enum) return union(form.enum.map((value) => JSON.stringify(value)));
  const choices = form.anyOf ?? form.oneOf;
  if (choices) return union(choices.map((choice) => typeOf(choice, indent, whole)));
  const types = [form.type].flat();
  const unknown = types.find((type) => !plain[type]);
  if (unknown !== undefined) throw new Error(`There is no TypeScript for ${JSON.stringify(form)}. Add it to scripts/gen/types.mjs.`);
  return union(types.map((type) => plain[type](form, indent, whole)));
}

const declared = (name, form) =>
  form.type === "object"
    ? `${comment(form, "")}export interface ${name} {\n${members(form, "  ", name).join("")}}\n`
    : `${comment(form, "")}export type ${name} = ${typeOf(form, "", name)};\n`;

export function specTypes(units) {
  const [flow, path] = [schema(units), pathSchema(units)].map((text) => JSON.parse(text));
  const { key, ...definitions } = { ...flow.$defs, ...path.$defs };
  return [
    "/** What specs may say, as types. Written by `npm run gen` from the definitions of the units. Do not edit. */\n",
    declared("FlowSpec", flow),
    declared("PathSpec", path),
    ...Object.entries(definitions).map(([name, form]) => declared(nameOf(name), form)),
  ].join("\n");
}
