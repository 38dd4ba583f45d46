import type { Host } from "../../contract.ts";
import { multiply, scale, sum, sumAbs } from "../../kernels/reductions.ts";
import { transpose } from "../../kernels/transpose.ts";
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
  // multigrid is fastest along its last axis: in the plane that is the axis of the narrower cells, whose rates are the larger ones
  const turned = mesh.dim === 2 && mesh.h[0]! < mesh.h[1]!;
  const [n0, n1] = mesh.shape as [number, number];
  const mg = turned ? openMultigrid([n1, n0], [mesh.periodic[1]!, mesh.periodic[0]!], host.alloc) : openMultigrid(mesh.shape, mesh.periodic, host.alloc);
  const r = host.alloc(n);
  const rows = mesh.shape.map(() => host.alloc(n)) as [Float64Array, Float64Array];
  /** right-hand side and solution in the turned plane */
  const own = turned ? { f: rows[0], x: rows[1] } : null;
  /** `reach` of the edges, by axis and cell */
  const reached = rows;
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
  const load = (of: Float64Array, out: readonly Float64Array[]): void => {
    if (!turned) {
      spreadEdges(mesh, of, out);
      return;
    }
    if (!mesh.periodic[0] && !mesh.periodic[1]) {
      // edges between walls are a box themselves, one cell shorter along their axis
      transpose(n0 - 1, n1, of, out[1]!, n0);
      transpose(n0, n1 - 1, of.subarray(mesh.first[1]!), out[0]!);
      return;
    }
    const flat = [new Float64Array(n), new Float64Array(n)];
    spreadEdges(mesh, of, flat);
    transpose(n0, n1, flat[0]!, out[1]!);
    transpose(n0, n1, flat[1]!, out[0]!);
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
    for (;;) {
      const enough = tolerance * size + rounding * mg.weight;
      if (residual <= enough && positive) {
        makePositive(f, x);
        residual = mg.residual(f, x, r);
      }
      if (residual <= enough) return { ok: true, residual: residual / size, iterations };
      if (iterations >= maxCycles || !Number.isFinite(residual)) return { ok: false, residual: residual / size, iterations };
      if (slow < 3) {
        mg.cycle(f, x, r);
        iterations++;
      } else iterations += Math.max(2 * accelerate(f, x, 0.5 * enough), 1);
      const next = mg.residual(f, x, r);
      if (!(next < slowCycle * residual)) slow++;
      residual = next;
    }
  };
  return {
    prepare(up, down, factor, reach, few = false) {
      load(up, mg.system.up);
      load(down, mg.system.down);
      for (const of of [...mg.system.up, ...mg.system.down]) scale(n, factor, of);
      if (reach) {
        load(reach, reached);
        for (const rates of [mg.system.up, mg.system.down]) for (let k = 0; k < rates.length; k++) multiply(n, reached[k]!, rates[k]!);
      }
      mg.prepare(few);
    },
    solve(f, x, tolerance, positive) {
      if (!own) return iterate(f, x, tolerance, positive);
      transpose(n0, n1, f, own.f);
      transpose(n0, n1, x, own.x);
      const solved = iterate(own.f, own.x, tolerance, positive);
      transpose(n1, n0, own.x, x);
      return solved;
    },
  };
}

/** Values of the edges, axis by axis, to the cells they start from: edges follow their cells in blocks, without the last cells on walls. */
function spreadEdges({ n, shape, periodic, first }: Mesh, of: Float64Array, out: readonly Float64Array[]): void {
  let span = n;
  for (let k = 0; k < shape.length; k++) {
    const count = shape[k]!;
    const length = periodic[k] && count > 1 ? span : span - span / count;
    for (let base = 0, e = first[k]!; base < n; base += span, e += length) out[k]!.set(of.subarray(e, e + length), base);
    span /= count;
  }
}
