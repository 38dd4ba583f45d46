/** Many small problems in one call, without waiting in between: minibatches, gene by gene, frame by frame. */
import type { Coupling, Transport, TransportOptions, TransportSolver } from "../contract.ts";
import type { Unit } from "../define.ts";
import { OttoflowError } from "../errors.ts";
import { sinkhorn } from "./static/sinkhorn.ts";
import { sinkhornUnbalanced } from "./static/sinkhorn-unbalanced.ts";

const defaults = (unit: Unit<"transport">): Record<string, unknown> =>
  Object.fromEntries(Object.entries(unit.params).map(([name, p]) => [name, "default" in p ? p.default : undefined]));

/** Entropic transport of each problem, in their order. @throws {UnsupportedError} naming the first problem that is none for it */
export function sinkhornMany(problems: readonly Transport[], options: TransportOptions = {}): Coupling[] {
  const solvers = [sinkhorn, sinkhornUnbalanced].map((unit) => (unit.build as (v: unknown, c: unknown) => TransportSolver)(defaults(unit), {}));
  return problems.map((p, k) => {
    const why = solvers.map((s) => s.refuses(p));
    const solver = solvers.find((_, s) => why[s] === null);
    if (!solver) throw new OttoflowError("UnsupportedError", `problems[${k}]: entropic transport ${why.join("; ")}.`, { missing: why as string[] });
    const work = solver.solve(p, options);
    let next = work.next();
    while (!next.done) next = work.next(options.signal?.aborted ? "stop" : undefined);
    return next.value;
  });
}
