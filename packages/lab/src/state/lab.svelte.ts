/** The state of the page: one spec with its history, one run with its frames, one playhead. Components read it and call it; nothing else holds state. */
import { Engine } from "../engine/client.ts";
import type { Answers, Ending, Fault, Nearing, Opening, PlainFrame, Question, TraceRow } from "../engine/messages.ts";
import type { Camera } from "../stage/camera.ts";
import { usualView, type View } from "../stage/view.ts";
import type { Zoom } from "../stage/zoom.ts";
import { FrameStore } from "./frames.ts";
import { begin, type History, push, redo, undo } from "./history.ts";
import { placeIn, withParameter } from "./parameters.ts";
import { type Path, set } from "./path.ts";
import type { Comparison, Scope, Seen } from "./seen.ts";

export type { Comparison } from "./seen.ts";

export type Spec = Readonly<Record<string, unknown>>;
export type Phase = "idle" | "opening" | "running" | "held" | "ended" | "fault";

const FRAMES = 240;
const BUDGET = 256 * 1024 * 1024;
/** A change is run when the controls have been still for this long, in milliseconds. */
const SETTLE = 180;

/** A flow as it stands in the page: what `back` returns to. */
interface Standing {
  readonly history: History<Spec>;
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly variant: string;
}

export class Lab {
  history: History<Spec> = $state.raw(begin({}));
  files: Readonly<Record<string, Uint8Array>> = $state.raw({});
  phase: Phase = $state("idle");
  opening: Opening | null = $state.raw(null);
  ending: Ending | null = $state.raw(null);
  /** how far a path is from being found */
  nearing: Nearing | null = $state.raw(null);
  fault: Fault | null = $state.raw(null);
  trace: readonly TraceRow[] = $state.raw([]);
  /** how many frames there are; the frames themselves are in `store`, which is too large to be observed */
  count = $state(0);
  /** time that the engine has reached */
  reached = $state(0);
  step = $state(0);
  playhead = $state(0);
  playing = $state(true);
  /** entries of `energy` that are pointed at, in the recipe or in the law */
  pointed: readonly number[] = $state.raw([]);
  /** the whole span takes this many seconds to watch at speed 1 */
  speed = $state(1);
  bytes = $state(0);
  /** the stage, once it stands */
  camera: Camera | null = $state.raw(null);
  view: View = $state.raw(usualView);
  /** the part of the scene that is seen; null: all of it */
  zoom: Zoom | null = $state.raw(null);
  /** where the flow comes to rest, where theory knows */
  equilibrium: Answers["equilibrium"] = $state.raw(null);
  /** name of the variant of the spec that runs; empty: the spec as it stands */
  variant = $state("");
  comparison: Comparison | null = $state.raw(null);
  /** the second run, while two are compared; it follows this one's playhead */
  other: Lab | null = $state.raw(null);
  /** the microscope; null while it is away */
  scope: Scope | null = $state.raw(null);
  /** a change waits for the controls to be still */
  waiting = $state(false);
  /** the flow before the one that was opened last, until that one runs */
  before: Standing | null = $state.raw(null);
  readonly budget = BUDGET;
  store = new FrameStore(BUDGET);
  private readonly engine: Engine;
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** taken up when the run opens */
  private awaited: Pick<Seen, "zoom" | "at"> = {};
  private resting = false;
  /** nothing moves unless it is asked to: what prefers reduced motion */
  calm = false;
  /** what was asked of the playhead while the run that it is meant for had not opened yet */
  private wish: { readonly playing: boolean; readonly at?: number } | null = null;
  /** counts the flows that were opened */
  flow = 0;
  /** nobody has moved the playhead of this run */
  private untouched = true;

  constructor(worker: Worker) {
    this.engine = new Engine(worker);
  }
  get spec(): Spec {
    return this.history.now;
  }
  get canUndo(): boolean {
    return this.history.past.length > 0;
  }
  get canRedo(): boolean {
    return this.history.future.length > 0;
  }
  /** Nothing will move before somebody asks for it. */
  get rests(): boolean {
    return this.phase === "fault" || (this.count > 0 && !this.playing);
  }
  get variants(): readonly string[] {
    const { variants } = this.spec;
    return typeof variants === "object" && variants !== null ? Object.keys(variants) : [];
  }
  ask<Q extends Question>(question: Q): Promise<Answers[Q["about"]]> {
    return this.engine.ask(question);
  }
  /** Runs a second choice beside this one, in the worker that is given; null ends the comparison. */
  compare(comparison: Comparison | null, worker?: () => Worker, zoom?: Seen["zoom"]): void {
    this.comparison = comparison;
    if (comparison === null) {
      this.other?.close();
      this.other = null;
    } else {
      this.other ??= new Lab((worker as () => Worker)());
      this.other.rest(this.resting);
      this.other.awaited = { ...(zoom && { zoom }) };
      this.follow();
      // both are seen from the start
      if (this.opening) this.playhead = this.opening.start;
      this.playing = !this.calm;
    }
  }
  show(variant: string): void {
    this.variant = variant;
    this.run();
  }
  private follow(): void {
    const { other, comparison } = this;
    if (!other || !comparison) return;
    other.variant = "variant" in comparison ? comparison.variant : this.variant;
    other.history = begin("scheme" in comparison ? set(this.spec, ["scheme"], comparison.scheme) : this.spec);
    other.files = this.files;
    other.run();
  }
  close(): void {
    clearTimeout(this.timer);
    this.engine.close();
  }

  /** The frame that is shown. */
  frame(): PlainFrame | null {
    void this.count;
    return this.store.at(this.playhead);
  }

  /** Another flow altogether, seen as usual unless said; `worker` for a second run beside it. */
  open(spec: Spec, files: Readonly<Record<string, Uint8Array>> = {}, seen: Seen = {}, worker?: () => Worker): void {
    this.compare(null);
    // where one flow after the other cannot run, the last that did is the one to return to
    this.before ??= this.opening && { history: this.history, files: this.files, variant: this.variant };
    this.flow++;
    this.variant = seen.variant ?? "";
    this.history = begin(spec);
    this.files = files;
    if (seen.marks) this.view = { ...usualView, ...seen.marks };
    this.speed = seen.speed ?? this.speed;
    this.scope = seen.scope ? { ...seen.scope, given: true } : this.scope && { tau: 0, iterate: -1 };
    this.run();
    this.awaited = { ...(seen.zoom && { zoom: seen.zoom }), ...(seen.at !== undefined && { at: seen.at }) };
    if (seen.beside && worker) this.compare(seen.beside, worker, seen.zoomBeside);
  }
  /** To the flow that ran before one was opened that cannot run. */
  back(): void {
    const { before } = this;
    if (!before) return;
    this.before = null;
    this.flow++;
    this.compare(null);
    this.history = before.history;
    this.files = before.files;
    this.variant = before.variant;
    this.run();
  }
  /** One place of the spec; `moving` while a slider is held. */
  change(path: Path, value: unknown, moving = false): void {
    this.replace(set(this.spec, placeIn(this.spec, path, value), value), moving);
  }
  replace(spec: Spec, moving = false): void {
    // a flow as it was opened is never replaced: there would be no way back to it
    this.history = push(this.history, spec, moving && this.canUndo);
    this.soon();
  }
  /** One more parameter of the spec, for a name that a formula uses already. */
  name(name: string): void {
    this.replace(withParameter(this.spec, name));
  }
  addFile(name: string, bytes: Uint8Array): void {
    this.files = { ...this.files, [name]: bytes };
  }
  undo(): void {
    if (!this.canUndo) return;
    this.history = undo(this.history);
    this.soon();
  }
  redo(): void {
    if (!this.canRedo) return;
    this.history = redo(this.history);
    this.soon();
  }
  private soon(): void {
    clearTimeout(this.timer);
    this.wish = null;
    this.waiting = true;
    this.timer = setTimeout(() => this.start(), SETTLE);
  }
  /** The run that was asked for last has not opened yet. */
  get coming(): boolean {
    return this.waiting || this.phase === "opening";
  }

  run(): void {
    this.wish = null;
    this.start();
  }
  private start(): void {
    clearTimeout(this.timer);
    this.waiting = false;
    this.follow();
    this.phase = "opening";
    this.fault = null;
    this.ending = null;
    this.engine.run(
      { spec: $state.snapshot(this.spec), files: this.files, frames: FRAMES, bytes: BUDGET, ...(this.variant && { variant: this.variant }) },
      {
        opened: (opening) => {
          const { wish } = this;
          const { zoom = null } = this.awaited;
          const at = wish?.at ?? this.awaited.at;
          this.awaited = {};
          if (!this.waiting) this.wish = null;
          this.before = null;
          this.opening = opening;
          this.nearing = null;
          this.zoom = zoom;
          this.equilibrium = null;
          this.store = new FrameStore(BUDGET);
          this.trace = [];
          this.count = 0;
          this.bytes = 0;
          // a playhead from elsewhere rests within this flow; what is shown follows the engine there
          this.playhead = at === undefined ? opening.start : Math.min(opening.until, Math.max(opening.start, at));
          this.reached = opening.start;
          this.step = 0;
          this.untouched = at === undefined && wish === null;
          this.playing = wish ? wish.playing : this.untouched && !this.calm;
          this.phase = "running";
          if (this.resting) this.hold(true);
        },
        progress: (m) => this.take(m.frames, m.trace, m.t, m.step),
        nearing: (nearing) => {
          this.nearing = nearing;
        },
        ended: (m) => {
          this.take(m.frames, m.trace, m.ending.time, m.ending.steps);
          this.ending = m.ending;
          this.phase = "ended";
          // without motion, the flow is shown where it has come to
          if (this.calm && this.untouched && !this.playing) this.playhead = this.reached;
        },
        fault: (fault) => {
          this.fault = fault;
          this.phase = "fault";
          this.awaited = {};
        },
      },
    );
  }
  private take(frames: readonly PlainFrame[], trace: readonly TraceRow[], t: number, step: number): void {
    this.store.add(frames);
    if (trace.length > 0) this.trace = [...this.trace, ...trace];
    this.count = this.store.frames.length;
    this.bytes = this.store.bytes;
    this.reached = t;
    this.step = step;
  }

  hold(held: boolean): void {
    if (this.phase !== "running" && this.phase !== "held") return;
    this.phase = held ? "held" : "running";
    this.engine.hold(held);
  }
  /** While nobody looks, computing and playing rest. */
  rest(resting: boolean): void {
    this.resting = resting;
    this.hold(resting);
    this.other?.rest(resting);
  }
  /** There will be no more frames. */
  private get over(): boolean {
    return this.phase === "ended" || this.phase === "idle";
  }
  /** Computes no further, neither this run nor the one beside it, nor one that a change waits to begin. */
  stop(): void {
    this.other?.stop();
    clearTimeout(this.timer);
    this.waiting = false;
    this.wish = null;
    this.engine.stop();
    if (this.phase === "running" || this.phase === "held" || this.phase === "opening") this.phase = "idle";
  }
  /** Moves the playhead by real seconds; it waits where the engine has not been yet, and rests at the end. */
  tick(seconds: number): void {
    if (!this.playing || !this.opening || this.resting) return;
    const { start, until } = this.opening;
    const next = this.playhead + ((until - start) * seconds * this.speed) / 8;
    const { other } = this;
    const both = other && (other.phase === "running" || other.phase === "opening") ? Math.min(this.reached, Math.max(other.reached, start)) : this.reached;
    this.playhead = Math.max(Math.min(this.playhead, this.reached), Math.min(next, both));
    if (this.playhead >= until || (this.over && this.playhead >= this.reached)) this.playing = false;
  }
  play(): void {
    if (this.opening && this.playhead >= Math.min(this.opening.until, this.over ? this.reached : this.opening.until)) this.playhead = this.opening.start;
    this.playing = true;
    this.untouched = false;
    if (this.coming) this.wish = { playing: true };
  }
  pause(): void {
    this.playing = false;
    if (this.coming) this.wish = { ...this.wish, playing: false };
  }
  seek(t: number): void {
    this.untouched = false;
    this.playing = false;
    this.playhead = t;
    if (this.coming) this.wish = { playing: false, at: t };
  }
  /** To the next or the previous frame that is kept. */
  nudge(by: 1 | -1): void {
    const { frames } = this.store;
    const now = this.store.at(this.playhead);
    const at = now ? frames.indexOf(now) : -1;
    const next = frames[Math.min(frames.length - 1, Math.max(0, at + by))];
    if (next) this.seek(next.t);
  }
}
