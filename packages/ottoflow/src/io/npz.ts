import { zipSync } from "fflate";
import { defineExporter, type ExportedRun, type Unit } from "../define.ts";
import { limitError } from "../errors.ts";
import { type Block, blocksOf } from "./blocks.ts";
import { npyBytes } from "./npy.ts";

/** The zip format as written here holds 32-bit sizes. */
const largest = 0xffff_ffff;

/** NumPy archive: every block under its own name, read by `numpy.load`. */
export function npzBytes(blocks: readonly Block[]): Uint8Array {
  const size = blocks.reduce((sum, block) => sum + block.values.byteLength + 256, 0);
  if (size > largest) throw limitError("NPZ archive in bytes", size, largest, "Export to zarr instead, or keep fewer frames.");
  const files: Record<string, Uint8Array> = {};
  for (const block of blocks) files[`${block.name}.npy`] = npyBytes(block.shape, block.values);
  // a fixed date, so that the same run gives the same bytes
  return zipSync(files, { level: 6, mtime: new Date(1980, 0, 1) });
}

export const npz: Unit<"exporter"> = defineExporter({
  kind: "npz",
  title: "NumPy archive",
  tex: "",
  summary:
    "One archive for NumPy: t [frames]; on a box density [frames, cells…] and cell centres x, y, z; for particles positions [frames, n, d] and weights; for quantiles positions [frames, n] and levels; for Gaussians mean and covariance; and every trace as trace_<name>.",
  refs: [],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => ({
    extension: "npz",
    write: async (run: ExportedRun) => [{ name: "run.npz", bytes: npzBytes(blocksOf(run)) }],
  }),
});
