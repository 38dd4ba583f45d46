/** The report of a comparison: who agrees with whom, within what, and what each of them computed. */

import { figuresOf } from "ottoflow/io/figure/figures";
import { type Comparison, type Member, memberTable, pairTable, refinedTable, verdictOf } from "../comparison.ts";
import { errorBarRefs } from "../members.ts";
import { htmlTable } from "../tables.ts";
import { version } from "../version.ts";
import { section, tag, text } from "./html.ts";
import { page } from "./page.ts";
import { figureBlock } from "./parts.ts";
import { referencesSection } from "./references.ts";
import { statusWords } from "./words.ts";

export function comparisonReport(found: Comparison): string {
  const { title, members, pairs, refused } = found;
  const differ = pairs.some((pair) => pair.agree === false);
  const judged = pairs.every((pair) => pair.agree !== null);
  const refined = refinedTable(found);
  const body = [
    tag("header", {}, tag("p", { class: "kicker" }, text(`Ottoflow ${version} · comparison`)), tag("h1", {}, text(title))),
    tag("div", { class: `verdict ${differ ? "bad" : judged ? "good" : ""}`, role: "status" }, tag("span", {}, text(verdictOf(found)))),
    section(
      "pairs",
      "Distances",
      htmlTable(pairTable(pairs), "distances"),
      tag(
        "p",
        { class: "small soft" },
        "Distances at the final time. An error bar adds what both schemes may be off and what the distance itself may be off; the largest distance is taken over the times that both keep. How each part of a scheme's own error came about stands below, under its name.",
      ),
    ),
    refined
      ? section(
          "refined",
          "On finer discretisations",
          htmlTable(refined, "distances on finer discretisations"),
          tag(
            "p",
            { class: "small soft" },
            "Each refinement halves every step and width, divides tolerances by ten, doubles cells, nodes and particles, takes 2^(3/2) times the particles per axis where a width is halved and four times as many where they are random: schemes that approximate one flow must come closer to each other.",
          ),
        )
      : "",
    section(
      "members",
      "Schemes",
      htmlTable(memberTable(members), "schemes"),
      ...members.map(memberBlock),
      ...refused.map((r) => tag("p", {}, text(`${r.name} could not run: ${r.because}`))),
    ),
    section("figures", "What each computed", ...members.map((member, k) => figuresSection(member, k))),
    referencesSection([...new Set([...members.flatMap((member) => member.resolved.refs), ...errorBarRefs])].sort()),
  ].join("");
  return page(`${title}, compared — Ottoflow`, body);
}

function memberBlock(member: Member): string {
  const bars = member.parts.map((part) => tag("li", {}, text(`${part.source}: ${part.value === null ? "–" : part.value.toPrecision(3)} (${part.how})`)));
  return tag(
    "details",
    {},
    tag("summary", {}, text(`${member.name}: ${statusWords[member.run.status]}`)),
    tag(
      "ul",
      { class: "small" },
      ...bars,
      ...member.run.checks.filter((c) => c.verdict !== "not-applicable").map((c) => tag("li", {}, text(`${c.title}: ${c.verdict}`))),
    ),
    tag("pre", { tabindex: "0" }, text(JSON.stringify(member.resolved.spec.scheme, null, 2))),
  );
}
function figuresSection(member: Member, k: number): string {
  const picture = { title: member.name, times: member.run.frames.map((f) => f.t), frames: member.run.frames.map((f) => f.measure), trace: member.run.trace };
  return figuresOf(picture, `member-${k}`)
    .filter((figure) => figure.name !== "parts")
    .map((figure, i) => figureBlock(figure, `member-${k}-${i}`, `${member.name}: ${figure.title.split(":")[0].toLowerCase()}`))
    .join("");
}
