/** The sections of a run's report. */
import type { Check } from "ottoflow/contract";
import type { Run } from "ottoflow/flow";
import type { Figure } from "ottoflow/io/figure/chart";
import { inlineSvg } from "ottoflow/io/figure/document";
import type { Resolved } from "ottoflow/spec/resolve";
import { math, section, tag, text } from "./html.ts";
import { boundWords, certificateSentence, numberWords, statusWords, verdictWords } from "./words.ts";

export function verdictBlock(run: Run): string {
  const good = run.holds;
  return tag(
    "div",
    { class: `verdict ${good ? "good" : "bad"}`, role: "status" },
    tag("strong", {}, good ? "✓ Certified" : "✗ Not certified"),
    tag("span", {}, text(`The run ${statusWords[run.status]} (${run.reason}). ${certificateSentence(run.checks, run.holds)}`)),
  );
}

export function last(column: Float64Array | undefined): number | null {
  return column && column.length > 0 && !Number.isNaN(column[column.length - 1]) ? column[column.length - 1] : null;
}

export function numbersBlock(run: Run, seconds: number): string {
  const items: [string, string][] = [
    ["final time", numberWords(run.time)],
    ["energy", numberWords(last(run.trace.energy))],
    ["mass", numberWords(last(run.trace.mass))],
    ["steps", String(run.steps)],
    ...(run.rejected > 0 ? ([["rejected steps", String(run.rejected)]] as [string, string][]) : []),
    ["computing", seconds < 100 ? `${Number(seconds.toPrecision(2))} s` : `${Math.round(seconds)} s`],
  ];
  return tag(
    "ul",
    { class: "numbers" },
    ...items.filter(([, value]) => value !== "").map(([name, value]) => tag("li", {}, tag("b", {}, text(value)), tag("span", {}, text(name)))),
  );
}

export function lawSection(resolved: Resolved): string {
  const { problem, scheme } = resolved;
  const energy = `F(\\rho) = ${problem.parts
    .map((part) => part.tex)
    .join(" + ")
    .replaceAll("+ -", "- ")}`;
  const lines = [problem.geometry.tex, energy, ...problem.drift.map((drift) => drift.tex), `\\rho_{${problem.start}} = ${problem.initial.tex}`];
  return section(
    "law",
    "The flow",
    tag(
      "div",
      { class: "law", tabindex: "0", role: "group", "aria-label": "the equation of the flow" },
      ...lines.filter((tex) => !tex.endsWith("= ")).map((tex) => tag("p", {}, math(tex, true))),
    ),
    tag(
      "p",
      { class: "small soft" },
      text(`Space: ${problem.space.kind}, dimension ${problem.space.dim}. Scheme: ${scheme.label}${scheme.tex ? ", " : ""}`),
      scheme.tex ? math(scheme.tex) : "",
      text(`; step ${numberWords(scheme.step)}, order ${scheme.promises.order}${scheme.promises.weak ? " (weak)" : ""}.`),
    ),
  );
}

export function figureBlock(figure: Figure, id: string, caption: string, slider = ""): string {
  return tag(
    "figure",
    {},
    tag("div", { class: "wide", tabindex: "0", role: "group", "aria-label": figure.title }, inlineSvg(figure, id)),
    slider,
    tag("figcaption", {}, text(caption)),
  );
}

export function certificateSection(checks: readonly Check[]): string {
  const order: readonly Check["verdict"][] = ["fail", "pass", "reported", "not-applicable"];
  const shown = checks.filter((check) => check.verdict !== "not-applicable").sort((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict));
  const rest = checks.filter((check) => check.verdict === "not-applicable");
  return section(
    "certificate",
    "Certificate",
    tag(
      "p",
      { class: "small soft" },
      "Hard checks are theorems about this scheme or promises of the geometry: one that fails makes the run uncertified. Reported ones are measured and left to judge.",
    ),
    shown.length > 0 ? checkTable(shown) : tag("p", {}, "No check applies."),
    rest.length > 0
      ? tag(
          "details",
          {},
          tag("summary", {}, text(`${rest.length} not applicable`)),
          tag("ul", { class: "small" }, ...rest.map((check) => tag("li", {}, text(`${check.title}: ${check.detail}`)))),
        )
      : "",
  );
}

function checkTable(checks: readonly Check[]): string {
  const head = ["Verdict", "What", "Measured", "Bound", "Where the bound comes from"].map((name) => tag("th", { scope: "col" }, name));
  const rows = checks.map((check) => {
    const { sign, word } = verdictWords[check.verdict];
    return tag(
      "tr",
      {},
      tag("td", { class: check.verdict }, text(`${sign} ${word}`)),
      tag("td", {}, tag("strong", {}, text(check.title)), check.hard ? "" : text(" (reported)"), tag("small", {}, text(check.detail))),
      tag("td", { class: "number", "data-label": "measured" }, text(numberWords(check.value))),
      tag("td", { class: "number", "data-label": "bound" }, text(boundWords(check))),
      tag("td", { "data-label": "source" }, text(plainMath(check.source))),
    );
  });
  return tag(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "certificate" },
    tag("table", { class: "cards" }, tag("thead", {}, tag("tr", {}, ...head)), tag("tbody", {}, ...rows)),
  );
}

const signs: Readonly<Record<string, string>> = {
  lambda: "λ",
  tau: "τ",
  rho: "ρ",
  eps: "ε",
  epsilon: "ε",
  int: "∫",
  sum: "∑",
  infinity: "∞",
  inf: "∞",
};
/** ASCII mathematics in a line of prose, as a reader would write it: `lambda`, `|dF|`, `<=`. */
export function plainMath(line: string): string {
  return line
    .replace(/\|dF\|/g, "|∂F|")
    .replace(/<=/g, "≤")
    .replace(/>=/g, "≥")
    .replace(/\^2(?![\d.])/g, "²")
    .replace(/\{([^{}]*)\}/g, "($1)")
    .replace(/(?<![A-Za-z])(lambda|tau|rho|eps|epsilon|int|sum|infinity|inf)(?![A-Za-z])/g, (word) => signs[word] ?? word);
}

/** The spec as a table, nested keys as paths; long lists are shortened (the whole spec follows below). */
export function parametersSection(spec: unknown): string {
  const rows: [string, string][] = [];
  const visit = (value: unknown, path: string): void => {
    if (Array.isArray(value) && value.some((item) => typeof item === "object" && item !== null && !Array.isArray(item)))
      for (const [i, item] of value.entries()) visit(item, `${path}[${i}]`);
    else if (typeof value === "object" && value !== null && !Array.isArray(value))
      for (const [key, item] of Object.entries(value)) visit(item, path ? `${path}.${key}` : key);
    else rows.push([path, shortened(value)]);
  };
  visit(spec, "");
  const body = rows
    .filter(([path]) => !["version", "title", "summary"].includes(path))
    .map(([path, value]) => tag("tr", {}, tag("td", {}, tag("code", {}, text(path))), tag("td", {}, text(value))));
  return section(
    "parameters",
    "Parameters",
    tag(
      "div",
      { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "parameters" },
      tag("table", {}, tag("thead", {}, tag("tr", {}, tag("th", { scope: "col" }, "Key"), tag("th", { scope: "col" }, "Value"))), tag("tbody", {}, ...body)),
    ),
  );
}
function shortened(value: unknown): string {
  const written = typeof value === "string" ? value : JSON.stringify(value);
  return written.length > 160 ? `${written.slice(0, 150)}… (${Array.isArray(value) ? `${value.length} entries` : `${written.length} characters`})` : written;
}
