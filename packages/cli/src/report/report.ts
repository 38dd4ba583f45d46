/** report.html of a run: everything a reader needs to see, judge, cite and repeat it, in one file. */
import type { ExactFlow } from "ottoflow/contract";
import type { Run } from "ottoflow/flow";
import type { Figure } from "ottoflow/io/figure/chart";
import { figuresOf } from "ottoflow/io/figure/figures";
import type { Resolved } from "ottoflow/spec/resolve";
import type { Environment } from "../environment.ts";
import { section, tag, text } from "./html.ts";
import { again } from "./named.ts";
import { page } from "./page.ts";
import { parametersSection } from "./parameters.ts";
import { certificateSection, figureBlock, lawSection, numbersBlock, verdictBlock } from "./parts.ts";
import { referencesSection } from "./references.ts";

export interface ReportInput {
  readonly title: string;
  readonly resolved: Resolved;
  readonly run: Run;
  readonly exact: ExactFlow | null;
  readonly environment: Environment;
  /** spec.json as written beside the report */
  readonly specText: string;
}

export function runReport(input: ReportInput): string {
  const { title, resolved, run, exact } = input;
  const picture = {
    title,
    times: run.frames.map((frame) => frame.t),
    frames: run.frames.map((frame) => frame.measure),
    trace: run.trace,
    ...(exact ? { exact: (t: number) => exact.law(t) } : {}),
  };
  const figures = figuresOf(picture, "run");
  const body = [
    tag(
      "header",
      {},
      tag("p", { class: "kicker" }, text(`Ottoflow ${input.environment.engine} · gradient flow of a probability measure`)),
      tag("h1", {}, text(title)),
      resolved.summary ? tag("p", {}, text(resolved.summary)) : "",
    ),
    verdictBlock(run),
    numbersBlock(run, input.environment.seconds),
    lawSection(resolved),
    section(
      "figures",
      "What happened",
      ...figures.map((figure, i) =>
        figureBlock(
          figure,
          `run-${i}`,
          figure.caption.replace("the closed-form solution", exact ? `the closed-form solution (${exact.title})` : "the closed-form solution"),
          i === 0 ? slider(figure, picture.times) : "",
        ),
      ),
    ),
    certificateSection(run.checks),
    parametersSection(resolved),
    reproduceSection(input),
    referencesSection(exact ? [...new Set([...resolved.refs, ...exact.refs])].sort() : resolved.refs),
  ].join("");
  return page(`${title} — Ottoflow`, body, script);
}

/** Looks at one time alone. Without scripts it stays hidden and the figure shows all times. */
function slider(figure: Figure, times: readonly number[]): string {
  const frames = [...figure.body.matchAll(/data-frame="(\d+)"/g)].map((found) => Number(found[1]));
  if (frames.length < 2) return "";
  const list = JSON.stringify(frames.map((i) => times[i]));
  return `<p class="slider" hidden><label for="frame">One time alone</label><input id="frame" type="range" min="-1" max="${frames.length - 1}" value="-1" step="1" data-times="${text(list)}"><output for="frame">all times</output></p>`;
}
const script = `(()=>{const input=document.getElementById("frame");if(!input)return;input.parentElement.hidden=false;const times=JSON.parse(input.dataset.times),curves=[...input.closest("figure").querySelectorAll("[data-frame]")],output=input.parentElement.querySelector("output");input.addEventListener("input",()=>{const k=Number(input.value);curves.forEach((c,i)=>{c.style.opacity=k<0||i===k?"":"0.07"});output.value=k<0?"all times":"t = "+Number(times[k].toPrecision(4));input.setAttribute("aria-valuetext",output.value)})})()`;

function reproduceSection({ specText, environment, resolved }: ReportInput): string {
  const inputs = resolved.inputs.length > 0 ? tag("p", {}, text(`Input files are beside this report under inputs/, with their digests in spec.json.`)) : "";
  const rows: [string, string][] = [
    ["Ottoflow", environment.engine],
    ["Node", environment.node],
    ["System", environment.system],
    ["Seed", String(resolved.problem.seed)],
    ["Finished", environment.finished],
  ];
  return section(
    "reproduce",
    "Run it again",
    tag("p", {}, "In the folder of this report; the same numbers, bit for bit, with the same version:"),
    tag("pre", { tabindex: "0" }, text("ottoflow run spec.json --out again")),
    again(resolved.parameters),
    inputs,
    tag(
      "div",
      { class: "scroll" },
      tag("table", {}, tag("tbody", {}, ...rows.map(([name, value]) => tag("tr", {}, tag("th", { scope: "row" }, text(name)), tag("td", {}, text(value)))))),
    ),
    tag(
      "details",
      {},
      tag("summary", {}, "spec.json"),
      tag(
        "pre",
        { tabindex: "0" },
        text(specText.length > 100_000 ? `${specText.slice(0, 100_000)}\n… (shortened; the whole spec is in spec.json)` : specText),
      ),
    ),
  );
}
