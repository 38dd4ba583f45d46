/** Work that a solver does in one go: its progress on stderr, and Ctrl-C as a signal that it heeds. */
import { safe, type Terminal } from "./terminal.ts";

/** Milliseconds between two lines that replace each other, and between two that stand below each other. */
const redrawEvery = 100;
export const speakEvery = 10_000;

export interface Watched<P> {
  /** what the solver is given */
  readonly run: { readonly signal: AbortSignal; onProgress(progress: P): void };
  /** takes the moving line away */
  end(): void;
  /** one line that stays */
  said(what: string): void;
  /** Ctrl-C is the program's own again */
  release(): void;
}

/** @param first milliseconds before anything is said. @param words of a line, from the progress and the seconds so far */
export function watched<P>(terminal: Terminal, quiet: boolean, first: number, words: (progress: P, seconds: number) => string): Watched<P> {
  const stop = new AbortController();
  const release = terminal.onInterrupt(() => {
    if (stop.signal.aborted) terminal.exit(130);
    stop.abort();
  });
  const every = terminal.live ? redrawEvery : speakEvery;
  const start = performance.now();
  let last = start + first - every;
  let drawn = false;
  const end = (): void => {
    if (drawn) terminal.log("\r\u001b[2K");
    drawn = false;
  };
  return {
    release,
    end,
    said(what) {
      end();
      if (!quiet) terminal.log(`${safe(what)}\n`);
    },
    run: {
      signal: stop.signal,
      onProgress(progress) {
        const now = performance.now();
        if (quiet || now - last < every) return;
        last = now;
        const line = words(progress, (now - start) / 1000);
        terminal.log(terminal.live ? `\r\u001b[2K${line.slice(0, terminal.columns - 1)}` : `${line}\n`);
        drawn = terminal.live;
      },
    },
  };
}
