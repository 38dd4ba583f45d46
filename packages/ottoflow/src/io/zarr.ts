import * as zarrita from "zarrita";
import { defineExporter, type ExportedRun, type Unit } from "../define.ts";
import { type Block, blocksOf } from "./blocks.ts";

type Compression = "zstd" | "none";
/** about one megabyte of doubles per chunk: small enough to fetch, large enough to compress */
const chunkValues = 131_072;

/** The arrays of a run as a Zarr v3 group, file by file. */
export async function zarrFiles(
  blocks: readonly Block[],
  attributes: Record<string, unknown>,
  root: string,
  compression: Compression = "zstd",
): Promise<{ name: string; bytes: Uint8Array }[]> {
  const store = new Map<string, Uint8Array>();
  await zarrita.create(zarrita.root(store), { attributes: { ...attributes, arrays: blocks.map((block) => block.name) } });
  for (const block of blocks) await addArray(store, block, compression);
  return [...store].map(([key, bytes]) => ({ name: `${root}${key}`, bytes }));
}

async function addArray(store: Map<string, Uint8Array>, block: Block, compression: Compression): Promise<void> {
  const shape = [...block.shape];
  const inner = shape.slice(1).reduce((a, b) => a * b, 1);
  const chunkShape = shape.map((size, axis) => (axis === 0 ? Math.max(1, Math.min(size, Math.floor(chunkValues / Math.max(1, inner)))) : Math.max(1, size)));
  const options = {
    shape,
    chunkShape,
    fillValue: 0,
    dimensionNames: [...block.axes],
    attributes: block.column === undefined ? {} : { column: block.column },
    codecs: [
      { name: "bytes", configuration: { endian: "little" } },
      ...(compression === "zstd" ? [{ name: "zstd", configuration: { level: 3, checksum: false } }] : []),
    ],
  };
  const location = zarrita.root(store).resolve(block.name);
  const stride = shape.map((_, axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  if (block.values instanceof Float32Array)
    await zarrita.set(await zarrita.create(location, { ...options, dtype: "float32" }), null, { data: block.values, shape, stride });
  else await zarrita.set(await zarrita.create(location, { ...options, dtype: "float64" }), null, { data: block.values, shape, stride });
}

export const zarr: Unit<"exporter"> = defineExporter({
  kind: "zarr",
  title: "Zarr v3 group",
  tex: "",
  summary:
    "The arrays of the NumPy archive as a Zarr version 3 group frames.zarr with named axes, in chunks of about a megabyte. Opens in zarr-python, xarray and zarrita.",
  refs: [],
  params: {
    compression: {
      type: "choice",
      of: ["zstd", "none"],
      default: "zstd",
      doc: "of the chunks; Zstandard needs code made at run time, which a page with a strict policy refuses, and there an archive around the group compresses as well",
    },
  },
  examples: [
    { dim: 1, params: {} },
    { dim: 1, params: { compression: "none" } },
  ],
  build: ({ compression }) => ({
    extension: "zarr",
    write: (run: ExportedRun) => zarrFiles(blocksOf(run), { title: run.title, engine: "ottoflow" }, "frames.zarr", compression),
  }),
});
