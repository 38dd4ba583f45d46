/** A run folder read back: what was written, as measures again. */
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import FileSystemStore from "@zarrita/storage/fs";
import type { Measure } from "ottoflow/contract";
import { isOttoflowError } from "ottoflow/errors";
import { type Resolved, resolveSpec } from "ottoflow/spec/resolve";
import * as zarrita from "zarrita";
import { runError } from "../exit.ts";
import { fileReader, readSpec, type SpecSource } from "../files.ts";
import type { Terminal } from "../terminal.ts";
import { measuresOf, type NamedArray } from "./measures.ts";

export interface FinishedRun {
  readonly folder: string;
  readonly source: SpecSource;
  readonly title: string;
  readonly resolved: Resolved;
  readonly times: readonly number[];
  readonly frames: readonly Measure[];
  readonly trace: Readonly<Record<string, Float64Array>>;
}

/** @throws {RunError} where the folder is no finished run */
export async function readRun(name: string, terminal: Terminal): Promise<FinishedRun> {
  const folder = resolve(terminal.cwd, name);
  const whole = await stat(join(folder, "certificate.json")).then(
    () => true,
    () => false,
  );
  if (!whole) throw runError(folder, `${name}: is not a run folder (it has no certificate.json).`);
  const source = await readSpec(folder, terminal);
  const resolved = await resolveSpec(source.json, { read: fileReader(source) });
  const arrays = await readGroup(join(folder, "frames.zarr"), name);
  const times = Array.from(arrays.get("t")?.values ?? []);
  const trace: Record<string, Float64Array> = {};
  for (const { column, values } of arrays.values()) if (column !== undefined) trace[column] = Float64Array.from(values);
  return {
    folder,
    source,
    title: resolved.title || source.name,
    resolved,
    times,
    frames: measuresOf(arrays, times.length, resolved.problem.space, name),
    trace,
  };
}

interface Stored extends NamedArray {
  readonly column?: string;
}
async function readGroup(path: string, name: string): Promise<ReadonlyMap<string, Stored>> {
  const store = new FileSystemStore(path);
  try {
    const group = await zarrita.open.v3(zarrita.root(store), { kind: "group" });
    const names = (group.attrs.arrays ?? []) as string[];
    const read = await Promise.all(
      names.map(async (key) => {
        const array = await zarrita.open.v3(zarrita.root(store).resolve(key), { kind: "array" });
        const { data, shape } = await zarrita.get(array as zarrita.Array<"float64", FileSystemStore>, null);
        const { column } = array.attrs as { column?: string };
        return [key, { values: data as Stored["values"], shape, column }] as const;
      }),
    );
    return new Map(read);
  } catch (error) {
    if (isOttoflowError(error)) throw error;
    throw runError(path, `${name}: frames.zarr cannot be read (${(error as Error).message}).`, error);
  }
}
