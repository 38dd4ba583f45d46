/** What a run says while it runs: time, live energy, speed, time left. */
import type { Progress } from "ottoflow/flow";
import { formatNumber } from "ottoflow/io/figure/number";
import { movingLine } from "./moving-line.ts";
import { painter, type Terminal } from "./terminal.ts";

/** beyond a day an estimate from a few seconds says nothing */
const mostLeft = 86_400;

export interface ProgressLine {
  see(progress: Progress): void;
  /** takes the moving line away */
  end(): void;
}

/** @param quiet says nothing at all */
export function progressLine(terminal: Terminal, quiet: boolean, from = 0, clock?: () => number): ProgressLine {
  const line = movingLine(terminal, quiet, undefined, clock);
  let first: Progress | null = null;
  const paint = painter(terminal);
  return {
    see(p) {
      const began = (first ??= p);
      line.see((seconds) => {
        const since = (p.t - began.t) / (p.until - began.t);
        const left = since > 0 && since < 1 ? (seconds / since) * (1 - since) : Number.NaN;
        const words = [
          `t ${formatNumber(p.t, 4)} of ${formatNumber(p.until, 4)}`,
          `step ${p.index}`,
          p.energy === null ? "" : `energy ${formatNumber(p.energy, 8)}`,
          Number.isNaN(left) ? "" : left > mostLeft ? "over a day left" : `${duration(left)} left`,
        ];
        const text = words.filter(Boolean).join("  ");
        if (!terminal.live) return text;
        const done = (p.t - from) / (p.until - from);
        const bar = `${String(Math.floor(100 * Math.min(1, Math.max(0, done)))).padStart(3)}% ${blocks(done, 20)}`;
        return `${paint("cyan", bar)} ${text.slice(0, Math.max(0, terminal.columns - 27))}`;
      });
    },
    end: line.end,
  };
}

function blocks(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** "4.2 s", "3 min 20 s", "2 h 5 min" */
export function duration(seconds: number): string {
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole > 100 * 3600) return whole > 3650 * 86400 ? "more than ten years" : `${Math.round(whole / 86400)} days`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.round((whole % 3600) / 60)} min`;
}
