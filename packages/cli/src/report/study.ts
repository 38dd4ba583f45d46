/** The report of a study: one table, one figure per question. */
import type { Study } from "../study/study.ts";
import { htmlTable, latexTable } from "../tables.ts";
import { version } from "../version.ts";
import { section, tag, text } from "./html.ts";
import { page } from "./page.ts";
import { figureBlock } from "./parts.ts";
import { referencesSection } from "./references.ts";

export function studyReport(study: Study): string {
  const body = [
    tag("header", {}, tag("p", { class: "kicker" }, text(`Ottoflow ${version} · study`)), tag("h1", {}, text(study.title))),
    tag("div", { class: "verdict", role: "status" }, tag("span", {}, text(study.summary))),
    section(
      "table",
      "Table",
      htmlTable(study.table, "results of the study"),
      tag("details", {}, tag("summary", {}, "LaTeX (booktabs)"), tag("pre", { tabindex: "0" }, text(latexTable(study.table)))),
    ),
    study.figures.length > 0
      ? section(
          "figures",
          study.refinement ? "Convergence" : "Against the parameter",
          ...study.figures.map((figure, i) => figureBlock(figure, `study-${i}`, figure.caption)),
        )
      : "",
    referencesSection(study.refs),
  ].join("");
  return page(`${study.title} — Ottoflow`, body);
}
