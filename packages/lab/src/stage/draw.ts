/** Drawing of frames on a canvas: densities on the line with the past behind them, images and points in the plane. */
import { viridis } from "ottoflow/io/figure/colour";
import { linearTicks } from "ottoflow/io/figure/scale";
import type { PlainFrame } from "../engine/messages.ts";
import { densityCurve, type Range, type Scene } from "./scene.ts";

export interface Ink {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  readonly dark: boolean;
}
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
const rgb = (u: number, alpha = 1): string => `rgb(${viridis(u).join(" ")} / ${alpha})`;

export function draw(c: CanvasRenderingContext2D, width: number, height: number, scene: Scene, frame: PlainFrame, past: readonly PlainFrame[], ink: Ink): void {
  c.clearRect(0, 0, width, height);
  if (scene.opening.dim === 1) drawLine(c, width, height, scene, frame, past, ink);
  else drawPlane(c, width, height, scene, frame, past, ink);
}

/** Share of the span that has gone at a frame. */
const share = (scene: Scene, t: number): number => {
  const { start, until } = scene.opening;
  return until > start ? (t - start) / (until - start) : 1;
};
const timeColour = (scene: Scene, t: number, ink: Ink, alpha = 1): string => rgb(ink.dark ? 0.28 + 0.72 * share(scene, t) : 0.82 * share(scene, t), alpha);

function axes(c: CanvasRenderingContext2D, box: Box, x: Range, y: Range, ink: Ink): { x(v: number): number; y(v: number): number } {
  const sx = (v: number): number => box.left + ((v - x.lo) / (x.hi - x.lo)) * box.width;
  const sy = (v: number): number => box.top + box.height - ((v - y.lo) / (y.hi - y.lo)) * box.height;
  c.font = "12px system-ui, sans-serif";
  c.fillStyle = ink.soft;
  c.strokeStyle = ink.line;
  c.lineWidth = 1;
  c.textAlign = "center";
  c.textBaseline = "top";
  c.beginPath();
  for (const tick of linearTicks(x.lo, x.hi, Math.max(3, box.width / 80))) {
    c.moveTo(sx(tick.value), box.top);
    c.lineTo(sx(tick.value), box.top + box.height);
    c.fillText(tick.label, sx(tick.value), box.top + box.height + 5);
  }
  c.textAlign = "right";
  c.textBaseline = "middle";
  for (const tick of linearTicks(y.lo, y.hi, Math.max(3, box.height / 50))) {
    c.moveTo(box.left, sy(tick.value));
    c.lineTo(box.left + box.width, sy(tick.value));
    c.fillText(tick.label, box.left - 6, sy(tick.value));
  }
  c.globalAlpha = 0.5;
  c.stroke();
  c.globalAlpha = 1;
  return { x: sx, y: sy };
}

function drawLine(c: CanvasRenderingContext2D, width: number, height: number, scene: Scene, frame: PlainFrame, past: readonly PlainFrame[], ink: Ink): void {
  const box = { left: 52, top: 12, width: width - 66, height: height - 42 };
  const at = axes(c, box, scene.x, { lo: 0, hi: 1.06 * scene.top }, ink);
  c.save();
  c.beginPath();
  c.rect(box.left, box.top, box.width, box.height);
  c.clip();
  for (const old of past) trace(c, old, scene, at, timeColour(scene, old.t, ink, 0.35), 1, false);
  trace(c, frame, scene, at, timeColour(scene, frame.t, ink), 2.5, true);
  c.restore();
}
function trace(
  c: CanvasRenderingContext2D,
  frame: PlainFrame,
  scene: Scene,
  at: { x(v: number): number; y(v: number): number },
  colour: string,
  weight: number,
  fill: boolean,
): void {
  const { x, y, steps } = densityCurve(frame, 160, scene.opening);
  c.beginPath();
  c.moveTo(at.x(x[0]!), at.y(0));
  for (let i = 0; i < y.length; i++) {
    c.lineTo(at.x(x[i]!), at.y(y[i]!));
    if (steps) c.lineTo(at.x(x[i + 1]!), at.y(y[i]!));
  }
  c.lineTo(at.x(x.at(-1)!), at.y(0));
  c.strokeStyle = colour;
  c.lineWidth = weight;
  c.lineJoin = "round";
  c.stroke();
  if (!fill) return;
  c.globalAlpha = 0.14;
  c.fillStyle = colour;
  c.fill();
  c.globalAlpha = 1;
}

let buffer: { canvas: OffscreenCanvas; image: ImageData } | null = null;
function bufferOf(columns: number, rows: number): { canvas: OffscreenCanvas; image: ImageData } {
  if (buffer?.image.width !== columns || buffer.image.height !== rows)
    buffer = { canvas: new OffscreenCanvas(columns, rows), image: new ImageData(columns, rows) };
  return buffer;
}
const table: Uint8ClampedArray = Uint8ClampedArray.from({ length: 768 }, (_, i) => viridis(Math.floor(i / 3) / 255)[i % 3]!);

function drawPlane(c: CanvasRenderingContext2D, width: number, height: number, scene: Scene, frame: PlainFrame, past: readonly PlainFrame[], ink: Ink): void {
  const scale = Math.min((width - 66) / (scene.x.hi - scene.x.lo), (height - 46) / (scene.y.hi - scene.y.lo));
  const [w, h] = [scale * (scene.x.hi - scene.x.lo), scale * (scene.y.hi - scene.y.lo)];
  const box = { left: 46 + (width - 66 - w) / 2, top: 12 + (height - 46 - h) / 2, width: w, height: h };
  const at = axes(c, box, scene.x, scene.y, ink);
  c.save();
  c.beginPath();
  c.rect(box.left, box.top, box.width, box.height);
  c.clip();
  const m = frame.measure;
  if (m.rep === "cells") image(c, m.rows.rho!, scene, box);
  else if (m.rep === "particles") {
    trails(c, past, frame, scene, at, ink);
    points(c, m.rows.x!, m.n!, at, timeColour(scene, frame.t, ink));
  } else if (m.rep === "gaussian") ellipses(c, m.rows.mean!, m.rows.cov!, at, timeColour(scene, frame.t, ink));
  c.restore();
}
function image(c: CanvasRenderingContext2D, rho: Float64Array, scene: Scene, box: Box): void {
  const [columns, rows] = scene.opening.grid!.shape as [number, number];
  const depth = rho.length / (columns * rows);
  const { canvas, image } = bufferOf(columns, rows);
  const pixels = image.data;
  const scale = 255 / (scene.top || 1);
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < rows; j++) {
      let v = 0;
      for (let k = 0; k < depth; k++) v += rho[(i * rows + j) * depth + k]!;
      const u = 3 * Math.min(255, Math.max(0, Math.round((v / depth) * scale)));
      const at = 4 * ((rows - 1 - j) * columns + i);
      pixels[at] = table[u]!;
      pixels[at + 1] = table[u + 1]!;
      pixels[at + 2] = table[u + 2]!;
      pixels[at + 3] = 255;
    }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  c.imageSmoothingEnabled = columns * 2 > box.width;
  c.drawImage(canvas, box.left, box.top, box.width, box.height);
}
function points(c: CanvasRenderingContext2D, x: Float64Array, n: number, at: { x(v: number): number; y(v: number): number }, colour: string): void {
  const r = n > 3000 ? 1.1 : n > 400 ? 1.8 : 3;
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
/** Where some particles have been, coloured by time. */
function trails(
  c: CanvasRenderingContext2D,
  past: readonly PlainFrame[],
  frame: PlainFrame,
  scene: Scene,
  at: { x(v: number): number; y(v: number): number },
  ink: Ink,
): void {
  const n = frame.measure.n!;
  const stride = Math.max(1, Math.ceil(n / 160));
  const way = [...past.filter((f) => f.measure.n === n), frame];
  c.lineWidth = 1;
  for (let k = 1; k < way.length; k++) {
    const [p, q] = [way[k - 1]!.measure.rows.x!, way[k]!.measure.rows.x!];
    c.strokeStyle = timeColour(scene, way[k]!.t, ink, 0.5);
    c.beginPath();
    for (let i = 0; i < n; i += stride) {
      c.moveTo(at.x(p[i]!), at.y(p[n + i]!));
      c.lineTo(at.x(q[i]!), at.y(q[n + i]!));
    }
    c.stroke();
  }
}
function ellipses(
  c: CanvasRenderingContext2D,
  mean: Float64Array,
  cov: Float64Array,
  at: { x(v: number): number; y(v: number): number },
  colour: string,
): void {
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
