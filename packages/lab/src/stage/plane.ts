/** Measures in the plane: heat maps with contours, particles with the way they came, ellipses of Gaussians. */
import { viridis } from "ottoflow/io/figure/colour";
import type { PlainField, PlainFrame } from "../engine/messages.ts";
import { type At, arrow, axes, boxOf, colourBar, type Ink, inside, timeColour } from "./axes.ts";
import { contours, levelsOf } from "./contour.ts";
import type { Scene } from "./scene.ts";
import { wayColour } from "./trail.ts";
import type { Around } from "./view.ts";
import { drawWays } from "./ways.ts";

const LEVELS = 7;

/** @returns false where the next picture has to go on */
export function drawPlane(c: CanvasRenderingContext2D, width: number, height: number, scene: Scene, frame: PlainFrame, ink: Ink, around: Around): boolean {
  const { view, run, equilibrium, ended, whole } = around;
  const box = boxOf(width, height, scene);
  let complete = true;
  const { dim } = scene.opening;
  const at = axes(c, box, scene.x, scene.y, ink, true, dim === 2 ? { x: "x", y: "y" } : { x: `x₁, of ${dim} coordinates`, y: "x₂" });
  if (frame.measure.rep === "cells") colourBar(c, box, scene.top, ink);
  inside(c, box, () => {
    const m = frame.measure;
    if (m.rep === "cells") {
      const field = slabOf(m.rows.rho!, scene);
      image(c, field, scene, at);
      if (view.contours) lines(c, field, levelsOf(scene.top, LEVELS), at, "rgb(255 255 255 / 0.5)", []);
    } else if (m.rep === "particles") {
      if (view.target && scene.opening.target) rings(c, scene.opening.target, at, wayColour(1, ink.dark));
      if (view.trails) complete = drawWays(c, run, frame, { scene, box, ink, ended, whole });
      points(c, m.rows.x!, m.n!, at, view.trails && run.length > 1 ? ink.ink : timeColour(scene, frame.t, ink));
    } else if (m.rep === "gaussian") ellipses(c, m.rows.mean!, m.rows.cov!, at, timeColour(scene, frame.t, ink));
    const onMap = m.rep === "cells";
    if (view.equilibrium && equilibrium) lines(c, equilibrium, levelsOf(topOf(equilibrium), 5), at, onMap ? "#e6e6e6" : ink.soft, [2, 4]);
    // on the heat map orange stands apart from viridis and from the white of the contours
    if (view.exact && frame.exact) lines(c, frame.exact, levelsOf(onMap ? scene.top : topOf(frame.exact), LEVELS), at, onMap ? "#ff8c42" : ink.ink, [6, 5]);
    if (view.velocity && frame.velocity) arrows(c, frame, scene, at, ink);
  });
  return complete;
}
const topOf = (f: PlainField): number => f.rho.reduce((s, v) => Math.max(s, v), 0);

/** Densities of boxes with a third axis are seen from above, averaged over it. */
function slabOf(rho: Float64Array, { opening }: Scene): PlainField {
  const { shape, lower, h } = opening.grid!;
  const [columns, rows] = shape as [number, number];
  const depth = rho.length / (columns * rows);
  if (depth === 1) return { shape, lower, h, rho };
  const flat = new Float64Array(columns * rows);
  for (let i = 0; i < rho.length; i++) flat[Math.floor(i / depth)] = flat[Math.floor(i / depth)]! + rho[i]! / depth;
  return { shape, lower, h, rho: flat };
}

/** The last heat map of each stage, a pixel a cell. */
interface HeatMap {
  readonly canvas: OffscreenCanvas;
  readonly image: ImageData;
  readonly pixels: Uint32Array;
  rho: Float64Array | null;
  top: number;
}
const heatMaps = new WeakMap<CanvasRenderingContext2D, HeatMap>();
function heatMapOf(c: CanvasRenderingContext2D, columns: number, rows: number): HeatMap {
  const found = heatMaps.get(c);
  if (found?.image.width === columns && found.image.height === rows) return found;
  const image = new ImageData(columns, rows);
  const made: HeatMap = { canvas: new OffscreenCanvas(columns, rows), image, pixels: new Uint32Array(image.data.buffer), rho: null, top: 0 };
  heatMaps.set(c, made);
  return made;
}
/** colours as pixels in memory are: alpha, blue, green, red from the highest byte */
const table: Uint32Array = Uint32Array.from({ length: 256 }, (_, i) => {
  const [red, green, blue] = viridis(i / 255);
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
});

function image(c: CanvasRenderingContext2D, { shape, lower, h, rho }: PlainField, scene: Scene, at: At): void {
  const [columns, rows] = shape as [number, number];
  const map = heatMapOf(c, columns, rows);
  if (map.rho !== rho || map.top !== scene.top) {
    const scale = 255 / (scene.top || 1);
    for (let i = 0; i < columns; i++)
      for (let j = 0, from = i * rows, to = (rows - 1) * columns + i; j < rows; j++, from++, to -= columns)
        map.pixels[to] = table[Math.min(255, Math.max(0, Math.round(rho[from]! * scale)))]!;
    map.canvas.getContext("2d")!.putImageData(map.image, 0, 0);
    map.rho = rho;
    map.top = scene.top;
  }
  const [left, right] = [at.x(lower[0]!), at.x(lower[0]! + columns * h[0]!)];
  const [bottom, top] = [at.y(lower[1]!), at.y(lower[1]! + rows * h[1]!)];
  c.imageSmoothingEnabled = columns * 2 > right - left;
  c.drawImage(map.canvas, left, top, right - left, bottom - top);
}
const known = new WeakMap<Float64Array, { key: string; segments: number[] }>();
function lines(c: CanvasRenderingContext2D, field: PlainField, levels: readonly number[], at: At, colour: string, dash: number[]): void {
  const key = levels.join();
  let found = known.get(field.rho);
  if (found?.key !== key) {
    found = { key, segments: contours(field, levels) };
    known.set(field.rho, found);
  }
  const s = found.segments;
  c.beginPath();
  for (let i = 0; i < s.length; i += 4) {
    c.moveTo(at.x(s[i]!), at.y(s[i + 1]!));
    c.lineTo(at.x(s[i + 2]!), at.y(s[i + 3]!));
  }
  c.strokeStyle = colour;
  c.lineWidth = 1;
  c.setLineDash(dash);
  c.stroke();
  c.setLineDash([]);
}
/** What is not there yet: open circles, in the colour of the end of all ways. */
function rings(c: CanvasRenderingContext2D, x: Float64Array, at: At, colour: string): void {
  const n = x.length / 2;
  const r = n > 3000 ? 1.2 : n > 400 ? 1.7 : n > 120 ? 2.8 : 3.6;
  c.beginPath();
  for (let i = 0; i < n; i++) {
    const [px, py] = [at.x(x[i]!), at.y(x[n + i]!)];
    c.moveTo(px + r, py);
    c.arc(px, py, r, 0, 2 * Math.PI);
  }
  c.strokeStyle = colour;
  c.lineWidth = 1.2;
  c.globalAlpha = n > 400 ? 0.4 : 0.75;
  c.stroke();
  c.globalAlpha = 1;
}
function points(c: CanvasRenderingContext2D, x: Float64Array, n: number, at: At, colour: string): void {
  const r = n > 3000 ? 1.1 : n > 400 ? 1.8 : n > 120 ? 2.4 : 3;
  c.fillStyle = colour;
  c.globalAlpha = n > 3000 ? 0.55 : 0.85;
  if (n > 1500) for (let i = 0; i < n; i++) c.fillRect(at.x(x[i]!) - r, at.y(x[n + i]!) - r, 2 * r, 2 * r);
  else {
    c.beginPath();
    for (let i = 0; i < n; i++) {
      const [px, py] = [at.x(x[i]!), at.y(x[n + i]!)];
      c.moveTo(px + r, py);
      c.arc(px, py, r, 0, 2 * Math.PI);
    }
    c.fill();
  }
  c.globalAlpha = 1;
}

/** One and two standard deviations. */
function ellipses(c: CanvasRenderingContext2D, mean: Float64Array, cov: Float64Array, at: At, colour: string): void {
  const d = mean.length;
  const a = Math.sqrt(cov[0]!);
  const b = cov[1]! / a;
  const e = Math.sqrt(Math.max(0, cov[d + 1]! - b * b));
  c.strokeStyle = colour;
  c.lineWidth = 2;
  for (const r of [1, 2]) {
    c.beginPath();
    for (let i = 0; i <= 72; i++) {
      const [u, v] = [r * Math.cos((2 * Math.PI * i) / 72), r * Math.sin((2 * Math.PI * i) / 72)];
      c.lineTo(at.x(mean[0]! + a * u), at.y(mean[1]! + b * u + e * v));
    }
    c.stroke();
  }
}
/** Velocities at some points or cells with mass; the longest is as long as a tenth of the picture. */
function arrows(c: CanvasRenderingContext2D, frame: PlainFrame, scene: Scene, at: At, ink: Ink): void {
  const { measure: m, velocity: v } = frame;
  const n = v!.length / scene.opening.dim;
  let fastest = 0;
  // where there is no mass to speak of, velocities say nothing
  const counts = (i: number): boolean => m.rep !== "cells" || m.rows.rho![i]! > 0.03 * scene.top;
  for (let i = 0; i < n; i++) if (counts(i)) fastest = Math.max(fastest, Math.hypot(v![i]!, v![n + i]!));
  if (!(fastest > 0)) return;
  const long = (at.x(scene.x.hi) - at.x(scene.x.lo)) / 10 / fastest;
  c.beginPath();
  if (m.rep === "cells") {
    const { shape, lower, h } = scene.opening.grid!;
    const [columns, rows] = shape as [number, number];
    const stride = Math.max(1, Math.ceil(Math.max(columns, rows) / 18));
    for (let i = stride >> 1; i < columns; i += stride)
      for (let j = stride >> 1; j < rows; j += stride) {
        const k = i * rows + j;
        if (counts(k)) arrow(c, at.x(lower[0]! + h[0]! * (i + 0.5)), at.y(lower[1]! + h[1]! * (j + 0.5)), long * v![k]!, -long * v![n + k]!);
      }
  } else if (m.rep === "particles") {
    const stride = Math.max(1, Math.ceil(n / 150));
    for (let i = 0; i < n; i += stride) arrow(c, at.x(m.rows.x![i]!), at.y(m.rows.x![n + i]!), long * v![i]!, -long * v![n + i]!);
  }
  c.strokeStyle = m.rep === "cells" ? "#fff" : ink.ink;
  c.lineWidth = 1.2;
  c.stroke();
}
