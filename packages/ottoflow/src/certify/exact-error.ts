import type { As, Certificate, Check, Law, Measure, Problem, Tick } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { isOttoflowError, specError } from "../errors.ts";
import { type Distance, distance, distanceL1, momentDistance, slicedDistance } from "../measure/distance.ts";
import { massOf } from "../measure/rows.ts";
import { gradedLevels, storeCells, storeParticles, storeQuantiles } from "../measure/store.ts";

/** Plain numbers at the largest and at the last error seen. */
interface Memory {
  worst: number;
  time: number;
  last: number;
  lastTime: number;
  /** of the last look, whether or not the solution was a reference then */
  looked: number;
  slack: number;
  name: string;
  note: string;
  energy: number | null;
  energyError: number | null;
  trouble: string;
}

/** Above this many particles the exact quantiles are taken from a table. */
const MANY = 2000;

/** W2 through a piecewise linear table of the exact quantile function; twice its distance to the table of half as many nodes bounds its own error. */
function fromTable(m: Measure, law: Law): Distance {
  const table = (n: number): Measure => {
    const level = new Float64Array(n);
    const x = new Float64Array(n);
    gradedLevels(n, level);
    storeQuantiles(law, level, x);
    return { rep: "quantiles", space: m.space, x, level, mass: law.mass };
  };
  const fine = table(1025);
  const d = distance(m, fine);
  return { ...d, error: d.error + 2 * distance(table(513), fine).value };
}

/** How far all masses of a reference together may be off, per unit mass: against cells that is part of the error bar, distances by quantiles do not see it. */
const VAGUE_DENSITY = 1e-2;
const VAGUE_QUANTILE = 1e-6;
function refuseVague(law: Law, most: number): void {
  const off = (law.quadrature ?? 0) / law.mass;
  if (off > most) throw specError("initial", `the reference itself is only known to ${off.toExponential(1)} so soon after a start with jumps.`);
}

/** Fraction of a solution on R^d outside the box beyond which the box's own solution is another one. */
const LOST = 1e-5;

interface Compared extends Pick<Distance, "value" | "error"> {
  readonly name: string;
  /** what else a reader needs to judge the value */
  readonly note?: string;
}

/** Directions times particles that are sorted for one look, and particles that one direction sees: of more, every second, third … is taken. */
const SORTED = 1e6;
const SEEN = 1e5;

/**
 * Large samples in more dimensions: sliced W2 [rabin2011], beside what as many independent draws of the exact law itself have, which no sample
 * can be expected to fall below, and the distance of means and covariances, which the true W2 is at least [gelbrich1990].
 */
function fromSlices(m: As<"particles">, law: Law, seed: number): Compared {
  const seen = everyNth(m, Math.ceil(m.n / SEEN));
  const slices = Math.round(Math.min(64, SORTED / seen.n));
  const stored = (n: number, own: Law, stream: number): As<"particles"> => {
    const [x, weight] = [new Float64Array(m.space.dim * n), new Float64Array(n)];
    storeParticles(own, n, stream, x, weight);
    return { rep: "particles", space: m.space, n, x, weight };
  };
  const target = law.gaussian || law.points ? law : stored(TARGET, { ...law, placement: "low-discrepancy" }, 1);
  const d = slicedDistance(seen, target, slices);
  const notes = [`${slices} directions${seen.n < m.n ? `, ${seen.n} of the particles` : ""}`];
  // another seed than the run's, whose draws the particles may have begun with
  if (law.draw)
    notes.push(
      `as many independent draws of the exact law have ${slicedDistance(stored(seen.n, { ...law, placement: "random" }, (seed ^ OTHER) >>> 0), target, slices).value.toExponential(2)}`,
    );
  if (law.moments) notes.push(`means and covariances alone are ${momentDistance(m, law).lower.toExponential(2)} apart`);
  return { name: "sliced W2", value: d.value, error: d.error, note: notes.join(", ") };
}
function everyNth(m: As<"particles">, stride: number): As<"particles"> {
  if (stride <= 1) return m;
  const n = Math.floor(m.n / stride);
  const [x, weight] = [new Float64Array(m.space.dim * n), new Float64Array(n)];
  for (let i = 0; i < n; i++) {
    weight[i] = m.weight[i * stride]! * (m.n / n);
    for (let k = 0; k < m.space.dim; k++) x[k * n + i] = m.x[k * m.n + i * stride]!;
  }
  return { ...m, n, x, weight };
}
/** Points that stand for an exact law without projections in closed form. */
const TARGET = 16384;
/** "draw" */
const OTHER = 0x64726177;

/** L1 per unit mass on cells, else W2 (exact on the line and between Gaussians, sliced otherwise). */
function compare(m: Measure, law: Law, seed: number): Compared {
  refuseVague(law, m.rep === "cells" ? VAGUE_DENSITY : VAGUE_QUANTILE);
  if (m.rep !== "cells") refuseOutside(m, law);
  if (m.rep === "particles" && m.space.dim === 1 && m.n > MANY && law.quantile && !law.gaussian && !law.points) return fromTable(m, law);
  if (m.rep === "particles" && m.space.dim > 1 && m.n > MANY) return fromSlices(m, law, seed);
  if (m.rep !== "cells") return distance(m, law);
  const d = distanceL1(m, { ...law, cut: 1 });
  if (!m.space.grid?.periodic.some((wraps) => wraps)) refuseLost(d.lost ?? 0);
  const mass = massOf(m);
  return { ...d, value: d.value / mass, error: d.error / mass };
}

/** A solution on R^d knows no walls: where too much of it lies beyond them, whatever stores the measure, it is no reference any more. */
function refuseOutside(m: Measure, law: Law): void {
  if (!m.space.grid || m.space.grid.periodic.some((wraps) => wraps) || !(law.boxMass || law.density)) return;
  refuseLost(storeCells({ ...law, cut: 1 }, m.space, new Float64Array(m.space.cells!.n)).lost);
}
function refuseLost(lost: number): void {
  if (lost > LOST)
    throw specError(
      "space",
      `${(100 * lost).toPrecision(2)} % of the closed-form solution lies outside the box, whose walls it does not know: it is no reference any more.`,
    );
}

const certificate: Certificate<Memory> = {
  label: "exact-error",
  title: "distance to the exact solution",
  applies: (_p, _s, known) => (known.exact ? null : "no closed-form solution is known for this problem"),
  watcher: (p: Problem, s, known) => ({
    // comparing costs as much as many steps: a few times a run are enough, on looks that happen anyway
    every: "trace",
    begin: () => ({
      worst: 0,
      time: p.start,
      last: 0,
      lastTime: Number.NEGATIVE_INFINITY,
      looked: Number.NEGATIVE_INFINITY,
      slack: 0,
      name: "",
      note: "",
      energy: null,
      energyError: null,
      trouble: "",
    }),
    see(memory, tick) {
      if (!worthComparing(memory, tick, p, s.promises.weak ?? false)) return undefined;
      // a solution that is no reference is as dear to find so as one that is
      memory.looked = tick.t;
      try {
        const d = compare(tick.state.measure, known.exact!.law(tick.t), p.seed);
        [memory.last, memory.lastTime, memory.slack, memory.name, memory.note] = [d.value, tick.t, d.error, d.name, d.note ?? ""];
        memory.trouble = "";
        if (d.value > memory.worst) [memory.worst, memory.time] = [d.value, tick.t];
      } catch (error) {
        if (!isOttoflowError(error)) throw error;
        memory.trouble = error.message;
      }
      const exact = known.exact!.energy?.(tick.t);
      if (exact !== undefined && !s.promises.weak) {
        const total = tick.energy().total;
        memory.energy = exact;
        memory.energyError = total === null ? null : Math.abs(total - exact);
      }
      return undefined;
    },
  }),
  judge(m, run): readonly Check[] {
    const exact = run.known.exact!;
    const head = {
      kind: "exact-error",
      title: "distance to the exact solution",
      hard: false,
      bound: null,
      source: `${exact.title} [${exact.refs.join(", ")}]`,
    } as const;
    if (m.name === "") return [{ ...head, verdict: "not-applicable", value: null, detail: m.trouble || "nothing was compared" }];
    const energy = m.energyError === null ? "" : `; energy off by ${m.energyError.toExponential(2)} from ${m.energy!.toPrecision(8)}`;
    return [
      {
        ...head,
        verdict: "reported",
        value: m.last,
        detail: `${m.name}${m.name === "L1" ? " per unit mass" : ""} at t = ${m.lastTime}, itself known to ${m.slack.toExponential(1)}${m.note ? ` (${m.note})` : ""}; largest ${m.worst.toExponential(3)} at t = ${m.time}${energy}${m.trouble ? `; later: ${m.trouble}` : ""}`,
      },
    ];
  },
};

/** Looks at the start, then (where no sorting of a large sample is needed) at times that double, then at the end of the run. */
function worthComparing(m: Memory, tick: Tick, p: Problem, sampled: boolean): boolean {
  if (m.looked === Number.NEGATIVE_INFINITY) return true;
  return tick.final || (!sampled && tick.t > m.looked && tick.t - p.start >= 2 * (m.looked - p.start));
}

export const exactError: Unit<"certificate"> = defineCertificate({
  kind: "exact-error",
  title: "error to the exact solution",
  tex: "d(\\rho_t, \\rho_t^{\\text{exact}})",
  summary:
    "Where a closed-form solution fits the facts of the problem, the distance to it: L1 on cells, the exact Wasserstein distance on the line and between Gaussians, sliced otherwise, each with its own uncertainty; large samples beside what as many independent draws of the exact law have. Reported, because at a finite step it is judged by its order.",
  refs: ["villani2003", "gelbrich1990", "rabin2011"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
