/** What a run folder holds. */
import { createHash } from "node:crypto";
import { basename, isAbsolute, normalize } from "node:path";
import type { Check, ExactFlow } from "ottoflow/contract";
import type { ExportedRun } from "ottoflow/define";
import type { Run } from "ottoflow/flow";
import { blocksOf } from "ottoflow/io/blocks";
import { csvOf } from "ottoflow/io/csv";
import { parquetBytes } from "ottoflow/io/parquet";
import { zarrFiles } from "ottoflow/io/zarr";
import type { Resolved } from "ottoflow/spec/resolve";
import type { Environment } from "../environment.ts";
import { last } from "../report/parts.ts";
import { runReport } from "../report/report.ts";
import { jsonNumber } from "../report/words.ts";
import { version } from "../version.ts";
import { writtenName } from "./written.ts";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Input files under names that stay inside the folder. */
export function inputFiles(
  resolved: Pick<Resolved, "inputs">,
): { readonly path: string; readonly file: string; readonly sha256: string; readonly bytes: Uint8Array }[] {
  return resolved.inputs.map(({ path, bytes }) => {
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const plain = normalize(path).replaceAll("\\", "/");
    const inside = !isAbsolute(path) && !plain.startsWith("..") && !/[<>:"|?*]/.test(plain);
    return { path, file: inside ? `inputs/${plain}` : `inputs/${sha256.slice(0, 8)}-${basename(path)}`, sha256, bytes };
  });
}

/** spec.json: the resolved spec, runnable as it stands, with the engine that ran it and digests of what it read. */
export function specText(resolved: Pick<Resolved, "spec" | "inputs">): string {
  const inputs = inputFiles(resolved).map(({ path, file, sha256 }) => ({ path, file, sha256 }));
  return `${JSON.stringify({ ...resolved.spec, engine: { name: "ottoflow", version }, ...(inputs.length > 0 ? { inputs } : {}) }, null, 2)}\n`;
}

/** What a folder says of its problem before anything is computed: spec.json, and written.json where the spec names numbers, to run with other ones. */
export function specFiles(resolved: Pick<Resolved, "spec" | "written" | "inputs">): NamedBytes[] {
  const written =
    resolved.written === null ? [] : [{ name: writtenName, bytes: encode(specText({ spec: resolved.written as Resolved["spec"], inputs: resolved.inputs })) }];
  return [{ name: "spec.json", bytes: encode(specText(resolved)) }, ...written];
}

export function exportedRun(title: string, run: Run): ExportedRun {
  return { title, times: run.frames.map((frame) => frame.t), frames: run.frames.map((frame) => frame.measure), trace: run.trace };
}

/** Checks as JSON: numbers that JSON lacks are text. */
export function plainChecks(checks: readonly Check[]): Record<string, unknown>[] {
  return checks.map((check) => ({ ...check, value: jsonNumber(check.value), bound: jsonNumber(check.bound) }));
}

/** The object that --json prints and certificate.json holds. */
export function summary(run: Run): Record<string, unknown> {
  return {
    status: run.status,
    reason: run.reason,
    time: run.time,
    steps: run.steps,
    mass: jsonNumber(last(run.trace.mass)),
    energy: jsonNumber(last(run.trace.energy)),
    certificate: { holds: run.holds, checks: plainChecks(run.checks) },
  };
}

export async function resultFiles(title: string, resolved: Resolved, run: Run, exact: ExactFlow | null, environment: Environment): Promise<NamedBytes[]> {
  const exported = exportedRun(title, run);
  const spec = specText(resolved);
  return [
    ...(await zarrFiles(blocksOf(exported), { title, engine: `ottoflow ${version}` }, "frames.zarr")),
    { name: "trace.parquet", bytes: parquetBytes(run.trace, title) },
    { name: "trace.csv", bytes: encode(csvOf(run.trace)) },
    { name: "report.html", bytes: encode(runReport({ title, resolved, run, exact, environment, specText: spec })) },
    { name: "certificate.json", bytes: encode(`${JSON.stringify({ ...summary(run), rejected: run.rejected, environment }, null, 2)}\n`) },
  ];
}
