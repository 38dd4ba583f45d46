/** One line that says how far work is: on a screen it moves, on a pipe it becomes a line now and then. */
import type { Terminal } from "./terminal.ts";

/** seconds between two lines that replace each other, and between two that stand below each other */
const redrawEvery = 0.1;
const speakEvery = 10;

export interface MovingLine {
  /** says what `words` gives, from the seconds so far, unless that is too soon */
  see(words: (seconds: number) => string): void;
  /** takes the line away */
  end(): void;
}

/** @param quiet says nothing at all. @param first seconds before anything is said, none on a screen unless given */
export function movingLine(terminal: Terminal, quiet: boolean, first: number | undefined, clock: () => number = () => performance.now() / 1000): MovingLine {
  const every = terminal.live ? redrawEvery : speakEvery;
  const start = clock();
  let last = start + (first ?? (terminal.live ? 0 : every)) - every;
  let drawn = false;
  return {
    see(words) {
      const now = clock();
      if (quiet || now - last < every) return;
      last = now;
      terminal.log(terminal.live ? `\r\u001b[2K${words(now - start)}` : `${words(now - start)}\n`);
      drawn = terminal.live;
    },
    end() {
      if (drawn) terminal.log("\r\u001b[2K");
      drawn = false;
    },
  };
}
