/** What the folder of a path holds. */
import type { PathResult } from "ottoflow/contract";
import { type Block, blocksOf } from "ottoflow/io/blocks";
import { csvOf } from "ottoflow/io/csv";
import { npzBytes } from "ottoflow/io/npz";
import { zarrFiles } from "ottoflow/io/zarr";
import type { ResolvedPath } from "ottoflow/spec/path";
import { type NamedBytes, plainChecks } from "../folder/result.ts";
import { type PathReportInput, pathReport } from "../report/path.ts";
import { jsonNumber } from "../report/words.ts";
import { version } from "../version.ts";

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The object that --json prints and certificate.json holds. */
export function plainPath(result: PathResult, holds: boolean, seconds: number): Record<string, unknown> {
  const { continuous } = result;
  return {
    job: "path",
    status: result.status,
    action: jsonNumber(result.action),
    dual: jsonNumber(result.dual),
    gap: jsonNumber(result.gap),
    continuous: continuous && { lower: jsonNumber(continuous.lower), upper: jsonNumber(continuous.upper), because: continuous.because },
    iterations: result.iterations,
    seconds,
    convention: result.convention,
    notes: result.notes,
    figures: result.figures,
    certificate: { holds, checks: plainChecks(result.checks) },
    engine: { name: "ottoflow", version },
  };
}

/** Frames, and the velocities beside them where the path knows them. */
function framesOf(title: string, result: PathResult): Block[] {
  const blocks = blocksOf({ title, times: result.frames.map((f) => f.t), frames: result.frames.map((f) => f.measure), trace: {} });
  const [first] = result.frames;
  if (!first?.velocity || result.frames.some((f) => f.velocity?.length !== first.velocity!.length)) return blocks;
  const dim = first.measure.space.dim;
  const shape = first.measure.space.grid?.shape ?? [first.velocity.length / dim];
  const values = new Float64Array(result.frames.length * first.velocity.length);
  result.frames.forEach((f, k) => {
    values.set(f.velocity!, k * first.velocity!.length);
  });
  return [
    ...blocks,
    { name: "velocity", shape: [result.frames.length, dim, ...shape], axes: ["t", "axis", ...["x", "y", "z"].slice(0, shape.length)], values },
  ];
}

export async function pathFiles(input: PathReportInput): Promise<NamedBytes[]> {
  const { title, result, holds, seconds } = input;
  const blocks = framesOf(title, result);
  return [
    ...(await zarrFiles(blocks, { title, engine: `ottoflow ${version}` }, "frames.zarr")),
    { name: "frames.npz", bytes: npzBytes(blocks) },
    { name: "kinetic.csv", bytes: encode(csvOf({ t: result.kinetic.times, action: result.kinetic.value })) },
    { name: "mass.csv", bytes: encode(csvOf({ t: result.mass.times, mass: result.mass.value })) },
    { name: "report.html", bytes: encode(pathReport(input)) },
    { name: "certificate.json", bytes: encode(`${JSON.stringify({ ...plainPath(result, holds, seconds), environment: input.environment }, null, 2)}\n`) },
  ];
}

export const titleOf = (resolved: ResolvedPath, name: string): string => resolved.title || name;
