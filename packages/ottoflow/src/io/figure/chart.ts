import { formatNumber } from "./number.ts";
import { linearScale, logScale, type Range, type Scale } from "./scale.ts";
import { type Attributes, element, escapeXml, label, pixels, textWidth } from "./svg.ts";

/** A drawing with its words: title and description are what a reader who does not see it gets. */
export interface Figure {
  /** file name without extension */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** what a reader who sees it is told below it */
  readonly caption: string;
  readonly width: number;
  readonly height: number;
  /** SVG children */
  readonly body: string;
}
export interface Axis {
  readonly label: string;
  readonly range: Range;
  readonly log?: boolean;
}
export interface LegendEntry {
  readonly label: string;
  readonly colour: Attributes;
  readonly dash?: string;
}
export interface Panel {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: Axis;
  readonly y: Axis;
  readonly title?: string;
  readonly legend?: readonly LegendEntry[];
  /** unique within the page: names the clip path */
  readonly id: string;
  /** marks, in pixels of the figure, clipped to the panel */
  draw(x: Scale, y: Scale): string;
}
export const fontSize = 12;
const small = 11;

/** Axes, grid, labels and marks of one panel. Room for the labels is taken inside the given rectangle, so neighbours never touch. */
export function panel(p: Panel): string {
  const head = (p.title ? 20 : 6) + (p.legend && p.legend.length > 0 ? 18 : 0);
  const bottom = p.top + p.height - 42;
  const top = p.top + head;
  const y = scaleOf(p.y, bottom, top, Math.max(2, Math.floor((bottom - top) / 30)));
  const gutter = 30 + Math.max(...y.ticks.map((tick) => textWidth(tick.label, small)), 8);
  const left = p.left + gutter;
  const right = p.left + p.width - 14;
  const x = scaleOf(p.x, left, right, Math.max(3, Math.floor((right - left) / 55)));
  const clip = `${p.id}-clip`;
  const middle = (top + bottom) / 2;
  return [
    element("clipPath", { id: clip }, element("rect", { x: left, y: top, width: right - left, height: bottom - top })),
    p.title ? label(left, p.top + 13, p.title, { "font-weight": "600" }) : "",
    p.legend ? legend(p.legend, left, p.top + (p.title ? 31 : 13), right) : "",
    gridLines(x, y, { left, right, top, bottom }),
    element("g", { "clip-path": `url(#${clip})` }, p.draw(x, y)),
    element("path", {
      d: `M${pixels(left)} ${pixels(top)}V${pixels(bottom)}H${pixels(right)}`,
      fill: "none",
      stroke: "currentColor",
      "stroke-opacity": "0.55",
    }),
    tickLabels(x, y, left, bottom, p.left + p.width),
    label((left + right) / 2, p.top + p.height - 5, p.x.label, { "text-anchor": "middle" }),
    element(
      "text",
      { transform: `translate(${pixels(p.left + 12)} ${pixels(middle)}) rotate(-90)`, "text-anchor": "middle", fill: "currentColor" },
      escapeXml(p.y.label),
    ),
  ].join("");
}

function scaleOf(axis: Axis, start: number, end: number, count: number): Scale {
  return axis.log ? logScale(axis.range, start, end, count) : linearScale(axis.range, start, end, count);
}

function gridLines(x: Scale, y: Scale, box: { left: number; right: number; top: number; bottom: number }): string {
  let d = "";
  for (const tick of x.ticks) d += `M${pixels(x.at(tick.value))} ${pixels(box.top)}V${pixels(box.bottom)}`;
  for (const tick of y.ticks) d += `M${pixels(box.left)} ${pixels(y.at(tick.value))}H${pixels(box.right)}`;
  return element("path", { d, fill: "none", stroke: "currentColor", "stroke-opacity": "0.13" });
}

/** Labels of both axes; one that would touch its neighbour is left out. */
function tickLabels(x: Scale, y: Scale, left: number, bottom: number, edge: number): string {
  let text = "";
  let free = Number.NEGATIVE_INFINITY;
  for (const tick of x.ticks) {
    const half = textWidth(tick.label, small) / 2;
    const at = Math.min(x.at(tick.value), edge - half);
    if (at - half < free) continue;
    free = at + half + 10;
    text += label(at, bottom + 16, tick.label, { "text-anchor": "middle", "font-size": small });
  }
  free = Number.POSITIVE_INFINITY;
  for (const tick of y.ticks) {
    const at = y.at(tick.value);
    if (at + small / 2 > free) continue;
    free = at - small / 2 - 2;
    text += label(left - 6, at + 4, tick.label, { "text-anchor": "end", "font-size": small });
  }
  return text;
}

function legend(entries: readonly LegendEntry[], left: number, y: number, right: number): string {
  let x = left;
  let drawn = "";
  for (const entry of entries) {
    const width = 30 + textWidth(entry.label, small);
    if (x + width > right + 10) break;
    drawn += element(
      "g",
      entry.colour,
      element("path", { d: `M${pixels(x)} ${pixels(y - 4)}h20`, stroke: "currentColor", "stroke-width": 2, "stroke-dasharray": entry.dash }),
    );
    drawn += label(x + 25, y, entry.label, { "font-size": small });
    x += width + 12;
  }
  return drawn;
}

/** A bar that says which colour is which value, drawn upright. `colour` gives the fill of u in [0, 1]. */
export function colourBar(left: number, top: number, height: number, range: Range, title: string, colour: (u: number) => Attributes): string {
  const bands = 24;
  let bar = "";
  for (let k = 0; k < bands; k++) {
    const h = height / bands;
    bar += element("rect", { ...colour(k / (bands - 1)), x: left, y: top + height - (k + 1) * h, width: 10, height: h + 0.4, fill: "currentColor" });
  }
  const scale = linearScale(range, top + height, top, Math.max(2, Math.floor(height / 44)));
  for (const tick of scale.ticks) bar += label(left + 15, scale.at(tick.value) + 4, tick.label, { "font-size": small });
  return bar + label(left - 2, top - 8, title, { "font-size": small });
}

/** "t = 0.25" */
export function timeLabel(t: number): string {
  return `t = ${formatNumber(t, 4)}`;
}
