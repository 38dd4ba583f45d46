// JSON Schema (draft 2020-12) of a flow spec, from the parameter descriptors of the units: editors complete and explain from it.
import { inSpecs, rooms } from "./units.mjs";

const roles = Object.values(rooms);
const ref = (name) => ({ $ref: `#/$defs/${name}` });
/** wherever a number stands, a text may say how it follows from the parameters */
const orCalculated = (form) => ({ anyOf: [form, ref("calculated")] });
const number = orCalculated({ type: "number" });
const numbers = { type: "array", items: number };

function prose(p) {
  const unit = p.unit ? ` Unit: ${p.unit}.` : "";
  return {
    description: `${p.doc[0].toUpperCase()}${p.doc.slice(1)}${/[.!?]$/.test(p.doc) ? "" : "."}${unit}`,
    ...(p.default === undefined ? {} : { default: p.default }),
  };
}

const forms = {
  number: (p) => orCalculated(limits(p, "number")),
  integer: (p) => orCalculated(limits(p, "integer")),
  boolean: () => ({ type: "boolean" }),
  choice: (p) => ({ enum: p.of }),
  choices: (p) => ({ anyOf: [...(p.broadcast ? [{ enum: p.of }] : []), { type: "array", items: { enum: p.of }, minItems: 1 }] }),
  vector: (p) => {
    const entry = { type: p.integer ? "integer" : "number", ...(p.above === undefined ? {} : { exclusiveMinimum: p.above }) };
    return { anyOf: [entry, ref("calculated"), { type: "array", items: orCalculated(entry), minItems: 1 }] };
  },
  matrix: () => ({ anyOf: [...number.anyOf, { type: "array", items: { anyOf: [...number.anyOf, numbers] }, minItems: 1 }] }),
  points: () => ({ type: "array", items: { anyOf: [...number.anyOf, numbers] }, minItems: 1 }),
  numbers: () => numbers,
  formula: () => ({ type: ["string", "number"] }),
  file: (p) => ({
    type: "string",
    pattern: `\\.(?:${p.formats.map((f) => [...f].map((c) => (/[a-z]/.test(c) ? `[${c}${c.toUpperCase()}]` : c)).join("")).join("|")})$`,
  }),
  text: () => ({ type: "string", maxLength: 1000 }),
  texts: () => ({ type: "array", items: { type: "string" } }),
  measure: () => ref("measure"),
  unit: (p) => ref(p.role),
  units: (p) => ({ type: "array", items: ref(p.role === "law" ? "measure" : p.role), minItems: 1 }),
};

function limits(p, type) {
  const out = { type };
  if (p.min !== undefined) out.minimum = p.min;
  if (p.above !== undefined) out.exclusiveMinimum = p.above;
  if (p.max !== undefined) out.maximum = p.max;
  if (p.below !== undefined) out.exclusiveMaximum = p.below;
  if (p.not !== undefined) out.not = { const: p.not };
  return out;
}

export function paramSchema(p) {
  const form = forms[p.type];
  if (!form) throw new Error(`There is no JSON Schema for parameters of type "${p.type}". Add it to scripts/gen/schema.mjs.`);
  return { ...form(p), ...prose(p) };
}

/** A parameter that may be left out has a default or is optional. */
const required = (params) => Object.keys(params).filter((key) => params[key].default === undefined && !params[key].optional);
const weight = { ...orCalculated({ type: "number", not: { const: 0 } }), default: 1, description: "Factor in front of this energy." };

function unitSchema({ unit }) {
  const own = Object.fromEntries(Object.entries(unit.params).map(([key, p]) => [key, paramSchema(p)]));
  return {
    type: "object",
    title: unit.title,
    description: unit.summary,
    properties: { kind: { const: unit.kind, description: unit.summary }, ...own, ...(unit.role === "energy" ? { weight } : {}) },
    required: ["kind", ...required(unit.params)],
    additionalProperties: false,
  };
}

/** One of the units of a role, or the bare kind of one that needs no parameters. */
function roleSchema(role, units) {
  const own = units.filter(({ unit }) => unit.role === role);
  if (own.length === 0) return { not: {}, description: `There is no ${role} yet.` };
  const bare = own.filter(({ unit }) => required(unit.params).length === 0).map(({ unit }) => unit.kind);
  return {
    oneOf: [
      ...(bare.length === 0 ? [] : [{ enum: bare, description: 'Short for { "kind": … } with all defaults.' }]),
      ...own.map(({ unit }) => ref(`${role}.${unit.kind}`)),
    ],
  };
}

const schedule = (what) => ({
  description: what,
  oneOf: [
    {
      type: "object",
      properties: { every: { ...orCalculated({ type: "number", exclusiveMinimum: 0 }), description: "Time between two." } },
      required: ["every"],
      additionalProperties: false,
    },
    {
      type: "object",
      properties: { steps: { ...orCalculated({ type: "integer", minimum: 1 }), description: "Steps between two." } },
      required: ["steps"],
      additionalProperties: false,
    },
  ],
});

const value = {
  type: ["number", "string"],
  description: 'The number, or a formula of other parameters as a text: "2*noise + 1".',
  examples: [1, "2*noise + 1"],
};
const parameters = {
  type: "object",
  maxProperties: 100,
  propertyNames: { pattern: "^[A-Za-z][A-Za-z0-9_]{0,39}$" },
  description:
    'Named numbers. Formulas use the names like constants; wherever a number stands, a text that begins with = may say how it follows from them: "=2*noise + 1".',
  additionalProperties: {
    anyOf: [
      value,
      {
        type: "object",
        properties: {
          value,
          min: { type: "number", description: "The least value that makes sense; where a slider begins." },
          max: { type: "number", description: "The largest value that makes sense; where a slider ends." },
          step: { type: "number", exclusiveMinimum: 0, description: "How far one press of a slider's key goes." },
          title: { type: "string", maxLength: 5000, description: "What the number is, in a word or two." },
          summary: { type: "string", maxLength: 5000, description: "What happens when it changes." },
        },
        // a patch may change one field alone
        additionalProperties: false,
      },
    ],
  },
};

/** The layout that spec/resolve.ts reads; the house tests hold the keys of both against each other. */
function specProperties() {
  const patch = { type: "object", propertyNames: { $ref: "#/$defs/key" } };
  const measure = ref("measure");
  return {
    $schema: { type: "string", description: "Where this schema stands, for editors." },
    version: { const: 1, description: "Version of the layout of specs." },
    job: { const: "flow", description: "What the spec asks for." },
    title: { type: "string", maxLength: 5000, description: "One line: what happens." },
    summary: { type: "string", maxLength: 5000, description: "One paragraph: what to see, and why it is so." },
    watch: { type: "string", maxLength: 5000, description: "What to look at while it runs." },
    tags: { type: "array", items: { type: "string" }, description: "Words to find the spec by." },
    parameters,
    energy: {
      description: "The energy F, a sum of parts; an empty list where only a drift moves mass.",
      anyOf: [ref("energy"), { type: "array", items: ref("energy"), maxItems: 100 }],
    },
    geometry: { ...ref("geometry"), default: "wasserstein", description: "How mass may move." },
    space: { ...ref("space"), description: "Where mass lives." },
    initial: { ...measure, description: "The measure at the start." },
    measures: { type: "object", additionalProperties: measure, description: 'Named measures, referred to as "$name".' },
    drift: { description: "Motion that is no gradient.", anyOf: [ref("drift"), { type: "array", items: ref("drift") }] },
    scheme: { ...ref("scheme"), description: "How time advances." },
    start: { ...number, default: 0, description: "Time of the initial measure." },
    until: { ...number, description: "Time to stop at." },
    observe: {
      type: "object",
      properties: {
        frames: schedule("When the measure is kept; the first and the last always are."),
        trace: schedule("When the scalars (energy, mass, …) are kept."),
      },
      additionalProperties: false,
      description: "What to keep on the way.",
    },
    stop: {
      type: "object",
      properties: {
        dissipation: { ...orCalculated({ type: "number", exclusiveMinimum: 0 }), description: "Stop as stationary once -dF/dt is below this." },
        maxSteps: { ...orCalculated({ type: "integer", minimum: 1 }), default: 10_000_000, description: "Stop after this many steps." },
      },
      additionalProperties: false,
      description: "When to stop before the end.",
    },
    seed: { ...orCalculated({ type: "integer", minimum: 0, maximum: 4294967295 }), default: 1, description: "Seed of all randomness." },
    quick: { ...patch, description: "Merge-patch that makes the spec run in a few seconds." },
    variants: { type: "object", additionalProperties: patch, description: "Named merge-patches of this spec, to compare." },
  };
}

/** The layout that spec/path.ts reads. */
function pathProperties() {
  const { $schema, version, title, summary, watch, tags, parameters, space, measures, seed, quick, variants } = specProperties();
  const measure = ref("measure");
  return {
    $schema,
    version,
    job: { const: "path", description: "What the spec asks for." },
    title,
    summary,
    watch,
    tags,
    parameters,
    space,
    from: { ...measure, description: "The measure at time 0." },
    to: { ...measure, description: "The measure at time 1." },
    measures,
    path: { ...ref("path"), description: "Which curve between them: what it minimises, and how finely." },
    frames: {
      description: "How many frames to keep, evenly spaced with both ends, or their times.",
      default: 11,
      oneOf: [
        { type: "integer", minimum: 2, maximum: 10_000 },
        ref("calculated"),
        { type: "array", items: orCalculated({ type: "number", minimum: 0, maximum: 1 }), minItems: 1, maxItems: 10_000 },
      ],
    },
    seed,
    quick,
    variants,
  };
}

function definitions(units, names, properties) {
  const defs = {};
  for (const role of names) {
    defs[role] = roleSchema(role, units);
    for (const entry of units.filter(({ unit }) => unit.role === role)) defs[`${role}.${entry.unit.kind}`] = unitSchema(entry);
  }
  defs.calculated = {
    type: "string",
    pattern: "^=",
    title: 'a text like "=2*noise"',
    description: 'A number that follows from the parameters of the spec: = and a formula of their names, such as "=2*noise + 1".',
    examples: ["=noise", "=2*noise + 1"],
  };
  defs.measure = { oneOf: [{ type: "string", pattern: "^\\$.", description: "A measure of this spec by name." }, ref("law")] };
  defs.key = { enum: Object.keys(properties) };
  return defs;
}

const written = (title, description, properties, required, $defs) =>
  `${JSON.stringify(
    {
      $schema: "https://json-schema.org/draft/2020-12/schema",
      $comment: "Written by `npm run gen` from the definitions of the units. Do not edit.",
      title,
      description,
      type: "object",
      properties,
      required,
      additionalProperties: false,
      $defs,
    },
    null,
    2,
  )}\n`;

const inFlows = roles.filter((role) => inSpecs(role) && role !== "path");

export function schema(units) {
  const properties = specProperties();
  const required = ["space", "energy", "initial", "scheme", "until"];
  return written("Ottoflow spec", "A gradient flow of probability measures as data.", properties, required, definitions(units, inFlows, properties));
}

/** Of specs with `"job": "path"`. */
export function pathSchema(units) {
  const properties = pathProperties();
  const required = ["job", "space", "from", "to", "path"];
  const names = ["space", "law", "kernel", "path"];
  return written("Ottoflow spec of a path", "A curve of measures of least action as data.", properties, required, definitions(units, names, properties));
}
