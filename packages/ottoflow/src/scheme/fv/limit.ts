import type { Mesh } from "./mesh.ts";

/** Visits after which a cell loses its outflow altogether. */
const maxVisits = 8;

/** keep_e in [0, 1] such that base = start - tau * div(keep * flux) >= 0 wherever start >= 0; both are written. */
export type OutflowLimiter = (start: Float64Array, flux: Float64Array, tau: number, keep: Float64Array, base: Float64Array) => void;

/**
 * Holds back the outflow of cells that would turn negative, and of no others. A cell below zero has its outflow scaled until it
 * is just empty; that takes inflow from its neighbours, which join the queue when they fall below zero in turn.
 */
export function openOutflowLimiter(mesh: Mesh): OutflowLimiter {
  const { n, edges, from, to } = mesh;
  const edge = new Int32Array(2 * mesh.dim);
  const queue = new Int32Array(n);
  const waiting = new Uint8Array(n);
  const visits = new Uint8Array(n);
  return (start, flux, tau, keep, base) => {
    keep.fill(1);
    base.set(start);
    for (let e = 0; e < edges; e++) {
      const f = tau * flux[e]!;
      base[from[e]!] = base[from[e]!]! - f;
      base[to[e]!] = base[to[e]!]! + f;
    }
    visits.fill(0);
    let head = 0;
    let length = 0;
    for (let i = 0; i < n; i++) {
      waiting[i] = base[i]! < 0 ? 1 : 0;
      if (base[i]! < 0) queue[length++] = i;
    }
    while (length > 0) {
      const i = queue[head]!;
      head = head + 1 === n ? 0 : head + 1;
      length--;
      waiting[i] = 0;
      visits[i] = visits[i]! + 1;
      let inflow = start[i]!;
      let outflow = 0;
      const degree = edgesOf(mesh, i, edge);
      for (let k = 0; k < degree; k++) {
        const e = edge[k]!;
        const f = tau * keep[e]! * (from[e] === i ? flux[e]! : -flux[e]!);
        if (f > 0) outflow += f;
        else inflow -= f;
      }
      base[i] = inflow - outflow;
      if (inflow >= outflow) continue;
      // a hair below the exact share, so that rounding cannot leave the cell negative
      const share = visits[i]! < maxVisits ? (inflow / outflow) * (1 - 1e-12) : 0;
      base[i] = inflow - share * outflow;
      for (let k = 0; k < degree; k++) {
        const e = edge[k]!;
        const leaving = from[e] === i ? flux[e]! : -flux[e]!;
        if (leaving <= 0) continue;
        const j = from[e] === i ? to[e]! : from[e]!;
        base[j] = base[j]! - (1 - share) * tau * keep[e]! * leaving;
        keep[e] = share * keep[e]!;
        if (base[j]! < 0 && waiting[j] === 0) {
          waiting[j] = 1;
          queue[head + length >= n ? head + length - n : head + length] = j;
          length++;
        }
      }
    }
  };
}

/** The edges of a cell, axis by axis the lower and the upper one where there are such; returns how many. */
function edgesOf({ n, shape, periodic, first }: Mesh, i: number, out: Int32Array): number {
  let found = 0;
  let span = n;
  for (let k = 0; k < shape.length; k++) {
    const count = shape[k]!;
    const stride = span / count;
    const wraps = periodic[k]! && count > 1;
    const length = wraps ? span : span - stride;
    const at = i % span;
    const start = first[k]! + ((i - at) / span) * length;
    if (at >= stride) out[found++] = start + at - stride;
    else if (wraps) out[found++] = start + at + span - stride;
    if (at < length) out[found++] = start + at;
    span = stride;
  }
  return found;
}
