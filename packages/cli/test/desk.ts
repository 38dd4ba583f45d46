/** A folder with a spec in it, and commands called there as a person calls them, in this process. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach } from "vitest";
import { main } from "../src/main.ts";
import { testTerminal } from "./terminal.ts";

/** Ornstein–Uhlenbeck on quantiles by JKO: fast, deterministic, with a known end. */
export const ornstein = {
  version: 1,
  title: "Ornstein–Uhlenbeck",
  energy: [{ kind: "entropy" }, { kind: "potential", formula: "x^2/2" }],
  space: { kind: "free", dimension: 1 },
  initial: { kind: "gaussian", mean: [2], deviation: [0.5], count: 60 },
  scheme: { kind: "jko", step: 0.05 },
  until: 1,
  variants: { coarse: { scheme: { step: 0.1 } }, fine: { scheme: { step: 0.025 } } },
  quick: { until: 0.2 },
};

type TestTerminal = ReturnType<typeof testTerminal>;
export interface Desk {
  readonly root: string;
  /** of this test, or the one that was last taken */
  readonly terminal: TestTerminal;
  /** another terminal, here unless elsewhere is said */
  take(folder?: string, live?: boolean): TestTerminal;
  call(...words: string[]): Promise<number>;
  answer(): Record<string, never>;
}
/** A desk for the tests of a file, with the spec as ou.json; each test has a terminal of its own. */
export function openDesk(): Desk {
  const root = mkdtempSync(join(tmpdir(), "ottoflow-command-"));
  writeFileSync(join(root, "ou.json"), JSON.stringify(ornstein));
  let terminal = testTerminal(root);
  const take: Desk["take"] = (folder = root, live = false) => (terminal = testTerminal(folder, live));
  beforeEach(() => void take());
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return {
    root,
    get terminal() {
      return terminal;
    },
    take,
    call: (...words) => main(words, terminal),
    answer: () => JSON.parse(terminal.said()),
  };
}
