import type { Host } from "../../contract.ts";
import { edgeLoad } from "../../kernels/edges.ts";
import { multiply, scale, sum, sumAbs } from "../../kernels/reductions.ts";
import { solveChain, solveCircle } from "../../numeric/chain.ts";
import { type Krylov, openBiCGStab } from "../../numeric/krylov.ts";
import { openMultigrid } from "../../numeric/multigrid.ts";
import type { Mesh } from "./mesh.ts";

/** Result of an inner solve: `residual` is the sum of |f - A x| over the sum of |f|, a bound on the relative error in mass. */
export interface Solved {
  readonly ok: boolean;
  readonly residual: number;
  readonly iterations: number;
}
/** x_i + sum over edges (up_e x_from - down_e x_to) = f_i, with sums of rates leaving and entering in balance. */
export interface ExchangeSolver {
  /**
   * Takes the rates factor * reach_e * (up_e, down_e), where reach is one if null. `few`: they differ at few edges from those of the
   * last call without it.
   */
  prepare(up: Float64Array, down: Float64Array, factor: number, reach: Float64Array | null, few?: boolean): void;
  /** x holds the first guess; if `positive` (f >= 0), the result is >= 0 and has exactly the mass of f */
  solve(f: Float64Array, x: Float64Array, tolerance: number, positive: boolean): Solved;
}

/** Lines and circles are solved directly, boxes by multigrid until the residual is certified. */
export function openExchange(mesh: Mesh, host: Host): ExchangeSolver {
  return mesh.dim === 1 ? openLine(mesh) : openBox(mesh, host);
}

function openLine(mesh: Mesh): ExchangeSolver {
  const { n, edges } = mesh;
  const up = new Float64Array(Math.max(edges, n));
  const down = new Float64Array(Math.max(edges, n));
  const keep = new Float64Array(n).fill(1);
  const work = new Float64Array(3 * n);
  const solver = mesh.periodic[0] ? solveCircle : solveChain;
  return {
    prepare(a, b, factor, reach) {
      scale(edges, factor, a, up);
      scale(edges, factor, b, down);
      if (!reach) return;
      multiply(edges, reach, up);
      multiply(edges, reach, down);
    },
    solve(f, x) {
      solver(n, keep, up, down, f, x, work);
      return { ok: true, residual: 0, iterations: 1 };
    },
  };
}

const maxCycles = 200;
/** A cycle that leaves more of the residual than this is slow; after three of them the cycle only preconditions BiCGStab. */
const slowCycle = 0.6;
/** rounding of one residual entry, in units of (1 + rate out) x */
const rounding = 2 ** -50;

function openBox(mesh: Mesh, host: Host): ExchangeSolver {
  const { n } = mesh;
  const mg = openMultigrid(mesh.shape, mesh.periodic, host.alloc);
  const r = host.alloc(n);
  let krylov: Krylov | null = null;
  let zero: Float64Array | null = null;
  /** opened when first needed: rates so one-sided that cycles alone are slow occur in Newton steps next to vacuum */
  const accelerate = (f: Float64Array, x: Float64Array, enough: number): number => {
    zero ??= new Float64Array(n);
    krylov ??= openBiCGStab(
      n,
      (from, out) => {
        mg.residual(zero!, from, out);
        for (let i = 0; i < n; i++) out[i] = -out[i]!;
      },
      (from, out) => {
        out.fill(0);
        mg.cycle(from, out, from);
      },
    );
    return krylov.solve(f, x, enough, 20);
  };
  /** One relaxation from the iterate's positive part, whose negative entries are all within the tolerance: it gives what is small its own scale. Then the mass is set. */
  const makePositive = (f: Float64Array, x: Float64Array): void => {
    mg.relaxPositive(f, x);
    const want = sum(n, f);
    const have = sum(n, x);
    if (have > 0 && want !== have) scale(n, want / have, x);
  };
  const iterate = (f: Float64Array, x: Float64Array, tolerance: number, positive: boolean): Solved => {
    const size = sumAbs(n, f);
    if (size === 0) {
      x.fill(0);
      return { ok: true, residual: 0, iterations: 0 };
    }
    let iterations = 0;
    let slow = 0;
    let residual = mg.residual(f, x, r);
    /** the residual is known on half the lines */
    let half = false;
    for (;;) {
      const enough = tolerance * size + rounding * mg.weight;
      if (residual <= enough && (positive || half)) {
        // what is certified is measured on all lines
        if (positive) makePositive(f, x);
        residual = mg.residual(f, x, r);
        half = false;
      }
      if (residual <= enough) return { ok: true, residual: residual / size, iterations };
      if (iterations >= maxCycles || !Number.isFinite(residual)) return { ok: false, residual: residual / size, iterations };
      const cycles = slow < 3;
      if (cycles) {
        mg.cycle(f, x, half ? null : r, iterations === 0);
        iterations++;
      } else iterations += Math.max(2 * accelerate(f, x, 0.5 * enough), 1);
      half = cycles && mg.halves;
      const next = half ? mg.residualHalf(f, x) : mg.residual(f, x, r);
      if (!(next < slowCycle * residual)) slow++;
      residual = next;
    }
  };
  return {
    prepare(up, down, factor, reach, few = false) {
      for (const run of mesh.runs) {
        edgeLoad(run, up, factor, reach, mg.system.up[run.axis]!);
        edgeLoad(run, down, factor, reach, mg.system.down[run.axis]!);
      }
      mg.prepare(few);
    },
    solve: iterate,
  };
}
