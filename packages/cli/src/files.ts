/** Reading what a spec names. Specs come from strangers: they may read beside themselves, and nowhere else unless told so. */
import { constants } from "node:fs";
import { type FileHandle, open, realpath, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { dataError, isOttoflowError, limitError, OttoflowError } from "ottoflow/errors";
import { parseSpec } from "ottoflow/spec/resolve";
import type { Terminal } from "./terminal.ts";

const mostSpecBytes = 20_000_000;
const mostDataBytes = 256 * 1024 * 1024;

/** Bytes of an ordinary file: no pipe to hang on, no device without end. */
export async function readBounded(path: string, limit: number, name: string = path): Promise<Uint8Array> {
  let handle: FileHandle | undefined;
  try {
    // without O_NONBLOCK, opening a named pipe would wait for its writer
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const info = await handle.stat();
    if (!info.isFile()) throw dataError(name, "is not an ordinary file.");
    if (info.size > limit) throw limitError(`${name} in bytes`, info.size, limit, "Split or shorten it.");
    return new Uint8Array(await handle.readFile());
  } catch (error) {
    if (isOttoflowError(error)) throw error;
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") throw dataError(name, "there is no such file.", error);
    if (code === "EISDIR") throw dataError(name, "is a folder when a file was expected.", error);
    throw error;
  } finally {
    await handle?.close();
  }
}

export interface SpecSource {
  /** as the user named it, for messages */
  readonly name: string;
  /** folder that the spec's files are read from */
  readonly folder: string;
  readonly json: unknown;
  /** where a run folder keeps its copies of input files, by the path that the spec names */
  readonly copies: ReadonlyMap<string, string>;
}

/** Reads SPEC: a file, `-` for standard input, or a run folder (its spec.json). */
export async function readSpec(name: string, terminal: Terminal): Promise<SpecSource> {
  if (name === "-") return { name: "flow", folder: terminal.cwd, ...parse(await standardInput(), "standard input") };
  const path = resolve(terminal.cwd, name);
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const [file, called] = isFolder ? [join(path, "spec.json"), `${name}/spec.json`] : [path, name];
  const bytes = await readBounded(file, mostSpecBytes, called);
  return { name: basename(path).replace(/(\.flow)?\.json$/i, "") || "flow", folder: dirname(file), ...parse(bytes, called) };
}
async function standardInput(): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of process.stdin) {
    size += (part as Buffer).length;
    if (size > mostSpecBytes) throw limitError("standard input in bytes", size, mostSpecBytes, "Put data into files.");
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}
/** A run folder's spec carries the engine that made it and its copies of inputs beside the keys of a spec. */
function parse(bytes: Uint8Array, name: string): Pick<SpecSource, "json" | "copies"> {
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw dataError(name, "is not UTF-8 text.", error);
  }
  try {
    const json = parseSpec(text) as Record<string, unknown> | null;
    if (json === null || typeof json !== "object" || Array.isArray(json) || !("engine" in json)) return { json, copies: new Map() };
    const { engine: _engine, inputs, ...spec } = json;
    return { json: spec, copies: readCopies(inputs) };
  } catch (error) {
    if (isOttoflowError(error, "SpecError")) throw new OttoflowError("SpecError", `${name}: ${error.message}`, error.fields, { cause: error });
    throw error;
  }
}
function readCopies(inputs: unknown): ReadonlyMap<string, string> {
  const copies = new Map<string, string>();
  for (const entry of Array.isArray(inputs) ? inputs : []) {
    const { path, file } = (entry ?? {}) as Record<string, unknown>;
    if (typeof path === "string" && typeof file === "string") copies.set(path, file);
  }
  return copies;
}

/**
 * Reader for the files that a spec names: a run folder's own copy, else relative to the spec, or below an allowed folder.
 * Links that lead out are refused as the paths they stand for.
 */
export function fileReader(source: Pick<SpecSource, "folder" | "copies">, allowed: readonly string[] = []): (path: string) => Promise<Uint8Array> {
  const { folder } = source;
  return async (path) => {
    if (path.includes("\0")) throw dataError(JSON.stringify(path), "is not a path.");
    const copy = source.copies.get(path);
    const candidate = copy !== undefined ? resolve(folder, copy) : isAbsolute(path) ? normalize(path) : join(folder, path);
    const real = await realpath(candidate).catch(() => null);
    if (!(await anyContains([folder, ...allowed], real ?? candidate)))
      throw dataError(path, "lies outside the folder of the spec. Specs read beside themselves only; --allow-files DIR opens another folder.");
    if (!real) throw dataError(path, `there is no such file (looked in ${folder}).`);
    return readBounded(real, mostDataBytes, path);
  };
}
async function anyContains(roots: readonly string[], path: string): Promise<boolean> {
  for (const root of roots) if (contains(await realpath(root).catch(() => resolve(root)), path)) return true;
  return false;
}
export function contains(root: string, path: string): boolean {
  const between = relative(root, path);
  return between === "" || (between !== ".." && !between.startsWith(`..${sep}`) && !isAbsolute(between));
}
