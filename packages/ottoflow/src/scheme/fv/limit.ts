import type { Host } from "../../contract.ts";
import { edgeSpread } from "../../kernels/edges.ts";
import { holdOutflow, outflowWork } from "../../kernels/outflow.ts";
import type { Mesh } from "./mesh.ts";

/** keep_e in [0, 1] such that base = start - tau * div(keep * flux) >= 0 wherever start >= 0; both are written. */
export type OutflowLimiter = (start: Float64Array, flux: Float64Array, tau: number, keep: Float64Array, base: Float64Array) => void;

/** Holds back the outflow of cells that would turn negative, and of no others. */
export function openOutflowLimiter(mesh: Mesh, host: Host): OutflowLimiter {
  const { n } = mesh;
  const work = host.alloc(outflowWork(n));
  const axes = host.alloc(mesh.axes.length);
  axes.set(mesh.axes);
  return (start, flux, tau, keep, base) => {
    keep.fill(1);
    base.set(start);
    for (const run of mesh.runs) edgeSpread(run, flux, tau, base);
    holdOutflow(n, axes, start, flux, tau, keep, base, work);
  };
}
