/** The energy against time, what the flow says it has dissipated, and both on a logarithmic axis. */
import { type Figure, type LegendEntry, panel } from "./chart.ts";
import { seriesColour } from "./colour.ts";
import { formatNumber } from "./number.ts";
import type { Picture } from "./picture.ts";
import { padded, type Range, rangeOf, type Scale } from "./scale.ts";
import { type Attributes, element, polyline } from "./svg.ts";

const width = 760;

export interface Series {
  readonly label: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly dash?: string;
  readonly colour: Attributes;
  readonly dots?: boolean;
}

/** At most about 1200 points of a long trace: of each stretch the smallest and the largest, so that no peak is lost. */
function thinned(x: ArrayLike<number>, y: ArrayLike<number>): number[] {
  const n = Math.min(x.length, y.length);
  const stretch = Math.ceil(n / 600);
  const kept: number[] = [];
  for (let from = 0; from < n; from += stretch) {
    if (stretch <= 2) {
      for (let i = from; i < Math.min(n, from + stretch); i++) kept.push(i);
      continue;
    }
    let low = from;
    let high = from;
    for (let i = from; i < Math.min(n, from + stretch); i++) {
      if (!(y[i] >= y[low])) low = i;
      if (!(y[i] <= y[high])) high = i;
    }
    for (const i of new Set([from, Math.min(low, high), Math.max(low, high)])) kept.push(i);
  }
  if (n > 0 && kept[kept.length - 1] !== n - 1) kept.push(n - 1);
  return kept;
}

/** One series as a path, and as dots where asked. */
export function drawSeries(s: Series, x: Scale, y: Scale): string {
  const kept = thinned(s.x, s.y);
  const line = element("path", {
    ...s.colour,
    d: polyline(
      kept.length,
      (i) => x.at(s.x[kept[i]]),
      (i) => y.at(s.y[kept[i]]),
    ),
    fill: "none",
    stroke: "currentColor",
    "stroke-width": 1.8,
    "stroke-linejoin": "round",
    "stroke-dasharray": s.dash,
  });
  if (!s.dots) return line;
  let dots = "";
  for (const i of kept)
    if (Number.isFinite(y.at(s.y[i]))) dots += element("circle", { ...s.colour, cx: x.at(s.x[i]), cy: y.at(s.y[i]), r: 3.5, fill: "currentColor" });
  return line + dots;
}
export function legendOf(series: readonly Series[]): LegendEntry[] {
  return series.map(({ label, colour, dash }) => ({ label, colour, dash }));
}

/** Integral of a column from the first time, by the trapezoidal rule: what the dashed line of the ledger subtracts. */
export function cumulative(t: ArrayLike<number>, rate: ArrayLike<number>): Float64Array {
  const sum = new Float64Array(t.length);
  for (let i = 1; i < t.length; i++) sum[i] = sum[i - 1] + ((rate[i] + rate[i - 1]) / 2) * (t[i] - t[i - 1]);
  return sum;
}
function some(column: Float64Array | undefined): column is Float64Array {
  return column !== undefined && column.length > 1 && column.some((v) => Number.isFinite(v));
}

/** Energy and ledger above, their decay below; null where the trace has no energy. */
export function ledgerFigure(picture: Picture, id: string): Figure | null {
  const { t, energy, dissipation } = picture.trace;
  // an energy that is nothing throughout (pure transport) has no ledger
  if (!some(t) || !some(energy) || energy.every((v) => v === 0)) return null;
  const upper: Series[] = [{ label: "energy F", x: t, y: energy, colour: seriesColour(0) }];
  const start = energy.findIndex((v) => Number.isFinite(v));
  if (some(dissipation) && dissipation.every((v) => Number.isFinite(v))) {
    const spent = cumulative(t, dissipation);
    upper.push({ label: "F(start) − ∫ dissipation", x: t, y: spent.map((v) => energy[start] - (v - spent[start])), colour: seriesColour(1), dash: "6 4" });
  }
  const end = energy[energy.length - 1];
  const lower: Series[] = [{ label: "F − F(end)", x: t, y: energy.map((v, i) => (i === energy.length - 1 ? Number.NaN : v - end)), colour: seriesColour(0) }];
  if (some(dissipation)) lower.push({ label: "dissipation −dF/dt", x: t, y: dissipation, colour: seriesColour(1) });
  const positive = decayRange(lower);
  const time: Range = { lo: t[0], hi: t[t.length - 1] };
  const heights = [250, positive ? 220 : 0];
  let body = panel({
    id: `${id}-energy`,
    left: 0,
    top: 0,
    width,
    height: heights[0],
    x: { label: "time", range: time },
    y: { label: "energy", range: padded(rangeOf(upper.map((s) => s.y)) ?? { lo: 0, hi: 1 }, 0.06) },
    legend: legendOf(upper),
    draw: (x, y) => upper.map((s) => drawSeries(s, x, y)).join(""),
  });
  if (positive) {
    body += panel({
      id: `${id}-decay`,
      left: 0,
      top: heights[0],
      width,
      height: heights[1],
      x: { label: "time", range: time },
      y: { label: "decay, log scale", range: positive, log: true },
      legend: legendOf(lower),
      draw: (x, y) => lower.map((s) => drawSeries(s, x, y)).join(""),
    });
  }
  return {
    name: "ledger",
    title: `Energy and dissipation: ${picture.title}`,
    description: `The energy falls from ${formatNumber(energy[start])} at time ${formatNumber(t[start])} to ${formatNumber(end)} at time ${formatNumber(t[t.length - 1])}.${upper.length > 1 ? " The dashed line is the first energy less the integral of the dissipation; where the two lines lie on each other, the ledger closes." : ""}`,
    caption:
      "Above: the energy, and the first energy less all that was dissipated; where both lie on each other the dissipation ledger closes. Below: how fast it decays, on a logarithmic axis.",
    width,
    height: heights[0] + heights[1],
    body,
  };
}

/** Positive range of the decaying series, no deeper than sixteen decades below its top: beneath that is rounding. */
function decayRange(series: readonly Series[]): Range | null {
  const range = rangeOf(
    series.map((s) => s.y),
    true,
  );
  if (!range) return null;
  return { lo: Math.max(range.lo, range.hi * 1e-16) / 1.2, hi: range.hi * 1.5 };
}

/** Each part of the energy against time, where there are several. */
export function partsFigure(picture: Picture, id: string): Figure | null {
  const { t } = picture.trace;
  const columns = Object.keys(picture.trace).filter((name) => name.startsWith("energy:") && some(picture.trace[name]));
  if (!some(t) || columns.length < 2) return null;
  const series: Series[] = columns.map((name, k) => ({
    label: name.split(":").slice(2).join(":") || name,
    x: t,
    y: picture.trace[name],
    colour: seriesColour(k),
    dash: k < 6 ? undefined : "6 4",
  }));
  return {
    name: "parts",
    title: `Parts of the energy: ${picture.title}`,
    description: `Against time: ${series.map((s) => `${s.label} from ${formatNumber(s.y[0])} to ${formatNumber(s.y[s.y.length - 1])}`).join("; ")}.`,
    caption: "What each part of the energy contributes.",
    width,
    height: 250,
    body: panel({
      id,
      left: 0,
      top: 0,
      width,
      height: 250,
      x: { label: "time", range: { lo: t[0], hi: t[t.length - 1] } },
      y: { label: "energy", range: padded(rangeOf(series.map((s) => s.y)) ?? { lo: 0, hi: 1 }, 0.06) },
      legend: legendOf(series),
      draw: (x, y) => series.map((s) => drawSeries(s, x, y)).join(""),
    }),
  };
}
