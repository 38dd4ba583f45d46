import { relative, resolve } from "node:path";
import { isOttoflowError, specError } from "ottoflow/errors";
import type { Run } from "ottoflow/flow";
import { blocksOf } from "ottoflow/io/blocks";
import { npzBytes } from "ottoflow/io/npz";
import { catalogue } from "ottoflow/spec/catalogue.gen";
import type { Resolved } from "ottoflow/spec/resolve";
import { type Comparison, type Finer, type Member, memberTable, pairsOf, pairTable, type Refused, refinedTable, verdictOf } from "../comparison.ts";
import { type ExitCode, exitCodeOf } from "../exit.ts";
import { readSpec, type SpecSource } from "../files.ts";
import { writeFiles } from "../folder/durable.ts";
import { exportedRun, summary } from "../folder/result.ts";
import { freeName, openWorkplace } from "../folder/workplace.ts";
import { halved, knobsOf } from "../knobs.ts";
import { errorOf, errorParts, errorToExact } from "../members.ts";
import { comparisonReport } from "../report/comparison.ts";
import { jsonNumber } from "../report/words.ts";
import { nothingKept, resolveSource, runWhole, type SpecOptions } from "../session.ts";
import { csvTable, textTable } from "../tables.ts";
import { safe, type Terminal } from "../terminal.ts";

export interface CompareOptions extends SpecOptions {
  readonly schemes?: readonly string[];
  readonly variants?: readonly string[];
  readonly errors?: boolean;
  /** how often everything is refined once more */
  readonly refine?: number;
  readonly out?: string;
  readonly force?: boolean;
}
const mostRefinements = 5;

/** `ottoflow compare SPEC`: one problem by several schemes, and how far their answers are apart. */
export async function compareCommand(name: string, options: CompareOptions, terminal: Terminal): Promise<ExitCode> {
  const levels = options.refine ?? 0;
  if (levels > mostRefinements) throw specError("--refine", `got ${levels} when expected at most ${mostRefinements} refinements.`);
  const source = await readSpec(name, terminal);
  const plans = await plansOf(source, options);
  const out = options.out === undefined ? await freeName(resolve(terminal.cwd, "runs", `${source.name}-compare`)) : resolve(terminal.cwd, options.out);
  const place = await openWorkplace(out, options);
  try {
    const { members, refused } = await runMembers(plans, source, options, terminal);
    if (members.length < 2)
      throw specError(
        "compare",
        `only ${members.length} of ${plans.length} can run this problem, when two are needed. ${refused.map((r) => `${r.name}: ${r.because}`).join(" ")}`,
      );
    const found: Comparison = { title: members[0].resolved.title || source.name, members, pairs: pairsOf(members), refused };
    await writeFiles(place.path, filesOf(found));
    await place.finish();
    if (options.json) terminal.out(`${JSON.stringify({ ...plain(found), out })}\n`);
    else {
      const refined = refinedTable(found);
      const tables = [pairTable(found.pairs), ...(refined ? [refined] : []), memberTable(members)];
      terminal.out(`${safe(tables.map(textTable).join("\n\n"))}\n\n${safe(verdictOf(found))}\n`);
      terminal.log(`report: ${safe(relative(terminal.cwd, out))}/report.html\n`);
    }
    return Math.max(...members.map((member) => exitCodeOf(member.run.status, member.run.holds))) as ExitCode;
  } catch (error) {
    await place.discard();
    return nothingKept(error, options, terminal);
  }
}

interface Plan {
  readonly name: string;
  readonly variant?: string;
  readonly settings: Readonly<Record<string, unknown>>;
}
async function plansOf(source: SpecSource, options: CompareOptions): Promise<Plan[]> {
  if (options.schemes && options.variants) throw specError("compare", "takes --schemes or --variants, not both.");
  const spec = source.json as { variants?: Record<string, unknown>; scheme?: { step?: number } };
  const names = options.schemes ?? options.variants ?? Object.keys(spec?.variants ?? {});
  if (names.length < 2)
    throw specError("compare", `got ${names.length} to compare when two or more are needed: --schemes a,b, --variants a,b, or a spec with variants.`);
  if (new Set(names).size < names.length) throw specError("compare", "names one of them twice.");
  if (!options.schemes) return names.map((variant) => ({ name: variant, variant, settings: {} }));
  return options.schemes.map((kind) => ({ name: kind, settings: { scheme: schemeOf(kind, spec?.scheme?.step) } }));
}
/** A scheme by its kind, with the step of the spec where it has one and the parameters of its first example elsewhere. */
function schemeOf(kind: string, step: number | undefined): unknown {
  const entry = catalogue.find((unit) => unit.role === "scheme" && unit.kind === kind);
  if (!entry)
    throw specError(
      "--schemes",
      `"${kind}" is no scheme. Schemes: ${catalogue
        .filter((unit) => unit.role === "scheme")
        .map((unit) => unit.kind)
        .join(", ")}.`,
    );
  return { kind, ...entry.examples[0]?.params, ...(step !== undefined && "step" in entry.params ? { step } : {}) };
}

async function runMembers(
  plans: readonly Plan[],
  source: SpecSource,
  options: CompareOptions,
  terminal: Terminal,
): Promise<{ members: Member[]; refused: Refused[] }> {
  const members: Member[] = [];
  const refused: Refused[] = [];
  for (const plan of plans) {
    const resolve = (more: Readonly<Record<string, unknown>>): Promise<Resolved> =>
      resolveSource(source, { ...options, variant: plan.variant ?? options.variant }, { ...plan.settings, ...more });
    let resolved: Resolved;
    try {
      resolved = await resolve({});
    } catch (error) {
      // what a scheme cannot do is an answer of the comparison; any other mistake is one of the spec
      if (!isOttoflowError(error, "UnsupportedError") || plan.variant !== undefined) throw error;
      refused.push({ name: plan.name, because: error.message });
      continue;
    }
    const go = async (r: Resolved, what: string): Promise<Run> => {
      if (!options.quiet) terminal.log(`${safe(plan.name)}${what ? `, ${what}` : ""}\n`);
      return runWhole(r, options, terminal);
    };
    const again = async (settings: Readonly<Record<string, unknown>>, what: string): Promise<Run> => go(await resolve(settings), what);
    const run = await go(resolved, "");
    const parts = options.errors === false ? [] : await errorParts(resolved, run, again);
    const finer: Finer[] = [];
    for (let level = 1; level <= (options.refine ?? 0); level++) {
      const settings = halved(knobsOf(resolved), level);
      const refined = await again(settings, `refined ${level}×`);
      finer.push({ settings, run: refined, exact: await errorToExact(resolved, refined) });
    }
    members.push({ name: plan.name, resolved, run, parts, error: errorOf(parts), exact: await errorToExact(resolved, run), finer });
  }
  return { members, refused };
}

function plain(found: Comparison): Record<string, unknown> {
  return {
    status: "compared",
    title: found.title,
    summary: verdictOf(found),
    members: found.members.map((m) => ({
      name: m.name,
      scheme: m.resolved.spec.scheme,
      error: jsonNumber(m.error),
      errors: m.parts,
      exact: m.exact,
      ...(m.finer.length > 0
        ? { refined: m.finer.map(({ settings, run, exact }) => ({ settings, status: run.status, time: run.time, steps: run.steps, exact })) }
        : {}),
      ...summary(m.run),
    })),
    pairs: found.pairs.map((p) => ({
      a: p.a,
      b: p.b,
      ...p.distance,
      bar: jsonNumber(p.bar),
      agree: p.agree,
      worst: p.worst,
      ...(p.falls === null ? {} : { refined: p.finer, falls: p.falls }),
    })),
    refused: found.refused,
  };
}
function filesOf(found: Comparison): { name: string; bytes: Uint8Array }[] {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  const refined = refinedTable(found);
  return [
    { name: "comparison.json", bytes: encode(`${JSON.stringify(plain(found), null, 2)}\n`) },
    { name: "pairs.csv", bytes: encode(csvTable(pairTable(found.pairs))) },
    ...(refined ? [{ name: "refined.csv", bytes: encode(csvTable(refined)) }] : []),
    { name: "report.html", bytes: encode(comparisonReport(found)) },
    ...found.members.map((m) => ({ name: `runs/${m.name.replace(/[^A-Za-z0-9._-]+/g, "_")}.npz`, bytes: npzBytes(blocksOf(exportedRun(m.name, m.run))) })),
  ];
}
