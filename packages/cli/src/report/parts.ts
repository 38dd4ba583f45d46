/** The sections of a run's report. */
import type { Check } from "ottoflow/contract";
import type { Run } from "ottoflow/flow";
import { numberTex } from "ottoflow/formula/numerals";
import type { Figure } from "ottoflow/io/figure/chart";
import { inlineSvg } from "ottoflow/io/figure/document";
import { formatNumber } from "ottoflow/io/figure/number";
import { energyTex } from "ottoflow/spec/derivation";
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
  const { initial } = problem;
  // some schemes only have words, which their name says as well
  const formula = /^\\text\{[^}]*\}$/.test(scheme.tex) ? "" : scheme.tex;
  const lines = [
    problem.geometry.tex,
    energyTex(problem),
    ...problem.drift.map((drift) => drift.tex),
    ...(initial.tex === "" ? [] : [`\\rho_{${numberTex(problem.start)}} = ${withMass(initial.mass, initial.tex)}`]),
  ];
  return section(
    "law",
    "The flow",
    tag("div", { class: "law", tabindex: "0", role: "group", "aria-label": "the equation of the flow" }, ...lines.map((tex) => tag("p", {}, math(tex, true)))),
    tag(
      "p",
      { class: "small soft" },
      text(`Space: ${problem.space.kind}, dimension ${problem.space.dim}. Scheme: ${scheme.label}${formula ? ", " : ""}`),
      formula ? math(formula) : "",
      text(`; step ${numberWords(scheme.step)}, order ${scheme.promises.order}${scheme.promises.weak ? " (weak)" : ""}.`),
    ),
  );
}
const withMass = (mass: number, tex: string): string => (mass === 1 ? tex : `${numberTex(mass)}\\, ${/ [+-] /.test(tex) ? `\\bigl(${tex}\\bigr)` : tex}`);

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
  const shown = checks.filter((check) => check.verdict !== "not-applicable");
  const rest = checks.filter((check) => check.verdict === "not-applicable");
  return section(
    "certificate",
    "Certificate",
    tag(
      "p",
      { class: "small soft" },
      "Hard checks are theorems about this scheme or promises of the geometry: one that fails makes the run uncertified. The others are measured and left to judge.",
    ),
    shown.length > 0 ? checkTable(shown) : tag("p", {}, "No check applies."),
    rest.length > 0
      ? tag(
          "details",
          {},
          tag("summary", {}, text(`${rest.length} not applicable`)),
          tag("ul", { class: "small" }, ...rest.map((check) => tag("li", {}, text(`${check.title}: ${plainNumbers(check.detail)}`)))),
        )
      : "",
  );
}

/** Hard ones first and the worst of them on top, then what was measured. */
export function inOrder(checks: readonly Check[]): Check[] {
  const verdicts: readonly Check["verdict"][] = ["fail", "pass", "reported", "not-applicable"];
  const rank = (check: Check): number => (check.verdict === "not-applicable" ? 20 : (check.hard ? 0 : 10) + verdicts.indexOf(check.verdict));
  return [...checks].sort((a, b) => rank(a) - rank(b));
}

function checkTable(checks: readonly Check[]): string {
  const head = ["Verdict", "What", "Measured", "Bound", "Where the bound comes from"].map((name) => tag("th", { scope: "col" }, name));
  const sorted = inOrder(checks);
  const group = (name: string, hard: boolean): string => {
    const rows = sorted.filter((check) => check.hard === hard).map(checkRow);
    return rows.length === 0 ? "" : tag("tbody", {}, tag("tr", { class: "group" }, tag("th", { colspan: "5", scope: "rowgroup" }, name)), ...rows);
  };
  return tag(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-labelledby": "certificate" },
    tag("table", { class: "cards checks" }, tag("thead", {}, tag("tr", {}, ...head)), group("Hard checks", true), group("Measured", false)),
  );
}
function checkRow(check: Check): string {
  const { sign, word } = verdictWords[check.verdict];
  return tag(
    "tr",
    {},
    tag("td", { class: check.verdict }, text(`${sign} ${word}`)),
    tag("td", {}, tag("strong", {}, text(check.title)), tag("small", {}, text(plainNumbers(check.detail)))),
    tag("td", { class: "number", "data-label": "measured" }, text(check.value === null ? "" : formatNumber(check.value))),
    tag("td", { class: "number", "data-label": "bound" }, text(boundWords(check))),
    tag("td", { "data-label": "source" }, text(plainMath(check.source))),
  );
}

/** Numbers in a line of prose as a reader would write them: no long tails of digits, powers of ten as such. */
export function plainNumbers(line: string): string {
  return line
    .replace(/-?\d+(?:\.\d+)?e[+-]?\d+/gi, (number) => formatNumber(Number(number), 5))
    .replace(/-?\d+\.\d{9,}/g, (number) => formatNumber(Number(number), 5));
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
