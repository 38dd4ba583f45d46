/**
 * Frames of a run within a budget of memory: when it is full, every second one goes and later ones come at double distance, so that they stay evenly
 * spread. The first and the latest are always there.
 */
import type { PlainFrame } from "../engine/messages.ts";

export const sizeOf = (f: PlainFrame): number =>
  Object.values(f.measure.rows).reduce((s, r) => s + r.byteLength, 0) + (f.exact?.rho.byteLength ?? 0) + (f.velocity?.byteLength ?? 0);

export class FrameStore {
  readonly budget: number;
  frames: PlainFrame[] = [];
  bytes = 0;
  private stride = 1;
  private seen = 0;
  /** the last frame is there for being the latest, not for its place */
  private spare = false;

  constructor(budget: number) {
    this.budget = budget;
  }
  add(frames: readonly PlainFrame[]): void {
    for (const frame of frames) {
      if (this.spare) this.bytes -= sizeOf(this.frames.pop()!);
      this.frames.push(frame);
      this.bytes += sizeOf(frame);
      this.spare = this.seen++ % this.stride !== 0;
      while (this.bytes > this.budget && this.frames.length > 3) this.thin();
    }
  }
  private thin(): void {
    const latest = this.frames.at(-1)!;
    this.frames = this.frames.filter((_, i) => i % 2 === 0);
    this.stride *= 2;
    this.spare = this.frames.at(-1) !== latest;
    if (this.spare) this.frames.push(latest);
    this.bytes = this.frames.reduce((s, f) => s + sizeOf(f), 0);
  }
  /** The frame at or before a time, to rounding: thirty steps of 0.1 are at 3. */
  at(time: number): PlainFrame | null {
    let [lo, hi] = [0, this.frames.length - 1];
    if (hi < 0) return null;
    const t = time + 1e-12 * Math.max(Math.abs(this.frames[lo]!.t), Math.abs(this.frames[hi]!.t));
    while (lo < hi) {
      const mid = (lo + hi + 1) >> 1;
      if (this.frames[mid]!.t <= t) lo = mid;
      else hi = mid - 1;
    }
    return this.frames[lo]!;
  }
}
