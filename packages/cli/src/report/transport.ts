/** Reports of couplings: the answer and how good it is, who goes where, the interpolation, potentials; the same for colours and for series. */
import type { Cells, Particles } from "ottoflow/contract";
import type { Figure } from "ottoflow/io/figure/chart";
import { framesFigure } from "ottoflow/io/figure/figures";
import { formatNumber } from "ottoflow/io/figure/number";
import { dataAddress } from "ottoflow/io/figure/raster";
import { mapFigure, planFigure, potentialFigure, raysFigure } from "ottoflow/io/figure/transport";
import { catalogue } from "ottoflow/spec/catalogue.gen";
import type { Applied } from "ottoflow/transport/apply";
import { htmlTable } from "../tables.ts";
import { pngOf, type Transfer } from "../transport/colour.ts";
import { gapWords } from "../transport/gap.ts";
import type { Pair } from "../transport/pair.ts";
import { fateTable, type Times } from "../transport/times.ts";
import { version } from "../version.ts";
import { math, section, tag, text } from "./html.ts";
import { page } from "./page.ts";
import { certificateSection, figureBlock } from "./parts.ts";
import { referencesSection } from "./references.ts";

const number = (v: number, digits = 8): string => formatNumber(v, digits);
const header = (title: string): string => tag("header", {}, tag("p", { class: "kicker" }, text(`Ottoflow ${version} · transport`)), tag("h1", {}, text(title)));

export function pairReport(pair: Pair, applied: Applied | null): string {
  const { problem, answer } = pair;
  const figures = [...couplingFigures(pair), ...potentialFigures(pair)];
  const body = [
    header(`${pair.from.name} to ${pair.to.name}`),
    verdict(pair),
    numbers(pair),
    section("problem", "The problem", problemBody(pair)),
    certificateSection(pair.checks),
    section("figures", "Who goes where", ...figures.map((figure, k) => figureBlock(figure, `figure-${k}`, figure.caption))),
    pair.frames ? section("interpolation", "Displacement interpolation", interpolationBody(pair)) : "",
    applied
      ? section(
          "applied",
          "New points",
          tag("p", {}, text(`${applied.target.length / problem.from.space.dim} points were mapped by ${applied.how}. They stand in applied.csv.`)),
        )
      : "",
    notesSection([...pair.notes, ...answer.notes], answer.figures),
    referencesSection(refsOf(answer.solver)),
  ].join("");
  return page(`${pair.from.name} to ${pair.to.name} — Ottoflow`, body);
}
const refsOf = (solver: string): string[] => [...(catalogue.find((unit) => unit.role === "transport" && unit.kind === solver)?.refs ?? [])].sort();

function verdict(pair: Pair): string {
  const { answer, holds } = pair;
  const words = holds
    ? `No plan is better by more than ${answer.rounding !== undefined && answer.gap <= answer.rounding ? "rounding" : number(Math.max(0, answer.gap), 2)}: the ${answer.certifies} problem was solved by ${answer.solver}.`
    : `The solver ${answer.solver} ended with the status "${answer.status}"; what is known stands below.`;
  return tag(
    "div",
    { class: `verdict ${holds ? "good" : "bad"}`, role: "status" },
    tag("strong", {}, holds ? "✓ Certified" : "✗ Not certified"),
    tag("span", {}, text(words)),
  );
}
function numbers(pair: Pair): string {
  const { answer, problem, distance } = pair;
  const p = problem.cost.metric;
  const items: [string, string][] = [
    ["value", number(answer.value)],
    ...(distance !== null && p !== undefined && p !== 1 ? ([[`W_${p}`, number(distance)]] as [string, string][]) : []),
    ...(pair.bracket ? ([[`W_${p}, without entropy`, `${number(pair.bracket[0], 5)} to ${number(pair.bracket[1], 5)}`]] as [string, string][]) : []),
    ...(answer.regularised === answer.value ? [] : ([["minimised", number(answer.regularised)]] as [string, string][])),
    ["duality gap", gapWords(answer, 2)],
    ["marginals off by", number(Math.max(...answer.defect), 2)],
    ["computing", `${number(pair.seconds, 2)} s`],
  ];
  return tag("ul", { class: "numbers" }, ...items.map(([name, value]) => tag("li", {}, tag("b", {}, text(value)), tag("span", {}, text(name)))));
}
function problemBody(pair: Pair): string {
  const { problem, answer } = pair;
  const marginal = (k: 0 | 1): string => {
    const m = problem.marginals[k];
    return m.kind === "equal"
      ? `P_${k + 1} = ${k === 0 ? "a" : "b"}`
      : m.kind === "kl"
        ? `P_${k + 1} \\approx ${k === 0 ? "a" : "b"}\\ (${m.weight}\\,\\mathrm{KL})`
        : `P_${k + 1} \\le ${k === 0 ? "a" : "b"}`;
  };
  const tex = `\\min_{P \\ge 0} \\langle C, P \\rangle${problem.epsilon > 0 ? ` + ${problem.epsilon}\\, \\mathrm{KL}(P \\mid a \\otimes b)` : ""}, \\quad ${marginal(0)},\\ ${marginal(1)}, \\quad C = ${problem.cost.tex}`;
  const rows = [pair.from, pair.to].map((side) => [
    side.file.split(/[\\/]/).pop() as string,
    side.what,
    Number.isNaN(side.rounding) ? "statistical" : number(side.rounding, 3),
  ]);
  return [
    tag("div", { class: "law", tabindex: "0", role: "group", "aria-label": "the problem" }, tag("p", {}, math(tex, true))),
    htmlTable({ columns: ["side", "what it is", "W₂ of the file to it"], rows }, "sides"),
    tag("p", { class: "small soft" }, text(`Convention: ${answer.convention}.`)),
  ].join("");
}

function couplingFigures(pair: Pair): Figure[] {
  const { problem, answer, target } = pair;
  const { from, to } = problem;
  const figures: (Figure | null)[] = [];
  if (from.rep === "particles" && to.rep === "particles" && answer.plan)
    figures.push(raysFigure(from, to, answer.plan, "rays"), planFigure(from, to, answer.plan, "plan"));
  if (from.rep === "cells" && target) figures.push(mapFigure(from, target, "map"));
  if (from.rep === "gaussian" && to.rep === "gaussian")
    figures.push(framesFigure({ title: "the two Gaussians", times: [0, 1], frames: [from, to], trace: {} }, "gaussians"));
  return figures.filter((figure) => figure !== null);
}
function potentialFigures(pair: Pair): Figure[] {
  const { potentials } = pair.answer;
  const { from, to } = pair.problem;
  if (!potentials) return [];
  const drawn = (m: typeof from, values: Float64Array, name: string): Figure | null =>
    m.rep === "cells" || m.rep === "particles" ? potentialFigure(m as Cells | Particles, values, `potential-${name}`, name) : null;
  return [drawn(from, potentials.f, "f"), drawn(to, potentials.g, "g")].filter((figure) => figure !== null);
}
/** The frames of the interpolation side by side, or null where there is nothing to draw. */
export function interpolationFigure(pair: Pair): Figure | null {
  if (!pair.frames) return null;
  const { times, measures } = pair.frames;
  return framesFigure({ title: "interpolation", times, frames: measures, trace: {} }, "interpolation");
}
function interpolationBody(pair: Pair): string {
  const { measures } = pair.frames as NonNullable<Pair["frames"]>;
  const figure = interpolationFigure(pair);
  if (!figure) return "";
  const caption = "Mass moves on straight lines at constant speed; t runs from the first side to the second.";
  return figureBlock(figure, "interpolation", measures[0].rep === "cells" ? `${caption} Points are shared among the nearest cells to be drawn.` : caption);
}
function notesSection(notes: readonly string[], figures: Readonly<Record<string, number>>): string {
  const entries = Object.entries(figures);
  if (notes.length === 0 && entries.length === 0) return "";
  return section(
    "notes",
    "Notes",
    notes.length > 0 ? tag("ul", {}, ...notes.map((note) => tag("li", {}, text(note)))) : "",
    entries.length > 0 ? htmlTable({ columns: ["figure", "value"], rows: entries.map(([name, value]) => [name, value]) }, "further numbers of the solver") : "",
  );
}

/** Both photographs and the recoloured one, with what the rounding of colours costs. */
export function colourReport(pair: Pair, transfer: Transfer): string {
  const picture = (name: string, caption: string, bytes: Uint8Array): string =>
    tag(
      "figure",
      {},
      tag("img", { src: dataAddress("image/png", bytes), alt: name, style: "max-width:100%;height:auto" }),
      tag("figcaption", {}, text(caption)),
    );
  const [a, b] = [pair.from, pair.to];
  const distance = pair.distance ?? Number.NaN;
  const body = [
    header(`${a.name} in the colours of ${b.name}`),
    verdict(pair),
    numbers(pair),
    tag(
      "p",
      {},
      text(
        `Colours were rounded to ${a.palette?.n} and ${b.palette?.n} atoms; the photographs' own colours are at most ${number(a.rounding, 3)} and ${number(b.rounding, 3)} away from them in W₂, so W₂ of the photographs lies in [${number(Math.max(0, distance - pair.rounding), 5)}, ${number(distance + pair.rounding, 5)}]. ${number(100 * transfer.cut, 3)} % of the channel values left the range of colours and were cut.`,
      ),
    ),
    section(
      "pictures",
      "The pictures",
      picture(
        `${a.name} recoloured`,
        `${a.name} with the colours of ${b.name}, ${transfer.width} × ${transfer.height} pixels: each pixel moves as the atom of its colour.`,
        pngOf(transfer),
      ),
      ...[a, b].flatMap((side) => (side.picture ? [picture(side.name, side.name, pngOf(side.picture))] : [])),
    ),
    section(
      "colours",
      "Where the colours go",
      ...couplingFigures(pair).map((figure, k) => figureBlock(figure, `figure-${k}`, `${figure.caption.replace(/x1, x2|x, y/g, "red and green")}`)),
    ),
    certificateSection(pair.checks),
    section("problem", "The problem", problemBody(pair)),
    notesSection([...pair.notes, ...pair.answer.notes], pair.answer.figures),
    referencesSection([...new Set([...refsOf(pair.answer.solver), "heckbert1982"])].sort()),
  ].join("");
  return page(`${a.name} in the colours of ${b.name} — Ottoflow`, body);
}

/** A series: each leg, the held-out times, growth and fates. */
export function timesReport(found: Times): string {
  const { series, snapshots } = found;
  const good = series.legs.every((leg) => leg.coupling.status === "optimal");
  const legs = series.legs.map(({ from, to, coupling: c, growth }) => {
    const finite = Array.from(growth)
      .filter(Number.isFinite)
      .sort((a, b) => a - b);
    return [`${from} → ${to}`, c.value, gapWords(c, 2), Math.max(...c.defect), c.solver, c.status, finite.length > 0 ? finite[finite.length >> 1] : null];
  });
  const fates = fateTable(found);
  const name = found.file.split(/[\\/]/).pop() as string;
  const body = [
    header(`${name} over time`),
    tag(
      "div",
      { class: `verdict ${good ? "good" : "bad"}`, role: "status" },
      tag("strong", {}, good ? "✓ Certified" : "✗ Not certified"),
      tag("span", {}, text(`${series.legs.length} couplings between ${snapshots.length} times in ${found.names.length} coordinates.`)),
    ),
    section(
      "legs",
      "From time to time",
      htmlTable({ columns: ["times", "value", "gap", "marginals off by", "solver", "status", "median growth rate"], rows: legs }, "couplings"),
      tag("p", { class: "small soft" }, text(`Convention: ${series.legs[0].coupling.convention}. Growth rates stand in growth.csv.`)),
    ),
    series.heldOut.length > 0
      ? section(
          "held-out",
          "Held-out times",
          htmlTable(
            {
              columns: ["time", "transport", "mixing", "time before", "time after"],
              rows: series.heldOut.map((h) => [String(h.t), h.transport, h.mixing, h.before, h.after]),
            },
            "held-out times",
          ),
          tag(
            "p",
            { class: "small soft" },
            "W₂ to what was seen at that time, of the displacement interpolation of its neighbours, of their mixture, and of each of them. Lower is better.",
          ),
        )
      : "",
    fates
      ? section(
          "fates",
          "Where groups end up",
          htmlTable({ columns: ["group at the first time", ...found.groups], rows: found.groups.map((g, k) => [g, ...fates[k]]) }, "fates"),
          tag("p", { class: "small soft" }, "Mean share of each group among the descendants, couplings glued from time to time."),
        )
      : "",
    section("figures", "Who goes where", ...series.legs.slice(0, 4).flatMap((leg, k) => (leg.coupling.plan ? [legFigure(found, k)] : []))),
    referencesSection([...new Set([...series.legs.flatMap((leg) => refsOf(leg.coupling.solver)), "schiebinger2019", "tong2020"])].sort()),
  ].join("");
  return page(`${name} over time — Ottoflow`, body);
}
function legFigure(found: Times, k: number): string {
  const leg = found.series.legs[k];
  const figure = raysFigure(found.snapshots[k].cloud, found.snapshots[k + 1].cloud, leg.coupling.plan!, `leg-${k}`);
  return figureBlock(figure, `leg-${k}`, `From t = ${leg.from} to t = ${leg.to}. ${figure.caption}`);
}
