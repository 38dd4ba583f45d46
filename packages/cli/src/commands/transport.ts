import { relative, resolve } from "node:path";
import type { TransportProgress } from "ottoflow/contract";
import { specError } from "ottoflow/errors";
import { formatNumber } from "ottoflow/io/figure/number";
import { type ExitCode, exitCodes } from "../exit.ts";
import { readBounded } from "../files.ts";
import { writeFiles } from "../folder/durable.ts";
import { freeName, openWorkplace } from "../folder/workplace.ts";
import { duration } from "../progress.ts";
import { painter, safe, type Terminal } from "../terminal.ts";
import { transferColours } from "../transport/colour.ts";
import { coloursFiles, pairFiles, plainPair, plainTimes, timesFiles } from "../transport/folder.ts";
import { gapWords } from "../transport/gap.ts";
import { type Pair, type PairOptions, solvePair } from "../transport/pair.ts";
import { isPicture, readSides, type Side, type SideOptions } from "../transport/sides.ts";
import { solveTimes, type Times } from "../transport/times.ts";
import { type Watched, watched } from "../watched.ts";

export interface TransportCommandOptions extends Partial<PairOptions>, Partial<Omit<SideOptions, "besides">> {
  readonly apply?: string;
  readonly time?: string;
  readonly group?: string;
  readonly plan?: "npz" | "csv";
  readonly out?: string;
  readonly force?: boolean;
  readonly quiet?: boolean;
  readonly json?: boolean;
}
const usual = { p: 2, palette: 1000, count: 1000, seed: 1, steps: 6 } as const;
const mostSteps = 1000;

/** `ottoflow transport A B`: a certified coupling of two files, or of the consecutive times of one. */
export async function transportCommand(from: string, to: string | undefined, given: TransportCommandOptions, terminal: Terminal): Promise<ExitCode> {
  const options = { ...usual, ...given };
  if (options.steps > mostSteps) throw specError("--steps", `got ${options.steps} when expected at most ${mostSteps} frames.`);
  if (options.time === undefined && to === undefined) throw specError("transport", "needs two files, or one with --time COLUMN.");
  if (options.time !== undefined && to !== undefined) throw specError("transport", "takes one file with --time, or two without.");
  const name = `${base(from)}${to === undefined ? "" : `-to-${base(to)}`}`;
  const out = options.out === undefined ? await freeName(resolve(terminal.cwd, "runs", name)) : resolve(terminal.cwd, options.out);
  const place = await openWorkplace(out, options);
  const watch = watched(terminal, options.quiet ?? false, progressWords, silent);
  try {
    const path = (file: string): string => resolve(terminal.cwd, file);
    if (options.time !== undefined) {
      const found = await solveTimes(
        from,
        await readBounded(path(from), 256 * 1024 * 1024, from),
        { ...options, time: options.time },
        { ...watch.run, said: watch.said },
      );
      if (watch.run.signal.aborted) return await nothingKept(place, options, terminal, watch);
      await writeFiles(place.path, timesFiles(found, options));
      watch.end();
      return await ended(
        place,
        out,
        plainTimes(found),
        sayTimes(found),
        found.series.legs.every((leg) => leg.coupling.status === "optimal"),
        options,
        terminal,
      );
    }
    const sides = await readSides([from, to as string].map(path), options);
    const applied = options.apply === undefined ? null : await readApplied(path(options.apply), options);
    watch.said(`${sides[0].what} to ${sides[1].what}`);
    const pair = await solvePair(sides[0], sides[1], options, watch.run);
    if (pair.answer.status === "aborted") return await nothingKept(place, options, terminal, watch);
    const transfer = options.as === "colours" ? transferColours(pair) : null;
    await writeFiles(place.path, [...pairFiles(pair, applied, options), ...(transfer ? coloursFiles(pair, transfer) : [])]);
    watch.end();
    return await ended(place, out, plainPair(pair, transfer), sayPair(pair), pair.holds, options, terminal);
  } catch (error) {
    watch.end();
    await place.discard();
    throw error;
  } finally {
    watch.release();
  }
}
const base = (file: string): string => (file.split(/[\\/]/).pop() as string).replace(/\.[^.]*$/, "") || "transport";

async function readApplied(file: string, options: TransportCommandOptions): Promise<Side> {
  if (isPicture(file)) throw specError("--apply", `${file} is a picture; new points come from a table.`);
  const [side] = await readSides([file], { ...usual, ...options });
  return side;
}

/** A coupling that was interrupted is none: its folder goes, the exit code says why. */
async function nothingKept(
  place: Awaited<ReturnType<typeof openWorkplace>>,
  { json }: TransportCommandOptions,
  terminal: Terminal,
  watch: Watched<TransportProgress>,
): Promise<ExitCode> {
  watch.end();
  await place.discard();
  if (json) terminal.out(`${JSON.stringify({ status: "aborted", out: null })}\n`);
  terminal.log("interrupted; nothing was kept\n");
  return exitCodes.interrupted;
}

/** Seconds before anything is said of the progress. */
const silent = 1;

function progressWords(p: TransportProgress, seconds: number): string {
  const words = [
    duration(seconds),
    p.stage,
    `iteration ${p.iteration}`,
    p.gap === null ? "" : `gap ${formatNumber(p.gap, 3)}`,
    p.defect === null ? "" : `defect ${formatNumber(p.defect, 3)}`,
  ];
  const share = p.fraction === null ? "" : `${Math.floor(100 * p.fraction)} % `;
  return share + words.filter(Boolean).join("  ");
}

async function ended(
  place: Awaited<ReturnType<typeof openWorkplace>>,
  out: string,
  plain: Record<string, unknown>,
  said: string,
  holds: boolean,
  options: TransportCommandOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  await place.finish();
  if (options.json) terminal.out(`${JSON.stringify({ ...plain, out })}\n`);
  else {
    const paint = painter(terminal);
    terminal.out(`${safe(said)}\n`);
    terminal.out(`${holds ? paint("green", "certified") : paint("red", "not certified")}\n`);
    terminal.log(`report: ${safe(relative(terminal.cwd, out))}/report.html\n`);
  }
  if (holds) return exitCodes.done;
  return plain.status === "optimal" ? exitCodes.uncertified : exitCodes.numerical;
}
function sayPair(pair: Pair): string {
  const { answer, problem, distance, rounding } = pair;
  const p = problem.cost.metric;
  return [
    `value      ${formatNumber(answer.value, 12)}`,
    distance === null || p === undefined || p === 1
      ? ""
      : `W_${p}        ${formatNumber(distance, 12)}${rounding > 0 ? ` ± ${formatNumber(rounding, 3)} (rounding of the files)` : ""}`,
    pair.bracket && `W_${p}        from ${formatNumber(pair.bracket[0], 6)} to ${formatNumber(pair.bracket[1], 6)} (without entropy)`,
    answer.regularised === answer.value ? "" : `minimised  ${formatNumber(answer.regularised, 12)}`,
    `gap        ${gapWords(answer, 3)} (${answer.certifies} problem)`,
    `marginals  off by ${answer.defect.map((v) => formatNumber(v, 3)).join(" and ")}`,
    `solver     ${answer.solver}, ${answer.status}, ${answer.iterations} iterations, ${formatNumber(pair.seconds, 3)} s`,
    `convention ${answer.convention}`,
    ...[...pair.notes, ...answer.notes].map((note) => `note       ${note}`),
  ]
    .filter(Boolean)
    .join("\n");
}
function sayTimes(found: Times): string {
  const legs = found.series.legs.map(
    (leg) =>
      `t ${leg.from} → ${leg.to}   value ${formatNumber(leg.coupling.value, 8)}   gap ${gapWords(leg.coupling, 3)}   ${leg.coupling.solver}, ${leg.coupling.status}`,
  );
  const held = found.series.heldOut.map(
    (h) =>
      `t ${h.t} held out: W_2 of transport ${formatNumber(h.transport, 6)}, of mixing ${formatNumber(h.mixing, 6)}, of its neighbours ${formatNumber(h.before, 6)} and ${formatNumber(h.after, 6)}`,
  );
  return [...legs, ...held].join("\n");
}
