import type { Field, Gaussian, Host, Quantiles, Rows, Space } from "../../contract.ts";
import { OttoflowError } from "../../errors.ts";
import { axpy } from "../../kernels/reductions.ts";
import { cholesky } from "../../numeric/dense.ts";
import { gaussHermite, gaussLegendre } from "../../numeric/quadrature.ts";
import { type PartOn, weighted, weighted3 } from "./on.ts";

/** int V rho: cells at their centres (sampled once unless V moves), particles at their points, quantiles by three Gauss points a cell, Gaussians exactly if V is quadratic, else by Gauss–Hermite in up to three dimensions. */
export function openField(part: Field, space: Space, host: Host): PartOn {
  const cells = space.cells;
  const V = host.alloc(cells?.n ?? 0);
  let sampled = false;
  const sample = (t: number): Float64Array => {
    if (!sampled || part.moving) part.value(cells!.n, cells!.centre, t, V);
    sampled = true;
    return V;
  };
  let scratch = new Float64Array(0);
  const room = (n: number): Float64Array => (scratch.length >= n ? scratch : (scratch = new Float64Array(n)));
  const hermite = hermiteMean(part, space.dim);
  return {
    value(m, t) {
      switch (m.rep) {
        case "cells":
          return weighted3(cells!.n, sample(t), m.rho, cells!.volume);
        case "particles":
          part.value(m.n, m.x, t, room(m.n));
          return weighted(m.n, scratch, m.weight);
        case "quantiles":
          return onQuantiles(part, m, t);
        case "gaussian":
          return m.mass * hermite.value(m, t);
      }
    },
    slope(m, t, out) {
      if (m.rep === "cells") addRows(cells!.n, sample(t), out);
      else if (m.rep === "particles") {
        part.gradient(m.n, m.x, t, room(m.x.length));
        addRows(m.x.length, scratch, out);
      } else if (m.rep === "gaussian") hermite.slope(m, t, out);
      else throw new RangeError(`${part.label} has no slope on ${m.rep}`);
    },
  };
}

export function addRows(n: number, a: Rows, out: Rows): void {
  axpy(n, 1, a, out);
}

function onQuantiles(part: Field, m: Quantiles, t: number): number {
  const rule = gaussLegendre(3);
  const n = m.x.length - 1;
  const x = new Float64Array(n);
  const v = new Float64Array(n);
  let sum = 0;
  for (let q = 0; q < 3; q++) {
    const s = rule.at[q]!;
    for (let i = 0; i < n; i++) x[i] = m.x[i]! + s * (m.x[i + 1]! - m.x[i]!);
    part.value(n, x, t, v);
    for (let i = 0; i < n; i++) sum += rule.weight[q]! * (m.level[i + 1]! - m.level[i]!) * v[i]!;
  }
  return m.mass * sum;
}

interface Mean {
  value(m: Gaussian, t: number): number;
  slope(m: Gaussian, t: number, out: Rows): void;
}

/** E V, E grad V and E Hess V under N(mean, cov), for the normalised measure. */
function hermiteMean(part: Field, d: number): Mean {
  if (part.quadratic) return quadraticMean(part.quadratic, d);
  let rule: ReturnType<typeof nodes> | undefined;
  const at = (m: Gaussian, t: number): { x: Float64Array; w: Float64Array; n: number; t: number } => {
    rule ??= nodes(d, part.label);
    const { n, z, w } = rule;
    const L = cholesky(d, m.cov);
    const x = new Float64Array(d * n);
    for (let i = 0; i < n; i++)
      for (let k = 0; k < d; k++) {
        let s = m.mean[k]!;
        for (let l = 0; l <= k; l++) s += L[k * d + l]! * z[l * n + i]!;
        x[k * n + i] = s;
      }
    return { x, w, n, t };
  };
  return {
    value(m, t) {
      const { x, w, n } = at(m, t);
      const v = new Float64Array(n);
      part.value(n, x, t, v);
      return weighted(n, v, w);
    },
    slope(m, t, out) {
      const { x, w, n } = at(m, t);
      if (!part.hessian)
        throw new OttoflowError("UnsupportedError", `${part.label} has no second derivatives, which the mean of its Hessian needs.`, { missing: ["field"] });
      const g = new Float64Array(d * n);
      const h = new Float64Array(d * d * n);
      part.gradient(n, x, t, g);
      part.hessian(n, x, t, h);
      for (let k = 0; k < d; k++) out[k] = out[k]! + weighted(n, g.subarray(k * n, (k + 1) * n), w);
      for (let k = 0; k < d * d; k++) out[d + k] = out[d + k]! + weighted(n, h.subarray(k * n, (k + 1) * n), w);
    },
  };
}

function quadraticMean(q: NonNullable<Field["quadratic"]>, d: number): Mean {
  const shifted = (m: Gaussian): number[] => Array.from({ length: d }, (_, k) => m.mean[k]! - q.b[k]!);
  return {
    value(m) {
      const s = shifted(m);
      let sum = q.c;
      for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) sum += 0.5 * q.A[k * d + l]! * (s[k]! * s[l]! + m.cov[k * d + l]!);
      return sum;
    },
    slope(m, _t, out) {
      const s = shifted(m);
      for (let k = 0; k < d; k++) for (let l = 0; l < d; l++) out[k] = out[k]! + q.A[k * d + l]! * s[l]!;
      for (let k = 0; k < d * d; k++) out[d + k] = out[d + k]! + q.A[k]!;
    },
  };
}

/** Tensor Gauss–Hermite points for the standard normal law. */
function nodes(d: number, label: string): { n: number; z: Float64Array; w: Float64Array } {
  if (d > 3)
    throw new OttoflowError("UnsupportedError", `${label}: means over Gaussians need a quadratic potential beyond three dimensions; the space has ${d}.`, {
      missing: ["field"],
    });
  const count = d === 1 ? 64 : d === 2 ? 32 : 20;
  const one = gaussHermite(count);
  const n = d === 1 ? count : d === 2 ? count * count : count * count * count;
  const z = new Float64Array(d * n);
  const w = new Float64Array(n).fill(1);
  for (let i = 0; i < n; i++)
    for (let k = 0, rest = i; k < d; k++) {
      const j = rest % count;
      z[k * n + i] = one.at[j]!;
      w[i]! *= one.weight[j]!;
      rest = Math.floor(rest / count);
    }
  return { n, z, w };
}
