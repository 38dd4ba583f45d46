/** Runs a task: contenders take turns, so that what else the machine does falls on all of them; times count behind the gate of their errors. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { limits, load, machine, median } from "./machine.mjs";
import { OutOfTime } from "./peers.mjs";

const results = fileURLToPath(new URL("../results", import.meta.url));
export const quick = process.argv.includes("--quick");
const only = process.argv.find((arg) => arg.startsWith("--only="))?.slice(7);
/** `--only=TEXT` runs the parts of a task whose name has it */
export const wanted = (name) => only === undefined || name.includes(only);

const short = (v) => (v === 0 ? "0" : Math.abs(v) < 1e-3 || Math.abs(v) >= 1e5 ? v.toExponential(2) : v.toPrecision(3));
const time = (s) => (s < 1e-3 ? `${short(1e6 * s)} µs` : s < 1 ? `${short(1e3 * s)} ms` : `${short(s)} s`);

/**
 * @param task
 *   name, title, what: one sentence with the exact task
 *   gates: { label: limit } on the absolute errors each run returns
 *   rounds, warm: counted and uncounted turns of each
 *   contenders: [{ name, how, rounds?, warm?, run: async () => ({ seconds, errors: { label: value }, more? }) }]; the first is ours
 *   measures: (ours, limits) => { label: text }: against the machine's limits
 */
export async function bench({ name, title, what, gates, contenders, rounds = 5, warm = 1, measures = () => ({}), versions = {} }) {
  console.log(`\n${title}\n${what}`);
  const before = load();
  const early = await limits();
  const all = contenders.map((c) => ({ ...c, seconds: [], errors: {}, more: {} }));
  const once = async (c, counts) => {
    if (c.late) return;
    let turn;
    try {
      turn = await c.run();
    } catch (e) {
      if (!(e instanceof OutOfTime)) throw e;
      c.late = e.seconds;
      console.log(`  ${c.name}: ${e.message}`);
      return;
    }
    const { seconds, errors, more = {} } = turn;
    if (counts) c.seconds.push(seconds);
    for (const [label, value] of Object.entries(errors)) c.errors[label] = Math.max(c.errors[label] ?? 0, value);
    c.more = more;
    console.log(`  ${c.name}: ${time(seconds)}${counts ? "" : " (warm-up)"}`);
  };
  for (let round = 0; round < warm; round++) for (const c of all) if (c.warm !== false) await once(c, false);
  const most = quick ? 1 : rounds;
  for (let round = 0; round < most; round++) for (const c of all) if (round < (c.rounds ?? rounds)) await once(c, true);

  const rows = all.map((c) => {
    const passed = Object.entries(gates).every(([label, limit]) => c.errors[label] === undefined || c.errors[label] <= limit);
    const missing = Object.keys(gates).filter((label) => c.errors[label] === undefined);
    return {
      contender: c.name,
      how: c.how,
      ...(c.late ? { late: c.late } : { median: median(c.seconds), least: Math.min(...c.seconds), most: Math.max(...c.seconds) }),
      rounds: c.seconds.length,
      warm: c.warm !== false,
      errors: Object.fromEntries(Object.entries(c.errors).map(([k, v]) => [k, Number(v.toPrecision(3))])),
      passed: !c.late && passed && missing.length < Object.keys(gates).length,
      ...c.more,
    };
  });
  for (const row of rows) row.ratio = row.passed && rows[0].passed ? Number((row.median / rows[0].median).toPrecision(3)) : null;
  const busy = { before, after: load() };
  // what the machine can do is the better of before and after
  const late = await limits();
  const can = Object.fromEntries(Object.entries(early).map(([k, v]) => [k, Math.max(v, late[k])]));
  const measured = measures(rows[0], can, rows);
  const record = {
    name,
    title,
    what,
    gates,
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    limits: can,
    load: busy,
    versions,
    rows,
    measures: measured,
  };
  console.log(table(record));
  if (!quick) {
    mkdirSync(results, { recursive: true });
    writeFileSync(join(results, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
    writeSummary();
  }
  for (const c of contenders) await c.close?.();
  if (!rows[0].passed) {
    console.error(`bench: ${rows[0].contender} misses its accuracy gate`);
    process.exitCode = 1;
  }
  return record;
}

/** One task as Markdown. */
export function table({ title, what, gates, rows, measures, limits: can, load: busy, versions }) {
  const labels = Object.keys(gates);
  const lines = [
    `## ${title}`,
    "",
    what,
    "",
    `| contender | median | min … max (runs) | ${labels.map((l) => `error: ${l} (≤ ${short(gates[l])})`).join(" | ")} | times ours |`,
    `| --- | --- | --- | ${labels.map(() => "---").join(" | ")} | --- |`,
    ...rows.map((r) => {
      const errors = labels.map((l) => (r.errors[l] === undefined ? "" : short(r.errors[l])));
      if (r.late)
        return `| **${r.contender}**: ${r.how} | more than ${time(r.late)} | ended without an answer | ${labels.map(() => "").join(" | ")} | over ${short(r.late / rows[0].median)} |`;
      const spread = `${time(r.least)} … ${time(r.most)} (${r.rounds}${r.warm ? "" : ", no warm-up"})`;
      return `| **${r.contender}**: ${r.how} | ${time(r.median)} | ${spread} | ${errors.join(" | ")} | ${r.ratio === null ? "misses the gate" : short(r.ratio)} |`;
    }),
    "",
    ...Object.entries(measures).map(([k, v]) => `- ${k}: ${v}`),
    `- the machine in this run, one core: ${Object.entries(can)
      .map(([k, v]) => `${k} ${v}`)
      .join(", ")}; load average ${busy.before} before and ${busy.after} after`,
    ...(Object.keys(versions).length > 0
      ? [
          `- versions: ${Object.entries(versions)
            .map(([k, v]) => `${k} ${v}`)
            .join(", ")}`,
        ]
      : []),
    "",
  ];
  return lines.join("\n");
}

/** results/README.md from every results/*.json */
function writeSummary() {
  const records = readdirSync(results)
    .filter((f) => f.endsWith(".json"))
    .sort()
    .map((f) => JSON.parse(readFileSync(join(results, f), "utf8")))
    // a study of scaling has a table of its own
    .filter((r) => r.gates);
  const { cpu, cores, memory, system, node } = records[0].machine;
  const head = `# Results\n\nWritten by \`npm run bench\`; how to read them: [../README.md](../README.md). Last machine: ${cpu}, ${cores} cores, ${memory}, ${system}, Node ${node}.\n\n`;
  writeFileSync(join(results, "README.md"), `${head}${records.map((r) => `${table(r)}\nMeasured ${r.date}.\n`).join("\n")}`);
}
