/** Densities and points in the plane (or their projection on the first two axes) as a strip of frames. */
import type { Cells, Gaussian, Measure, Particles } from "../../contract.ts";
import { cos, sin } from "../../kernels/math.ts";
import { type Figure, panel, timeLabel } from "./chart.ts";
import { timeColour, viridis } from "./colour.ts";
import { formatNumber } from "./number.ts";
import { axisNames, type Picture, spread, timeShare } from "./picture.ts";
import { dataAddress, indexedPng } from "./raster.ts";
import { linearScale, padded, type Range, rangeOf, type Scale } from "./scale.ts";
import { element, label, pixels, polyline } from "./svg.ts";

const width = 760;
/** more would only blacken the picture */
const mostPoints = 1500;

interface Image {
  readonly columns: number;
  readonly rows: number;
  /** [columns * rows], first axis slowest */
  readonly values: Float64Array;
  readonly max: number;
}

/** Density of the first two coordinates: further axes are summed out. */
function imageOf(m: Cells): Image {
  const grid = m.space.grid as NonNullable<Cells["space"]["grid"]>;
  const [columns, rows] = grid.shape;
  const rest = m.rho.length / (columns * rows);
  const depth = grid.h.slice(2).reduce((a, b) => a * b, 1);
  const values = new Float64Array(columns * rows);
  for (let i = 0; i < values.length; i++) {
    let sum = 0;
    for (let k = 0; k < rest; k++) sum += m.rho[i * rest + k];
    values[i] = sum * depth;
  }
  return { columns, rows, values, max: rangeOf([values])?.hi ?? 0 };
}

function pngOf(image: Image, top: number): Uint8Array {
  const { columns, rows, values } = image;
  const index = new Uint8Array(columns * rows);
  for (let i = 0; i < columns; i++) {
    for (let j = 0; j < rows; j++) {
      const u = top > 0 ? values[i * rows + j] / top : 0;
      index[(rows - 1 - j) * columns + i] = Math.round(255 * Math.min(1, Math.max(0, Number.isNaN(u) ? 0 : u)));
    }
  }
  return indexedPng(columns, rows, index);
}

/** Two of the axes of every frame share one range, so that motion is seen. */
function extent(frames: readonly Measure[]): readonly [Range, Range] {
  const both: Range[] = [];
  for (let k = 0; k < 2; k++) {
    const rows: ArrayLike<number>[] = [];
    for (const m of frames) {
      if (m.rep === "cells" && m.space.grid) rows.push([m.space.grid.lower[k], m.space.grid.lower[k] + m.space.grid.shape[k] * m.space.grid.h[k]]);
      else if (m.rep === "particles") rows.push(m.x.subarray(k * m.n, (k + 1) * m.n));
      else if (m.rep === "gaussian") {
        const d = m.mean.length;
        const sd = Math.sqrt(m.cov[k * d + k]);
        rows.push([m.mean[k] - 3 * sd, m.mean[k] + 3 * sd]);
      }
    }
    both.push(rangeOf(rows) ?? { lo: 0, hi: 1 });
  }
  return frames[0].rep === "cells" ? [both[0], both[1]] : [padded(both[0], 0.04), padded(both[1], 0.04)];
}

/** The strip: up to six frames, one panel each, equal scales on both axes. */
export function fieldsFigure(picture: Picture, id: string): Figure {
  const { times, frames } = picture;
  const shown = spread(frames.length, 6);
  const [xRange, yRange] = extent(frames);
  const perRow = Math.min(3, shown.length);
  const panelWidth = width / perRow;
  const inner = panelWidth - 66;
  const shape = Math.min(1.6, Math.max(0.3, (yRange.hi - yRange.lo) / (xRange.hi - xRange.lo)));
  const panelHeight = inner * shape + 66;
  const dim = frames[0].space.dim;
  const names = axisNames(dim);
  const paint = painter(
    shown.map((i) => frames[i]),
    shown.map((i) => timeShare(times, i)),
  );
  const bodies = shown.map((i, k) =>
    panel({
      id: `${id}-${k}`,
      left: (k % perRow) * panelWidth,
      top: Math.floor(k / perRow) * panelHeight,
      width: panelWidth,
      height: panelHeight,
      title: timeLabel(times[i]),
      x: { label: names[0], range: xRange },
      y: { label: names[1], range: yRange },
      draw: (sx, sy) => paint.draw(k, sx, sy),
    }),
  );
  const rows = Math.ceil(shown.length / perRow);
  const height = rows * panelHeight + 44;
  const note = [paint.note, dim > 2 ? `projected on ${names[0]}, ${names[1]}` : ""].filter(Boolean).join("; ");
  return {
    name: frames[0].rep === "particles" ? "particles" : "densities",
    title: `${frames[0].rep === "particles" ? "Particles" : "Densities"} over time: ${picture.title}`,
    description: `${shown.length} frames from ${timeLabel(times[0])} to ${timeLabel(times[times.length - 1])} in the plane of ${names[0]} and ${names[1]}. ${note}.`,
    caption:
      frames[0].rep === "particles" ? `The particles at ${words(shown.length)} times; the colour says when.` : `The density at ${words(shown.length)} times.`,
    width,
    height,
    body: bodies.join("") + paint.legend(height - 26) + label(width - 8, height - 12, note, { "text-anchor": "end", "font-size": 11 }),
  };
}

const words = (n: number): string => ["no", "one", "two", "three", "four", "five", "six"][n];

interface Painter {
  readonly note: string;
  draw(k: number, x: Scale, y: Scale): string;
  legend(top: number): string;
}
function painter(frames: readonly Measure[], shares: readonly number[]): Painter {
  const first = frames[0];
  if (first.rep === "particles") return pointPainter(frames as readonly Particles[], shares);
  if (first.rep === "gaussian") return ellipsePainter(frames as readonly Gaussian[], shares);
  return imagePainter(frames as readonly Cells[]);
}

function imagePainter(frames: readonly Cells[]): Painter {
  const images = frames.map(imageOf);
  const tops = images.map((image) => image.max);
  const common = Math.max(...tops);
  // one colour scale for all frames, unless the late ones would be black in it
  const shared = common <= 12 * Math.min(...tops);
  return {
    note: shared
      ? "colour: density, the same scale in all frames"
      : `colour: density from 0 to the largest of each frame (${tops.map((v) => formatNumber(v, 3)).join(", ")})`,
    draw(k, x, y) {
      const left = x.at(x.lo);
      const top = y.at(y.hi);
      const href = dataAddress("image/png", pngOf(images[k], shared ? common : tops[k]));
      return element("image", {
        x: left,
        y: top,
        width: x.at(x.hi) - left,
        height: y.at(y.lo) - top,
        preserveAspectRatio: "none",
        "image-rendering": "optimizeSpeed",
        style: "image-rendering:pixelated",
        href,
      });
    },
    legend: (top) => (shared ? flatBar(top, common) : ""),
  };
}
function flatBar(top: number, max: number): string {
  const left = 44;
  const length = 170;
  let bar = "";
  for (let k = 0; k < 34; k++)
    bar += element("rect", { x: left + (k * length) / 34, y: top, width: length / 34 + 0.4, height: 9, fill: `rgb(${viridis(k / 33).join(",")})` });
  const scale = linearScale({ lo: 0, hi: max }, left, left + length, 3);
  for (const tick of scale.ticks) bar += label(scale.at(tick.value), top + 21, tick.label, { "text-anchor": "middle", "font-size": 11 });
  return bar;
}

function pointPainter(frames: readonly Particles[], shares: readonly number[]): Painter {
  const n = frames[0].n;
  const stride = Math.max(1, Math.ceil(n / mostPoints));
  const radius = n > 400 ? 1.4 : n > 60 ? 2 : 3;
  return {
    note: stride > 1 ? `every ${stride}th of ${n} particles is drawn` : `${n} particles`,
    draw(k, x, y) {
      const m = frames[k];
      let d = "";
      for (let i = 0; i < m.n; i += stride) d += `M${pixels(x.at(m.x[i]))} ${pixels(y.at(m.x[m.n + i]))}h0`;
      return element("path", {
        ...timeColour(shares[k]),
        d,
        stroke: "currentColor",
        "stroke-width": 2 * radius,
        "stroke-linecap": "round",
        "stroke-opacity": "0.75",
        fill: "none",
      });
    },
    legend: () => "",
  };
}

function ellipsePainter(frames: readonly Gaussian[], shares: readonly number[]): Painter {
  return {
    note: "ellipses at one and two standard deviations",
    draw(k, x, y) {
      const m = frames[k];
      const d = m.mean.length;
      // Cholesky of the marginal covariance maps the circle to the ellipse
      const a = Math.sqrt(m.cov[0]);
      const b = m.cov[1] / a;
      const c = Math.sqrt(Math.max(0, m.cov[d + 1] - b * b));
      return [1, 2]
        .map((r) => {
          const at = (i: number): readonly [number, number] => [r * cos((2 * Math.PI * i) / 72), r * sin((2 * Math.PI * i) / 72)];
          const path = polyline(
            73,
            (i) => x.at(m.mean[0] + a * at(i)[0]),
            (i) => y.at(m.mean[1] + b * at(i)[0] + c * at(i)[1]),
          );
          return element("path", {
            ...timeColour(shares[k]),
            d: path,
            fill: "currentColor",
            "fill-opacity": "0.16",
            stroke: "currentColor",
            "stroke-width": 1.6,
          });
        })
        .join("");
    },
    legend: () => "",
  };
}
