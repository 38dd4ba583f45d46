/** Flows that the page tests open: small enough to end at once, or too long to end by themselves; and what `ottoflow run` makes of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "../../../cli/src/main.ts";
import { testTerminal } from "../../../cli/test/terminal.ts";
import { encodeLink, type Shared } from "../../src/link/codec.ts";

export const specs: string = fileURLToPath(new URL("../../../../specs", import.meta.url));

export const well = {
  version: 1,
  title: "A double well",
  energy: [
    { kind: "entropy", temperature: 1 },
    { kind: "potential", formula: "(x^2 - 1)^2" },
  ],
  space: { kind: "box", lower: [-3], upper: [3], cells: [200] },
  initial: { kind: "gaussian", mean: [0], deviation: [0.1] },
  scheme: { kind: "finite-volume", time: "sdirk2", step: 0.005 },
  until: 0.5,
  variants: { fine: {}, coarse: { scheme: { step: 0.05 } } },
};
export const plane = {
  version: 1,
  title: "A plane",
  energy: [{ kind: "entropy" }],
  space: { kind: "box", lower: [-2, -2], upper: [2, 2], cells: [24, 24] },
  initial: { kind: "gaussian", deviation: [0.3] },
  scheme: { kind: "finite-volume", step: 0.01 },
  until: 0.05,
};
/** goes on for longer than a test takes */
export const slow = { ...plane, space: { ...plane.space, cells: [96, 96] }, scheme: { kind: "finite-volume", step: 0.0005 }, until: 50 };

/** A link to a flow; strangers write anything into its view. */
export const linkOf = (spec: object, more: { readonly view?: unknown; readonly hide?: readonly string[] } = {}): Promise<string> =>
  encodeLink(JSON.parse(JSON.stringify({ spec, ...more })) as Shared);

export interface Numbers {
  readonly energy: number;
  readonly mass: number;
  readonly steps: number;
}
export const numbers = ({ energy, mass, steps }: Numbers): Numbers => ({ energy, mass, steps });

/** What `ottoflow run spec.json` says, in a folder that holds these files and nothing else; `take` reads what it left there. */
export async function ran<T = null>(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: readonly string[] = [],
  take: (folder: string) => T = () => null as T,
): Promise<{ readonly said: Record<string, unknown>; readonly taken: T }> {
  const cwd = mkdtempSync(join(tmpdir(), "ottoflow-page-command-"));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), content);
    }
    const terminal = testTerminal(cwd);
    await main(["run", "spec.json", "--json", "--quiet", ...options], terminal);
    return { said: JSON.parse(terminal.said()), taken: take(cwd) };
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
export const command = async (files: Readonly<Record<string, string | Uint8Array>>, ...options: readonly string[]): Promise<Numbers> =>
  numbers((await ran(files, options)).said as unknown as Numbers);
