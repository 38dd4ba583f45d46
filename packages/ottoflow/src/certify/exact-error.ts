import type { Certificate, Check, Law, Measure, Problem, Tick } from "../contract.ts";
import { defineCertificate, type Unit } from "../define.ts";
import { isOttoflowError, specError } from "../errors.ts";
import { type Distance, distance, distanceL1, momentDistance } from "../measure/distance.ts";
import { massOf } from "../measure/rows.ts";
import { gradedLevels, storeCells, storeQuantiles } from "../measure/store.ts";

/** Plain numbers at the largest and at the last error seen. */
interface Memory {
  worst: number;
  time: number;
  last: number;
  lastTime: number;
  slack: number;
  name: string;
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

/** Fraction of a solution on R^d outside the box beyond which the box's own solution is another one. */
const LOST = 1e-5;

type Compared = Pick<Distance, "value" | "error"> & { readonly name: string };

/** Large samples in more dimensions: W2 between the Gaussians of equal mean and covariance, at most the true W2 [gelbrich1990]. */
function fromMoments(m: Measure, law: Law): Compared {
  return { name: "W2 of mean and covariance (a lower bound of W2)", value: momentDistance(m, law).lower, error: 0 };
}

/** L1 per unit mass on cells, else W2 (exact on the line and between Gaussians, sliced otherwise). */
function compare(m: Measure, law: Law): Compared {
  if (m.rep === "particles" && m.space.dim === 1 && m.n > MANY && law.quantile && !law.gaussian && !law.points) return fromTable(m, law);
  if (m.rep === "particles" && m.space.dim > 1 && m.n > MANY && law.moments) return fromMoments(m, law);
  if (m.rep !== "cells") return distance(m, law);
  const open: Law = { ...law, cut: 1 };
  const { lost } = storeCells(open, m.space, new Float64Array(m.rho.length));
  if (lost > LOST)
    throw specError(
      "space",
      `${(100 * lost).toPrecision(2)} % of the closed-form solution lies outside the box, whose walls it does not know: it is no reference any more.`,
    );
  const d = distanceL1(m, open);
  const mass = massOf(m);
  return { ...d, value: d.value / mass, error: d.error / mass };
}

const certificate: Certificate<Memory> = {
  label: "exact-error",
  title: "distance to the exact solution",
  applies: (_p, _s, known) => (known.exact ? null : "no closed-form solution is known for this problem"),
  watcher: (p: Problem, s, known) => ({
    // comparing costs as much as many steps: a few times a run are enough, on looks that happen anyway
    every: "trace",
    begin: () => ({ worst: 0, time: p.start, last: 0, lastTime: Number.NEGATIVE_INFINITY, slack: 0, name: "", energy: null, energyError: null, trouble: "" }),
    see(memory, tick) {
      if (!worthComparing(memory, tick, p, s.promises.weak ?? false)) return undefined;
      try {
        const d = compare(tick.state.measure, known.exact!.law(tick.t));
        [memory.last, memory.lastTime, memory.slack, memory.name] = [d.value, tick.t, d.error, d.name];
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
        detail: `${m.name}${m.name === "L1" ? " per unit mass" : ""} at t = ${m.lastTime}, itself known to ${m.slack.toExponential(1)}; largest ${m.worst.toExponential(3)} at t = ${m.time}${energy}${m.trouble ? `; later: ${m.trouble}` : ""}`,
      },
    ];
  },
};

/** Looks at the start, then (where no sorting of a large sample is needed) at times that double, then at the end of the run. */
function worthComparing(m: Memory, tick: Tick, p: Problem, sampled: boolean): boolean {
  if (m.lastTime === Number.NEGATIVE_INFINITY) return true;
  return tick.final || (!sampled && tick.t - p.start >= 2 * (m.lastTime - p.start));
}

export const exactError: Unit<"certificate"> = defineCertificate({
  kind: "exact-error",
  title: "error to the exact solution",
  tex: "d(\\rho_t, \\rho_t^{\\text{exact}})",
  summary:
    "Where a closed-form solution fits the facts of the problem, the distance to it: L1 on cells, the exact Wasserstein distance on the line and between Gaussians, sliced otherwise, each with its own uncertainty. Reported, because at a finite step it is judged by its order.",
  refs: ["villani2003", "gelbrich1990"],
  params: {},
  examples: [{ dim: 1, params: {} }],
  build: () => certificate as Certificate,
});
