// What most programs of pictures need: flows and paths of the gallery, and panels for a narrow column that light and dark readers see alike.
import { readFileSync } from "node:fs";
import { resolveSpec, runFlow, runPath } from "ottoflow";
import { colourBar, panel } from "ottoflow/io/figure/chart";
import { seriesColour, timeColour } from "ottoflow/io/figure/colour";
import { curveOf } from "ottoflow/io/figure/curves";
import { drawSeries } from "ottoflow/io/figure/ledger";
import { padded, rangeOf } from "ottoflow/io/figure/scale";
import { element, label, pixels, polyline, textWidth } from "ottoflow/io/figure/svg";

export { element, label, pixels, polyline, seriesColour, timeColour };

/** Pictures are read on telephones too: at this width letters stay letters there. */
export const WIDTH = 480;
const BAR = 58;

const specs = new URL("../../specs/", import.meta.url);
const read = (path) => Promise.resolve(new Uint8Array(readFileSync(new URL(path, specs))));
export const specOf = (name) => JSON.parse(readFileSync(new URL(`${name}.json`, specs), "utf8"));

/**
 * A flow of the gallery to its end. `frames`: how many equal spans of time between frames; `set`, `variant`, `quick` as for resolveSpec.
 * @throws where it does not reach its end
 */
export async function card(name, { frames = 0, ...options } = {}) {
  return flowOf(specOf(name), { frames, ...options });
}
/** A spec that stands in the program itself. */
export async function flowOf(spec, { frames = 0, ...options } = {}) {
  const resolved = await resolveSpec(spec, { read, ...options });
  const start = resolved.problem.start;
  const run = await runFlow(frames > 0 ? { ...resolved, observe: { ...resolved.observe, frames: { time: (resolved.until - start) / frames } } } : resolved);
  if (run.status !== "reached-end") throw new Error(`${resolved.title}: ${run.status}. ${run.reason}`);
  return run;
}
export const path = (name, options = {}) => runPath(specOf(name), { read, ...options });

/** The frame of a run that is nearest to a time. */
export const frameAt = (run, t) => run.frames.reduce((best, frame) => (Math.abs(frame.t - t) < Math.abs(best.t - t) ? frame : best));

/** A density on the line as a series: at middles of cells, histograms and cells between quantile nodes too. */
export function density(measure, { lo, hi, bins = 60, ...look }) {
  const { edges, values } = curveOf(measure, { lo, hi }, bins);
  const stairs = edges.length === values.length + 1;
  // quantiles come in thousands
  const stride = Math.ceil(values.length / 600);
  const x = Float64Array.from(values, (_, i) => (stairs ? (edges[i] + edges[i + 1]) / 2 : edges[i]));
  const inside = Array.from(x.keys()).filter((i) => x[i] >= lo && x[i] <= hi && i % stride === 0);
  return { label: "", x: inside.map((i) => x[i]), y: inside.map((i) => values[i]), ...look };
}
/** A function as a series. */
export function curve(f, lo, hi, look, n = 241) {
  const x = Float64Array.from({ length: n }, (_, i) => lo + ((hi - lo) * i) / (n - 1));
  return { label: "", x, y: x.map(f), ...look };
}

/**
 * Panels below each other. Each: `{ title?, height?, x: { label, range?, log? }, y: { … }, series, times?, draw? }`; a series is
 * `{ label, x, y, colour, dash?, dots? }` with a colour of `seriesColour(k)` or `timeColour(u)`; those with a label are in the legend.
 * `times: { lo, hi, label? }` puts the bar of times beside it; `draw(x, y)` adds marks.
 */
export function figure({ title, description, panels }) {
  let top = 4;
  let body = "";
  for (const [k, { height = 240, series, times, title: head, draw, ...axes }] of panels.entries()) {
    if (head) body += label(8, top + 13, head, { "font-weight": "600" });
    top += head ? 22 : 0;
    const legend = legendRows(series.filter((s) => s.label !== ""));
    body += legend.map((row, i) => element("g", { transform: `translate(0 ${pixels(top + 18 * i)})` }, row)).join("");
    top += 18 * legend.length;
    body += panel({
      id: `panel-${k}`,
      left: 0,
      top,
      width: WIDTH - (times ? BAR : 0),
      height,
      x: axis(
        axes.x,
        series.map((s) => s.x),
        0,
      ),
      y: axis(
        axes.y,
        series.map((s) => s.y),
        0.05,
      ),
      draw: (x, y) => series.map((s) => drawSeries(s, x, y)).join("") + (draw?.(x, y) ?? ""),
    });
    if (times) body += colourBar(WIDTH - BAR + 10, top + 26, height - 76, times, times.label ?? "time", timeColour);
    top += height;
  }
  return { name: "", title, description, caption: "", width: WIDTH, height: top, body };
}
/** Strokes with their words, in as many rows as they need. */
function legendRows(series) {
  const rows = [];
  let x = WIDTH;
  for (const s of series) {
    const width = 42 + textWidth(s.label, 11);
    if (x + width > WIDTH) {
      rows.push("");
      x = 12;
    }
    const stroke = element("path", { d: `M${pixels(x)} 9h20`, stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": s.dash });
    rows[rows.length - 1] += element("g", s.colour, stroke) + label(x + 25, 13, s.label, { "font-size": 11 });
    x += width;
  }
  return rows;
}
function axis({ label, range, log = false }, rows, share) {
  const found = range ?? rangeOf(rows, log) ?? { lo: 0, hi: 1 };
  return { label, range: range || log ? found : padded(found, share), log };
}
