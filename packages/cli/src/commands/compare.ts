import { relative, resolve } from "node:path";
import { isOttoflowError, specError } from "ottoflow/errors";
import type { Run } from "ottoflow/flow";
import { blocksOf } from "ottoflow/io/blocks";
import { npzBytes } from "ottoflow/io/npz";
import { distance } from "ottoflow/measure/distance";
import { catalogue } from "ottoflow/spec/catalogue.gen";
import type { Resolved } from "ottoflow/spec/resolve";
import { type Member, memberTable, type Pair, pairTable, type Refused } from "../comparison.ts";
import { type ExitCode, exitCodeOf, exitCodes } from "../exit.ts";
import { readSpec, type SpecSource } from "../files.ts";
import { writeFiles } from "../folder/durable.ts";
import { exportedRun, summary } from "../folder/result.ts";
import { freeName, openWorkplace } from "../folder/workplace.ts";
import { errorParts, errorToExact, finalMeasure } from "../members.ts";
import { comparisonReport } from "../report/comparison.ts";
import { jsonNumber } from "../report/words.ts";
import { resolveSource, type SpecOptions, watchRun } from "../session.ts";
import { csvTable, textTable } from "../tables.ts";
import { safe, type Terminal } from "../terminal.ts";

export interface CompareOptions extends SpecOptions {
  readonly schemes?: readonly string[];
  readonly variants?: readonly string[];
  readonly errors?: boolean;
  readonly out?: string;
  readonly force?: boolean;
}
/** thrown inside when the person interrupts, so that all members stop */
class Interrupted extends Error {}

/** `ottoflow compare SPEC`: one problem by several schemes, and how far their answers are apart. */
export async function compareCommand(name: string, options: CompareOptions, terminal: Terminal): Promise<ExitCode> {
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
    const pairs = pairsOf(members);
    const title = members[0].resolved.title || source.name;
    await writeFiles(place.path, filesOf(title, members, pairs, refused));
    await place.finish();
    if (options.json) terminal.out(`${JSON.stringify({ ...plain(title, members, pairs, refused), out })}\n`);
    else {
      terminal.out(`${textTable(pairTable(pairs))}\n\n${textTable(memberTable(members))}\n`);
      terminal.log(`report: ${safe(relative(terminal.cwd, out))}/report.html\n`);
    }
    return Math.max(...members.map((member) => exitCodeOf(member.run.status, member.run.holds))) as ExitCode;
  } catch (error) {
    await place.discard();
    if (!(error instanceof Interrupted)) throw error;
    if (options.json) terminal.out(`${JSON.stringify({ status: "aborted", out: null })}\n`);
    terminal.log("interrupted; nothing was kept\n");
    return exitCodes.interrupted;
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
      const { run, interrupted } = await watchRun(r, terminal, { quiet: options.quiet, threads: options.threads });
      if (interrupted) throw new Interrupted();
      return run;
    };
    const run = await go(resolved, "");
    const parts =
      options.errors === false
        ? []
        : await errorParts(resolved, run, async (settings, what) => {
            const finer = await go(await resolve(settings), what);
            return finer.time === run.time || Math.abs(finer.time - run.time) <= 1e-9 * Math.abs(run.time) ? finer : null;
          });
    members.push({
      name: plan.name,
      resolved,
      run,
      parts,
      error: parts.length > 0 ? parts.reduce((sum, part) => sum + part.value, 0) : null,
      exact: await errorToExact(resolved, run),
    });
  }
  return { members, refused };
}

function pairsOf(members: readonly Member[]): Pair[] {
  const pairs: Pair[] = [];
  members.forEach((a, i) => {
    for (const b of members.slice(i + 1)) {
      const d = distance(finalMeasure(a.run), finalMeasure(b.run));
      const bar = a.error === null || b.error === null ? null : a.error + b.error + d.error;
      pairs.push({ a: a.name, b: b.name, distance: d, bar, agree: bar === null ? null : d.value <= bar, worst: worstOf(a.run, b.run) });
    }
  });
  return pairs;
}
function worstOf(a: Run, b: Run): Pair["worst"] {
  let worst: { t: number; value: number } | null = null;
  for (const frame of a.frames) {
    const other = b.frames.find((candidate) => Math.abs(candidate.t - frame.t) <= 1e-9 * Math.max(1, Math.abs(frame.t)));
    if (!other) continue;
    const { value } = distance(frame.measure, other.measure);
    if (worst === null || value > worst.value) worst = { t: frame.t, value };
  }
  return worst;
}

function plain(title: string, members: readonly Member[], pairs: readonly Pair[], refused: readonly Refused[]): Record<string, unknown> {
  return {
    status: "compared",
    title,
    members: members.map((m) => ({
      name: m.name,
      scheme: m.resolved.spec.scheme,
      error: jsonNumber(m.error),
      errors: m.parts,
      exact: m.exact,
      ...summary(m.run),
    })),
    pairs: pairs.map((p) => ({ a: p.a, b: p.b, ...p.distance, bar: jsonNumber(p.bar), agree: p.agree, worst: p.worst })),
    refused,
  };
}
function filesOf(title: string, members: readonly Member[], pairs: readonly Pair[], refused: readonly Refused[]): { name: string; bytes: Uint8Array }[] {
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return [
    { name: "comparison.json", bytes: encode(`${JSON.stringify(plain(title, members, pairs, refused), null, 2)}\n`) },
    { name: "pairs.csv", bytes: encode(csvTable(pairTable(pairs))) },
    { name: "report.html", bytes: encode(comparisonReport(title, members, pairs, refused)) },
    ...members.map((m) => ({ name: `runs/${m.name.replace(/[^A-Za-z0-9._-]+/g, "_")}.npz`, bytes: npzBytes(blocksOf(exportedRun(m.name, m.run))) })),
  ];
}
