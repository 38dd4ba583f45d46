/** Work that a solver does in one go: its progress on stderr, and Ctrl-C as a signal that it heeds. */
import { movingLine } from "./moving-line.ts";
import { safe, type Terminal } from "./terminal.ts";

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

/** @param words of a line, from the progress and the seconds so far. @param first as of a moving line */
export function watched<P>(terminal: Terminal, quiet: boolean, words: (progress: P, seconds: number) => string, first?: number): Watched<P> {
  const stop = new AbortController();
  const release = terminal.onInterrupt(() => {
    if (stop.signal.aborted) terminal.exit(130);
    stop.abort();
  });
  const line = movingLine(terminal, quiet, first);
  return {
    release,
    end: line.end,
    said(what) {
      line.end();
      if (!quiet) terminal.log(`${safe(what)}\n`);
    },
    run: {
      signal: stop.signal,
      onProgress: (progress) =>
        line.see((seconds) => {
          const text = words(progress, seconds);
          return terminal.live ? text.slice(0, terminal.columns - 1) : text;
        }),
    },
  };
}
