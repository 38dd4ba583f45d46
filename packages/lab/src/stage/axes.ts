/** The frame of a drawing: colours, ticks, and where values stand. */
import { viridis } from "ottoflow/io/figure/colour";
import { linearTicks } from "ottoflow/io/figure/scale";
import type { Range, Scene } from "./scene.ts";

export interface Ink {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly accent: string;
  readonly dark: boolean;
}
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}
export interface At {
  x(v: number): number;
  y(v: number): number;
}
/** Where the densities stand in a drawing of this size; a fan takes the part below. */
export function boxOf(width: number, height: number, { opening, x, y }: Scene, fan = false): Box {
  if (opening.dim === 1) {
    const whole = height - 42;
    return { left: 52, top: 12, width: width - 66, height: fan && height > 220 ? Math.round(0.6 * whole) : whole };
  }
  // beside a heat map stands what its colours mean
  const across = width - (opening.grid ? 66 + BAR : 66);
  const scale = Math.min(across / (x.hi - x.lo), (height - 46) / (y.hi - y.lo));
  const [w, h] = [scale * (x.hi - x.lo), scale * (y.hi - y.lo)];
  return { left: 46 + (across - w) / 2, top: 12 + (height - 46 - h) / 2, width: w, height: h };
}
/** Room for the colours of a heat map and their numbers. */
const BAR = 44;
/** The colours of a heat map from zero to its top, with numbers, to the right of a box. */
export function colourBar(c: CanvasRenderingContext2D, box: Box, top: number, ink: Ink): void {
  const [left, width] = [box.left + box.width + 12, 10];
  const height = Math.min(box.height, 180);
  const from = box.top + (box.height - height) / 2;
  const shade = c.createLinearGradient(0, from + height, 0, from);
  for (let k = 0; k <= 8; k++) shade.addColorStop(k / 8, `rgb(${viridis(k / 8).join(" ")})`);
  c.fillStyle = shade;
  c.fillRect(left, from, width, height);
  c.font = "12px system-ui, sans-serif";
  c.fillStyle = ink.soft;
  c.textAlign = "left";
  c.textBaseline = "middle";
  for (const { value, label } of linearTicks(0, top, 4)) c.fillText(label, left + width + 4, from + height * (1 - value / top));
  c.font = "italic 12px system-ui, sans-serif";
  c.fillText("density", left, from - 10);
}
/** Share of the span that has gone at a frame. */
const share = (scene: Scene, t: number): number => {
  const { start, until } = scene.opening;
  return until > start ? (t - start) / (until - start) : 1;
};
export const timeColour = (scene: Scene, t: number, ink: Ink, alpha = 1): string => {
  const u = share(scene, t);
  return `rgb(${viridis(ink.dark ? 0.28 + 0.72 * u : 0.82 * u).join(" ")} / ${alpha})`;
};
/** Which colour is which time: the start and the end of the run at the ends of a line, below a box at its right. */
export function timeLegend(c: CanvasRenderingContext2D, box: Box, scene: Scene, ink: Ink): void {
  const { start, until } = scene.opening;
  const [first, last] = [start, until].map((t) => `${Number(t.toPrecision(3))}`) as [string, string];
  const y = box.top + box.height + 23;
  c.font = "12px system-ui, sans-serif";
  c.fillStyle = ink.soft;
  c.textAlign = "right";
  c.textBaseline = "middle";
  let right = box.left + box.width;
  c.fillText(last, right, y);
  right -= c.measureText(last).width + 5;
  const shade = c.createLinearGradient(right - 40, 0, right, 0);
  for (let k = 0; k <= 4; k++) shade.addColorStop(k / 4, timeColour(scene, start + (k / 4) * (until - start), ink));
  c.fillStyle = shade;
  c.fillRect(right - 40, y - 2, 40, 4);
  c.fillStyle = ink.soft;
  c.fillText(`t = ${first}`, right - 45, y);
}
export const placed = (box: Box, x: Range, y: Range): At => ({
  x: (v) => box.left + ((v - x.lo) / (x.hi - x.lo)) * box.width,
  y: (v) => box.top + box.height - ((v - y.lo) / (y.hi - y.lo)) * box.height,
});

/** @param below whether the x axis has its numbers; `names` stand beside the numbers of an axis */
export function axes(
  c: CanvasRenderingContext2D,
  box: Box,
  x: Range,
  y: Range,
  ink: Ink,
  below = true,
  names: { readonly x?: string; readonly y?: string } = {},
): At {
  const at = placed(box, x, y);
  c.font = "12px system-ui, sans-serif";
  c.fillStyle = ink.soft;
  c.strokeStyle = ink.line;
  c.lineWidth = 1;
  c.textAlign = "center";
  c.textBaseline = "top";
  c.beginPath();
  for (const tick of linearTicks(x.lo, x.hi, Math.max(4, box.width / 80))) {
    c.moveTo(at.x(tick.value), box.top);
    c.lineTo(at.x(tick.value), box.top + box.height);
    if (below) c.fillText(tick.label, at.x(tick.value), box.top + box.height + 5);
  }
  c.textAlign = "right";
  c.textBaseline = "middle";
  let widest = 0;
  for (const tick of linearTicks(Math.min(y.lo, y.hi), Math.max(y.lo, y.hi), Math.max(4, box.height / 50))) {
    c.moveTo(box.left, at.y(tick.value));
    c.lineTo(box.left + box.width, at.y(tick.value));
    c.fillText(tick.label, box.left - 6, at.y(tick.value));
    widest = Math.max(widest, c.measureText(tick.label).width);
  }
  c.globalAlpha = 0.5;
  c.stroke();
  c.globalAlpha = 1;
  name(c, names.x, box.left + box.width / 2, box.top + box.height + 23, 0);
  name(c, names.y, Math.max(7, box.left - widest - 15), box.top + box.height / 2, -Math.PI / 2);
  return at;
}
function name(c: CanvasRenderingContext2D, text: string | undefined, x: number, y: number, turn: number): void {
  if (!text) return;
  c.save();
  c.translate(x, y);
  c.rotate(turn);
  c.font = "italic 12px system-ui, sans-serif";
  c.textAlign = "center";
  c.textBaseline = "middle";
  c.fillText(text, 0, 0);
  c.restore();
}
/** Runs a drawing that stays inside a box. */
export function inside(c: CanvasRenderingContext2D, box: Box, draw: () => void): void {
  c.save();
  c.beginPath();
  c.rect(box.left, box.top, box.width, box.height);
  c.clip();
  draw();
  c.restore();
}
/** An arrow from a point, in pixels. */
export function arrow(c: CanvasRenderingContext2D, x: number, y: number, dx: number, dy: number): void {
  const length = Math.hypot(dx, dy);
  if (!(length > 1.5)) return;
  const head = Math.min(6, 0.45 * length) / length;
  c.moveTo(x, y);
  c.lineTo(x + dx, y + dy);
  c.moveTo(x + dx - head * (dx + 0.6 * dy), y + dy - head * (dy - 0.6 * dx));
  c.lineTo(x + dx, y + dy);
  c.lineTo(x + dx - head * (dx - 0.6 * dy), y + dy - head * (dy + 0.6 * dx));
}
