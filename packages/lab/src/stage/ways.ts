/**
 * Where particles have been, on a canvas of their own under them: what has been drawn stays, each picture adds what is new. When everything must be drawn
 * again, because the colours or the part that is seen have changed, that is spread over some pictures, and the ways as they were stand in.
 */
import type { PlainFrame } from "../engine/messages.ts";
import { type At, type Box, type Ink, placed } from "./axes.ts";
import type { Scene } from "./scene.ts";
import { type Trails, trailsOf, wayColour } from "./trail.ts";
import { some } from "./view.ts";

const FRAMES = 60;
const WAYS = 260;
const HUES = 16;
/** pieces of way that a picture may add without being late */
const PIECES = 3000;
/** while a run grows its ways are coloured anew when it has grown by this factor */
const GROWTH = 1.25;

interface Way {
  /** frames of the run when it was looked at */
  readonly count: number;
  readonly frames: readonly PlainFrame[];
  readonly trails: Trails;
}
interface Layer {
  readonly canvas: OffscreenCanvas;
  readonly way: Way;
  readonly key: string;
  readonly box: Box;
  readonly scene: Pick<Scene, "x" | "y">;
  /** frames of the way up to which it is drawn */
  until: number;
}
interface Kept {
  way: Way | null;
  /** the finished one, and the one that will take its place */
  shown: Layer | null;
  next: Layer | null;
}
const keptBy = new WeakMap<CanvasRenderingContext2D, Kept>();

export interface WayScene {
  readonly scene: Scene;
  readonly box: Box;
  readonly ink: Ink;
  /** the run is at its end */
  readonly ended: boolean;
  /** nothing is left for the next picture */
  readonly whole: boolean;
}

/** Draws the ways up to a frame. @returns false where the next picture has to go on */
export function drawWays(c: CanvasRenderingContext2D, run: readonly PlainFrame[], now: PlainFrame, around: WayScene): boolean {
  const kept: Kept = keptBy.get(c) ?? { way: null, shown: null, next: null };
  keptBy.set(c, kept);
  if (run.length < 2) return true;
  const way = wayOf(kept, run, now, around.ended);
  const last = lastBefore(way.frames, now.t);
  const { box, scene, ink } = around;
  const key = [c.canvas.width, c.canvas.height, ink.dark, ...Object.values(box), scene.x.lo, scene.x.hi, scene.y.lo, scene.y.hi].join();
  const fits = (layer: Layer | null): layer is Layer => layer !== null && layer.way === way && layer.key === key && layer.until <= last;
  let layer = kept.shown;
  if (fits(layer)) kept.next = null;
  else {
    layer = fits(kept.next) ? kept.next : emptyLayer(c, way, key, around);
    kept.next = layer;
  }
  const complete = extend(layer, last, around);
  if (complete && kept.next) [kept.shown, kept.next] = [kept.next, null];
  show(c, kept.shown, around);
  // the last piece, from the frame of the way to the one that is shown
  const from = way.frames[last]!;
  if (complete && from.t < now.t) {
    c.lineWidth = 1.2;
    c.globalAlpha = 0.7;
    stroke(c, from, now, way.trails, Math.min(way.frames.length - 1, last + 1), placed(box, scene.x, scene.y), ink);
    c.globalAlpha = 1;
  }
  return complete;
}
function wayOf(kept: Kept, run: readonly PlainFrame[], now: PlainFrame, ended: boolean): Way {
  const { way } = kept;
  const stands = way !== null && way.frames[0] === run[0] && way.count <= run.length;
  if (stands && (way.count === run.length || (!ended && run.length < GROWTH * way.count))) return way;
  const frames = some(
    run.filter((f) => f.measure.n === now.measure.n),
    FRAMES,
  );
  kept.way = { count: run.length, frames, trails: trailsOf(frames, WAYS) };
  return kept.way;
}
function lastBefore(frames: readonly PlainFrame[], t: number): number {
  let last = 0;
  while (last + 1 < frames.length && frames[last + 1]!.t <= t) last++;
  return last;
}
function emptyLayer(c: CanvasRenderingContext2D, way: Way, key: string, { box, scene }: WayScene): Layer {
  const canvas = new OffscreenCanvas(c.canvas.width, c.canvas.height);
  const d = canvas.getContext("2d")!;
  d.setTransform(c.getTransform());
  d.lineWidth = 1.2;
  d.globalAlpha = 0.7;
  return { canvas, way, key, box, scene, until: 0 };
}
/** Goes on drawing a layer. @returns whether it has come to the frame `last` */
function extend(layer: Layer, last: number, { whole, ink }: WayScene): boolean {
  const c = layer.canvas.getContext("2d")!;
  const { frames, trails } = layer.way;
  const at = placed(layer.box, layer.scene.x, layer.scene.y);
  const most = whole ? last : layer.until + Math.max(1, Math.floor(PIECES / Math.max(1, trails.who.length)));
  while (layer.until < Math.min(last, most)) {
    const k = ++layer.until;
    stroke(c, frames[k - 1]!, frames[k]!, trails, k, at, ink);
  }
  return layer.until >= last;
}
function stroke(c: Pen, from: PlainFrame, to: PlainFrame, { who, gone }: Trails, k: number, at: At, ink: Ink): void {
  const [p, q, n] = [from.measure.rows.x!, to.measure.rows.x!, to.measure.n!];
  const paths: (Path2D | undefined)[] = new Array(HUES);
  for (let e = 0; e < who.length; e++) {
    const hue = Math.min(HUES - 1, Math.floor(HUES * gone[k]![e]!));
    const i = who[e]!;
    paths[hue] ??= new Path2D();
    paths[hue].moveTo(at.x(p[i]!), at.y(p[n + i]!));
    paths[hue].lineTo(at.x(q[i]!), at.y(q[n + i]!));
  }
  for (const [hue, path] of paths.entries()) {
    if (!path) continue;
    c.strokeStyle = wayColour(hue / (HUES - 1), ink.dark);
    c.stroke(path);
  }
}
type Pen = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;

/** A layer where its values stand now; one that was drawn for another part of the plane is stretched to it. */
function show(c: CanvasRenderingContext2D, layer: Layer | null, { box, scene }: WayScene): void {
  if (!layer) return;
  const now = placed(box, scene.x, scene.y);
  const was = placed(layer.box, layer.scene.x, layer.scene.y);
  const scale = (now.x(scene.x.hi) - now.x(scene.x.lo)) / (was.x(scene.x.hi) - was.x(scene.x.lo));
  const [left, top] = [now.x(scene.x.lo) - scale * was.x(scene.x.lo), now.y(scene.y.lo) - scale * was.y(scene.y.lo)];
  const ratio = c.getTransform().a;
  c.drawImage(layer.canvas, left, top, (scale * layer.canvas.width) / ratio, (scale * layer.canvas.height) / ratio);
}
