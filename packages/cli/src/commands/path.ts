/** `ottoflow run` on a spec with `"job": "path"`. */
import { mkdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Check, PathProgress, PathResult } from "ottoflow/contract";
import { specError } from "ottoflow/errors";
import { formatNumber } from "ottoflow/io/figure/number";
import { pathHolds, solvePath } from "ottoflow/run-path";
import { type ResolvedPath, resolvePath } from "ottoflow/spec/path";
import { environment } from "../environment.ts";
import { type ExitCode, exitCodes } from "../exit.ts";
import { fileReader, type SpecSource } from "../files.ts";
import { writeDurably, writeFiles } from "../folder/durable.ts";
import { inputFiles, specFiles, specText } from "../folder/result.ts";
import { freeName, openWorkplace } from "../folder/workplace.ts";
import { plainValues, valuesLine } from "../named.ts";
import { pathFiles, plainPath, titleOf } from "../path/folder.ts";
import { inOrder } from "../report/parts.ts";
import { boundWords, certificateSentence, verdictWords } from "../report/words.ts";
import { type RunCommandOptions, settingsFrom } from "../session.ts";
import { painter, safe, type Terminal } from "../terminal.ts";
import { watched } from "../watched.ts";

export async function pathCommand(source: SpecSource, options: RunCommandOptions, terminal: Terminal): Promise<ExitCode> {
  if (options.resume) throw specError("--resume", "is for flows; a path is computed anew.");
  if (options.export?.length) throw specError("--export", "is for flows; the folder of a path holds frames.npz, kinetic.csv and mass.csv already.");
  const set = await settingsFrom(options);
  const resolved = await resolvePath(source.json, { read: fileReader(source, options.allowFiles), set, quick: options.quick, variant: options.variant });
  const title = titleOf(resolved, source.name);
  const wanted = resolve(terminal.cwd, "runs", source.name);
  const out = options.out === undefined ? (options.force ? wanted : await freeName(wanted)) : resolve(terminal.cwd, options.out);
  const place = await openWorkplace(out, options);
  // the best path so far is kept when it is interrupted
  const watch = watched(terminal, options.quiet ?? false, progressWords);
  try {
    const spec = specText(resolved);
    for (const input of inputFiles(resolved)) {
      await mkdir(dirname(join(place.path, input.file)), { recursive: true });
      await writeDurably(join(place.path, input.file), input.bytes);
    }
    for (const { name, bytes } of specFiles(resolved)) await writeDurably(join(place.path, name), bytes);
    if (!options.quiet) terminal.log(`${painter(terminal)("bold", safe(title))}\n${valuesLine(resolved.parameters)}`);
    const begun = performance.now();
    const result = await solvePath(resolved, watch.run);
    const seconds = (performance.now() - begun) / 1000;
    watch.end();
    const holds = pathHolds(result);
    await writeFiles(place.path, await pathFiles({ title, resolved, result, holds, environment: environment(seconds), seconds, specText: spec }));
    await place.finish();
    const where = relative(terminal.cwd, place.out) || ".";
    if (options.json) terminal.out(`${JSON.stringify({ ...plainPath(result, holds, seconds), ...plainValues(resolved.parameters), out: place.out })}\n`);
    if (!options.quiet) say(resolved, result, holds, seconds, where, options, terminal);
    if (!options.json) terminal.out(`${where}\n`);
    if (result.status === "aborted") return exitCodes.interrupted;
    if (holds) return exitCodes.done;
    return result.status === "not-finite" ? exitCodes.numerical : exitCodes.uncertified;
  } catch (error) {
    watch.end();
    await place.discard();
    throw error;
  } finally {
    watch.release();
  }
}

function progressWords({ iteration, upper, lower }: PathProgress): string {
  const bounds = [lower, upper].map((v) => (v === null ? "?" : formatNumber(v, 6))).join(" to ");
  return `iteration ${iteration}  action ${bounds}`;
}

/** What a person wants to know at the end. */
function say(resolved: ResolvedPath, result: PathResult, holds: boolean, seconds: number, where: string, options: RunCommandOptions, terminal: Terminal): void {
  const paint = painter(terminal);
  const signs = { pass: "green", fail: "red", reported: "dim", "not-applicable": "dim" } as const;
  const line = (check: Check): string => {
    const bound = boundWords(check);
    const value = check.value === null ? "" : `: ${formatNumber(check.value)}${bound === "" ? "" : ` (${bound})`}`;
    return `  ${paint(signs[check.verdict], verdictWords[check.verdict].sign)} ${safe(check.title)}${value}`;
  };
  const { continuous } = result;
  const words = (v: number | null): string => (v === null ? "unknown" : formatNumber(v, 8));
  terminal.log(
    `${[
      `${result.status} after ${result.iterations} iterations, ${formatNumber(seconds, 3)} s`,
      `action     ${words(result.action)}, at least ${words(result.dual)} (gap ${result.gap === null ? "unknown" : formatNumber(result.gap, 3)})`,
      ...(continuous ? [`continuum  ${words(continuous.lower)} to ${words(continuous.upper)}`] : []),
      `convention ${safe(result.convention)}`,
      ...inOrder(result.checks).map(line),
      ...result.notes.map((note) => `note: ${safe(note)}`),
      `${holds ? paint("green", "certified") : paint("red", "not certified")}: ${safe(certificateSentence(result.checks, holds))}`,
      ...(options.variant === undefined && resolved.variants.length > 0 ? [`variants: ${safe(resolved.variants.join(", "))} (--variant NAME)`] : []),
      `report: ${safe(join(where, "report.html"))}`,
    ].join("\n")}\n`,
  );
}
