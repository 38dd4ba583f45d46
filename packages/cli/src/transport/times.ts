/** A table with a time column: consecutive couplings, growth, fates, and each inner time held out. */
import type { As, Coupling } from "ottoflow/contract";
import { readColumns } from "ottoflow/data/columns";
import { numbersOf, placeOf, readRows, type TextTable } from "ottoflow/data/csv";
import { columnOf } from "ottoflow/data/table";
import { dataError } from "ottoflow/errors";
import { type SolveOptions, solve } from "ottoflow/solve";
import { cloud } from "ottoflow/transport/problem";
import { couplingSeries, type Series, type Snapshot } from "ottoflow/transport/series";
import { type PairOptions, problemOf } from "./pair.ts";

export interface TimesOptions extends PairOptions {
  readonly columns?: readonly string[];
  readonly weights?: string;
  readonly time: string;
  /** column of groups (cell types), numbers or words */
  readonly group?: string;
}
export interface Times {
  readonly file: string;
  readonly snapshots: readonly Snapshot[];
  readonly groups: readonly string[];
  readonly names: readonly string[];
  readonly series: Series;
  readonly seconds: number;
}

export async function solveTimes(
  file: string,
  bytes: Uint8Array,
  options: TimesOptions,
  { said, ...run }: Omit<SolveOptions, "solver"> & { said?: (what: string) => void } = {},
): Promise<Times> {
  const { snapshots, groups, names } = read(file, bytes, options);
  const start = performance.now();
  const couple =
    (choice: PairOptions) =>
    async (from: As<"particles">, to: As<"particles">): Promise<Coupling> =>
      solve(problemOf(from, to, choice).problem, { ...run, ...(choice.solver !== undefined && { solver: choice.solver }) });
  const exact = couple({ p: 2 });
  const series = await couplingSeries(snapshots, couple(options), snapshots.length > 2 ? exact : undefined, said);
  return { file, snapshots, groups, names, series, seconds: (performance.now() - start) / 1000 };
}

function read(file: string, bytes: Uint8Array, options: TimesOptions): Pick<Times, "snapshots" | "groups" | "names"> {
  const text = /\.(csv|tsv|txt)$/i.test(file) ? readRows({ path: file, bytes }) : null;
  const table = text ? null : readColumns({ path: file, bytes });
  const column = (name: string): Float64Array => (text ? numbersOf(text, name) : columnOf(table!, name));
  const besides = [options.time, options.group, options.weights];
  const names = options.columns ?? (text ?? table!).names.filter((name) => !besides.includes(name));
  if (names.length === 0) throw dataError(file, "has no column of coordinates besides time, group and weights.");
  const t = column(options.time);
  const x = names.map(column);
  const weight = options.weights === undefined ? null : column(options.weights);
  const words = options.group === undefined ? null : text ? wordsOf(text, options.group) : Array.from(column(options.group), String);
  const groups = words ? [...new Set(words)].sort() : [];
  const times = [...new Set(t)].sort((a, b) => a - b);
  const snapshots = times.map((time) => {
    const rows = Array.from(t.keys()).filter((i) => t[i] === time);
    return {
      t: time,
      cloud: cloud(
        Float64Array.from({ length: names.length * rows.length }, (_, e) => x[Math.floor(e / rows.length)][rows[e % rows.length]]),
        {
          dim: names.length,
          name: `${file} at t = ${time}`,
          ...(weight && { weights: rows.map((i) => weight[i]) }),
        },
      ),
      ...(words && { group: Int32Array.from(rows, (i) => groups.indexOf(words[i])) }),
    };
  });
  return { snapshots, groups, names };
}
function wordsOf(table: TextTable, name: string): string[] {
  const k = placeOf(table, name);
  return table.rows.map((row) => row.fields[k].trim());
}

/** Mean share of each group among the descendants of each group of the first time, [groups][groups]. */
export function fateTable(found: Times): number[][] | null {
  const { fates } = found.series;
  const first = found.snapshots[0];
  if (!fates || !first.group) return null;
  return found.groups.map((_, from) => {
    const members = Array.from(first.group!.keys()).filter((i) => first.group![i] === from);
    return found.groups.map((__, to) => members.reduce((s, i) => s + fates.share[to * first.cloud.n + i], 0) / members.length);
  });
}
