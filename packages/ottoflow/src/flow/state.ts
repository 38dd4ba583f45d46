/** States as named rows: copies, checkpoints and resumption for every storage, written once. */
import type { Host, Measure, Rows, State } from "../contract.ts";
import { OttoflowError } from "../errors.ts";

type NamedRows = readonly (readonly [string, Rows])[];

function measureRows(m: Measure): NamedRows {
  switch (m.rep) {
    case "cells":
      return [["measure.rho", m.rho]];
    case "particles":
      return [
        ["measure.x", m.x],
        ["measure.weight", m.weight],
      ];
    case "quantiles":
      return [
        ["measure.x", m.x],
        ["measure.level", m.level],
      ];
    case "gaussian":
      return [
        ["measure.mean", m.mean],
        ["measure.cov", m.cov],
      ];
  }
}

export function rowsOf(s: State): NamedRows {
  return [...measureRows(s.measure), ...Object.entries(s.memory).map(([name, rows]) => [`memory.${name}`, rows] as const)];
}

const like = (host: Host, r: Rows): Rows => (r instanceof Float32Array ? host.alloc32(r.length) : host.alloc(r.length));

function mapMeasure(m: Measure, f: (r: Rows) => Rows): Measure {
  switch (m.rep) {
    case "cells":
      return { ...m, rho: f(m.rho) };
    case "particles":
      return { ...m, x: f(m.x), weight: f(m.weight) };
    case "quantiles":
      return { ...m, x: f(m.x), level: f(m.level) };
    case "gaussian":
      return { ...m, mean: f(m.mean), cov: f(m.cov) };
  }
}

/** A second state of the same layout in the run's memory, with the same values. */
export function cloneState(s: State, host: Host): State {
  const copy = (r: Rows): Rows => {
    const out = like(host, r);
    out.set(r);
    return out;
  };
  return { measure: mapMeasure(s.measure, copy), memory: Object.fromEntries(Object.entries(s.memory).map(([k, r]) => [k, copy(r)])) };
}

/** A measure whose rows are ordinary arrays of their own. */
export function copyMeasure(m: Measure): Measure {
  return mapMeasure(m, (r) => r.slice());
}

export function copyRows(s: State): Record<string, Rows> {
  return Object.fromEntries(rowsOf(s).map(([name, r]) => [name, r.slice()]));
}

/** Puts saved rows back. @throws {RunError} when the layout differs */
export function restore(s: State, saved: Readonly<Record<string, Rows>>): void {
  for (const [name, r] of rowsOf(s)) {
    const from = saved[name];
    if (!from || from.length !== r.length) throw new OttoflowError("RunError", `The checkpoint does not fit this run: row ${name} has ${from?.length ?? "no"} values when expected ${r.length}. Was the spec changed?`, { path: name });
    r.set(from);
  }
}

export function isFiniteState(s: State): boolean {
  for (const [, r] of rowsOf(s)) for (let i = 0; i < r.length; i++) if (!Number.isFinite(r[i]!)) return false;
  return true;
}

/** Total mass of a stored measure. */
export function massOf(m: Measure): number {
  switch (m.rep) {
    case "cells": {
      const volume = m.space.cells!.volume;
      return blocked(m.rho.length, (i) => m.rho[i]! * volume[i]!);
    }
    case "particles":
      return blocked(m.n, (i) => m.weight[i]!);
    default:
      return m.mass;
  }
}

/** Least density on cells, least gap on quantiles, least weight of particles; for Gaussians the mass. */
export function minimumOf(m: Measure): number {
  let least = Number.POSITIVE_INFINITY;
  if (m.rep === "cells") for (let i = 0; i < m.rho.length; i++) least = Math.min(least, m.rho[i]!);
  else if (m.rep === "particles") for (let i = 0; i < m.n; i++) least = Math.min(least, m.weight[i]!);
  else if (m.rep === "quantiles") for (let i = 1; i < m.x.length; i++) least = Math.min(least, (m.mass * (m.level[i]! - m.level[i - 1]!)) / (m.x[i]! - m.x[i - 1]!));
  else least = m.mass;
  return least;
}

function blocked(n: number, term: (i: number) => number): number {
  let total = 0;
  for (let start = 0; start < n; start += 256) {
    let sum = 0;
    for (let i = start, end = Math.min(n, start + 256); i < end; i++) sum += term(i);
    total += sum;
  }
  return total;
}
