/**
 * What a chapter of the book claims: a number in its text that a test computes anew carries a comment that readers do not see,
 *
 *   the density turns negative at $t = 0.750$<!-- claim: l2-negative -->
 *
 * The claim holds when what is computed, rounded to the digits as they are written, is what is written.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { main } from "../../../cli/src/main.ts";
import { testTerminal } from "../../../cli/test/terminal.ts";
import type { PathResult } from "../../src/contract.ts";
import type { Run } from "../../src/flow.ts";
import { runFlow } from "../../src/run.ts";
import { runPath } from "../../src/run-path.ts";
import { type ResolveOptions, resolveSpec } from "../../src/spec/resolve.ts";

const root = new URL("../../../..", import.meta.url).pathname;
const specs = new URL("../../../../specs/", import.meta.url);
const book = new URL("../../../../docs/book/", import.meta.url);

export interface Claim {
  readonly key: string;
  /** as it stands in the text */
  readonly written: string;
  readonly value: number;
  /** half of the last digit written */
  readonly half: number;
  readonly line: number;
}
/** What a claim comes to: a number to be rounded, one with an error of its own, or a bound that the text states. */
export type Computed = number | { readonly near: number; readonly error: number } | { readonly atMost: number } | { readonly atLeast: number };

const digits = "[-−]?\\d+(?:\\.\\d+)?";
const power = "(?:e(?<e>[-+]?\\d+)|\\s*(?:\\\\times|\\\\cdot|×|·)\\s*10\\^\\{?(?<p>-?\\d+)\\}?)";
/** the last number before a comment, with nothing but closing marks between */
const before = new RegExp(`(?:(?<m>${digits})${power}?|(?<![\\d.])10\\^\\{?(?<only>-?\\d+)\\}?)[$*_\`%\\\\)\\]}\\s]*$`, "u");
const comment = /<!--\s*claim:\s*(.*?)\s*-->/g;

/** The claims of a text, in order. @throws where a comment has no number before it */
export function readClaims(text: string): readonly Claim[] {
  return text.split("\n").flatMap((line, i) => {
    let from = 0;
    return [...line.matchAll(comment)].map((found): Claim => {
      const [key, words] = [found[1]!, line.slice(from, found.index)];
      from = found.index + found[0].length;
      if (!/^[a-z0-9][a-z0-9-]*$/.test(key)) throw new Error(`line ${i + 1}: "${key}" is no key of a claim; write small letters, digits and hyphens.`);
      const { m, e, p, only } = before.exec(words)?.groups ?? {};
      if (m === undefined && only === undefined) throw new Error(`line ${i + 1}: there is no number before the claim "${key}".`);
      const plain = (m ?? "1").replace("−", "-");
      const exponent = Number(e ?? p ?? only ?? 0);
      const decimals = plain.includes(".") ? plain.length - plain.indexOf(".") - 1 : 0;
      return {
        key,
        written: before.exec(words)![0].trim(),
        value: Number(`${plain}e${exponent}`),
        half: 0.5 * Number(`1e${exponent - decimals}`),
        line: i + 1,
      };
    });
  });
}

/** Why a claim does not hold; null where it does. */
export function refuted({ key, written, value, half, line }: Claim, computed: Computed): string | null {
  const where = `line ${line}, ${key}: the text says ${written}`;
  if (typeof computed === "number") return Math.abs(computed - value) <= half * (1 + 1e-9) ? null : `${where}, computed is ${computed}`;
  if ("near" in computed)
    return Math.abs(computed.near - value) <= half + computed.error ? null : `${where}, computed is ${computed.near} within ${computed.error}`;
  if ("atMost" in computed) return computed.atMost <= value ? null : `${where} at most, computed is ${computed.atMost}`;
  return computed.atLeast >= value ? null : `${where} at least, computed is ${computed.atLeast}`;
}

/**
 * The tests of a chapter: every claim in its text is computed here, everything computed here is claimed, and every command says what the text shows.
 * @param chapter file name without ".md"
 * @param computed by key: how each number comes about, apart from the text
 */
export function testChapter(chapter: string, computed: Readonly<Record<string, () => Computed | Promise<Computed>>>): void {
  const text = readFileSync(new URL(`${chapter}.md`, book), "utf8");
  const claims = readClaims(text);
  test("every claim of the text is computed, and all that is computed is claimed", () => {
    expect([...new Set(claims.map(({ key }) => key))].sort()).toEqual(Object.keys(computed).sort());
  });
  for (const [key, compute] of Object.entries(computed))
    test(`claim ${key}`, async () => {
      const value = await compute();
      const own = claims.filter((claim) => claim.key === key);
      expect(own.length).toBeGreaterThan(0);
      const wrong = own.map((claim) => refuted(claim, value)).filter(Boolean);
      if (wrong.length > 0) throw new Error(wrong.join("\n"));
    });
  for (const [i, session] of sessionsOf(text).entries())
    test(`commands ${i + 1}: ${session.find((line) => line.startsWith("$"))?.slice(2) ?? ""}`, async () => {
      const found: string[] = [];
      for (const line of session.filter((l) => l.startsWith("$"))) found.push(line, ...(await said(line)));
      const missing = unmatched(session, found);
      if (missing !== null) throw new Error(missing);
    });
}

/** Fenced blocks of the language `console`: lines that begin with `$` are commands, the others what they say; `…` stands for lines left out. */
function sessionsOf(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/^```console\n([\s\S]*?)^```/gm)].map((block) => block[1]!.trimEnd().split("\n"));
}
const tidy = (line: string): string => line.trimEnd();
/** The first line shown that is not among the lines found, in order; null where all are. */
export function unmatched(shown: readonly string[], found: readonly string[]): string | null {
  let at = 0;
  for (const line of shown.map(tidy)) {
    if (line === "…" || line === "") continue;
    const next = found.findIndex((l, i) => i >= at && tidy(l) === line);
    if (next < 0) return `"${line}" is not what the command says; it says\n${found.slice(at).join("\n")}`;
    at = next + 1;
  }
  return null;
}
/** What `$ npx ottoflow …` says, beside a copy of specs/. */
async function said(line: string): Promise<readonly string[]> {
  const words = /^\$ npx ottoflow (.*)$/.exec(line)?.[1];
  if (words === undefined) throw new Error(`"${line}" is no command of ottoflow.`);
  const cwd = mkdtempSync(join(tmpdir(), "ottoflow-book-"));
  try {
    cpSync(join(root, "specs"), join(cwd, "specs"), { recursive: true });
    const terminal = testTerminal(cwd);
    await main(
      [...words.matchAll(/'([^']*)'|(\S+)/g)].map((word) => word[1] ?? word[2]!),
      terminal,
    );
    return `${terminal.logged()}\n${terminal.said()}`.split("\n");
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}

/** Runs at first use only: several claims may come of one run. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
const read = async (path: string): Promise<Uint8Array> => new Uint8Array(readFileSync(new URL(path, specs)));
const specOf = (name: string): unknown => JSON.parse(readFileSync(new URL(`${name}.json`, specs), "utf8"));

/** A flow of the gallery, whole unless said: `card("heat-gaussian", { set: { "scheme.step": 0.02 } })`. */
export async function card(name: string, options: ResolveOptions = {}): Promise<Run> {
  const run = await runFlow(await resolveSpec(specOf(name), { read, ...options }));
  if (run.status !== "reached-end") throw new Error(`${name} ended ${run.status}: ${run.reason}`);
  return run;
}
/** A flow that stands in the chapter's test alone. */
export async function ownFlow(spec: unknown, options: ResolveOptions = {}): Promise<Run> {
  return runFlow(await resolveSpec(spec, { read, ...options }));
}
/** A path of the gallery: `path("paths/wfr-geodesic")`. */
export const path = (name: string, options: ResolveOptions = {}): Promise<PathResult> => runPath(specOf(name), { read, ...options });
/** Value of a check of a run, by its kind. */
export function checkOf(run: Run, kind: string): number {
  const value = run.checks.find((check) => check.kind === kind)?.value;
  if (typeof value !== "number") throw new Error(`There is no check "${kind}" with a value; there are ${run.checks.map((c) => c.kind).join(", ")}.`);
  return value;
}
