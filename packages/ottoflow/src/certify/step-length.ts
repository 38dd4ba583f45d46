import type { Certificate, Check, Judged, Problem, Promises, Scheme, Tick } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { pow, powi } from "../kernels/math.ts";
import { whyNoDescent } from "./modulus.ts";

/**
 * kappa = dt |v(x') - v(x)| / |x' - x| in the mean square over the measure, of a step from x to x': the slope of the velocity along the step,
 * so that kappa <= dt L, with equality for a linear force of one strength.
 */
interface Memory {
  /** sums of dt |v(x') - v(x)|^2 and of |x' - x|^2 / dt: their ratio is the mean of kappa^2, steps counted by what they move */
  turned: number;
  moved: number;
  looks: number;
  most: number;
  /** kappa of the worst step, its time, and the share of the mass that had more than 1 for itself */
  worst: number;
  time: number;
  share: number;
  /** kappa at the first look */
  early: number;
  /** looks in a row, up to the last, with kappa beyond the reach of the method */
  beyond: number;
  /** index from which the next look may be taken */
  next: number;
  /** first time the velocities overflowed */
  lost: number | null;
  /** a gradient flow's energy at first, its least value, the largest climb from there, and what its first step was to dissipate */
  first: number | null;
  least: number;
  climb: number;
  floor: number;
}

/** Relative error of the rate of a linear force that passes. */
const ERROR = 0.1;
/** Share of all it has lost that an energy may climb again before that proves the run wrong, if the step is too long. */
const CLIMB = 0.1;
/** Looks beyond the reach of the method, the last ones of the run, that prove it unstable. */
const UNSTABLE = 3;
/** Sampled flows are asked at steps 0, 1, 2, 4, … and at most once in so many later on: a look costs two of them. */
const APART = 50;

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
/** Where a method of this order has the rate of a linear force right to `ERROR`, kappa^p / (p + 1)!, and half its reach at most: beyond it Euler overshoots. */
const limitOf = (order: number, reach: number): number => Math.min(reach / 2, pow(ERROR * factorial(order + 1), 1 / order));

const certificate: Certificate<Memory> = {
  label: "step-length",
  title: "the step is short for the force",
  applies: (_p, s) =>
    s.promises.reach !== undefined
      ? null
      : s.promises.stepBound === false
        ? "the scheme is stable at any step, or chooses its steps by their error"
        : "the scheme keeps its steps within their bound by itself, or does not say how velocities turn along them",
  watcher: (p, s) => {
    const descends = s.promises.weak !== true && whyNoDescent(p) === null;
    return {
      every: "trace",
      begin,
      see(memory, tick) {
        if (descends) seeEnergy(memory, tick);
        if (s.promises.weak && tick.index < memory.next && !tick.final) return undefined;
        memory.next = tick.index + Math.min(APART, Math.max(1, tick.index));
        seeTurn(memory, tick, s.promises.reach!);
        return undefined;
      },
    };
  },
  judge: (memory, run) => [judge(memory, run)],
};

function begin(_p: Problem): Memory {
  return {
    ...{ turned: 0, moved: 0, looks: 0, most: 0, worst: 0, time: 0, share: 0, early: 0, beyond: 0, next: 0, lost: null },
    ...{ first: null, least: Number.MAX_VALUE, climb: 0, floor: 0 },
  };
}

function seeTurn(memory: Memory, tick: Tick, reach: number): void {
  const turn = tick.turn?.();
  if (!turn) return;
  const moved = turn.way / turn.dt;
  const turned = turn.dt * turn.change;
  if (!Number.isFinite(memory.moved + moved + memory.turned + turned)) {
    memory.lost ??= tick.t;
    return;
  }
  memory.most = Math.max(memory.most, moved);
  // what is at rest moves by rounding, whose direction says nothing
  if (moved <= 1e-10 * memory.most || turn.way <= 1e-24 * turn.size) return;
  memory.looks++;
  memory.moved += moved;
  memory.turned += turned;
  const kappa = Math.sqrt(turned / moved);
  if (memory.looks === 1) memory.early = kappa;
  memory.beyond = kappa > reach ? memory.beyond + 1 : 0;
  if (kappa > memory.worst) [memory.worst, memory.time, memory.share] = [kappa, tick.t, turn.share];
}

function seeEnergy(memory: Memory, tick: Tick): void {
  const { total } = tick.energy();
  if (total === null || !Number.isFinite(total)) return;
  if (memory.first === null) {
    const rate = tick.dissipation() ?? 0;
    memory.first = total;
    memory.floor = Number.isFinite(rate) ? rate : 0;
  }
  memory.least = Math.min(memory.least, total);
  memory.climb = Math.max(memory.climb, total - memory.least);
}

/** Why the run is wrong, or null. A step that is too long is the cause, so that it must have been seen to be. */
function proofOf(m: Memory, kappa: number, reach: number, step: number): string | null {
  if (m.lost !== null) return `the velocities overflowed at t = ${m.lost}`;
  if (kappa > reach && m.beyond >= UNSTABLE) return `the last ${m.beyond} looks lie beyond ${reach}, where every step carries particles further off`;
  if (m.first === null || !(kappa > reach / 2)) return null;
  const lost = m.first - m.least;
  // near its rest a flow has nothing to lose, and trembles by what a step moves
  if (!(m.climb > Math.max(CLIMB * lost, step * m.floor))) return null;
  return `the energy climbed by ${m.climb.toPrecision(3)} after it had fallen by ${lost.toPrecision(3)}, and a gradient flow never climbs`;
}

function judge(m: Memory, run: Judged): Check {
  const { step, promises } = run.scheme;
  const [order, reach] = [promises.order, promises.reach!];
  const limit = limitOf(order, reach);
  const head = { kind: "step-length", title: "the step is short for the force", bound: limit } as const;
  const source = `step times the slope of the velocity along it, a lower bound of step × L [hairer1996]: rates are right to ${100 * ERROR} % up to ${limit.toPrecision(3)}, and from ${reach} on the method is unstable`;
  const kappa = m.moved > 0 ? Math.sqrt(m.turned / m.moved) : 0;
  const proof = proofOf(m, kappa, reach, step);
  if (m.looks === 0 && proof === null)
    return { ...head, bound: null, hard: false, verdict: "not-applicable", value: null, source: "", detail: "nothing moved, or no step was looked at" };
  const astray = m.share > 0 ? `, where ${Number((100 * m.share).toPrecision(2))} % of the mass is above 1` : "";
  const seen = `step times the slope of the velocity along it, over ${m.looks} looks weighted by what they move; largest ${m.worst.toPrecision(3)} at t = ${Number(m.time.toPrecision(6))}${astray}`;
  const value = m.looks === 0 ? null : kappa;
  if (proof !== null)
    return { ...head, hard: true, verdict: "fail", value, source, detail: `${seen}; ${proof}: the run is wrong. ${mend(m, kappa, limit, run.scheme)}` };
  if (kappa <= limit && m.worst <= reach) return { ...head, hard: false, verdict: "pass", value, source, detail: `${seen}; ${errorWords(kappa, promises)}` };
  const why =
    kappa > reach / 2
      ? "particles overshoot: a force changes within a step by as much as the step moves"
      : kappa > limit
        ? errorWords(kappa, promises)
        : `at its worst the step was beyond ${reach}, where the method is unstable`;
  return {
    ...head,
    hard: false,
    verdict: kappa > reach / 2 ? "fail" : "reported",
    value,
    source,
    detail: `${seen}; ${why}. ${mend(m, kappa, limit, run.scheme)}`,
  };
}

function errorWords(kappa: number, { order, weak }: Promises): string {
  const error = (100 * powi(kappa, order)) / factorial(order + 1);
  const rates = `rates of a smooth force are off by about ${error < 1e-3 ? "0.001 % or less" : `${error.toPrecision(2)} %`}`;
  return weak ? `${rates}, and variances at rest as much where the method does not correct them` : rates;
}
function mend({ early }: Memory, kappa: number, limit: number, { step, promises }: Scheme): string {
  // what a run met that was thrown out by its own steps says nothing of how short they should be
  const alike = kappa < 3 * early;
  const shorter = kappa > limit && alike ? `below ${((0.95 * step * limit) / kappa).toPrecision(2)}` : alike ? "that is shorter" : "that is much shorter";
  const other = promises.weak ? "or a scheme that solves for the density" : "a method that adapts its steps, or an implicit scheme";
  return `Take a step ${shorter} if the force is smooth, ${other}; no step is short enough for a force that is singular where particles meet: smooth its kernel`;
}

export const stepLength: Unit<"certificate"> = defineCertificate({
  kind: "step-length",
  title: "length of explicit steps",
  tex: "\\kappa = \\tau\\, \\frac{\\|v(x_{k+1}) - v(x_k)\\|}{\\|x_{k+1} - x_k\\|} \\le \\tau L",
  summary:
    "Whether explicit steps of particles, of a length that is given, are short for the force they meet. The velocity at both ends of a step, against the way between them, is the slope that the step has seen: a lower bound of step times L, and equal to it for a linear force. A method of order p has rates right to about kappa^p / (p + 1)!, and Euler and Euler–Maruyama overshoot from 1 on, where a sampled parabola has twice the variance it should, and are unstable from 2 on. Steps are weighted by what they move, so that trembling at rest in a kink counts for little. Passes up to an error of 10 %, is reported above, and fails from half the reach of the method on. That failure is hard where it is proved that the run is wrong: the energy of a gradient flow climbed by more than a tenth of what it had lost, the last looks lie beyond the reach, or velocities overflowed. Explicit steps that are chosen by their error need no such check.",
  refs: ["hairer1996", "roberts1996", "leimkuhler2013"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
