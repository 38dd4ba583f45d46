/** The engine in its worker: resolves a spec, runs it as fast as it goes, and hands out copies of what it sees on the way. */
import type { Measure, Problem, Tick, Watcher, Work } from "ottoflow/contract";
import { isOttoflowError } from "ottoflow/errors";
import { type Beat, flow, openRun, type Run } from "ottoflow/flow";
import { allCertificates, knownOf } from "ottoflow/known";
import { massOf, minimumOf } from "ottoflow/measure/rows";
import { derivationOf, energyTex } from "ottoflow/spec/derivation";
import { flowName } from "ottoflow/spec/flow-name";
import { type Resolved, resolveSpec, type Schedule } from "ottoflow/spec/resolve";
import { breath } from "./breath.ts";
import { type Lent, lendHost } from "./host.ts";
import type { FromEngine, Opening, PlainField, PlainFrame, PlainMeasure, Question, ToEngine, TraceRow } from "./messages.ts";
import { plain, plainGrid } from "./plain.ts";

/** Milliseconds of computing between two looks at what the page says. */
const BREATH = 12;
/** Milliseconds between two messages to the page. */
const SPEAK = 30;
/** Least distance of rows of the live trace, as a share of the time span. */
const TRACE_ROWS = 600;

const page = self as unknown as {
  postMessage(message: FromEngine, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<ToEngine>) => void) | null;
};
let current = -1;
let held = false;
let wake: (() => void) | null = null;
/** what questions are asked about: the flows of the last two runs that were said to be open, as the page may not have heard of the last one */
const flows = new Map<number, Problem | null>();

page.onmessage = ({ data }) => {
  if (data.type === "ask") void answer(data);
  else if (data.type === "run") {
    current = data.id;
    held = false;
    wake?.();
    void start(data);
  } else if (data.id === current) {
    if (data.type === "stop") current = -1;
    else held = data.held;
    wake?.();
  }
};

/** Questions that are about the flow that is open. */
const ofFlow: readonly Question["about"][] = ["equilibrium", "rest", "schemes", "step"];
async function answer({ id, of, question }: Extract<ToEngine, { type: "ask" }>): Promise<void> {
  // another flow may open before there is an answer
  const problem = flows.get(of);
  try {
    if (problem === undefined && of >= 0 && ofFlow.includes(question.about)) throw new Error("other flows have been opened since");
    const { answerTo } = await import("./answers.ts");
    send({ type: "answer", id, answer: await answerTo(question, problem ?? null) });
  } catch (error) {
    send({ type: "no-answer", id, why: error instanceof Error ? error.message : String(error) });
  }
}
async function start({ id, spec, files, frames, bytes, threads, variant }: Extract<ToEngine, { type: "run" }>): Promise<void> {
  try {
    const read = async (path: string): Promise<Uint8Array> => {
      const found = files[path];
      if (!found) throw new Error(`the file ${path} is not in this page; drop it here`);
      return found;
    };
    if ((spec as { job?: unknown } | null)?.job === "path") return await travelled(id, spec, { read, variant });
    const resolved = await resolveSpec(spec, { read, variant });
    if (id !== current) return;
    await run(id, resolved, { frames, bytes, threads });
  } catch (error) {
    const ours = isOttoflowError(error);
    const path = ours && "path" in error.fields ? String(error.fields.path) : null;
    const unknown = isOttoflowError(error, "FormulaError") ? error.fields.unknown : undefined;
    const message = error instanceof Error ? error.message : String(error);
    send({ type: "fault", id, fault: { tag: ours ? error.tag : "InternalError", message, path, ...(unknown !== undefined && { unknown }) } });
  }
}

async function travelled(id: number, spec: unknown, options: { read: (path: string) => Promise<Uint8Array>; variant?: string }): Promise<void> {
  const { openPath, travel } = await import("./path.ts");
  const { resolved, opening } = await openPath(spec, options);
  if (id !== current) return;
  opened(id, null, opening);
  const signal = {
    get aborted(): boolean {
      return id !== current;
    },
  };
  const { ending, frames, trace } = await travel(resolved, signal, (nearing) => id === current && send({ type: "nearing", id, nearing }));
  if (id === current) send({ type: "ended", id, ending, frames, trace }, transfers(frames));
}

/** What the page is told to be open is what it asks about from now on. */
function opened(id: number, problem: Problem | null, opening: Opening): void {
  flows.set(id, problem);
  for (const old of [...flows.keys()].slice(0, -2)) flows.delete(old);
  send({ type: "opened", id, opening });
}

interface Room {
  readonly frames: number;
  readonly bytes: number;
  readonly threads: number;
}
async function run(id: number, resolved: Resolved, room: Room): Promise<void> {
  const { problem, scheme, until } = resolved;
  const known = await knownOf(problem);
  // stopped or left while it was looked for
  if (id !== current) return;
  opened(id, problem, openingOf(resolved, known));
  const beside = known.exact ? (await import("./overlay.ts")).exactBeside(known.exact) : () => null;
  const lent = await lendHost((h) => openRun(problem, scheme, h), room.threads);
  try {
    const span = until - problem.start;
    if (id === current) await runIn(lent, id, resolved, known, listener(span / room.frames, span / TRACE_ROWS, room.bytes, beside));
  } finally {
    lent.close();
  }
}
async function runIn({ host, threads }: Lent, id: number, resolved: Resolved, known: Awaited<ReturnType<typeof knownOf>>, seen: Listener): Promise<void> {
  const { problem, scheme, until, observe, stop } = resolved;
  const span = until - problem.start;
  const every = (s: Schedule | null, fallback: Watcher["every"]): Watcher["every"] => s ?? fallback;
  const certificates = await allCertificates(problem);
  // left while its certificates came
  if (id !== current) return;
  const began = performance.now();
  const work = flow(problem, scheme, host, {
    until,
    // the schedules of the command line, so that numbers and certificates are those of `ottoflow run`
    frames: every(observe.frames, { time: span / 20, land: false }),
    trace: every(observe.trace, scheme.promises.weak ? { time: span / 200, land: false } : { steps: 1 }),
    certificates,
    known,
    watchers: [seen.watcher],
    dissipation: stop.dissipation,
    maxSteps: stop.maxSteps,
  });
  const ended = await drive(id, work, seen);
  if (!ended || id !== current) return;
  const { status, reason, holds, time, steps, rejected, checks } = ended;
  const news = seen.take();
  send(
    { type: "ended", id, ending: { status, reason, holds, time, steps, rejected, checks, seconds: (performance.now() - began) / 1000, threads }, ...news },
    transfers(news.frames),
  );
}

type Listener = ReturnType<typeof listener>;
async function drive(id: number, work: Work<Beat, Run>, seen: Listener): Promise<Run | null> {
  let paused = performance.now();
  let spoke = 0;
  for (let next = work.next(); ; next = work.next()) {
    if (next.done) return next.value;
    const now = performance.now();
    if (now - paused < BREATH) continue;
    if (now - spoke > SPEAK) {
      const news = seen.take();
      send({ type: "progress", id, ...news, t: next.value.t, step: next.value.index }, transfers(news.frames));
      spoke = now;
    }
    await breath();
    while (held && id === current) await new Promise<void>((resolve) => (wake = resolve));
    if (id !== current) return null;
    paused = performance.now();
  }
}
/** Copies frames and trace rows at even times without shortening a step: to be watched changes no number. */
function listener(frameEvery: number, traceEvery: number, bytes: number, beside: (m: Measure, t: number) => PlainField | null) {
  let frames: PlainFrame[] = [];
  let trace: TraceRow[] = [];
  let nextFrame = Number.NEGATIVE_INFINITY;
  let nextTrace = Number.NEGATIVE_INFINITY;
  let stride = frameEvery;
  let kept = 0;
  const watcher: Watcher<null> = {
    every: { time: Math.min(frameEvery, traceEvery), land: false },
    begin: () => null,
    see(_memory, tick) {
      if (tick.t >= nextFrame || tick.final) {
        const exact = beside(tick.state.measure, tick.t);
        const frame = { t: tick.t, index: tick.index, measure: plain(tick.state.measure), ...(exact && { exact }) };
        kept += size(frame.measure);
        // when half of the page's memory is used, later frames come at double distance
        if (kept > bytes / 2) {
          stride *= 2;
          kept /= 2;
        }
        frames.push(frame);
        nextFrame = tick.t + stride * 0.999;
      }
      if (tick.t >= nextTrace || tick.final) {
        trace.push(rowOf(tick));
        nextTrace = tick.t + traceEvery * 0.999;
      }
      return undefined;
    },
  };
  return {
    watcher,
    take: () => {
      const news = { frames, trace };
      frames = [];
      trace = [];
      return news;
    },
  };
}
function rowOf(tick: Tick): TraceRow {
  const energy = tick.energy();
  return {
    t: tick.t,
    step: tick.index,
    energy: energy.total,
    parts: energy.parts,
    dissipation: tick.dissipation(),
    mass: massOf(tick.state.measure),
    minimum: minimumOf(tick.state.measure),
    ...(tick.info && { dt: tick.dt, ...(tick.info.iterations !== undefined && { iterations: tick.info.iterations }) }),
  };
}
const size = (m: PlainMeasure): number => Object.values(m.rows).reduce((s, r) => s + r.byteLength, 0);
/** Rows of frames belong to nobody else: they are handed over. */
const transfers = (frames: readonly PlainFrame[]): Transferable[] =>
  frames.flatMap(({ measure, exact, velocity }) =>
    [...Object.values(measure.rows), ...(exact ? [exact.rho] : []), ...(velocity ? [velocity] : [])].map((r) => r.buffer as ArrayBuffer),
  );
function send(message: FromEngine, transfer: Transferable[] = []): void {
  page.postMessage(message, transfer);
}

function openingOf({ title, spec, problem, origin, scheme, until }: Resolved, known: Awaited<ReturnType<typeof knownOf>>): Opening {
  const derived = derivationOf(problem);
  const target = problem.parts.find((part) => part.target?.points)?.target?.points;
  return {
    job: "flow",
    title,
    dim: problem.space.dim,
    grid: plainGrid(problem.space),
    ...(target && { target: new Float64Array(target.x) }),
    start: problem.start,
    until,
    resolved: spec,
    law: {
      equation: derived.diffusion ?? derived.equation,
      energy: energyTex(problem),
      parts: problem.parts.map((part, k) => ({ label: part.label, tex: part.tex, variation: derived.variations[k]?.tex ?? "" })),
      cards: origin,
      terms: derived.terms,
      name: flowName(problem),
      geometry: problem.geometry.tex,
      drift: problem.drift.map((d) => d.tex),
      initial: problem.initial.tex,
      scheme: { label: scheme.label, tex: scheme.tex, order: scheme.promises.order, step: scheme.step },
    },
    known: { exact: known.exact?.title ?? null, modulus: known.modulus },
  };
}
