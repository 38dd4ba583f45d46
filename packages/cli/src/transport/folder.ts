/** What the folder of a coupling holds. */
import { basename } from "node:path";
import type { Plan } from "ottoflow/contract";
import { type Block, blocksOf } from "ottoflow/io/blocks";
import { svgDocument } from "ottoflow/io/figure/document";
import { npzBytes } from "ottoflow/io/npz";
import type { Applied } from "ottoflow/transport/apply";
import { entriesOf } from "ottoflow/transport/plan";
import { plainChecks } from "../folder/result.ts";
import { colourReport, interpolationFigure, pairReport, timesReport } from "../report/transport.ts";
import { jsonNumber } from "../report/words.ts";
import { csvTable } from "../tables.ts";
import { version } from "../version.ts";
import { pngOf, type Transfer } from "./colour.ts";
import { applyPair, type Pair } from "./pair.ts";
import type { Side } from "./sides.ts";
import { fateTable, type Times } from "./times.ts";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}
export interface FolderOptions {
  readonly plan?: "npz" | "csv";
  readonly as?: string;
}
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const json = (value: unknown): Uint8Array => encode(`${JSON.stringify(value, null, 2)}\n`);

/** The object of --json and transport.json. */
export function plainPair(pair: Pair, transfer: Transfer | null = null): Record<string, unknown> {
  const { answer, problem } = pair;
  const side = (s: Side): unknown => ({ file: basename(s.file), sha256: s.sha256, what: s.what, rounding: jsonNumber(s.rounding) });
  return {
    status: answer.status,
    value: jsonNumber(answer.value),
    distance: jsonNumber(pair.distance),
    ...(pair.bracket && { bracket: pair.bracket }),
    p: jsonNumber(problem.cost.metric ?? problem.cost.power ?? null),
    regularised: jsonNumber(answer.regularised),
    dual: jsonNumber(answer.dual),
    gap: jsonNumber(answer.gap),
    ...(answer.rounding !== undefined && { gapRounding: answer.rounding }),
    certifies: answer.certifies,
    ...(answer.unregularised && { unregularised: answer.unregularised }),
    defect: answer.defect,
    rounding: jsonNumber(pair.rounding),
    epsilon: problem.epsilon,
    marginals: problem.marginals,
    solver: answer.solver,
    iterations: answer.iterations,
    seconds: pair.seconds,
    convention: answer.convention,
    notes: [...pair.notes, ...answer.notes],
    figures: answer.figures,
    ...(answer.potentials && { potentials: { kind: answer.potentials.kind, components: answer.potentials.components } }),
    ...(transfer && { colours: { cut: transfer.cut } }),
    certificate: { holds: pair.holds, checks: plainChecks(pair.checks) },
    from: side(pair.from),
    to: side(pair.to),
    engine: { name: "ottoflow", version },
  };
}

export function pairFiles(pair: Pair, points: Side | null, options: FolderOptions): NamedBytes[] {
  const { answer } = pair;
  const applied = points && applyPair(pair, points);
  const strip = interpolationFigure(pair);
  return [
    { name: "transport.json", bytes: json(plainPair(pair)) },
    ...(answer.plan ? [planFile(answer.plan, options)] : []),
    ...(answer.potentials ? [{ name: "potentials.npz", bytes: npzBytes([block("f", answer.potentials.f), block("g", answer.potentials.g)]) }] : []),
    ...(pair.frames ? [{ name: "interpolation.npz", bytes: interpolationBytes(pair) }] : []),
    ...(strip ? [{ name: "interpolation.svg", bytes: encode(svgDocument(strip)) }] : []),
    ...(applied && points ? [{ name: "applied.csv", bytes: encode(appliedTable(applied, points)) }] : []),
    ...(options.as === "colours" ? [] : [{ name: "report.html", bytes: encode(pairReport(pair, applied)) }]),
    ...[pair.from, pair.to].map((side) => ({ name: `inputs/${basename(side.file)}`, bytes: side.bytes })),
  ];
  function appliedTable({ target }: Applied, side: Side): string {
    const d = pair.problem.from.space.dim;
    const n = target.length / d;
    const m = side.measure as { readonly x: ArrayLike<number> };
    const columns = [...Array.from({ length: d }, (_, k) => `x${k + 1}`), ...Array.from({ length: d }, (_, k) => `T${k + 1}`)];
    return csvTable({ columns, rows: Array.from({ length: n }, (_, i) => columns.map((__, c) => (c < d ? m.x[c * n + i] : target[(c - d) * n + i]))) });
  }
}
const block = (name: string, values: Float64Array): Block => ({ name, shape: [values.length], axes: ["i"], values });

/** Entries below a billionth of the mean entry are left out of a dense plan; the file says how much mass they had. */
function planFile(plan: Plan, options: FolderOptions): NamedBytes {
  const total = new Float64Array(plan.n);
  plan.push(1, new Float64Array(plan.m).fill(1), total);
  const mass = total.reduce((s, v) => s + v, 0);
  const entries = entriesOf(plan, plan.sparse ? 0 : (1e-9 * mass) / (plan.n * plan.m));
  if (options.plan === "csv") {
    const rows = Array.from(entries.mass, (m, e) => [entries.from[e], entries.to[e], m]);
    return { name: "plan.csv", bytes: encode(csvTable({ columns: ["from", "to", "mass"], rows })) };
  }
  const blocks = [
    block("from", Float64Array.from(entries.from)),
    block("to", Float64Array.from(entries.to)),
    block("mass", entries.mass),
    block("shape", Float64Array.of(plan.n, plan.m)),
    block("dropped", Float64Array.of(entries.dropped)),
  ];
  return { name: "plan.npz", bytes: npzBytes(blocks) };
}
function interpolationBytes(pair: Pair): Uint8Array {
  const { times, measures } = pair.frames as NonNullable<Pair["frames"]>;
  return npzBytes(blocksOf({ title: "interpolation", times, frames: measures, trace: {} }));
}

export function coloursFiles(pair: Pair, transfer: Transfer): NamedBytes[] {
  return [
    { name: "recoloured.png", bytes: pngOf(transfer) },
    { name: "report.html", bytes: encode(colourReport(pair, transfer)) },
  ];
}

export function plainTimes(found: Times): Record<string, unknown> {
  const { series, snapshots, groups } = found;
  const bad = series.legs.find((leg) => leg.coupling.status !== "optimal");
  return {
    status: bad ? bad.coupling.status : "optimal",
    times: snapshots.map((s) => ({ t: s.t, points: s.cloud.n })),
    legs: series.legs.map(({ from, to, coupling: c }) => ({
      from,
      to,
      status: c.status,
      value: jsonNumber(c.value),
      regularised: jsonNumber(c.regularised),
      gap: jsonNumber(c.gap),
      defect: c.defect,
      solver: c.solver,
      convention: c.convention,
      notes: c.notes,
    })),
    heldOut: series.heldOut,
    groups,
    fates: fateTable(found),
    seconds: found.seconds,
    certificate: { holds: !bad, checks: [] },
    engine: { name: "ottoflow", version },
  };
}
export function timesFiles(found: Times, options: FolderOptions): NamedBytes[] {
  const growth = found.series.legs.flatMap((leg) => Array.from(leg.growth, (g, i) => [leg.from, i, g]));
  return [
    { name: "transport.json", bytes: json(plainTimes(found)) },
    ...found.series.legs.flatMap((leg, k) =>
      leg.coupling.plan ? [{ ...planFile(leg.coupling.plan, options), name: `plan-${k + 1}.${options.plan ?? "npz"}` }] : [],
    ),
    { name: "growth.csv", bytes: encode(csvTable({ columns: ["time", "point", "rate"], rows: growth })) },
    { name: "report.html", bytes: encode(timesReport(found)) },
  ];
}
