// Reference pages from the definitions: formula, prose, parameters, an example and the sources of every unit; and the gallery of specs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { citation } from "./bib.mjs";
import { inSpecs, rooms, root } from "./units.mjs";

const head = "<!-- Written by `npm run gen` from the definitions of the units. Do not edit. -->\n";
const titles = {
  energy: ["Energies", "The functional F that the flow descends, a sum of parts. Every energy takes an optional `weight`."],
  geometry: ["Geometries", "How mass may move: the operator K of d/dt rho = -K(rho) dF/drho."],
  drift: ["Drifts", "Motion that is no gradient of the energy."],
  scheme: ["Schemes", "How time advances."],
  proximal: ["Proximal steps", "The minimisation behind the JKO scheme: argmin F + d²/2τ."],
  space: ["Spaces", "Where mass lives."],
  law: ["Measures", "Initial data and targets, before they are stored on a grid or as particles."],
  kernel: ["Kernels", "Functions of two points."],
  certificate: ["Certificates", "What is checked of every run, and against which statement."],
  exact: ["Exact solutions", "Closed forms that runs are compared with wherever they fit."],
  exporter: ["Exporters", "Files for other programs."],
  transport: ["Transport solvers", "Couplings of two measures with a certified gap: `solve` takes the cheapest that fits unless one is named."],
  path: ["Paths", 'Curves of measures of least action between two given ones, with a certified gap: the jobs of specs with `"job": "path"`.'],
};
export const roles = Object.values(rooms);
export const pageOf = (role) => `docs/reference/${role}.md`;

const cell = (text) => String(text).replaceAll("|", "\\|").replaceAll("\n", " ");
const literal = (value) => `\`${typeof value === "string" ? value : JSON.stringify(value)}\``;

function kindOf(p) {
  switch (p.type) {
    case "choice":
      return p.of.map((o) => `\`${o}\``).join(", ");
    case "choices":
      return `per axis: ${p.of.map((o) => `\`${o}\``).join(", ")}`;
    case "vector":
      return p.broadcast ? "number, or one per axis" : "one number per axis";
    case "matrix":
      return `number, or rows of a symmetric ${p.definite ? "positive definite " : ""}matrix`;
    case "formula":
      return `formula in ${{ x: "the coordinates", r: "r", xy: "x and y" }[p.of]}${p.time ? " and t" : ""}`;
    case "file":
      return `file: ${p.formats.join(", ")}`;
    case "unit":
      return `[${p.role}](${p.role}.md)`;
    case "units":
      return `list of [${p.role}](${p.role}.md)`;
    case "measure":
      return '[measure](law.md) or `"$name"`';
    default:
      return p.type;
  }
}
function limitsOf(p) {
  const words = [
    p.min !== undefined && `≥ ${p.min}`,
    p.above !== undefined && `> ${p.above}`,
    p.max !== undefined && `≤ ${p.max}`,
    p.below !== undefined && `< ${p.below}`,
    p.not !== undefined && `≠ ${p.not}`,
  ];
  return words.filter(Boolean).join(", ");
}
function row([name, p]) {
  const fallback = p.default !== undefined ? literal(p.default) : p.optional ? "optional" : "required";
  return `| \`${name}\` | ${cell([kindOf(p), limitsOf(p)].filter(Boolean).join(", "))} | ${cell(fallback)} | ${cell(p.doc)}${p.unit ? ` (${cell(p.unit)})` : ""} |\n`;
}

/** The fullest of the unit's examples, on one line as it would stand in a spec. */
function exampleOf(unit) {
  const lines = unit.examples.map((example) => JSON.stringify({ kind: unit.kind, ...example.params }, null, 1).replace(/\n\s*/g, " "));
  return lines.reduce((a, b) => (b.length > a.length ? b : a));
}

function unitSection({ file, unit }, bib) {
  const params = Object.entries(unit.params);
  const table = params.length === 0 ? "No parameters.\n" : `| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n${params.map(row).join("")}`;
  const example = inSpecs(unit.role) ? `\n\`\`\`json\n${exampleOf(unit)}\n\`\`\`\n` : "";
  const refs = unit.refs.map((key) => {
    const entry = bib.get(key);
    if (!entry) throw new Error(`${file}: the reference "${key}" is not in references.bib. Add it there.`);
    return `- ${citation(entry)}\n`;
  });
  return `## ${unit.kind}

${unit.title}

$$${unit.tex}$$

${unit.summary}

${table}${example}${refs.length === 0 ? "" : `\n${refs.join("")}`}
Source: [\`${file}\`](../../packages/ottoflow/src/${file})
`;
}

export function rolePage(role, units, bib) {
  const [title, lead] = titles[role];
  const own = units.filter(({ unit }) => unit.role === role);
  const toc = own.map(({ unit }) => `[${unit.kind}](#${unit.kind})`).join(" · ");
  return `${head}
# ${title}

${lead}

${own.length === 0 ? "There are none yet.\n" : `${toc}\n`}
${own.map((entry) => unitSection(entry, bib)).join("\n")}`
    .trimEnd()
    .concat("\n");
}

function watchOf(name, spec) {
  if (!spec.watch) throw new Error(`specs/${name} does not say what to watch: add "watch", a sentence for the gallery.`);
  return spec.watch;
}

function specsIn(folder) {
  const at = join(root, "specs", folder);
  return readdirSync(at)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => {
      const path = join(folder, name);
      try {
        return [path, JSON.parse(readFileSync(join(at, name), "utf8"))];
      } catch (error) {
        throw new Error(`specs/${path} is not JSON: ${error.message}`);
      }
    });
}

/** One row per spec, from the spec itself. */
export function gallery() {
  const kind = (value) => (Array.isArray(value) ? value.map(kind).join(" + ") : typeof value === "string" ? value : (value?.kind ?? ""));
  const link = (path) => `[${path.replace(/^.*\/|\.json$/g, "")}](../../specs/${path})`;
  const flows = specsIn("").map(
    ([path, spec]) =>
      `| ${link(path)} | ${cell(spec.title ?? "")} | ${kind(spec.energy)} | ${kind(spec.geometry ?? "wasserstein")} | ${kind(spec.scheme)} | ${cell(watchOf(path, spec))} |\n`,
  );
  const paths = specsIn("paths").map(([path, spec]) => `| ${link(path)} | ${cell(spec.title ?? "")} | ${kind(spec.path)} | ${cell(watchOf(path, spec))} |\n`);
  return `${head}
# Gallery

Flows as data: \`npx ottoflow run specs/NAME.json\`, \`--quick\` for a few seconds' worth.

| spec | what happens | energy | geometry | scheme | what to watch |
| --- | --- | --- | --- | --- | --- |
${flows.join("")}
Paths between two measures: \`npx ottoflow run specs/paths/NAME.json\`.

| spec | what happens | path | what to watch |
| --- | --- | --- | --- |
${paths.join("")}`;
}
export function indexPage(units) {
  const rows = roles.map((role) => {
    const own = units.filter(({ unit }) => unit.role === role);
    return `| [${titles[role][0]}](${role}.md) | ${own.map(({ unit }) => `[${unit.kind}](${role}.md#${unit.kind})`).join(", ")} |\n`;
  });
  return `${head}
# Reference

Every unit with its formula, parameters, an example and sources. The [gallery](gallery.md) lists the flows in \`specs/\`.

| role | kinds |
| --- | --- |
${rows.join("")}`;
}
