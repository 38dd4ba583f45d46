/** Every exporter by name: the library's and those that need the packages of this command. */
import type { Exporter, Unit } from "ottoflow/define";
import { specError } from "ottoflow/errors";
import { registry } from "ottoflow/spec/registry.gen";

const own: Readonly<Record<string, () => Promise<Unit<"exporter">>>> = {
  png: async () => (await import("./png.ts")).png,
};
const all: Readonly<Record<string, () => Promise<Unit<"exporter">>>> = { ...registry.exporter, ...own };

export const exporterKinds: readonly string[] = Object.keys(all).sort();

/** @param option the one that asks for it */
export async function loadExporter(kind: string, option = "--to"): Promise<Unit<"exporter">> {
  if (!Object.hasOwn(all, kind)) throw specError(option, `"${kind}" is not a format. Formats: ${exporterKinds.join(", ")}.`);
  return all[kind]();
}
export async function openExporter(kind: string, option?: string): Promise<Exporter> {
  const unit = await loadExporter(kind, option);
  return unit.build({} as never, undefined as never);
}
