/** report.html of a path: the answer and how good it is, the curve, its cost at each time. */
import type { PathResult } from "ottoflow/contract";
import { framesFigure } from "ottoflow/io/figure/figures";
import { formatNumber } from "ottoflow/io/figure/number";
import { kineticFigure, velocityFigure } from "ottoflow/io/figure/path";
import type { ResolvedPath } from "ottoflow/spec/path";
import type { Environment } from "../environment.ts";
import { math, section, tag, text } from "./html.ts";
import { again, namedTable } from "./named.ts";
import { page } from "./page.ts";
import { certificateSection, figureBlock } from "./parts.ts";
import { referencesSection } from "./references.ts";
import { certificateSentence } from "./words.ts";

export interface PathReportInput {
  readonly title: string;
  readonly resolved: ResolvedPath;
  readonly result: PathResult;
  readonly holds: boolean;
  readonly environment: Environment;
  readonly seconds: number;
  readonly specText: string;
}
const number = (v: number | null, digits = 8): string => (v === null ? "none" : formatNumber(v, digits));

export function pathReport(input: PathReportInput): string {
  const { title, resolved, result } = input;
  const picture = { title, times: result.frames.map((frame) => frame.t), frames: result.frames.map((frame) => frame.measure), trace: {} };
  const figures = [framesFigure(picture, "path-frames"), velocityFigure(result, "path-velocity"), kineticFigure(result, "path-kinetic")].filter(
    (figure) => figure !== null,
  );
  const body = [
    tag(
      "header",
      {},
      tag("p", { class: "kicker" }, text(`Ottoflow ${input.environment.engine} · path of measures`)),
      tag("h1", {}, text(title)),
      resolved.summary ? tag("p", {}, text(resolved.summary)) : "",
    ),
    verdict(input),
    numbers(input),
    section("problem", "The problem", problem(resolved, result), namedTable(resolved.parameters)),
    section("figures", "What happens", ...figures.map((figure, i) => figureBlock(figure, `path-${i}`, figure.caption))),
    certificateSection(result.checks),
    result.notes.length > 0 ? section("notes", "Notes", tag("ul", {}, ...result.notes.map((note) => tag("li", {}, text(note))))) : "",
    reproduce(input),
    referencesSection(resolved.refs),
  ].join("");
  return page(`${title} — Ottoflow`, body);
}

function verdict({ result, holds }: PathReportInput): string {
  const gap = result.gap === null ? "" : ` No discrete path costs less by more than ${number(Math.max(result.gap, 0), 2)}.`;
  return tag(
    "div",
    { class: `verdict ${holds ? "good" : "bad"}`, role: "status" },
    tag("strong", {}, holds ? "✓ Certified" : "✗ Not certified"),
    tag("span", {}, text(`The search ended with the status "${result.status}".${gap} ${certificateSentence(result.checks, holds)}`)),
  );
}

function numbers({ result, seconds }: PathReportInput): string {
  const { continuous } = result;
  const items: [string, string][] = [
    ["action", number(result.action)],
    ["lower bound", number(result.dual)],
    ["gap", number(result.gap, 2)],
    ...(continuous ? ([["on the continuum", `${number(continuous.lower, 6)} to ${number(continuous.upper, 6)}`]] as [string, string][]) : []),
    ["iterations", String(result.iterations)],
    ["computing", `${number(seconds, 2)} s`],
  ];
  return tag("ul", { class: "numbers" }, ...items.map(([name, value]) => tag("li", {}, tag("b", {}, text(value)), tag("span", {}, text(name)))));
}

function problem(resolved: ResolvedPath, result: PathResult): string {
  const { solver, problem: p } = resolved;
  const ends = [p.from, p.to].filter((law) => law.tex !== "").map((law, k) => tag("p", {}, math(`\\rho_${k} = ${law.tex}`, true)));
  return [
    tag("div", { class: "law", tabindex: "0", role: "group", "aria-label": "the problem" }, tag("p", {}, math(solver.tex, true)), ...ends),
    tag("p", { class: "small soft" }, text(`${result.convention}. Space: ${p.space.kind}, dimension ${p.space.dim}.`)),
    result.continuous ? tag("p", { class: "small soft" }, text(`Bounds on the continuum: ${result.continuous.because}.`)) : "",
  ].join("");
}

function reproduce({ specText, environment, resolved }: PathReportInput): string {
  return section(
    "reproduce",
    "Run it again",
    tag("p", {}, "In the folder of this report; the same numbers, bit for bit, with the same version:"),
    tag("pre", { tabindex: "0" }, text("ottoflow run spec.json --out again")),
    again(resolved.parameters),
    tag("p", { class: "small soft" }, text(`Ottoflow ${environment.engine}, Node ${environment.node}, ${environment.system}, ${environment.finished}`)),
    tag("details", {}, tag("summary", {}, "spec.json"), tag("pre", { tabindex: "0" }, text(specText.slice(0, 100_000)))),
  );
}
