import { mkdir } from "node:fs/promises";
import { join, relative, resolve } from "node:path";
import type { ExportedRun } from "ottoflow/define";
import type { Picture } from "ottoflow/io/figure/picture";
import { knownOf } from "ottoflow/known";
import { type ExitCode, exitCodes } from "../exit.ts";
import { openExporter } from "../export/exporters.ts";
import { replaceDurably, writeFiles } from "../folder/durable.ts";
import { readRun } from "../folder/read.ts";
import type { Terminal } from "../terminal.ts";

export interface ExportOptions {
  readonly to: readonly string[];
  readonly out?: string;
  readonly json?: boolean;
}

/** `ottoflow export RUN --to npz,svg`: data and figures of a finished run, into its folder unless told otherwise. */
export async function exportCommand(name: string, options: ExportOptions, terminal: Terminal): Promise<ExitCode> {
  // formats first: a misspelt one costs no reading
  const exporters = await Promise.all(options.to.map((kind) => openExporter(kind)));
  const run = await readRun(name, terminal);
  const { exact } = await knownOf(run.resolved.problem);
  const exported: ExportedRun & Pick<Picture, "exact"> = {
    title: run.title,
    times: run.times,
    frames: run.frames,
    trace: run.trace,
    ...(exact ? { exact: (t) => exact.law(t) } : {}),
  };
  const out = resolve(terminal.cwd, options.out ?? run.folder);
  await mkdir(out, { recursive: true });
  const names: string[] = [];
  for (const exporter of exporters) {
    const files = await exporter.write(exported);
    await writeFiles(
      out,
      files.filter((file) => file.name.includes("/")),
    );
    for (const file of files.filter((f) => !f.name.includes("/"))) await replaceDurably(join(out, file.name), file.bytes);
    names.push(...new Set(files.map((file) => file.name.split("/")[0])));
  }
  const paths = names.map((file) => join(out, file));
  if (options.json) terminal.out(`${JSON.stringify({ out, files: paths })}\n`);
  else for (const path of paths) terminal.out(`${relative(terminal.cwd, path)}\n`);
  return exitCodes.done;
}
