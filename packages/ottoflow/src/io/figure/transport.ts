/** Figures of a coupling: rays between the points that share mass, arrows of a map over a density, the plan as an image on the line, potentials. */
import type { Cells, Particles, Plan, Rows } from "../../contract.ts";
import { colourBar, type Figure, panel } from "./chart.ts";
import { seriesColour, viridis } from "./colour.ts";
import { formatNumber } from "./number.ts";
import { axisNames } from "./picture.ts";
import { dataAddress, indexedPng } from "./raster.ts";
import { padded, rangeOf, type Scale } from "./scale.ts";
import { element, pixels } from "./svg.ts";

const width = 560;
/** more would only blacken the picture */
const mostRays = 1200;
const mostDots = 3000;

interface Ray {
  readonly i: number;
  readonly j: number;
  readonly mass: number;
}
/** The heaviest entries of the plan, evenly thinned where many are equally heavy. */
function raysOf(plan: Plan): { readonly rays: readonly Ray[]; readonly share: number } {
  const all: Ray[] = [];
  if (plan.sparse) for (let e = 0; e < plan.sparse.mass.length; e++) all.push({ i: plan.sparse.from[e], j: plan.sparse.to[e], mass: plan.sparse.mass[e] });
  else {
    // of a dense plan, the heaviest partners of evenly spread rows
    const row = new Float64Array(plan.m);
    const stride = Math.max(1, Math.ceil(plan.n / 300));
    for (let i = 0; i < plan.n; i += stride) {
      plan.row(i, row);
      const order = Array.from(row.keys()).sort((a, b) => row[b] - row[a]);
      for (const j of order.slice(0, 6)) if (row[j] > 0) all.push({ i, j, mass: row[j] });
    }
  }
  const stride = Math.max(1, Math.ceil(all.length / mostRays));
  const sorted = all.map((ray, e) => ({ ray, e })).sort((a, b) => b.ray.mass - a.ray.mass || a.e - b.e);
  const heavy =
    sorted.length <= mostRays
      ? sorted
      : sorted[0].ray.mass > 4 * sorted[sorted.length >> 1].ray.mass
        ? sorted.slice(0, mostRays)
        : sorted.filter((_, k) => k % stride === 0);
  const total = all.reduce((s, r) => s + r.mass, 0);
  return { rays: heavy.map(({ ray }) => ray), share: total > 0 ? heavy.reduce((s, { ray }) => s + ray.mass, 0) / total : 1 };
}

const dots = (n: number, x: (i: number) => number, y: (i: number) => number): string => {
  const stride = Math.max(1, Math.ceil(n / mostDots));
  let d = "";
  for (let i = 0; i < n; i += stride) d += `M${pixels(x(i))} ${pixels(y(i))}h0`;
  return d;
};
const dotted = (k: number, n: number, d: string): string =>
  element("path", { ...seriesColour(k), d, stroke: "currentColor", "stroke-width": n > 800 ? 2 : n > 100 ? 3.2 : 5, "stroke-linecap": "round", fill: "none" });

/** Rays from each point to its partners, in the plane of the first two coordinates; on the line the second measure stands above the first. */
export function raysFigure(a: Particles, b: Particles, plan: Plan, id: string): Figure {
  const line = a.space.dim === 1;
  const names = axisNames(a.space.dim);
  const xs = rangeOf([a.x.subarray(0, a.n), b.x.subarray(0, b.n)]) ?? { lo: 0, hi: 1 };
  const ys = line ? { lo: -0.15, hi: 1.15 } : (rangeOf([a.x.subarray(a.n, 2 * a.n), b.x.subarray(b.n, 2 * b.n)]) ?? { lo: 0, hi: 1 });
  const { rays, share } = raysOf(plan);
  const top = rays.reduce((m, r) => Math.max(m, r.mass), 0);
  const at = (m: Particles, level: number, x: Scale, y: Scale) => ({
    x: (i: number): number => x.at(m.x[i]),
    y: (i: number): number => (line ? y.at(level) : y.at(m.x[m.n + i])),
  });
  const height = line ? 260 : Math.round(Math.min(720, Math.max(300, ((ys.hi - ys.lo) / (xs.hi - xs.lo || 1)) * (width - 70) + 90)));
  const body = panel({
    id: `${id}-rays`,
    left: 0,
    top: 0,
    width,
    height,
    x: { label: names[0], range: padded(xs, 0.04) },
    y: { label: line ? "" : names[1], range: line ? ys : padded(ys, 0.04) },
    legend: [
      { label: "from", colour: seriesColour(0) },
      { label: "to", colour: seriesColour(1) },
    ],
    draw(x, y) {
      const [p, q] = [at(a, 0, x, y), at(b, 1, x, y)];
      let drawn = "";
      for (const light of [0.15, 0.4, 1]) {
        let d = "";
        for (const { i, j, mass } of rays) if (shade(mass / top) === light) d += `M${pixels(p.x(i))} ${pixels(p.y(i))}L${pixels(q.x(j))} ${pixels(q.y(j))}`;
        if (d) drawn += element("path", { d, fill: "none", stroke: "currentColor", "stroke-opacity": light * (rays.length > 400 ? 0.35 : 0.55) });
      }
      return drawn + dotted(0, a.n, dots(a.n, p.x, p.y)) + dotted(1, b.n, dots(b.n, q.x, q.y));
    },
  });
  const part = share > 0.999 ? "" : `; the rays shown carry ${formatNumber(100 * share, 2)} % of the listed mass`;
  const projected = a.space.dim > 2 ? `, projected on ${names[0]}, ${names[1]}` : "";
  return {
    name: "rays",
    title: "Who goes where",
    description: `${rays.length} rays between ${a.n} and ${b.n} points${projected}${part}.`,
    caption: `Each ray joins two points that share mass; darker rays carry more${projected}${part}.`,
    width,
    height,
    body,
  };
}
const shade = (u: number): number => (u > 0.5 ? 1 : u > 0.1 ? 0.4 : 0.15);

/** Arrows of the map T over a density in the plane: `target` [2 * n] holds T at the cells' centres, NaN where the density is zero. */
export function mapFigure(m: Cells, target: Rows, id: string): Figure | null {
  const grid = m.space.grid;
  if (grid?.shape.length !== 2) return null;
  const [columns, rows] = grid.shape;
  const { n, centre } = m.space.cells!;
  const stride = Math.max(1, Math.ceil(Math.max(columns, rows) / 16));
  const top = rangeOf([m.rho])?.hi ?? 0;
  const size = Math.max(grid.h[0] * columns, grid.h[1] * rows);
  const height = Math.round((width - 70) * ((grid.h[1] * rows) / (grid.h[0] * columns)) + 70);
  const body = panel({
    id: `${id}-arrows`,
    left: 0,
    top: 0,
    width,
    height,
    x: { label: "x", range: { lo: grid.lower[0], hi: grid.lower[0] + grid.h[0] * columns } },
    y: { label: "y", range: { lo: grid.lower[1], hi: grid.lower[1] + grid.h[1] * rows } },
    draw(x, y) {
      let d = "";
      for (let i = stride >> 1; i < columns; i += stride)
        for (let j = stride >> 1; j < rows; j += stride) {
          const c = i * rows + j;
          if (m.rho[c] <= 0.04 * top || !Number.isFinite(target[c])) continue;
          d += arrow(x.at(centre[c]), y.at(centre[n + c]), x.at(target[c]), y.at(target[n + c]), (4 * (x.at(x.hi) - x.at(x.lo))) / (100 * size) + 3);
        }
      const index = new Uint8Array(columns * rows);
      for (let i = 0; i < columns; i++)
        for (let j = 0; j < rows; j++) index[(rows - 1 - j) * columns + i] = Math.round((160 * m.rho[i * rows + j]) / (top || 1));
      const image = gridImage(x, y, columns, rows, index, "0.85");
      return (
        image +
        element("path", { d, fill: "none", stroke: "#ffffff", "stroke-width": 3, "stroke-opacity": "0.55" }) +
        element("path", { d, fill: "none", stroke: "#c14a00", "stroke-width": 1.5 })
      );
    },
  });
  return {
    name: "map",
    title: "The map",
    description: `Arrows from points of the first density to where the map sends them, every ${stride} cells, over the density.`,
    caption: "Arrows go from where mass is to where it is sent.",
    width,
    height,
    body,
  };
}
function arrow(x: number, y: number, u: number, v: number, head: number): string {
  const [dx, dy] = [u - x, v - y];
  const length = Math.sqrt(dx * dx + dy * dy);
  if (length < 0.5) return `M${pixels(x)} ${pixels(y)}h0.1`;
  const h = Math.min(head, 0.5 * length) / length;
  const side = (s: number): string => `M${pixels(u)} ${pixels(v)}L${pixels(u - h * (dx - s * dy))} ${pixels(v - h * (dy + s * dx))}`;
  return `M${pixels(x)} ${pixels(y)}L${pixels(u)} ${pixels(v)}${side(0.6)}${side(-0.6)}`;
}

/** The plan of two measures on the line as an image, both sides binned evenly. */
export function planFigure(a: Particles, b: Particles, plan: Plan, id: string): Figure | null {
  if (a.space.dim !== 1) return null;
  const bins = 160;
  const xs = padded(rangeOf([a.x]) ?? { lo: 0, hi: 1 }, 0.02);
  const ys = padded(rangeOf([b.x]) ?? { lo: 0, hi: 1 }, 0.02);
  const mass = new Float64Array(bins * bins);
  const row = new Float64Array(plan.m);
  const bin = (v: number, r: { lo: number; hi: number }): number => Math.min(bins - 1, Math.floor(((v - r.lo) / (r.hi - r.lo)) * bins));
  for (let i = 0; i < plan.n; i++) {
    plan.row(i, row);
    for (let j = 0; j < plan.m; j++) if (row[j] > 0) mass[(bins - 1 - bin(b.x[j], ys)) * bins + bin(a.x[i], xs)] += row[j];
  }
  const top = mass.reduce((s, v) => Math.max(s, v), 0);
  // square roots: the tails of an entropic plan are seen beside its ridge
  const index = Uint8Array.from(mass, (v) => Math.round(255 * Math.sqrt(v / (top || 1))));
  const height = 460;
  const body = panel({
    id: `${id}-plan`,
    left: 0,
    top: 0,
    width,
    height,
    x: { label: "from", range: xs },
    y: { label: "to", range: ys },
    draw: (x, y) => gridImage(x, y, bins, bins, index),
  });
  return {
    name: "plan",
    title: "The plan",
    description: `Mass of the plan in ${bins} by ${bins} bins; the largest bin carries ${formatNumber(top, 3)}.`,
    caption: "How much mass goes from x to y (square-root scale).",
    width,
    height,
    body,
  };
}

/** The values over the cells of a plane as colours from the least to the largest; cells without a value stay empty. */
function potentialImage(m: Cells, values: Float64Array | Float32Array, id: string, name: string): Figure {
  const { shape, lower, h } = m.space.grid as NonNullable<Cells["space"]["grid"]>;
  const [columns, rows] = shape;
  const range = rangeOf([values]) ?? { lo: 0, hi: 1 };
  const index = new Uint8Array(columns * rows);
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < rows; j++) {
      const u = (values[i * rows + j] - range.lo) / (range.hi - range.lo || 1);
      index[(rows - 1 - j) * columns + i] = Number.isNaN(u) ? 0 : Math.round(255 * u);
    }
  const side = 430;
  const height = Math.round((side - 60) * ((h[1] * rows) / (h[0] * columns)) + 56);
  const body = panel({
    id: `${id}-image`,
    left: 0,
    top: 0,
    width: side,
    height,
    x: { label: "x", range: { lo: lower[0], hi: lower[0] + h[0] * columns } },
    y: { label: "y", range: { lo: lower[1], hi: lower[1] + h[1] * rows } },
    draw: (x, y) => gridImage(x, y, columns, rows, index),
  });
  return {
    name: `potential-${name}`,
    title: `Potential ${name}`,
    description: `The dual potential ${name} from ${formatNumber(range.lo, 4)} to ${formatNumber(range.hi, 4)}.`,
    caption: `The potential ${name}.`,
    width: side + 90,
    height,
    body: body + colourBar(side + 16, 24, height - 80, range, name, (u) => ({ color: `rgb(${viridis(u).join(",")})` })),
  };
}
/** A grid of palette indices, row by row from the top, filling the panel. */
function gridImage(x: Scale, y: Scale, columns: number, rows: number, index: Uint8Array, opacity?: string): string {
  return element("image", {
    x: x.at(x.lo),
    y: y.at(y.hi),
    width: x.at(x.hi) - x.at(x.lo),
    height: y.at(y.lo) - y.at(y.hi),
    preserveAspectRatio: "none",
    style: "image-rendering:pixelated",
    opacity,
    href: dataAddress("image/png", indexedPng(columns, rows, index)),
  });
}

/** A potential: a curve over the points of a line, an image over the cells of a plane; null elsewhere. */
export function potentialFigure(m: Cells | Particles, f: Rows, id: string, name: string): Figure | null {
  const finite = f.map((v: number) => (Number.isFinite(v) ? v : Number.NaN));
  if (m.rep === "cells" && m.space.grid?.shape.length === 2) return potentialImage(m, finite, id, name);
  if (m.space.dim !== 1) return null;
  const x = m.rep === "cells" ? m.space.cells!.centre : m.x;
  const order = Array.from({ length: f.length }, (_, i) => i).sort((i, j) => x[i] - x[j]);
  const height = 280;
  const body = panel({
    id: `${id}-curve`,
    left: 0,
    top: 0,
    width,
    height,
    x: { label: "x", range: padded(rangeOf([x]) ?? { lo: 0, hi: 1 }, 0.02) },
    y: { label: name, range: padded(rangeOf([finite]) ?? { lo: 0, hi: 1 }, 0.05) },
    draw(sx, sy) {
      let d = "";
      let down = false;
      for (const i of order) {
        if (!Number.isFinite(finite[i])) {
          down = false;
          continue;
        }
        d += `${down ? "L" : "M"}${pixels(sx.at(x[i]))} ${pixels(sy.at(finite[i]))}`;
        down = true;
      }
      return element("path", { ...seriesColour(name === "f" ? 0 : 1), d, fill: "none", stroke: "currentColor", "stroke-width": 2 });
    },
  });
  return {
    name: `potential-${name}`,
    title: `Potential ${name}`,
    description: `The dual potential ${name} over x.`,
    caption: `The potential ${name}.`,
    width,
    height,
    body,
  };
}
