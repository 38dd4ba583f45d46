/** The named numbers of a spec in a report. */
import type { Parameter } from "ottoflow/spec/parameters";
import { writtenName } from "../folder/written.ts";
import { ruleOf } from "../named.ts";
import { tag, text } from "./html.ts";

/** Name, value, range and meaning; nothing where there are none. */
export function namedTable(parameters: readonly Parameter[]): string {
  if (parameters.length === 0) return "";
  const head = ["Parameter", "Value", "Range", "Meaning"].map((word) => tag("th", { scope: "col" }, word));
  const rows = parameters.map((p) =>
    tag(
      "tr",
      {},
      tag("td", { class: "key" }, tag("code", {}, text(p.name))),
      tag("td", {}, text(String(p.value))),
      tag("td", {}, text(ruleOf(p))),
      tag("td", { class: "small soft" }, text([p.title, p.summary].filter(Boolean).join(": "))),
    ),
  );
  return tag(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": "named parameters of the spec" },
    tag("table", { class: "cards settings" }, tag("thead", {}, tag("tr", {}, ...head)), tag("tbody", {}, ...rows)),
  );
}

/** How to run the spec with other values. */
export function again(parameters: readonly Parameter[]): string {
  const [first] = parameters;
  if (!first) return "";
  return [
    tag("p", {}, text("With other values of the parameters; spec.json holds the numbers of this run, written.json their names:")),
    tag("pre", { tabindex: "0" }, text(`ottoflow run ${writtenName} --set ${first.name}=${first.value} --out other`)),
  ].join("");
}
