import { relative, resolve } from "node:path";
import { specError } from "ottoflow/errors";
import type { Run } from "ottoflow/flow";
import { svgDocument } from "ottoflow/io/figure/document";
import { convergenceFigure, scalarFigure } from "ottoflow/io/figure/study";
import { knownOf } from "ottoflow/known";
import type { Resolved } from "ottoflow/spec/resolve";
import { type ExitCode, exitCodeOf } from "../exit.ts";
import { readSpec, type SpecSource } from "../files.ts";
import { writeFiles } from "../folder/durable.ts";
import { summary } from "../folder/result.ts";
import { freeName, openWorkplace } from "../folder/workplace.ts";
import { knobsOf } from "../knobs.ts";
import { powerOfTwo, readRange } from "../numbers.ts";
import { studyReport } from "../report/study.ts";
import { nothingKept, resolveSource, runWhole, type SpecOptions } from "../session.ts";
import { pickKnobs, refinementOf, refinementTable, settingsAt } from "../study/refine.ts";
import type { Study } from "../study/study.ts";
import { variationTable } from "../study/vary.ts";
import { csvTable, latexTable, type TableOf, textTable } from "../tables.ts";
import { safe, type Terminal } from "../terminal.ts";

export interface StudyOptions extends SpecOptions {
  readonly refine?: readonly string[];
  readonly vary?: string;
  readonly levels: number;
  readonly out?: string;
  readonly force?: boolean;
}
const mostLevels = 12;

/** `ottoflow study SPEC --refine …` or `--vary …`: many runs of one spec, and what follows from them. */
export async function studyCommand(name: string, options: StudyOptions, terminal: Terminal): Promise<ExitCode> {
  if ((options.refine === undefined) === (options.vary === undefined)) throw specError("study", "takes either --refine step,cells or --vary path=a:b:n.");
  if (options.levels < 2 || options.levels > mostLevels) throw specError("--levels", `got ${options.levels} when expected 2 to ${mostLevels}.`);
  const source = await readSpec(name, terminal);
  const base = await resolveSource(source, options);
  const plan = options.refine ? null : readVary(options.vary as string);
  const out = options.out === undefined ? await freeName(resolve(terminal.cwd, "runs", `${source.name}-study`)) : resolve(terminal.cwd, options.out);
  const place = await openWorkplace(out, options);
  const runs: Done[] = [];
  const go = async (settings: Readonly<Record<string, unknown>>, what: string): Promise<Run> => {
    if (!options.quiet) terminal.log(`${safe(what)}\n`);
    const run = await runWhole(await resolveSource(source, options, settings), options, terminal);
    runs.push({ settings, run });
    return run;
  };
  try {
    const study = plan ? await vary(base, source, plan, go) : await refine(base, source, options, go);
    await writeFiles(place.path, filesOf(study, runs));
    await place.finish();
    if (options.json) terminal.out(`${JSON.stringify({ ...plain(study, runs), out })}\n`);
    else {
      terminal.out(`${textTable(study.table)}\n${study.summary}\n`);
      terminal.log(`report: ${safe(relative(terminal.cwd, out))}/report.html\n`);
    }
    return Math.max(...runs.map(({ run }) => exitCodeOf(run.status, run.holds))) as ExitCode;
  } catch (error) {
    await place.discard();
    return nothingKept(error, options, terminal);
  }
}

interface Done {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly run: Run;
}
interface VaryPlan {
  readonly path: string;
  readonly values: readonly unknown[];
}
function readVary(text: string): VaryPlan {
  const at = text.indexOf("=");
  const values = at < 1 ? null : readRange(text.slice(at + 1));
  if (!values || values.length < 2) throw specError("--vary", `got "${text}" when expected path=from:to:count, path=from:to:count:log or path=a,b,c.`);
  return { path: text.slice(0, at), values };
}
type Go = (settings: Readonly<Record<string, unknown>>, what: string) => Promise<Run>;

async function refine(base: Resolved, source: SpecSource, options: StudyOptions, go: Go): Promise<Study> {
  const knobs = pickKnobs(base, options.refine as readonly string[]);
  if (knobs.length === 0) throw specError("--refine", "names nothing to refine.");
  const runs: Run[] = [];
  for (let l = 0; l < options.levels; l++) {
    const settings = settingsAt(knobs, l);
    runs.push(await go(settings, `level ${l + 1} of ${options.levels}: ${knobs.map((k) => `${k.label} ${JSON.stringify(k.at(l))}`).join(", ")}`));
  }
  const refinement = refinementOf(knobs, runs, (await knownOf(base.problem)).exact, knobsOf(base));
  const columns = refinement.columns.map((column) => ({ label: column.name, values: column.values.map((v) => v ?? Number.NaN) }));
  const x = runs.map((_, l) => (typeof knobs[0].at(l) === "number" && knobs[0].label === "step" ? (knobs[0].at(l) as number) : 1 / powerOfTwo(l)));
  const halving = { step: "step", cells: "relative cell width", width: "relative width", tolerance: "relative tolerance" }[knobs[0].label];
  const label = halving ?? `relative 1 / ${knobs[0].label}`;
  const orders = refinement.columns.map((column) => `${column.name} ${column.order === null ? "–" : column.order.toFixed(2)}`).join(", ");
  return {
    title: `${base.title || source.name}: refining ${knobs.map((k) => k.label).join(" and ")}`,
    summary: `Orders fitted over all levels, against ${refinement.against}: ${orders}. ${refinement.expected === null ? "No theorem declares one here" : `The scheme declares ${refinement.expected}`}.${[refinement.idle, refinement.stalled].map((words) => (words ? ` ${words}` : "")).join("")}`,
    table: refinementTable(refinement),
    figures:
      columns.length > 0
        ? [convergenceFigure("Convergence", label, x, columns.slice(0, 5), refinement.expected === null ? [] : [refinement.expected], "convergence")]
        : [],
    refinement,
    refs: base.refs,
  };
}

async function vary(base: Resolved, source: SpecSource, plan: VaryPlan, go: Go): Promise<Study> {
  const points: { value: unknown; run: Run }[] = [];
  for (const [i, value] of plan.values.entries())
    points.push({ value, run: await go({ [plan.path]: value }, `${i + 1} of ${plan.values.length}: ${plan.path} = ${JSON.stringify(value)}`) });
  const table = variationTable({ path: plan.path, points });
  const numeric = plan.values.every((value) => typeof value === "number");
  const drawn = numeric
    ? table.columns.map((name, k) => ({ name, k })).filter(({ name, k }) => k > 0 && !["status", "certificate", "time"].includes(name) && changes(table, k))
    : [];
  const figures = drawn.map(({ name, k }) =>
    scalarFigure(
      name,
      plan.path,
      plan.values as number[],
      [{ label: name, values: table.rows.map((row) => (typeof row[k] === "number" ? row[k] : Number.NaN)) }],
      `vary-${k}`,
      name.replace(/[^A-Za-z0-9]+/g, "-"),
    ),
  );
  return {
    title: `${base.title || source.name}: varying ${plan.path}`,
    summary: `${points.filter((p) => p.run.holds).length} of ${points.length} runs are certified.`,
    table,
    figures,
    refinement: null,
    refs: base.refs,
  };
}
function changes(table: TableOf, column: number): boolean {
  return new Set(table.rows.map((row) => row[column])).size > 1;
}

function plain(study: Study, runs: readonly Done[]): Record<string, unknown> {
  return {
    status: "studied",
    title: study.title,
    summary: study.summary,
    columns: study.table.columns,
    rows: study.table.rows,
    ...(study.refinement
      ? {
          expected: study.refinement.expected,
          against: study.refinement.against,
          orders: study.refinement.columns,
          idle: study.refinement.idle,
          stalled: study.refinement.stalled,
        }
      : {}),
    runs: runs.map(({ settings, run }) => ({ settings, ...summary(run) })),
  };
}
function filesOf(study: Study, runs: readonly Done[]): { name: string; bytes: Uint8Array }[] {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return [
    { name: "study.json", bytes: encode(`${JSON.stringify(plain(study, runs), null, 2)}\n`) },
    { name: "table.csv", bytes: encode(csvTable(study.table)) },
    { name: "table.tex", bytes: encode(latexTable(study.table)) },
    ...study.figures.map((figure) => ({ name: `${figure.name}.svg`, bytes: encode(svgDocument(figure)) })),
    { name: "report.html", bytes: encode(studyReport(study)) },
  ];
}
