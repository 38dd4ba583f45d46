/** A link holds no files: where a flow reads some of the reader's own, a bundle is saved in its place. */
import { fileName } from "../export/code.ts";
import { save } from "../export/save.ts";
import { ownFiles, packBundle } from "./bundle.ts";

/** What was done, in words; null where a link will do. */
export function bundledInstead(spec: Readonly<Record<string, unknown>>, files: Readonly<Record<string, Uint8Array>>): string | null {
  const own = ownFiles(spec);
  if (own.length === 0) return null;
  const name = `${fileName(String(spec.title ?? ""))}.zip`;
  save(name, packBundle({ spec, files }), "application/zip");
  return `A link cannot hold ${own.join(", ")}, so the bundle ${name} was saved: the spec and its files. Drop it on this page to open it again; unpacked, \`ottoflow run spec.json\` runs it.`;
}
