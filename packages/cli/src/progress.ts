/** The line that moves while a run runs: time, live energy, speed, time left. On a pipe it becomes a line now and then. */
import type { Progress } from "ottoflow/flow";
import { formatNumber } from "ottoflow/io/figure/number";
import { painter, type Terminal } from "./terminal.ts";

const redrawEvery = 0.1;
const speakEvery = 10;
/** beyond a day an estimate from a few seconds says nothing */
const mostLeft = 86_400;

export interface ProgressLine {
  see(progress: Progress): void;
  /** takes the moving line away */
  end(): void;
}

/** @param quiet says nothing at all */
export function progressLine(terminal: Terminal, quiet: boolean, from = 0, clock: () => number = () => performance.now() / 1000): ProgressLine {
  const start = clock();
  let last = terminal.live ? Number.NEGATIVE_INFINITY : start;
  let first: Progress | null = null;
  let drawn = false;
  const paint = painter(terminal);
  return {
    see(p) {
      if (quiet) return;
      first ??= p;
      const now = clock();
      if (now - last < (terminal.live ? redrawEvery : speakEvery)) return;
      last = now;
      const done = (p.t - from) / (p.until - from);
      const since = (p.t - first.t) / (p.until - first.t);
      const left = since > 0 && since < 1 ? ((now - start) / since) * (1 - since) : Number.NaN;
      const words = [
        `t ${formatNumber(p.t, 4)} of ${formatNumber(p.until, 4)}`,
        `step ${p.index}`,
        p.energy === null ? "" : `energy ${formatNumber(p.energy, 8)}`,
        Number.isNaN(left) ? "" : left > mostLeft ? "over a day left" : `${duration(left)} left`,
      ];
      const text = words.filter(Boolean).join("  ");
      if (!terminal.live) {
        terminal.log(`${text}\n`);
        return;
      }
      const bar = `${String(Math.floor(100 * Math.min(1, Math.max(0, done)))).padStart(3)}% ${blocks(done, 20)}`;
      terminal.log(`\r\u001b[2K${paint("cyan", bar)} ${text.slice(0, Math.max(0, terminal.columns - 27))}`);
      drawn = true;
    },
    end() {
      if (drawn) terminal.log("\r\u001b[2K");
      drawn = false;
    },
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
