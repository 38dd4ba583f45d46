/** The picture of a stage: when it is painted anew, and of what. */
import type { PlainFrame } from "../engine/messages.ts";
import type { Lab } from "../state/lab.svelte.ts";
import { fitted, inkOf } from "./canvas.ts";
import { type Box, boxOf, draw, type Ink } from "./draw.ts";
import { joined, type Scene, sceneOf } from "./scene.ts";
import type { View } from "./view.ts";

/** What the frames have, so that only what can be shown is offered. */
export interface Has {
  readonly exact: boolean;
  readonly velocity: boolean;
  readonly particles: boolean;
  readonly cells: boolean;
}
/** What is shown; asked again each time, for one run may take the place of another. */
export interface Runs {
  readonly lab: Lab;
  /** the run that this one is shown beside, where the other leads */
  readonly lead: Lab | null;
}
/** Milliseconds between two paintings of the same frame while the run grows. */
const GROWTH = 200;
/** How many earlier frames stand faintly behind the present one. */
const PAST = 6;
/** Pixels below which there is nothing to paint on. */
const LEAST = 40;

/** A path has no frames before it is found. */
export const isSolving = (lab: Lab): boolean => lab.opening?.job === "path" && lab.phase === "running" && lab.count === 0;

export class Picture {
  private readonly canvas: HTMLCanvasElement;
  private readonly holder: HTMLElement;
  private readonly runs: Runs;
  private readonly found: (has: Has) => void;
  private ink: Ink;
  private dirty = true;
  /** the scene without zoom, and of how many frames of the two runs it is */
  private scene: Scene | null = null;
  private frames = -1;
  private framesBeside = -1;
  private openingBeside: Lab["opening"] = null;
  /** the frame that was painted last, and when */
  private shown: PlainFrame | null = null;
  private painted = 0;
  private lensAt = "";

  /** @param found told whenever the frames may have something new */
  constructor(canvas: HTMLCanvasElement, holder: HTMLElement, runs: Runs, found: (has: Has) => void) {
    this.canvas = canvas;
    this.holder = holder;
    this.runs = runs;
    this.found = found;
    this.ink = inkOf(holder);
  }
  /** The scene of the run at this moment, which may be another than the one that was painted last; null before there is something to see. */
  whole(): Scene | null {
    const { opening, store } = this.runs.lab;
    const { frames } = store;
    const first = frames[0];
    if (!opening || !first) return null;
    // ranges follow the run while it grows, and rest once it is done; two stages side by side have the same
    const beside = this.beside();
    const also = beside?.opening?.dim === opening.dim ? beside.store.frames.length : 0;
    // another run beside this one may have as many
    const same = this.frames === frames.length && this.framesBeside === also && this.openingBeside === (beside?.opening ?? null);
    if (this.scene?.opening === opening && same) return this.scene;
    const own = sceneOf(opening, frames);
    this.scene = also > 0 ? joined(own, sceneOf(beside!.opening!, beside!.store.frames)) : own;
    this.frames = frames.length;
    this.framesBeside = also;
    this.openingBeside = beside?.opening ?? null;
    this.dirty = true;
    const { measure, velocity } = first;
    this.found({
      exact: frames.some((f) => f.exact),
      velocity: velocity !== undefined,
      particles: measure.rep === "particles",
      cells: measure.rep === "cells",
    });
    return this.scene;
  }
  /** The scene at the zoom of this moment: several keys may come between two paintings. */
  seen(): Scene | null {
    const whole = this.whole();
    const { zoom } = this.runs.lab;
    return whole && (zoom ? { ...whole, ...zoom } : whole);
  }
  /** Where a scene stands in the holder. */
  box(scene: Scene): Box {
    return boxOf(this.holder.clientWidth, this.holder.clientHeight, scene, this.view().fan);
  }
  /** Something else than the frame has changed. */
  stale(): void {
    this.dirty = true;
  }
  recolour(): void {
    this.ink = inkOf(this.holder);
    this.dirty = true;
  }
  /** Paints where there is something new; called at each frame of the screen. */
  refresh(now: number): void {
    const { lab } = this.runs;
    // a run that grows changes ranges, ways and fans: often enough is enough
    const beside = this.beside();
    const grown = lab.count !== this.frames || (beside?.count ?? 0) !== this.framesBeside || (beside?.opening ?? null) !== this.openingBeside;
    if (!this.dirty && lab.frame() === this.shown && !(grown && now - this.painted > GROWTH)) return;
    this.dirty = !this.paint(false);
    this.painted = now;
  }
  /** @param all false: what takes long may be left for the next picture. @returns whether nothing was left */
  paint(all = true): boolean {
    const { canvas, holder } = this;
    const { lab } = this.runs;
    const { opening } = lab;
    const frame = lab.frame();
    this.shown = frame;
    if (!frame || !opening) {
      if (isSolving(lab)) canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);
      return true;
    }
    const scene = this.seen() as Scene;
    const [width, height] = [holder.clientWidth, holder.clientHeight];
    if (width < LEAST || height < LEAST) return true;
    const c = fitted(canvas, width, height);
    this.placeLens(this.box(scene), height);
    if (frame.t > opening.start) document.documentElement.dataset.moving = "true";
    const { frames } = lab.store;
    return draw(c, width, height, scene, frame, some(frames.filter((f) => f.t < frame.t)), this.ink, {
      view: this.view(),
      run: frames,
      equilibrium: lab.equilibrium,
      ended: lab.phase !== "running",
      whole: all,
    });
  }
  private beside(): Lab | null {
    return this.runs.lead ?? this.runs.lab.other;
  }
  private view(): View {
    return (this.runs.lead ?? this.runs.lab).view;
  }
  /** The lens stands in the lower left corner of the picture, or below it where there is room. */
  private placeLens({ left, top, height }: Box, whole: number): void {
    const below = whole - top - height;
    const [x, y] = [`${Math.round(left + 8)}px`, `${Math.round(below > 120 ? below - 110 : below + 8)}px`];
    if (`${x} ${y}` === this.lensAt) return;
    this.lensAt = `${x} ${y}`;
    this.holder.style.setProperty("--lens-left", x);
    this.holder.style.setProperty("--lens-bottom", y);
  }
}
/** Every so many frames, few in all. */
function some(frames: readonly PlainFrame[]): readonly PlainFrame[] {
  const stride = Math.max(1, Math.ceil(frames.length / PAST));
  return frames.filter((_, i) => i % stride === 0);
}
