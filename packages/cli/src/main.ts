/** The command line: what each command takes. What they do is in commands/, loaded when called. */
import { Command, CommanderError, Option } from "commander";
import { collect, commaList, exponent, positive, threadCount, wholeNumber } from "./arguments.ts";
import { type ExitCode, exitCodes, report } from "./exit.ts";
import { processTerminal, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

export { processTerminal };

/** Runs one command line and says how it went; never throws, never leaves by itself. */
export async function main(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const json = argv.includes("--json");
  const program = build(terminal, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(argv as string[], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done; // help and version
      if (json) terminal.out(`${JSON.stringify({ status: "error", error: { tag: "UsageError", message: error.message.replace(/^error: /, "") } })}\n`);
      return exitCodes.badInput;
    }
    return report(error, json, terminal);
  }
}

function build(terminal: Terminal, done: (code: ExitCode) => void): Command {
  const program = new Command("ottoflow")
    .description("Gradient flows of probability measures, computed and certified.")
    .version(version)
    .showHelpAfterError("(--help lists what it takes)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.log(text),
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  const add = (name: string, description: string): Command => program.command(name).description(description).exitOverride().copyInheritedSettings(program);
  for (const some of [computingCommands, transportCommand, readingCommands]) some(add, terminal, done);
  return program;
}
type Add = (name: string, description: string) => Command;
type Done = (code: ExitCode) => void;

/** Commands that compute something of the flow that a spec describes. */
function computingCommands(add: Add, terminal: Terminal, done: Done): void {
  computing(
    add("run <spec>", "compute a flow; leaves a run folder with data, certificate and report")
      .option("--out <dir>", "run folder (default: runs/<name of the spec>, numbered if taken)")
      .option("--force", "replace a result that stands there")
      .option("--export <formats>", "leave these formats in the folder too: csv, npz, parquet, png, svg", commaList)
      .addOption(new Option("--checkpoint-every <seconds>", "how often an interrupted run can be resumed from").argParser(positive).default(10))
      .option("--resume", "go on with an interrupted run, to the same bits"),
  ).action(async (spec, options) => done(await (await import("./commands/run.ts")).runCommand(spec, options, terminal)));
  computing(
    add("compare <spec>", "the same problem by several schemes, with distances and error bars")
      .option("--schemes <kinds>", "schemes to compare, with commas", commaList)
      .option("--variants <names>", "variants of the spec to compare, with commas (default: all)", commaList)
      .addOption(new Option("--refine <levels>", "compare again with everything refined once, twice …: distances should fall").argParser(wholeNumber))
      .option("--no-errors", "skip the refined and reseeded runs behind the error bars")
      .option("--out <dir>", "folder of the result (default: runs/<name>-compare, numbered if taken)")
      .option("--force", "replace a result that stands there"),
  ).action(async (spec, options) => done(await (await import("./commands/compare.ts")).compareCommand(spec, options, terminal)));
  computing(
    add("study <spec>", "orders of convergence, or scalars against a parameter")
      .option("--refine <knobs>", "step, cells, count, width, levels, tolerance: refined together at each level", commaList)
      .option("--vary <path=range>", "path=from:to:count, path=from:to:count:log or path=a,b,c; a path in the spec or the name of a parameter")
      .addOption(new Option("--levels <n>", "levels of refinement").argParser(wholeNumber).default(4))
      .option("--out <dir>", "folder of the result (default: runs/<name>-study, numbered if taken)")
      .option("--force", "replace a result that stands there"),
  ).action(async (spec, options) => done(await (await import("./commands/study.ts")).studyCommand(spec, options, terminal)));
}

function transportCommand(add: Add, terminal: Terminal, done: Done): void {
  add("transport <from> [to]", "a certified coupling of two files (tables of points, pictures, measures of specs), or of the times of one")
    .addOption(new Option("--p <p>", "cost |x - y|^p; inf: the largest distance").argParser(exponent).default(2))
    .addOption(new Option("--epsilon <e>", "add e KL(P | a x b)").argParser(positive))
    .addOption(new Option("--unbalanced <w>", "marginals are drawn to the sides by w KL(marginal | side)").argParser(positive))
    .addOption(new Option("--partial <share>", "move only this share of the smaller mass").argParser(positive))
    .option("--keep-mass", "do not divide each side by its mass")
    .option("--solver <kind>", "one of `ottoflow list transport` (default: the cheapest that fits)")
    .addOption(new Option("--tolerance <t>", "relative gap to stop at").argParser(positive))
    .addOption(new Option("--steps <k>", "frames of the interpolation").argParser(wholeNumber).default(6))
    .option("--apply <file>", "map the points of this table too")
    .option("--columns <names>", "coordinates of points, with commas", commaList)
    .option("--weights <column>", "weights of points")
    .option("--time <column>", "couple the consecutive times of one table")
    .option("--group <column>", "groups of points: where each group ends up")
    .addOption(new Option("--as <what>", "what a picture is").choices(["darkness", "lightness", "alpha", "colours"]))
    .addOption(new Option("--grid <n>", "cells along the longer side of pictures (default: its pixels, at most 256)").argParser(wholeNumber))
    .addOption(new Option("--palette <n>", "atoms of the colours of a picture").argParser(wholeNumber).default(1000))
    .addOption(new Option("--count <n>", "points drawn from a law that needs it").argParser(wholeNumber).default(1000))
    .addOption(new Option("--seed <n>", "seed of those").argParser(wholeNumber).default(1))
    .addOption(new Option("--plan <format>", "how the plan is written").choices(["npz", "csv"]).default("npz"))
    .option("--out <dir>", "folder of the result (default: runs/<from>-to-<to>, numbered if taken)")
    .option("--force", "replace a result that stands there")
    .option("--quiet", "say nothing but the result")
    .option("--json", "print one JSON object on stdout")
    .action(async (from, to, options) => done(await (await import("./commands/transport.ts")).transportCommand(from, to, options, terminal)));
}

/** Commands that tell, check, export or show what there is. */
function readingCommands(add: Add, terminal: Terminal, done: Done): void {
  add("list [role]", "units: energies, geometries, schemes …")
    .option("--json", "print one JSON object on stdout")
    .action(async (role, options) => done(await (await import("./commands/list.ts")).listCommand(role, options, terminal)));
  add("explain <kind>", "formula, parameters, examples and sources of a unit; of a spec (a .json file), its own parameters")
    .option("--json", "print one JSON object on stdout")
    .action(async (kind, options) => done(await (await import("./commands/list.ts")).explainCommand(kind, options, terminal)));
  computing(add("derive <spec>", "what theory knows before anything is computed")).action(async (spec, options) =>
    done(await (await import("./commands/derive.ts")).deriveCommand(spec, options, terminal)),
  );
  computing(
    add("certify <file>", "certificates on frames that another program made (NPZ), or on those of a run folder").option(
      "--spec <spec>",
      "the problem that they are said to solve",
    ),
  ).action(async (file, options) => done(await (await import("./commands/certify.ts")).certifyCommand(file, options, terminal)));
  add("export <run>", "data and figures of a finished run")
    .requiredOption("--to <formats>", "csv, npz, parquet, png, svg, zarr; several with commas", commaList)
    .option("--out <dir>", "where to (default: into the run folder)")
    .option("--json", "print one JSON object on stdout")
    .action(async (run, options) => done(await (await import("./commands/export.ts")).exportCommand(run, options, terminal)));
  add("lab [spec]", "the lab in a browser, on a local address")
    .addOption(new Option("--port <n>", "port to listen on (default: 4180, or the next that is free)").argParser(wholeNumber))
    .option("--json", "print one JSON object on stdout")
    .action(async (spec, options) => done(await (await import("./commands/lab.ts")).labCommand(spec, options, terminal)));
  add("doctor", "what this machine offers")
    .option("--json", "print one JSON object on stdout")
    .action(async (options) => done(await (await import("./commands/doctor.ts")).doctorCommand(options, terminal)));
}

/** Options that all computing commands share. */
function computing(command: Command): Command {
  return command
    .option("--set <path=value>", "change a key of the spec, such as scheme.step=0.01, or a parameter by its name, noise=0.5; may be repeated", collect)
    .option("--set-from <file>", "JSON object of such paths and values")
    .option("--quick", "the short form that the spec itself provides")
    .option("--seed <n>", "seed of all randomness", wholeNumber)
    .option("--variant <name>", "one of the variants of the spec")
    .option("--allow-files <dir>", "let the spec read files below this folder too; may be repeated", collect)
    .addOption(new Option("--threads <n>", "threads to compute with; the numbers are the same for any").argParser(threadCount).default(1))
    .option("--quiet", "say nothing but the result")
    .option("--json", "print one JSON object on stdout");
}
