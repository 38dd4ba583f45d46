import type { Terminal } from "../src/terminal.ts";

export class Left extends Error {
  readonly code: number;
  constructor(code: number) {
    super(`left with ${code}`);
    this.code = code;
  }
}
/** A terminal that remembers what was said, and interrupts when told. */
export function testTerminal(cwd: string, live = false): Terminal & { said(): string; logged(): string; interrupt(): void } {
  let said = "";
  let logged = "";
  const listeners = new Set<() => void>();
  return {
    out: (text) => void (said += text),
    log: (text) => void (logged += text),
    env: {},
    cwd,
    live,
    columns: 100,
    onInterrupt(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    exit: (code) => {
      throw new Left(code);
    },
    said: () => said,
    logged: () => logged,
    interrupt: () => {
      for (const listener of listeners) listener();
    },
  };
}
