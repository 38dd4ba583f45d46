/** Measures on the line: the density with its past, what theory says of it, and the fan of its quantiles over time. */
import type { PlainField, PlainFrame } from "../engine/messages.ts";
import { type At, arrow, axes, type Box, boxOf, type Ink, inside, placed, timeColour, timeLegend } from "./axes.ts";
import { fanLevels, quantilesOf } from "./fan.ts";
import { coarser, densityCurve, type Scene } from "./scene.ts";
import { wayColour } from "./trail.ts";
import { type Around, some } from "./view.ts";

const FAN_FRAMES = 120;

export function drawLine(
  c: CanvasRenderingContext2D,
  width: number,
  height: number,
  scene: Scene,
  frame: PlainFrame,
  past: readonly PlainFrame[],
  ink: Ink,
  { view, run, equilibrium }: Around,
): void {
  const box = boxOf(width, height, scene, view.fan);
  const rest = height - 42 - box.height;
  const at = axes(c, box, scene.x, { lo: 1.06 * scene.bottom, hi: 1.06 * scene.top }, ink, true, { ...(rest <= 0 && { x: "x" }), y: "density" });
  if (rest <= 0 && box.width > 260) timeLegend(c, box, scene, ink);
  inside(c, box, () => {
    // thin lines on a dark ground need more of their colour
    for (const old of past) trace(c, old, scene, at, timeColour(scene, old.t, ink, ink.dark ? 0.6 : 0.35), 1, false);
    if (view.equilibrium && equilibrium) curve(c, equilibrium, at, ink.soft, [2, 4]);
    if (view.target && scene.opening.target) rug(c, scene.opening.target, at, wayColour(1, ink.dark));
    trace(c, frame, scene, at, timeColour(scene, frame.t, ink), 2.5, true);
    if (view.exact && frame.exact) curve(c, frame.exact, at, ink.ink, [7, 5]);
    if (view.velocity && frame.velocity) arrows(c, frame, scene, at, ink);
  });
  if (rest > 0) drawFan(c, { ...box, top: box.top + box.height + 38, height: rest - 38 }, scene, frame, run, ink);
}
function trace(c: CanvasRenderingContext2D, frame: PlainFrame, scene: Scene, at: At, colour: string, weight: number, fill: boolean): void {
  // finer than pixels nothing is seen, and everything is paid for
  const { x, y, steps } = coarser(densityCurve(frame, 160, scene.opening), 1 / (at.x(1) - at.x(0)));
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
/** Each point of the target as a short stroke on the axis. */
function rug(c: CanvasRenderingContext2D, x: Float64Array, at: At, colour: string): void {
  c.beginPath();
  for (const v of x) {
    c.moveTo(at.x(v), at.y(0));
    c.lineTo(at.x(v), at.y(0) - 9);
  }
  c.strokeStyle = colour;
  c.lineWidth = 1;
  c.globalAlpha = x.length > 200 ? 0.25 : 0.6;
  c.stroke();
  c.globalAlpha = 1;
}
/** A density by its cells, through their middles. */
function curve(c: CanvasRenderingContext2D, { lower, h, rho }: PlainField, at: At, colour: string, dash: number[]): void {
  c.beginPath();
  for (let i = 0; i < rho.length; i++) c.lineTo(at.x(lower[0]! + h[0]! * (i + 0.5)), at.y(rho[i]!));
  c.strokeStyle = colour;
  c.lineWidth = 1.5;
  c.setLineDash(dash);
  c.stroke();
  c.setLineDash([]);
}
/** Velocities at some places of the density, at half its height; the longest is as long as an eighth of the picture. */
function arrows(c: CanvasRenderingContext2D, frame: PlainFrame, scene: Scene, at: At, ink: Ink): void {
  const { measure: m, velocity } = frame;
  if (m.rep !== "cells" && m.rep !== "particles") return;
  const { x, y, steps } = densityCurve(frame, 160, scene.opening);
  const fastest = velocity!.reduce((s, v, i) => (m.rep === "cells" && y[i]! < 0.02 * scene.top ? s : Math.max(s, Math.abs(v))), 0);
  if (!(fastest > 0)) return;
  const long = (at.x(scene.x.hi) - at.x(scene.x.lo)) / 8 / fastest;
  const n = velocity!.length;
  c.beginPath();
  for (let k = 0, last = Number.NEGATIVE_INFINITY; k < n; k++) {
    const place = m.rep === "cells" ? 0.5 * (x[k]! + (steps ? x[k + 1]! : x[k]!)) : m.rows.x![k]!;
    const high = m.rep === "cells" ? y[k]! : 0.1 * scene.top;
    if (high < 0.02 * scene.top || Math.abs(at.x(place) - last) < 26) continue;
    last = at.x(place);
    arrow(c, last, at.y(0.5 * high), long * velocity![k]!, 0);
  }
  c.strokeStyle = ink.ink;
  c.lineWidth = 1.3;
  c.stroke();
}

const cache = new WeakMap<PlainFrame, Float64Array>();
function drawFan(c: CanvasRenderingContext2D, box: Box, scene: Scene, frame: PlainFrame, run: readonly PlainFrame[], ink: Ink): void {
  const { start, until, grid } = scene.opening;
  const time = { lo: until, hi: start };
  const at = placed(box, scene.x, time);
  axes(c, box, scene.x, time, ink, false, { y: "time" });
  const frames = some(run, FAN_FRAMES);
  const rows = frames.map((f) => {
    const found = cache.get(f) ?? quantilesOf(f, fanLevels, grid);
    cache.set(f, found);
    return found;
  });
  const middle = (fanLevels.length - 1) / 2;
  inside(c, box, () => {
    for (let k = 0; k < middle; k++) {
      c.beginPath();
      for (const [i, f] of frames.entries()) c.lineTo(at.x(rows[i]![k]!), at.y(f.t));
      for (let i = frames.length - 1; i >= 0; i--) c.lineTo(at.x(rows[i]![fanLevels.length - 1 - k]!), at.y(frames[i]!.t));
      c.fillStyle = ink.accent;
      c.globalAlpha = 0.14;
      c.fill();
    }
    c.globalAlpha = 1;
    c.beginPath();
    for (const [i, f] of frames.entries()) c.lineTo(at.x(rows[i]![middle]!), at.y(f.t));
    c.strokeStyle = ink.accent;
    c.lineWidth = 1.8;
    c.stroke();
    c.beginPath();
    c.moveTo(box.left, at.y(frame.t));
    c.lineTo(box.left + box.width, at.y(frame.t));
    c.strokeStyle = timeColour(scene, frame.t, ink);
    c.lineWidth = 1.5;
    c.stroke();
  });
  c.fillStyle = ink.soft;
  c.textAlign = "left";
  c.textBaseline = "bottom";
  c.fillText("quantiles 1, 5, 10, 25, 50 … 99 %", box.left + 4, box.top - 3);
}
