/**
 * The only loop. A scheme steps, watchers look on their schedules and never change numbers, the loop alone decides on
 * accepting, rejecting, landing on times and ending. Failure is a status with the last good state kept.
 */
import type { Certificate, Check, Host, Problem, Scheme, State, Status, StepInfo, Stepper, Tick, Watcher, Work } from "./contract.ts";
import { type Functional, openFunctional, total } from "./energy/total.ts";
import { expectFramesFit, measureBytes, spanOf } from "./flow/budget.ts";
import { advance, freeStep, isDue, landing, lastIndex, type Slot, stride } from "./flow/clock.ts";
import { attachSpaces, stripSpaces } from "./flow/memory.ts";
import { cloneState, copyRows, isFiniteState, restore } from "./flow/state.ts";
import type { Beat, Checkpoint, FlowOptions, Run } from "./flow/types.ts";
import { type FrameMemory, framesOf, frameWatcher, savedFrames, stationaryWatcher, type TraceMemory, traceOf, traceWatcher } from "./flow/watchers.ts";
import { pow } from "./kernels/math.ts";

export type { Beat, Checkpoint, FlowOptions, Frame, Progress, Run, SavedFrame, Trace } from "./flow/types.ts";

/** Most steps of a fixed clock between two beats. */
const MOST_AT_ONCE = 64;
/** A free clock gives up below this fraction of the time span. */
const LEAST_STEP = 1e-14;
const good: readonly Status[] = ["reached-end", "stationary", "stopped"];

/** Everything a run opens in its memory; a dry call on a counting host sizes it. */
export function openRun(p: Problem, scheme: Scheme, host: Host): { stepper: Stepper; functional: Functional; states: [State, State] } {
  const stepper = scheme.open(p, host);
  const functional = openFunctional(p.parts, p.space, host);
  const first = stepper.start();
  return { stepper, functional, states: [first, stepper.inPlace ? first : cloneState(first, host)] };
}

/** Runs a problem by a scheme until a time. The generator's value is the run; each yield is a beat. */
export function* flow(p: Problem, scheme: Scheme, host: Host, options: FlowOptions): Work<Beat, Run> {
  return yield* new Loop(p, scheme, host, options).run();
}

class Loop {
  private readonly p: Problem;
  private readonly scheme: Scheme;
  private readonly o: FlowOptions;
  private readonly stepper: Stepper;
  private readonly functional: Functional;
  private readonly slots: Slot[];
  private readonly descends: boolean;
  private readonly certificates: readonly Certificate[];
  private now: State;
  private spare: State;
  private t: number;
  private dt: number;
  private index = 0;
  private rejected = 0;
  private energy: number | null = null;
  private scale = 0;

  constructor(p: Problem, scheme: Scheme, host: Host, o: FlowOptions) {
    this.p = p;
    this.scheme = scheme;
    this.o = o;
    const { stepper, functional, states } = openRun(p, scheme, host);
    this.stepper = stepper;
    this.functional = functional;
    [this.now, this.spare] = states;
    expectFramesFit(o.frames, spanOf(p, scheme, o.until, o.maxSteps), measureBytes(this.now.measure));
    this.t = p.start;
    this.dt = Math.min(scheme.step, o.until - p.start);
    this.descends = scheme.promises.decay !== false && p.drift.length === 0 && p.parts.every((part) => part.form !== "field" || !part.moving);
    this.certificates = o.certificates.filter((c) => c.applies(p, scheme, o.known) === null);
    const watchers = [
      frameWatcher(o.frames),
      traceWatcher(
        o.trace,
        p.parts.map((part) => part.label),
      ),
      ...(o.dissipation === undefined ? [] : [stationaryWatcher(o.dissipation)]),
      ...this.certificates.map((c) => c.watcher(p, scheme, o.known)),
      ...(o.watchers ?? []),
    ] as Watcher[];
    this.slots = watchers.map((watcher) => ({
      watcher,
      every: watcher.every === "trace" ? (o.trace as Slot["every"]) : watcher.every,
      memory: watcher.begin(p),
      next: 0,
      seen: -1,
    }));
  }

  *run(): Work<Beat, Run> {
    if (this.o.resume) this.resume(this.o.resume);
    else if (!isFiniteState(this.now)) return this.end("not-finite", "the initial state is not finite");
    let stop = this.o.resume ? undefined : this.look(null, false);
    while (stop === undefined) {
      const ended = this.advance();
      if (ended) return this.end(...ended);
      stop = this.stopped;
      if (stop === undefined && this.done()) return this.end("reached-end", `the end ${this.o.until} was reached after ${this.index} steps`);
      if (stop === undefined && this.index >= this.o.maxSteps)
        return this.end("max-steps", `${this.index} steps were taken without reaching ${this.o.until}; raise stop.maxSteps or the step`);
      if (stop === undefined && (yield this.beat()) === "stop") return this.end("aborted", `stopped from outside at t = ${this.t}`);
    }
    return this.end(stop.startsWith("stationary") ? "stationary" : "stopped", stop);
  }

  private stopped: string | undefined;

  private done(): boolean {
    if (this.scheme.clock === "fixed") return this.index >= lastIndex(this.p.start, this.o.until, this.scheme.step);
    return this.t >= this.o.until;
  }

  /** One accepted batch of steps, or the status that ends the run. */
  private advance(): [Status, string] | null {
    const fixed = this.scheme.clock === "fixed";
    for (;;) {
      const count = fixed ? stride(this.slots, this.index, this.scheme.step, lastIndex(this.p.start, this.o.until, this.scheme.step), MOST_AT_ONCE) : 1;
      const bound = this.stepper.bound?.(this.now, this.t);
      if (fixed && bound && this.scheme.step > bound[0] * (1 + 1e-12))
        return ["step-underflow", `the step ${this.scheme.step} exceeds ${bound[0]}, the largest this state allows (${bound[1]}); make scheme.step smaller`];
      const land = fixed ? 0 : landing(this.slots, this.p.start, this.o.until);
      const dt = fixed ? this.scheme.step : freeStep(this.t, Math.min(this.dt, bound?.[0] ?? Number.POSITIVE_INFINITY), land);
      const info = this.stepper.step(this.now, this.spare, { t: this.t, dt, index: this.index, count });
      const fault = this.fault(info, dt, count);
      if (fault === null) {
        this.accept(info, dt, count, land);
        return null;
      }
      this.rejected++;
      if (fixed) return fault;
      this.dt = dt * (info.error !== undefined && info.ok ? Math.max(0.2, 0.9 * pow(info.error, -1 / this.scheme.promises.order)) : 0.5);
      if (this.dt < LEAST_STEP * (this.o.until - this.p.start))
        return [fault[0] === "not-finite" ? "not-finite" : "step-underflow", `the step fell below ${this.dt.toExponential(2)} at t = ${this.t}: ${fault[1]}`];
    }
  }

  /** Why the step just tried cannot be accepted, or null. */
  private fault(info: StepInfo, dt: number, count: number): [Status, string] | null {
    if (!info.ok) return [info.failure ?? "no-minimiser", info.reason ?? "the scheme gave no reason"];
    if (info.error !== undefined && !(info.error <= 1)) return ["step-underflow", `the local error is ${info.error.toPrecision(3)} times the tolerance`];
    const at = this.scheme.clock === "fixed" ? this.p.start + (this.index + count) * dt : this.t + dt;
    if (!this.stepper.inPlace && !isFiniteState(this.spare)) return ["not-finite", `a value is not finite at t = ${at}; try a smaller step`];
    if (!this.descends) return null;
    const values = this.values(this.spare, at);
    const after = total(values);
    if (this.energy === null) this.energy = total(this.values(this.now, this.t));
    if (Number.isNaN(after) || Number.isNaN(this.energy))
      return ["not-finite", `the energy is not a number at t = ${Number.isNaN(after) ? at : this.t}: a formula leaves its domain there`];
    if (after === null || this.energy === null || !Number.isFinite(this.energy)) {
      this.energy = after;
      return null;
    }
    this.scale = values.reduce<number>((s, v) => s + Math.abs(v ?? 0), 0);
    const rise = after - this.energy;
    const tolerance = (info.gap ?? 0) + 1e-11 * (this.scale + Math.abs(this.energy));
    if (rise > tolerance)
      return [
        "energy-rose",
        `the energy rose by ${rise.toExponential(3)} from ${this.energy} at t = ${at}, more than the solver's tolerance ${tolerance.toExponential(1)}; try a smaller step`,
      ];
    this.energy = after;
    return null;
  }

  private accept(info: StepInfo, dt: number, count: number, land: number): void {
    [this.now, this.spare] = [this.spare, this.now];
    this.index += count;
    const fixed = this.scheme.clock === "fixed";
    this.t = fixed ? this.p.start + this.index * this.scheme.step : Math.abs(this.t + dt - land) <= 1e-12 * Math.abs(land) + 1e-300 ? land : this.t + dt;
    if (!fixed) {
      if (info.error !== undefined)
        this.dt = Math.min(
          this.o.until - this.p.start,
          Math.max(this.dt, dt) * Math.min(5, 0.9 * pow(Math.max(info.error, 1e-10), -1 / this.scheme.promises.order)),
        );
      else this.dt = Math.min(this.scheme.step, 2 * this.dt);
    }
    this.stopped = this.look(info, this.done(), dt);
  }

  private values(s: State, t: number): readonly (number | null)[] {
    return this.stepper.energy?.(s, t) ?? this.functional.values(s.measure, t);
  }

  private tick(info: StepInfo | null, dt: number, final: boolean): Tick {
    const [state, t] = [this.now, this.t];
    let energy: ReturnType<Tick["energy"]> | undefined;
    let rate: number | null | undefined;
    return {
      t,
      dt,
      index: this.index,
      state,
      info,
      final,
      energy: () => {
        if (energy) return energy;
        const parts = this.values(state, t);
        return (energy = { parts, total: total(parts) });
      },
      dissipation: () => {
        // without an energy nothing is dissipated, whatever a scheme makes of its velocities
        if (rate === undefined) rate = this.p.parts.length === 0 ? 0 : (this.stepper.dissipation?.(state, t) ?? null);
        return rate;
      },
      turn: () => this.stepper.turn?.(state, { t, dt: this.scheme.step, index: this.index, count: 1 }) ?? null,
    };
  }

  /** Shows the state to every watcher that is due (to all at the end); returns the first reason to stop. */
  private look(info: StepInfo | null, last: boolean, dt = 0): string | undefined {
    const tick = this.tick(info, dt, last);
    let stop: string | undefined;
    for (const slot of this.slots) {
      if (!last && !isDue(slot, this.index, this.t, this.p.start)) continue;
      if (slot.seen === this.index) continue;
      stop ??= slot.watcher.see(slot.memory, tick, this.p);
      slot.seen = this.index;
      advance(slot, this.t, this.p.start);
    }
    return stop;
  }

  private beat(): Beat {
    return { t: this.t, until: this.o.until, index: this.index, energy: this.energy, checkpoint: () => this.checkpoint() };
  }

  private checkpoint(): Checkpoint {
    return {
      version: 2,
      t: this.t,
      dt: this.dt,
      index: this.index,
      rejected: this.rejected,
      energy: this.energy,
      rows: copyRows(this.now),
      frames: savedFrames(this.slots[0]!.memory as FrameMemory),
      watchers: this.slots.map((s, i) => ({ memory: i === 0 ? null : structuredClone(stripSpaces(s.memory)), next: s.next, seen: s.seen })),
    };
  }

  private resume(from: Checkpoint): void {
    restore(this.now, from.rows);
    this.t = from.t;
    this.dt = from.dt;
    this.index = from.index;
    this.rejected = from.rejected;
    this.energy = from.energy;
    this.slots.forEach((slot, i) => {
      const saved = from.watchers[i]!;
      slot.memory = i === 0 ? framesOf(from.frames, this.p.space) : attachSpaces(saved.memory, this.p);
      slot.next = saved.next;
      slot.seen = saved.seen;
    });
  }

  private judge(status: Status): Check[] {
    const first = this.slots.length - this.certificates.length - (this.o.watchers?.length ?? 0);
    const run = { problem: this.p, scheme: this.scheme, known: this.o.known, status };
    return this.o.certificates.flatMap((c) => {
      const reason = c.applies(this.p, this.scheme, this.o.known);
      return reason === null ? c.judge(this.slots[first + this.certificates.indexOf(c)]!.memory, run) : notApplicable(c, reason);
    });
  }

  private end(status: Status, reason: string): Run {
    if (status !== "reached-end") this.look(null, true);
    const frames = this.slots[0]!.memory as FrameMemory;
    const checks = this.judge(status);
    return {
      status,
      reason,
      problem: this.p,
      scheme: this.scheme,
      time: this.t,
      steps: this.index,
      rejected: this.rejected,
      frames: frames.measures.map((measure, i) => ({ t: frames.t[i]!, index: frames.index[i]!, measure })),
      trace: traceOf(this.slots[1]!.memory as TraceMemory),
      checks,
      holds: good.includes(status) && checks.every((c) => !(c.hard && c.verdict === "fail")),
      last: this.now,
    };
  }
}

/** What a certificate that does not apply says. */
function notApplicable(c: Certificate, reason: string): Check {
  return { kind: c.label, title: c.title, verdict: "not-applicable", hard: false, value: null, bound: null, source: "", detail: reason };
}
