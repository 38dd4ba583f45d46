/** The report of a comparison: who agrees with whom, within what, and what each of them computed. */

import { figuresOf } from "ottoflow/io/figure/figures";
import { type Member, memberTable, type Pair, pairTable, type Refused } from "../comparison.ts";
import { htmlTable } from "../tables.ts";
import { version } from "../version.ts";
import { section, tag, text } from "./html.ts";
import { page } from "./page.ts";
import { figureBlock } from "./parts.ts";
import { referencesSection } from "./references.ts";
import { statusWords } from "./words.ts";

export function comparisonReport(title: string, members: readonly Member[], pairs: readonly Pair[], refused: readonly Refused[]): string {
  const judged = pairs.filter((pair) => pair.agree !== null);
  const differ = judged.filter((pair) => pair.agree === false);
  const verdict =
    judged.length === 0
      ? "No error bars were computed, so the distances below are not judged."
      : differ.length === 0
        ? `All ${judged.length === 1 ? "" : `${judged.length} `}pairs agree within their error bars.`
        : `${differ.length} of ${judged.length} pairs differ by more than their error bars: ${differ.map((pair) => `${pair.a} and ${pair.b}`).join(", ")}.`;
  const body = [
    tag("header", {}, tag("p", { class: "kicker" }, text(`Ottoflow ${version} · comparison`)), tag("h1", {}, text(title))),
    tag("div", { class: `verdict ${differ.length > 0 ? "bad" : judged.length > 0 ? "good" : ""}`, role: "status" }, tag("span", {}, text(verdict))),
    section(
      "pairs",
      "Distances",
      htmlTable(pairTable(pairs), "distances"),
      tag(
        "p",
        { class: "small soft" },
        "Distances at the final time. An error bar adds what both schemes may be off and what the distance itself may be off; the largest distance is taken over the times that both keep. Own errors come from halving the step, refining cells or count, or another seed; what a scheme smooths by a fixed width is not in them.",
      ),
    ),
    section(
      "members",
      "Schemes",
      htmlTable(memberTable(members), "schemes"),
      ...members.map(memberBlock),
      ...refused.map((r) => tag("p", {}, text(`${r.name} could not run: ${r.because}`))),
    ),
    section("figures", "What each computed", ...members.map((member, k) => figuresSection(member, k))),
    referencesSection([...new Set(members.flatMap((member) => member.resolved.refs))].sort()),
  ].join("");
  return page(`${title}, compared — Ottoflow`, body);
}

function memberBlock(member: Member): string {
  const bars = member.parts.map((part) => tag("li", {}, text(`${part.source}: ${part.value.toPrecision(3)} (${part.how})`)));
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
