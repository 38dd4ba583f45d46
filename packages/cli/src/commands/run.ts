import { mkdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import type { Check } from "ottoflow/contract";
import { formatNumber } from "ottoflow/io/figure/number";
import { knownOf } from "ottoflow/known";
import { jobOf } from "ottoflow/spec/path";
import { environment } from "../environment.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit.ts";
import { openExporter } from "../export/exporters.ts";
import { readSpec } from "../files.ts";
import { writeDurably, writeFiles } from "../folder/durable.ts";
import { exportedRun, inputFiles, resultFiles, specFiles, specText, summary } from "../folder/result.ts";
import { freeName, interruptedName, openWorkplace } from "../folder/workplace.ts";
import { plainValues, valuesLine } from "../named.ts";
import { duration } from "../progress.ts";
import { boundWords, certificateSentence, statusWords, verdictWords } from "../report/words.ts";
import { type RunCommandOptions, resolveSource, savedCheckpoint, type WatchedRun, watchRun } from "../session.ts";
import { painter, safe, type Terminal } from "../terminal.ts";

/** `ottoflow run SPEC`: computes the flow and leaves a run folder. */
export async function runCommand(name: string, options: RunCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const source = await readSpec(name, terminal);
  if (jobOf(source.json) === "path") return (await import("./path.ts")).pathCommand(source, options, terminal);
  const exporters = await Promise.all((options.export ?? []).map((kind) => openExporter(kind, "--export")));
  const resolved = await resolveSource(source, options);
  const title = resolved.title || source.name;
  const others = options.variant === undefined ? resolved.variants : [];
  const out = await placeOf(options, source.name, terminal);
  const place = await openWorkplace(out, options);
  const spec = specText(resolved);
  let watched: WatchedRun;
  try {
    const resume = options.resume ? await savedCheckpoint(place.path, spec) : undefined;
    if (!resume) await prepare(place.path, resolved);
    if (!options.quiet)
      terminal.log(
        `${painter(terminal)("bold", safe(title))}\n${valuesLine(resolved.parameters)}${resume ? `going on at t = ${formatNumber(resume.t)}\n` : ""}`,
      );
    watched = await watchRun(resolved, terminal, {
      quiet: options.quiet,
      folder: place.path,
      resume,
      checkpointEvery: options.checkpointEvery,
      threads: options.threads,
    });
    if (watched.interrupted) {
      await place.leave();
      return interrupted(watched, place.out, options, terminal);
    }
    const { exact } = await knownOf(resolved.problem);
    await writeFiles(place.path, await resultFiles(title, resolved, watched.run, exact, environment(watched.seconds)));
    for (const exporter of exporters)
      await writeFiles(place.path, await exporter.write({ ...exportedRun(title, watched.run), ...(exact ? { exact: (t: number) => exact.law(t) } : {}) }));
    await place.finish();
  } catch (error) {
    // a checkpoint is worth more than tidiness: an interrupted run keeps its place, a failed start does not
    await (options.resume ? place.leave() : place.discard());
    throw error;
  }
  const { run } = watched;
  const where = relative(terminal.cwd, place.out) || ".";
  if (options.json) terminal.out(`${JSON.stringify({ ...summary(run), ...plainValues(resolved.parameters), out: place.out })}\n`);
  if (!options.quiet) describe(watched, where, terminal);
  if (!options.quiet && others.length > 0) terminal.log(`variants: ${safe(others.join(", "))} (--variant NAME runs one, \`ottoflow compare\` compares them)\n`);
  if (!options.json) terminal.out(`${where}\n`);
  return exitCodeOf(run.status, run.holds);
}

async function placeOf(options: RunCommandOptions, name: string, terminal: Terminal): Promise<string> {
  if (options.out !== undefined) return resolve(terminal.cwd, options.out);
  const wanted = resolve(terminal.cwd, "runs", name);
  if (options.resume) return interruptedName(wanted);
  return options.force ? wanted : freeName(wanted);
}

async function prepare(folder: string, resolved: Parameters<typeof specFiles>[0]): Promise<void> {
  for (const input of inputFiles(resolved)) {
    await mkdir(dirname(join(folder, input.file)), { recursive: true });
    await writeDurably(join(folder, input.file), input.bytes);
  }
  for (const { name, bytes } of specFiles(resolved)) await writeDurably(join(folder, name), bytes);
}

function interrupted({ run }: WatchedRun, out: string, options: RunCommandOptions, terminal: Terminal): ExitCode {
  if (options.json) terminal.out(`${JSON.stringify({ ...summary(run), out: null, resume: out })}\n`);
  terminal.log(`interrupted at t = ${formatNumber(run.time)}; --resume with the same SPEC${options.out ? " and --out" : ""} goes on from there\n`);
  return exitCodes.interrupted;
}

/** What a person wants to know at the end. */
function describe({ run, seconds }: WatchedRun, where: string, terminal: Terminal): void {
  const paint = painter(terminal);
  const signs = { pass: "green", fail: "red", reported: "dim", "not-applicable": "dim" } as const;
  const applying = run.checks.filter((check) => check.verdict !== "not-applicable");
  const line = (check: Check): string => {
    const bound = boundWords(check);
    const value = check.value === null ? "" : `: ${formatNumber(check.value)}${bound === "" ? "" : ` (${bound})`}`;
    return `  ${paint(signs[check.verdict], verdictWords[check.verdict].sign)} ${safe(check.title)}${value}`;
  };
  const group = (name: string, hard: boolean): string[] => {
    const checks = applying.filter((check) => check.hard === hard);
    return checks.length === 0 ? [] : [name, ...checks.map(line)];
  };
  const lines = [...group("hard checks", true), ...group("measured", false)];
  const energy = run.trace.energy?.[run.trace.energy.length - 1];
  terminal.log(
    `${[
      `${statusWords[run.status]}: t = ${formatNumber(run.time)} in ${run.steps} steps, ${duration(seconds)}${energy === undefined || Number.isNaN(energy) ? "" : `, energy ${formatNumber(energy, 8)}`}`,
      ...(run.holds ? [] : [safe(run.reason)]),
      ...lines,
      `${run.holds ? paint("green", "certified") : paint("red", "not certified")}: ${safe(certificateSentence(run.checks, run.holds))}`,
      `report: ${safe(join(where, "report.html"))}`,
    ].join("\n")}\n`,
  );
}
