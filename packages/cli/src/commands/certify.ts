import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Check, Measure, Problem, Scheme, State, Tick } from "ottoflow/contract";
import { readNpz } from "ottoflow/data/npy";
import { openFunctional, total } from "ottoflow/energy/total";
import { dataError } from "ottoflow/errors";
import { formatNumber } from "ottoflow/io/figure/number";
import { plainHost } from "ottoflow/kernels/host";
import { allCertificates, knownOf } from "ottoflow/known";
import { type ExitCode, exitCodes } from "../exit.ts";
import { readBounded, readSpec } from "../files.ts";
import { measuresOf } from "../folder/measures.ts";
import { readRun } from "../folder/read.ts";
import { plainChecks } from "../folder/result.ts";
import { certificateSentence, verdictWords } from "../report/words.ts";
import { resolveSource, type SpecOptions } from "../session.ts";
import { painter, safe, type Terminal } from "../terminal.ts";

export interface CertifyOptions extends SpecOptions {
  readonly spec?: string;
}
interface Frames {
  readonly times: readonly number[];
  readonly measures: readonly Measure[];
}

/** `ottoflow certify FILE --spec SPEC`: our certificates on frames that another program made (NPZ as `export --to npz` writes it), or on a run folder's. */
export async function certifyCommand(file: string, options: CertifyOptions, terminal: Terminal): Promise<ExitCode> {
  const path = resolve(terminal.cwd, file);
  const isFolder = await stat(path).then(
    (info) => info.isDirectory(),
    () => false,
  );
  const resolved = await resolveSource(await readSpec(options.spec ?? (isFolder ? path : missing(file)), terminal), options);
  const frames = isFolder ? await ofRun(path, terminal) : ofFile(await readBounded(path, 2_000_000_000, file), file, resolved.problem);
  const checks = await judged(resolved.problem, resolved.scheme, frames);
  const holds = !checks.some((check) => check.hard && check.verdict === "fail");
  if (options.json)
    terminal.out(`${JSON.stringify({ status: "certified", frames: frames.times.length, certificate: { holds, checks: plainChecks(checks) } })}\n`);
  else say(checks, holds, terminal);
  return holds ? exitCodes.done : exitCodes.uncertified;
}
function missing(file: string): never {
  throw dataError(file, "needs --spec SPEC: the problem that the frames are said to solve.");
}

async function ofRun(path: string, terminal: Terminal): Promise<Frames> {
  const run = await readRun(path, terminal);
  return { times: run.times, measures: run.frames };
}
function ofFile(bytes: Uint8Array, name: string, p: Problem): Frames {
  const arrays = new Map(Object.entries(readNpz({ path: name, bytes })));
  const t = arrays.get("t");
  if (t?.shape.length !== 1) throw dataError(name, `has no array t of times (it has ${[...arrays.keys()].join(", ")}).`);
  const times = Array.from(t.values);
  if (times.some((v, i) => i > 0 && v <= times[i - 1])) throw dataError(name, "the times t do not increase.");
  return { times, measures: measuresOf(arrays, times.length, p.space, name) };
}

/** The flow itself, as a scheme that makes no error of its own: what is judged are promises of the geometry and of the energy. */
function foreignScheme(scheme: Scheme, rep: Measure["rep"]): Scheme {
  return {
    ...scheme,
    label: "of the frames",
    promises: { order: 1, mass: true, positivity: true, decay: "a gradient flow never climbs", stepBound: false },
    takes: { rep, carries: [], needs: [] },
    closure: undefined,
    noLedger: undefined,
  };
}

async function judged(p: Problem, own: Scheme, { times, measures }: Frames): Promise<Check[]> {
  const scheme = foreignScheme(own, measures[0].rep);
  const known = await knownOf(p);
  const ticks = ticksOf(p, own, times, measures);
  const checks: Check[] = [];
  for (const certificate of await allCertificates(p)) {
    const refused = certificate.applies(p, scheme, known);
    if (refused !== null) {
      checks.push({
        kind: certificate.label,
        title: certificate.title,
        verdict: "not-applicable",
        hard: false,
        value: null,
        bound: null,
        source: "",
        detail: refused,
      });
      continue;
    }
    const watcher = certificate.watcher(p, scheme, known);
    const memory = watcher.begin(p);
    for (const tick of ticks) watcher.see(memory, tick, p);
    checks.push(...certificate.judge(memory, { problem: p, scheme, known, status: "reached-end" }));
  }
  return checks;
}

/** What a loop would have shown the watchers. The rate of dissipation is that of the spec's scheme, where it is one for this storage and needs no memory. */
function ticksOf(p: Problem, own: Scheme, times: readonly number[], measures: readonly Measure[]): Tick[] {
  const host = plainHost();
  const functional = openFunctional(p.parts, p.space, host);
  const stepper = own.takes.rep === measures[0].rep ? own.open(p, host) : null;
  const memory = stepper?.start().memory ?? {};
  const rate = stepper && Object.keys(memory).length === 0 ? stepper.dissipation : undefined;
  return measures.map((measure, i) => {
    const state: State = { measure, memory: {} };
    const parts = functional.values(measure, times[i]);
    return {
      t: times[i],
      dt: i > 0 ? times[i] - times[i - 1] : 0,
      index: i,
      state,
      info: null,
      final: i === measures.length - 1,
      energy: () => ({ parts, total: total(parts) }),
      dissipation: () => rate?.call(stepper, state, times[i]) ?? null,
    };
  });
}

function say(checks: readonly Check[], holds: boolean, terminal: Terminal): void {
  const paint = painter(terminal);
  for (const check of checks) {
    const { sign, word } = verdictWords[check.verdict];
    const numbers = check.value === null ? "" : `: ${formatNumber(check.value)}${check.bound === null ? "" : ` (bound ${formatNumber(check.bound)})`}`;
    terminal.out(
      `${paint(check.verdict === "fail" ? "red" : check.verdict === "pass" ? "green" : "dim", `${sign} ${word}`)}  ${safe(check.title)}${numbers}${check.verdict === "not-applicable" ? `: ${safe(check.detail)}` : ""}\n`,
    );
  }
  terminal.out(`${certificateSentence(checks, holds)}\n`);
}
