/** Where a command speaks: results on stdout, progress and messages on stderr. Tests hand in their own. */
export interface Terminal {
  /** results; with --json exactly one object */
  out(text: string): void;
  /** logs, progress, errors */
  log(text: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** stderr is a terminal that can redraw a line */
  readonly live: boolean;
  readonly columns: number;
  /** calls back at each SIGINT or SIGTERM; returns how to stop listening */
  onInterrupt(callback: () => void): () => void;
  /** leave at once: second Ctrl-C */
  exit(code: number): never;
}

/** The terminal of this process. A reader that goes away (`| head`) ends the output, not the program. */
export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  return {
    out: (text) => void process.stdout.write(text),
    log: (text) => void process.stderr.write(text),
    env: process.env,
    cwd: process.cwd(),
    live: process.stderr.isTTY === true && process.env.TERM !== "dumb",
    columns: process.stderr.columns ?? 80,
    onInterrupt(callback) {
      process.on("SIGINT", callback);
      process.on("SIGTERM", callback);
      return () => {
        process.off("SIGINT", callback);
        process.off("SIGTERM", callback);
      };
    },
    exit: (code) => process.exit(code),
  };
}

export type Paint = (style: "bold" | "dim" | "green" | "red" | "yellow" | "cyan", text: string) => string;
const codes = { bold: [1, 22], dim: [2, 22], green: [32, 39], red: [31, 39], yellow: [33, 39], cyan: [36, 39] } as const;

/** Colours where they are wanted: a live terminal without NO_COLOR, or FORCE_COLOR. */
export function painter(terminal: Terminal): Paint {
  const { NO_COLOR, FORCE_COLOR } = terminal.env;
  const wanted = (NO_COLOR ?? "") === "" && (terminal.live || ((FORCE_COLOR ?? "") !== "" && FORCE_COLOR !== "0"));
  return (style, text) => (wanted ? `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m` : text);
}

/** Text of others (titles, paths, messages) made safe for a terminal: no escape sequences, no control characters but newline and tab. */
export function safe(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is removed
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "\ufffd");
}
