/** Optimal transport from the outside: one `solve` for every solver of transport/static. */
import type { Coupling, Transport, TransportOptions, TransportProgress, TransportSolver } from "./contract.ts";
import { expectNames, OttoflowError, specError } from "./errors.ts";
import { pace } from "./pace.ts";
import { makeFree } from "./space/euclidean.ts";
import { registry } from "./spec/registry.gen.ts";
import { type TransportInput, transportProblem } from "./transport/problem.ts";

export interface SolveOptions extends TransportOptions {
  /** kind of the solver; chosen by what the problem allows and the work it takes unless given */
  readonly solver?: string;
  /** parameters of that solver */
  readonly params?: Readonly<Record<string, unknown>>;
  /** most bytes a chosen solver may take; 2 GiB unless said */
  readonly bytes?: number;
  readonly onProgress?: (p: TransportProgress) => void;
}
const MEMORY = 2 ** 31;
const names: readonly string[] = ["solver", "params", "bytes", "onProgress", "tolerance", "maxIterations", "defect", "signal"];

/** @throws {SpecError} on options that there are not, and numbers that are none */
function checkOptions(options: SolveOptions): void {
  expectNames("solve", options, names);
  for (const name of ["tolerance", "defect"] as const) {
    const v = options[name];
    if (v !== undefined && !(v >= 0)) throw specError(name, `got ${v} when expected a number of at least 0.`);
  }
  const most = options.maxIterations;
  if (most !== undefined && !(most >= 1)) throw specError("maxIterations", `got ${most} when expected a number of at least 1.`);
}

/** The solver by name, built with its parameters. @throws {SpecError} for an unknown name */
export async function transportSolver(kind: string, params: Readonly<Record<string, unknown>> = {}): Promise<TransportSolver> {
  const load = registry.transport[kind];
  if (!load) throw specError("solver", `there is no solver "${kind}". Solvers: ${Object.keys(registry.transport).join(", ")}.`);
  const unit = await load();
  const space = makeFree(1);
  const values = Object.fromEntries(Object.entries(unit.params).map(([name, p]) => [name, params[name] ?? ("default" in p ? p.default : undefined)]));
  for (const name of Object.keys(params))
    if (!(name in unit.params))
      throw specError(`params.${name}`, `the solver "${kind}" has no such parameter. It has: ${Object.keys(unit.params).join(", ") || "none"}.`);
  return (unit.build as (v: unknown, c: unknown) => TransportSolver)(values, { dim: 1, space });
}

/** Every solver with its work for this problem, or why it refuses. */
export async function solversFor(p: Transport): Promise<
  readonly {
    readonly kind: string;
    readonly refuses: string | null;
    readonly work: number;
    readonly bytes: number;
    readonly answer: TransportSolver["answer"];
  }[]
> {
  const kinds = Object.keys(registry.transport);
  return Promise.all(
    kinds.map(async (kind) => {
      const solver = await transportSolver(kind);
      const refuses = solver.refuses(p);
      return { kind, refuses, answer: solver.answer, ...(refuses === null ? solver.estimate(p) : { work: Number.POSITIVE_INFINITY, bytes: 0 }) };
    }),
  );
}

async function choose(p: Transport, bytes: number): Promise<TransportSolver> {
  const all = await solversFor(p);
  const able = all.filter((s) => s.refuses === null && s.answer !== "other-distance");
  const fitting = able.filter((s) => s.bytes <= bytes).sort((a, b) => a.work - b.work);
  const best = fitting[0];
  if (best) return transportSolver(best.kind);
  if (able.length > 0) {
    const least = able.reduce((s, t) => (t.bytes < s.bytes ? t : s));
    throw new OttoflowError(
      "LimitError",
      `transport: "${least.kind}" needs ${least.bytes} bytes, the least of all solvers that could, when ${bytes} are allowed. Raise \`bytes\`, take fewer points, or give an epsilon.`,
      { got: least.bytes, limit: bytes },
    );
  }
  const why = reasons(all.filter((s) => s.answer !== "other-distance"));
  throw new OttoflowError("UnsupportedError", `No solver takes this problem: ${why.join("; ")}.`, { missing: why });
}

/** Solvers that refuse for one reason stand together. */
function reasons(all: readonly { readonly kind: string; readonly refuses: string | null }[]): string[] {
  const kinds = new Map<string, string[]>();
  for (const { kind, refuses } of all) if (refuses !== null) kinds.set(refuses, [...(kinds.get(refuses) ?? []), kind]);
  return Array.from(kinds, ([why, names]) => `${names.join(", ")} ${why}`);
}

/**
 * min over plans of <C, P> + epsilon KL(P | a x b) + how the marginals are bound, with a certified gap. Exact unless epsilon is given.
 * Numerical failure is a status of the answer, never an exception.
 *
 * @example
 * const answer = await solve({ from: cloud(x), to: cloud(y), p: 2 });
 * console.log(Math.sqrt(answer.value), answer.gap, answer.plan?.sparse);
 * @throws tagged errors on problems that do not fit together and where no solver can take them
 */
export async function solve(input: TransportInput | Transport, options: SolveOptions = {}): Promise<Coupling> {
  const p = transportProblem(input);
  checkOptions(options);
  const solver = options.solver ? await transportSolver(options.solver, options.params) : await choose(p, options.bytes ?? MEMORY);
  const refuses = solver.refuses(p);
  if (refuses !== null) throw new OttoflowError("UnsupportedError", `The solver ${solver.label} ${refuses}.`, { missing: [refuses] });
  return pace(solver.solve(p, options), {
    ...(options.signal && { signal: options.signal }),
    onPause: (progress) => options.onProgress?.(progress),
  });
}
