/** Scalars against a parameter: errors on two logarithmic axes with the slopes they should have, or plain curves. */
import { log } from "../../kernels/math.ts";
import { type Figure, panel } from "./chart.ts";
import { seriesColour } from "./colour.ts";
import { drawSeries, legendOf, type Series } from "./ledger.ts";
import { formatNumber } from "./number.ts";
import { padded, type Range, rangeOf } from "./scale.ts";

export interface Column {
  readonly label: string;
  readonly values: readonly number[];
}
const width = 760;

/** Slope of log y against log x by least squares over the points that have both; NaN with fewer than two. */
export function fittedOrder(x: readonly number[], y: readonly number[]): number {
  const points = x.map((v, i) => [v, y[i]] as const).filter(([a, b]) => a > 0 && b > 0 && Number.isFinite(b));
  if (points.length < 2) return Number.NaN;
  const u = points.map(([a]) => log(a));
  const v = points.map(([, b]) => log(b));
  const mean = (w: readonly number[]): number => w.reduce((s, c) => s + c, 0) / w.length;
  const [mu, mv] = [mean(u), mean(v)];
  let [top, bottom] = [0, 0];
  for (let i = 0; i < u.length; i++) {
    top += (u[i] - mu) * (v[i] - mv);
    bottom += (u[i] - mu) * (u[i] - mu);
  }
  return top / bottom;
}

/** Errors against the step on log axes. `slopes`: orders drawn dashed through the first point of the first column. */
export function convergenceFigure(
  title: string,
  xLabel: string,
  x: readonly number[],
  columns: readonly Column[],
  slopes: readonly number[],
  id: string,
): Figure {
  const series: Series[] = columns.map((column, k) => ({ label: column.label, x, y: column.values, colour: seriesColour(k), dots: true }));
  const anchor = columns[0]?.values.findIndex((v) => v > 0 && Number.isFinite(v)) ?? -1;
  for (const order of anchor < 0 ? [] : slopes) {
    const y = x.map((v) => 0.6 * columns[0].values[anchor] * integerPower(v / x[anchor], order));
    series.push({ label: `order ${order}`, x, y, colour: {}, dash: "5 5" });
  }
  const y = rangeOf(
    series.map((s) => s.y),
    true,
  ) ?? { lo: 0.1, hi: 1 };
  return plot(
    title,
    "Errors on two logarithmic axes; dashed is the slope that the scheme declares.",
    { label: xLabel, range: logPadded(rangeOf([x], true) ?? { lo: 0.1, hi: 1 }), log: true },
    { label: "error", range: logPadded(y), log: true },
    series,
    id,
    "convergence",
  );
}

/** Scalars against a parameter on plain axes, one panel for all columns. */
export function scalarFigure(title: string, xLabel: string, x: readonly number[], columns: readonly Column[], id: string, name: string): Figure {
  const series: Series[] = columns.map((column, k) => ({ label: column.label, x, y: column.values, colour: seriesColour(k), dots: true }));
  const y = rangeOf(series.map((s) => s.y)) ?? { lo: 0, hi: 1 };
  return plot(
    title,
    title,
    { label: xLabel, range: padded(rangeOf([x]) ?? { lo: 0, hi: 1 }, 0.03) },
    { label: columns.length === 1 ? columns[0].label : "value", range: padded(y, 0.08) },
    series,
    id,
    name,
  );
}

function plot(
  title: string,
  caption: string,
  x: { label: string; range: Range; log?: boolean },
  y: { label: string; range: Range; log?: boolean },
  series: readonly Series[],
  id: string,
  name: string,
): Figure {
  const height = 340;
  return {
    name,
    title,
    description: `${y.label} against ${x.label}. ${series
      .filter((s) => s.dots)
      .map((s) => `${s.label}: ${Array.from(s.y, (v) => formatNumber(v, 3)).join(", ")}`)
      .join("; ")}.`,
    caption,
    width,
    height,
    body: panel({ id, left: 0, top: 0, width, height, x, y, legend: legendOf(series), draw: (sx, sy) => series.map((s) => drawSeries(s, sx, sy)).join("") }),
  };
}
function logPadded({ lo, hi }: Range): Range {
  return { lo: lo / 1.3, hi: Math.max(hi, lo * 1.01) * 1.3 };
}
/** v^order by repeated products for the whole and half orders that schemes have. */
function integerPower(v: number, order: number): number {
  let product = order % 1 === 0 ? 1 : Math.sqrt(v);
  for (let k = 0; k < Math.floor(order); k++) product *= v;
  return product;
}
