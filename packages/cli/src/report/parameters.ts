/** The settings of a run as a table: what was chosen first, then the defaults that matter for it. */
import type { Rep } from "ottoflow/contract";
import type { Param, Params, Refines, Role } from "ottoflow/params";
import { catalogue } from "ottoflow/spec/catalogue.gen";
import type { Resolved } from "ottoflow/spec/resolve";
import { section, tag, text } from "./html.ts";
import { namedTable } from "./named.ts";

interface Setting {
  readonly path: string;
  readonly value: unknown;
  /** it is what the unit takes when nothing is said */
  readonly fallback: boolean;
  /** what it means and in which unit, where the unit says */
  readonly doc: string;
}

/** Every setting of a resolved spec that matters for its run, in the order of the spec. */
export function settingsOf({ spec, scheme }: Pick<Resolved, "spec" | "scheme">): readonly Setting[] {
  const { rep } = scheme.takes;
  const settings: Setting[] = [];
  const plain = (path: string, value: unknown, fallback = false): void => {
    if (Array.isArray(value) && value.some(isObject)) for (const [i, item] of value.entries()) plain(`${path}[${i}]`, item, fallback);
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) plain(path ? `${path}.${key}` : key, item, fallback);
    else settings.push({ path, value, fallback, doc: "" });
  };
  const unit = (role: Role, path: string, value: unknown): void => {
    const params = isObject(value) ? paramsOf(role, value.kind) : undefined;
    if (!isObject(value) || !params) {
      plain(path, value);
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      const [param, at] = [params[key], `${path}.${key}`];
      if (param === undefined) plain(at, item);
      else if (param.type === "unit") unit(param.role, at, item);
      else if (param.type === "units" && Array.isArray(item)) for (const [i, one] of item.entries()) unit(param.role, `${at}[${i}]`, one);
      else if (param.type === "measure" && isObject(item)) unit("law", at, item);
      else if (!isDefault(param, item)) settings.push({ path: at, value: item, fallback: false, doc: docOf(param) });
      else if (matters(param, rep, value)) settings.push({ path: at, value: item, fallback: true, doc: docOf(param) });
    }
  };
  for (const [key, value] of Object.entries(spec)) {
    const role = rolesOf[key];
    if (["version", "title", "summary"].includes(key)) continue;
    if (key === "measures" && isObject(value)) for (const [name, law] of Object.entries(value)) unit("law", `measures.${name}`, law);
    else if (role === undefined) plain(key, value, startsFrom(key, value));
    else if (Array.isArray(value)) for (const [i, item] of value.entries()) unit(role, `${key}[${i}]`, item);
    else unit(role, key, value);
  }
  return settings;
}
const rolesOf: Readonly<Record<string, Role>> = { energy: "energy", geometry: "geometry", space: "space", initial: "law", drift: "drift", scheme: "scheme" };
const startsFrom = (key: string, value: unknown): boolean => (key === "start" && value === 0) || (key === "seed" && value === 1);

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
function paramsOf(role: Role, kind: unknown): Params | undefined {
  return catalogue.find((entry) => entry.role === role && entry.kind === kind)?.params;
}
function isDefault(param: Param, value: unknown): boolean {
  return "default" in param && param.default !== undefined && JSON.stringify(param.default) === JSON.stringify(value);
}
function docOf({ doc, unit }: Param): string {
  return unit === undefined ? doc : `${doc} [${unit}]`;
}
/** A default is worth a line only where the storage and the other choices of its unit give it something to do. */
function matters(param: Param, rep: Rep, unit: Readonly<Record<string, unknown>>): boolean {
  const refines: Refines | undefined = "refines" in param ? param.refines : undefined;
  const under = param.under ?? refines?.under;
  if (under && !under.includes(rep)) return false;
  return Object.entries(refines?.where ?? {}).every(([name, values]) => values.includes(String(unit[name])));
}

/** What was chosen; the defaults stand folded below (and the whole spec at the end of the report). */
export function parametersSection(resolved: Pick<Resolved, "spec" | "scheme" | "parameters">): string {
  const settings = settingsOf(resolved);
  const chosen = settings.filter((setting) => !setting.fallback);
  const rest = settings.filter((setting) => setting.fallback);
  return section(
    "parameters",
    "Parameters",
    namedTable(resolved.parameters),
    settingsTable(chosen, "parameters that were chosen"),
    rest.length > 0
      ? tag(
          "details",
          {},
          tag("summary", {}, text(`${rest.length} ${rest.length === 1 ? "default" : "defaults"} that ${rest.length === 1 ? "matters" : "matter"} here`)),
          settingsTable(rest, "defaults"),
        )
      : "",
  );
}

function settingsTable(settings: readonly Setting[], name: string): string {
  const head = ["Key", "Value", "Meaning"].map((word) => tag("th", { scope: "col" }, word));
  const rows = settings.map(({ path, value, doc }) =>
    tag(
      "tr",
      {},
      tag("td", { class: "key" }, tag("code", {}, text(path))),
      tag("td", {}, text(shortened(value))),
      tag("td", { class: "small soft" }, text(doc)),
    ),
  );
  return tag(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": name },
    tag("table", { class: "cards settings" }, tag("thead", {}, tag("tr", {}, ...head)), tag("tbody", {}, ...rows)),
  );
}
/** Long lists are shortened: the whole spec stands in the report as well. */
function shortened(value: unknown): string {
  const written = typeof value === "string" ? value : JSON.stringify(value);
  return written.length > 160 ? `${written.slice(0, 150)}… (${Array.isArray(value) ? `${value.length} entries` : `${written.length} characters`})` : written;
}
