/** Figures of a path: what it costs at each time, how much mass there is, and how mass moves in the middle. */
import type { PathResult } from "../../contract.ts";
import { type Figure, panel } from "./chart.ts";
import { seriesColour } from "./colour.ts";
import { drawSeries, legendOf, type Series } from "./ledger.ts";
import { formatNumber } from "./number.ts";
import { padded, type Range, rangeOf } from "./scale.ts";
import { mapFigure } from "./transport.ts";

const width = 760;
const height = 230;

/** A range that does not magnify rounding: at least a twentieth of the largest value. */
function calm(rows: readonly ArrayLike<number>[]): Range {
  const range = rangeOf(rows) ?? { lo: 0, hi: 1 };
  const room = 0.05 * Math.max(Math.abs(range.lo), Math.abs(range.hi), 1e-300);
  return padded({ lo: range.lo - room / 2, hi: range.hi + room / 2 }, 0.06);
}

/** Action per unit of time, and below it the mass where it changes. */
export function kineticFigure(path: PathResult, id: string): Figure {
  const { kinetic, mass, action } = path;
  const series: Series[] = [
    { label: "action per unit of time", x: kinetic.times, y: kinetic.value, colour: seriesColour(0), dots: kinetic.times.length <= 40 },
    { label: "action", x: [0, 1], y: [action, action], colour: seriesColour(1), dash: "6 4" },
  ];
  const time: Range = { lo: 0, hi: 1 };
  const changing = mass.value.some((v) => Math.abs(v / mass.value[0]! - 1) > 1e-6);
  const masses: Series[] = [{ label: "mass", x: mass.times, y: mass.value, colour: seriesColour(2) }];
  const draw = (name: string, top: number, label: string, all: readonly Series[]): string =>
    panel({
      id: `${id}-${name}`,
      left: 0,
      top,
      width,
      height,
      x: { label: "time", range: time },
      y: { label, range: calm(all.map((s) => s.y)) },
      legend: legendOf(all),
      draw: (x, y) => all.map((s) => drawSeries(s, x, y)).join(""),
    });
  return {
    name: "kinetic",
    title: "Action per unit of time",
    description: `The action per unit of time lies between ${formatNumber(Math.min(...kinetic.value))} and ${formatNumber(Math.max(...kinetic.value))}; its mean is ${formatNumber(action)}.${changing ? ` The mass goes from ${formatNumber(mass.value[0]!)} to ${formatNumber(mass.value[mass.value.length - 1]!)}.` : ""}`,
    caption: `Along a path of least action the action per unit of time is constant.${changing ? " Below: the mass, which growth changes." : ""}`,
    width,
    height: changing ? 2 * height : height,
    body: draw("action", 0, "action / time", series) + (changing ? draw("mass", height, "mass", masses) : ""),
  };
}

/** Where mass is going in the middle of the path: arrows over the density in the plane, null elsewhere. */
export function velocityFigure(path: PathResult, id: string): Figure | null {
  const frame = path.frames[path.frames.length >> 1];
  if (frame?.measure.rep !== "cells" || !frame.velocity || frame.measure.space.dim !== 2) return null;
  const { n, centre } = frame.measure.space.cells!;
  const reach = 0.2;
  const target = frame.velocity.map((v, q) => (frame.velocity![q % n] === 0 && frame.velocity![n + (q % n)] === 0 ? Number.NaN : centre[q]! + reach * v));
  const figure = mapFigure(frame.measure, target, id);
  return (
    figure && {
      ...figure,
      name: "velocity",
      title: "Velocity in the middle",
      description: `Arrows along the velocity at time ${formatNumber(frame.t)} over the density.`,
      caption: `Velocities at time ${formatNumber(frame.t)}: each arrow is as long as the way of ${reach} of the whole time.`,
    }
  );
}
