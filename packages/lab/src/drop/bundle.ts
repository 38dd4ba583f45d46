/** A bundle: spec.json and the files it names in one zip. Unpacked, `ottoflow run spec.json` runs it. Bundles are from strangers: names and sizes are checked. */
import { unzipSync, zipSync } from "fflate";
import { filesOf } from "../gallery/files.ts";
import { isDeep } from "../link/depth.ts";

export interface Bundle {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, Uint8Array>>;
}
export class BundleError extends Error {}
const most = { files: 200, bytes: 256 * 1024 * 1024 };

/** Paths inside the bundle's folder only. */
export const isPlainPath = (path: string): boolean =>
  path.length <= 300 && !path.includes("\\") && !/[\p{Cc}:]/u.test(path) && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");

/** @throws {BundleError} where the spec names a file that is not there */
export function packBundle({ spec, files }: Bundle): Uint8Array {
  const content: Record<string, Uint8Array> = { "spec.json": new TextEncoder().encode(`${JSON.stringify(spec, null, 2)}\n`) };
  for (const path of filesOf(spec)) {
    if (!files[path]) throw new BundleError(`the file ${path} is not in this page`);
    if (!isPlainPath(path) || path === "spec.json") throw new BundleError(`the path ${path} does not fit into a bundle`);
    content[path] = files[path];
  }
  // a fixed date: the same flow gives the same bytes; files are mostly compressed already
  return zipSync(content, { level: 6, mtime: new Date(1980, 0, 1) });
}

/** @throws {BundleError} in words for what is no bundle */
export function unpackBundle(bytes: Uint8Array): Bundle {
  let [count, size] = [0, 0];
  let content: Record<string, Uint8Array>;
  try {
    content = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name.endsWith("/")) return false;
        if (!isPlainPath(name)) throw new BundleError(`the bundle holds the path ${name.slice(0, 80)}, which leads out of it`);
        count++;
        size += originalSize;
        if (count > most.files) throw new BundleError(`the bundle holds more than ${most.files} files`);
        if (size > most.bytes) throw new BundleError(`the bundle unpacks to more than ${most.bytes / 1048576} MiB`);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof BundleError) throw error;
    throw new BundleError("the file is no zip, or it is damaged");
  }
  const { "spec.json": text, ...files } = content;
  if (!text) throw new BundleError("the zip holds no spec.json; a bundle of the lab does");
  return {
    spec: readSpecText(text),
    files: Object.fromEntries([...filesOf(readSpecText(text))].flatMap((path) => (files[path] ? [[path, files[path]]] : []))),
  };
}

/** @throws {BundleError} where the bytes are no JSON object */
export function readSpecText(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let spec: unknown;
  try {
    spec = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new BundleError(`the spec is no JSON: ${(error as Error).message}`);
  }
  if (typeof spec !== "object" || spec === null || Array.isArray(spec)) throw new BundleError("the spec is no JSON object");
  if (isDeep(spec)) throw new BundleError("the spec holds lists within lists without end");
  return spec as Record<string, unknown>;
}

/** Files that no link can bring back: those that the reader gave. */
export const ownFiles = (spec: unknown): readonly string[] => [...filesOf(spec)].filter((path) => !path.startsWith("data/"));
