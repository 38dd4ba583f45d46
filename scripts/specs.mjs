// npm run specs [-- NAME …]: every flow of specs/ in full, one after the other, and what came of it in docs/specs.md.
// With names only those run, and the table stays as it is. Fails where one takes longer than a minute or is not certified.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setup } from "./setup.mjs";
import { main, root } from "./shell.mjs";

/** processor seconds that a flow of the gallery may take on an ordinary machine */
const most = 60;
const signs = { pass: "✓", fail: "✗" };

/** Says at its end how long a process has computed: unlike the time on the wall, other work of the machine hardly changes it. */
const watch = `data:text/javascript,${encodeURIComponent('process.on("exit", () => { const { user, system } = process.cpuUsage(); process.stderr.write("cpu " + (user + system) / 1e6); })')}`;

/** One flow as anyone runs it, in a process of its own: with start-up, figures and files. */
function runOne(name, folder) {
  const done = spawnSync(
    process.execPath,
    ["--import", watch, join(root, "packages/cli/bin/ottoflow.js"), "run", join(root, `specs/${name}.json`), "--json", "--quiet", "--out", join(folder, name)],
    {
      encoding: "utf8",
      timeout: 10_000 * most,
      maxBuffer: 2 ** 28,
    },
  );
  const seconds = Number(/cpu ([\d.]+)$/.exec(done.stderr)?.[1] ?? Number.NaN);
  if (done.status === null) return { name, seconds, answer: { status: `stopped after ${10 * most} s`, steps: 0, certificate: { holds: false, checks: [] } } };
  if (done.stdout === "") throw new Error(`${name}: ended with code ${done.status}. ${done.stderr}`);
  const answer = JSON.parse(done.stdout);
  if (answer.status === "error") throw new Error(`${name}: ${answer.error.message}`);
  return { name, seconds, answer };
}

function row({ name, seconds, answer }) {
  const { scheme } = JSON.parse(readFileSync(join(root, `specs/${name}.json`), "utf8"));
  const { holds, checks } = answer.certificate;
  const counted = (verdict, hard) => checks.filter((check) => check.verdict === verdict && check.hard === hard).length;
  const hard = checks.filter((check) => check.hard && check.verdict !== "not-applicable").map((check) => `${signs[check.verdict]} ${check.title}`);
  const held = counted("pass", false);
  const kind = typeof scheme === "string" ? scheme : [scheme.kind, scheme.time].filter(Boolean).join(", ");
  const measured = `${held + counted("reported", false)}${held > 0 ? `, ${held} within their bound` : ""}`;
  return `| [${name}](../specs/${name}.json) | ${kind} | ${answer.status} | ${answer.steps} | ${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} | ${holds ? "certified" : "**not certified**"} | ${hard.join("<br>")} | ${measured} |`;
}

await main((names) => {
  const all = readdirSync(join(root, "specs"))
    .filter((file) => file.endsWith(".json"))
    .map((file) => file.replace(/\.json$/, ""))
    .sort();
  for (const name of names) if (!all.includes(name)) throw new Error(`There is no specs/${name}.json.`);
  setup();
  const folder = mkdtempSync(join(tmpdir(), "specs-"));
  const found = [];
  try {
    for (const name of names.length > 0 ? names : all) {
      found.push(runOne(name, folder));
      const { seconds, answer } = found.at(-1);
      console.log(`${name}: ${seconds.toFixed(1)} s, ${answer.status}, ${answer.certificate.holds ? "certified" : "not certified"}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (names.length === 0) {
    const head = [
      "# Every flow of the gallery, in full",
      "",
      `Written by \`npm run specs\`, with Node ${process.versions.node.split(".")[0]} on one thread. Seconds are processor time of the whole command: start-up, run, figures, files. Numbers do not`,
      "depend on the machine, seconds do; each flow must stay below a minute. Hard checks decide the verdict; the others are measured ([certificates](reference/certificate.md)).",
      "",
      "| flow | scheme | status | steps | seconds | verdict | hard checks | measured |",
      "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ];
    writeFileSync(join(root, "docs/specs.md"), `${[...head, ...found.map(row)].join("\n")}\n`);
    console.log("written: docs/specs.md");
  }
  const slow = found.filter(({ seconds }) => seconds > most).map(({ name }) => name);
  const bad = found.filter(({ answer }) => !answer.certificate.holds).map(({ name }) => name);
  if (slow.length > 0) console.error(`longer than ${most} s: ${slow.join(", ")}`);
  if (bad.length > 0) console.error(`not certified: ${bad.join(", ")}`);
  return slow.length + bad.length > 0 ? 1 : 0;
});
