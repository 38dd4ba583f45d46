import { OttoflowError } from "ottoflow/errors";
import { roles } from "ottoflow/params";
import { asObject, nearest } from "ottoflow/spec/check";
import { readParameters } from "ottoflow/spec/parameters";
import { type Entry, entries } from "../catalogue.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { readSpec } from "../files.ts";
import { parameterLines } from "../named.ts";
import { sourcesOf } from "../report/references.ts";
import { painter, safe, type Terminal } from "../terminal.ts";

/** `ottoflow list [role]` */
export async function listCommand(role: string | undefined, options: { readonly json?: boolean }, terminal: Terminal): Promise<ExitCode> {
  const all = await entries();
  if (role !== undefined && !(roles as readonly string[]).includes(role)) {
    const close = nearest(role, roles);
    throw new OttoflowError("SpecError", `"${role}" is no role.${close ? ` Did you mean "${close}"?` : ""} Roles: ${roles.join(", ")}.`, { path: "role" });
  }
  const shown = all.filter((entry) => role === undefined || entry.role === role);
  if (options.json) {
    terminal.out(`${JSON.stringify({ units: shown })}\n`);
    return exitCodes.done;
  }
  const paint = painter(terminal);
  const width = Math.max(...shown.map((entry) => entry.kind.length), 0);
  for (const name of roles) {
    const group = shown.filter((entry) => entry.role === name);
    if (group.length === 0) continue;
    terminal.out(`${paint("bold", name)}\n${group.map((entry) => `  ${paint("cyan", entry.kind.padEnd(width))}  ${entry.title}\n`).join("")}`);
  }
  return exitCodes.done;
}

/** `ottoflow explain KIND`: formula, parameters, examples, sources. A kind may live in several roles; `role/kind` names one. A spec says its own parameters. */
export async function explainCommand(name: string, options: { readonly json?: boolean }, terminal: Terminal): Promise<ExitCode> {
  if (name === "-" || name.toLowerCase().endsWith(".json")) return explainSpec(name, options, terminal);
  const all = await entries();
  const [role, kind] = name.includes("/") ? (name.split("/", 2) as [string, string]) : [undefined, name];
  const found = all.filter((entry) => entry.kind === kind && (role === undefined || entry.role === role));
  if (found.length === 0) {
    const close = nearest(
      kind,
      all.map((entry) => entry.kind),
    );
    throw new OttoflowError("SpecError", `"${name}" is no unit.${close ? ` Did you mean "${close}"?` : ""} \`ottoflow list\` shows them all.`, {
      path: "kind",
    });
  }
  if (options.json) terminal.out(`${JSON.stringify({ units: found })}\n`);
  else terminal.out(found.map((entry) => explanation(entry, terminal)).join("\n"));
  return exitCodes.done;
}

async function explainSpec(name: string, options: { readonly json?: boolean }, terminal: Terminal): Promise<ExitCode> {
  const { json } = await readSpec(name, terminal);
  const { title, summary, watch, parameters: given } = asObject(json, name, "a spec, an object");
  const parameters = readParameters(given);
  const words = [title, summary, watch].map((word) => (typeof word === "string" ? word : ""));
  if (options.json) terminal.out(`${JSON.stringify({ title: words[0], summary: words[1], watch: words[2], parameters })}\n`);
  else {
    const paint = painter(terminal);
    const list = parameters.length > 0 ? parameterLines(parameters) : ["  none: every number stands in the spec itself"];
    const [head, ...prose] = words.map(safe);
    terminal.out(
      `${[...(head ? [paint("bold", head)] : []), ...prose.flatMap((word) => wrapped(word, 92)), "", paint("bold", "parameters"), ...list].join("\n")}\n`,
    );
  }
  return exitCodes.done;
}

function explanation(entry: Entry, terminal: Terminal): string {
  const paint = painter(terminal);
  const lines = [`${paint("bold", entry.title)} (${entry.role} "${entry.kind}")`, "", ...wrapped(entry.summary, 92)];
  if (entry.tex) lines.push("", `  ${entry.tex}`);
  const params = Object.entries(entry.params);
  if (params.length > 0) {
    lines.push("", paint("bold", "parameters"));
    for (const [key, param] of params) lines.push(`  ${paint("cyan", key)}  ${described(param)}`, ...wrapped(param.doc, 86).map((line) => `      ${line}`));
  }
  if (entry.examples.length > 0)
    lines.push(
      "",
      paint("bold", "examples"),
      ...entry.examples.map((example) => `  ${JSON.stringify({ kind: entry.kind, ...example.params })}${example.note ? `  ${example.note}` : ""}`),
    );
  const sources = sourcesOf(entry.refs);
  if (sources.length > 0)
    lines.push("", paint("bold", "sources"), ...sources.map((s) => `  [${s.key}] ${s.field("author")}: ${s.field("title")} (${s.field("year")})`));
  return `${lines.join("\n")}\n`;
}

/** "number > 0, default 1, unit time" */
function described(param: Entry["params"][string]): string {
  const limits: string[] = [];
  if ("min" in param && param.min !== undefined) limits.push(`>= ${param.min}`);
  if ("above" in param && param.above !== undefined) limits.push(`> ${param.above}`);
  if ("max" in param && param.max !== undefined) limits.push(`<= ${param.max}`);
  if ("below" in param && param.below !== undefined) limits.push(`< ${param.below}`);
  if ("not" in param && param.not !== undefined) limits.push(`not ${param.not}`);
  const type =
    param.type === "choice"
      ? param.of.join(" | ")
      : param.type === "unit" || param.type === "units"
        ? `${param.role}${param.type === "units" ? " list" : ""}`
        : param.type === "file"
          ? `file (${param.formats.join(", ")})`
          : param.type;
  const rest = [
    limits.join(" and "),
    "default" in param && param.default !== undefined ? `default ${JSON.stringify(param.default)}` : param.optional ? "optional" : "required",
    param.unit ? `unit ${param.unit}` : "",
  ];
  return [type, ...rest.filter(Boolean)].join(", ");
}

export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line && line.length + word.length + 1 > width) {
      lines.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return line ? [...lines, line] : lines;
}
