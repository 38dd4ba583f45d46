/** Every unit as data: the library's catalogue and the exporters of this command. */
import { type CatalogueEntry, catalogue } from "ottoflow/spec/catalogue.gen";
import { exporterKinds, loadExporter } from "./export/exporters.ts";

export type Entry = Omit<CatalogueEntry, "file">;

export async function entries(): Promise<readonly Entry[]> {
  const known = new Set(catalogue.filter((entry) => entry.role === "exporter").map((entry) => entry.kind));
  const more = await Promise.all(exporterKinds.filter((kind) => !known.has(kind)).map((kind) => loadExporter(kind)));
  return [...catalogue, ...more.map(({ build: _build, ...data }) => data)];
}
