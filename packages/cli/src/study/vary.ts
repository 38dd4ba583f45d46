/** Scalars of a run against one parameter. */
import type { Run } from "ottoflow/flow";
import type { TableOf, Value } from "../tables.ts";

export interface Variation {
  readonly path: string;
  readonly points: readonly { readonly value: unknown; readonly run: Run }[];
}

/** Everything that is one number per run: what it ended with and what its certificates measured. */
export function scalarsOf(run: Run): ReadonlyMap<string, number> {
  const scalars = new Map<string, number>([["time", run.time]]);
  const put = (name: string, value: number | null | undefined): void => {
    if (value !== null && value !== undefined && Number.isFinite(value)) scalars.set(name, value);
  };
  put("energy", run.trace.energy?.at(-1));
  put("mass", run.trace.mass?.at(-1));
  put("dissipation", run.trace.dissipation?.at(-1));
  put("steps", run.steps);
  for (const check of run.checks) if (check.verdict !== "not-applicable") put(check.title, check.value);
  return scalars;
}

export function variationTable({ path, points }: Variation): TableOf {
  const all = points.map(({ run }) => scalarsOf(run));
  const names = [...new Set(all.flatMap((scalars) => [...scalars.keys()]))];
  return {
    columns: [path, ...names, "status", "certificate"],
    rows: points.map(({ value, run }, i): Value[] => [
      typeof value === "number" ? value : JSON.stringify(value),
      ...names.map((name) => all[i].get(name) ?? null),
      run.status,
      run.holds ? "holds" : "fails",
    ]),
  };
}
