/** Densities on the line over time. */
import type { Law, Measure } from "../../contract.ts";
import { exp } from "../../kernels/math.ts";
import { colourBar, type Figure, type LegendEntry, panel } from "./chart.ts";
import { timeColour } from "./colour.ts";
import { formatNumber } from "./number.ts";
import { type Picture, spread, timeShare } from "./picture.ts";
import { padded, type Range, rangeOf, type Scale } from "./scale.ts";
import { element, polyline } from "./svg.ts";

/** A density as a function of x: constant between neighbours (`edges` n + 1, `values` n) or sampled (`edges` n, `values` n). */
export interface Curve {
  readonly edges: Float64Array;
  readonly values: Float64Array;
}
const width = 760;
const height = 380;

/** The density that a measure on the line stands for; null for storages that are none. Particles become a histogram of `bins` over `range`. */
export function curveOf(m: Measure, range: Range, bins = 60): Curve | null {
  if (m.rep === "cells") return cellCurve(m.space.grid?.lower[0] ?? -0.5, m.space.grid?.h[0] ?? 1, m.rho);
  if (m.rep === "quantiles") {
    const n = m.x.length;
    const values = new Float64Array(n - 1);
    for (let i = 0; i + 1 < n; i++) values[i] = (m.mass * (m.level[i + 1] - m.level[i])) / (m.x[i + 1] - m.x[i]);
    return { edges: Float64Array.from(m.x), values };
  }
  if (m.rep === "particles") return histogram(m.x, m.weight, range, bins);
  return gaussianCurve(m.mean[0], m.cov[0], m.mass, range);
}

function cellCurve(lower: number, h: number, rho: ArrayLike<number>): Curve {
  const edges = new Float64Array(rho.length + 1);
  for (let i = 0; i < edges.length; i++) edges[i] = lower + i * h;
  return { edges, values: Float64Array.from(rho) };
}
function histogram(x: ArrayLike<number>, weight: ArrayLike<number>, { lo, hi }: Range, bins: number): Curve {
  const h = (hi - lo) / bins;
  const values = new Float64Array(bins);
  for (let i = 0; i < weight.length; i++) {
    const k = Math.min(bins - 1, Math.floor((x[i] - lo) / h));
    if (k >= 0) values[k] += weight[i] / h;
  }
  return { edges: Float64Array.from({ length: bins + 1 }, (_, k) => lo + k * h), values };
}
function gaussianCurve(mean: number, variance: number, mass: number, { lo, hi }: Range): Curve {
  const edges = sampleLine(lo, hi, 301);
  const scale = mass / Math.sqrt(2 * Math.PI * variance);
  return { edges, values: edges.map((x) => scale * exp((-(x - mean) * (x - mean)) / (2 * variance))) };
}
function sampleLine(lo: number, hi: number, n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) => lo + ((hi - lo) * i) / (n - 1));
}

/** Where the mass is, over all frames. */
function support(frames: readonly Measure[]): Range {
  let lo = Number.POSITIVE_INFINITY;
  let hi = Number.NEGATIVE_INFINITY;
  const take = (a: number, b: number): void => {
    if (a < lo) lo = a;
    if (b > hi) hi = b;
  };
  for (const m of frames) {
    if (m.rep === "cells") take(m.space.grid?.lower[0] ?? -0.5, (m.space.grid?.lower[0] ?? -0.5) + m.rho.length * (m.space.grid?.h[0] ?? 1));
    else if (m.rep === "gaussian") take(m.mean[0] - 4 * Math.sqrt(m.cov[0]), m.mean[0] + 4 * Math.sqrt(m.cov[0]));
    else {
      const r = rangeOf([m.x]);
      if (r) take(r.lo, r.hi);
    }
  }
  return lo < hi ? { lo, hi } : { lo: (lo === hi ? lo : 0) - 0.5, hi: (lo === hi ? lo : 0) + 0.5 };
}

/** The part of a box that stands for the whole line where some frame has a thousandth of its largest density, and a margin. */
function inhabited(x: Range, curves: readonly Curve[]): Range {
  let [lo, hi] = [x.hi, x.lo];
  for (const { edges, values } of curves) {
    const least = 1e-3 * (rangeOf([values])?.hi ?? 0);
    for (let i = 0; i < values.length; i++) {
      if (!(values[i] > least)) continue;
      lo = Math.min(lo, edges[i]);
      hi = Math.max(hi, edges[Math.min(i + 1, edges.length - 1)]);
    }
  }
  const margin = 0.08 * (hi - lo);
  return lo < hi ? { lo: Math.max(x.lo, lo - margin), hi: Math.min(x.hi, hi + margin) } : x;
}

/** Where a few tall frames (a start close to a Dirac) would flatten all others, the axis ends at this height; null where none do. */
function readableTop(curves: readonly Curve[]): number | null {
  const tops = curves.map((c) => rangeOf([c.values])?.hi ?? 0).sort((a, b) => a - b);
  const usual = tops[Math.floor(tops.length / 2)];
  return tops.length > 2 && usual > 0 && tops[tops.length - 1] > 6 * usual ? 3 * usual : null;
}

/** Densities at up to 16 times in one plot, with the exact solution dashed at up to four of them. */
export function curvesFigure(picture: Picture, id: string): Figure {
  const { times, frames } = picture;
  const particles = frames[0].rep === "particles";
  const whole = particles ? padded(support(frames), 0.02) : support(frames);
  const shown = spread(frames.length, particles ? 6 : 16);
  const curves = shown.map((i) => curveOf(frames[i], whole) as Curve);
  const x = frames[0].rep === "cells" && frames[0].space.bounded === false ? inhabited(whole, curves) : whole;
  const all = rangeOf(curves.map((c) => c.values)) ?? { lo: 0, hi: 1 };
  const top = readableTop(curves);
  const range = { lo: all.lo, hi: top ?? all.hi };
  const exact = picture.exact
    ? exactCurves(
        picture.exact,
        shown.filter((_, k) => spread(shown.length, 4).includes(k)),
        times,
        x,
      )
    : [];
  const legend: LegendEntry[] =
    exact.length > 0
      ? [
          { label: "computed", colour: timeColour(0.5) },
          { label: "exact", colour: {}, dash: "4 4" },
        ]
      : [];
  const body = panel({
    id,
    left: 0,
    top: 0,
    width: width - 74,
    height,
    x: { label: frames[0].rep === "cells" && !frames[0].space.grid ? "cell" : "x", range: x },
    y: { label: particles ? "density (histogram)" : "density", range: { lo: Math.min(0, range.lo), hi: range.hi + 0.04 * (range.hi - Math.min(0, range.lo)) } },
    legend,
    draw: (sx, sy) =>
      curves.map((c, k) => drawCurve(c, sx, sy, timeShare(times, shown[k]), shown[k])).join("") + exact.map((c) => drawExact(c, sx, sy)).join(""),
  });
  const bar = times.length > 1 ? colourBar(width - 62, 40, height - 100, { lo: times[0], hi: times[times.length - 1] }, "time", timeColour) : "";
  const last = curves[curves.length - 1];
  return {
    name: "densities",
    title: `Densities over time: ${picture.title}`,
    description: `Density against x at ${shown.length} times from ${formatNumber(times[0])} to ${formatNumber(times[times.length - 1])}. The largest value is ${formatNumber(rangeOf([curves[0].values])?.hi ?? 0)} at the first and ${formatNumber(rangeOf([last.values])?.hi ?? 0)} at the last of them.${exact.length > 0 ? " The exact solution is dashed." : ""}`,
    caption: `${particles ? "Histograms of the particles" : "The density"} over time; the colour says when.${top === null ? "" : ` The axis ends at ${formatNumber(range.hi, 3)}; the tallest reaches ${formatNumber(all.hi, 3)}.`}${exact.length > 0 ? " Dashed: the closed-form solution." : ""}`,
    width,
    height,
    body: body + bar,
  };
}

function drawCurve(c: Curve, sx: Scale, sy: Scale, u: number, frame: number): string {
  const n = c.values.length;
  const stairs = c.edges.length === n + 1;
  // stairs while a reader can see them, then the line through the middles
  const d =
    stairs && n <= 120
      ? polyline(
          2 * n,
          (i) => sx.at(c.edges[(i + 1) >> 1]),
          (i) => sy.at(c.values[i >> 1]),
        )
      : polyline(
          n,
          (i) => sx.at(stairs ? (c.edges[i] + c.edges[i + 1]) / 2 : c.edges[i]),
          (i) => sy.at(c.values[i]),
        );
  return element("path", {
    ...timeColour(u),
    "data-frame": String(frame),
    d,
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.6,
    "stroke-linejoin": "round",
  });
}

function exactCurves(exact: (t: number) => Law, shown: readonly number[], times: readonly number[], x: Range): Curve[] {
  const edges = sampleLine(x.lo, x.hi, 241);
  const curves: Curve[] = [];
  for (const i of shown) {
    const law = exact(times[i]);
    if (!law.density || law.dim !== 1) continue;
    const values = new Float64Array(edges.length);
    law.density(edges.length, edges, values);
    curves.push({ edges, values });
  }
  return curves;
}
function drawExact(c: Curve, sx: Scale, sy: Scale): string {
  const d = polyline(
    c.values.length,
    (i) => sx.at(c.edges[i]),
    (i) => sy.at(c.values[i]),
  );
  return element("path", { d, fill: "none", stroke: "currentColor", "stroke-width": 1.1, "stroke-dasharray": "4 4" });
}
