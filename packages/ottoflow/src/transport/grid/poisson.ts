/**
 * (-Laplace)^-1 with walls that nothing crosses, on a regular grid: cosines along the second axis, one tridiagonal system per cosine along the
 * first. The step of steepest ascent in H^-1. [jacobs2020]
 */
import { cos, sin } from "../../kernels/math.ts";
import type { Lattice } from "./lattice.ts";

/** Cosine transforms of rows of length n by sums; a transform of n log n stands in the WASM module. */
function cosines(n: number): Float64Array {
  const out = new Float64Array(n * n);
  for (let k = 0; k < n; k++) for (let j = 0; j < n; j++) out[k * n + j] = cos((Math.PI * k * (2 * j + 1)) / (2 * n));
  return out;
}

/** phi with -Laplace phi = r in the sense of the five-point formula; r is made free of its mean first and phi has the mean 0. */
export function poisson(l: Lattice, r: Float64Array, phi: Float64Array): void {
  const [n0, n1] = l.shape;
  const c = cosines(n1);
  const hat = new Float64Array(n0 * n1);
  for (let i = 0; i < n0; i++)
    for (let k = 0; k < n1; k++) {
      let s = 0;
      for (let j = 0; j < n1; j++) s += c[k * n1 + j]! * r[i * n1 + j]!;
      hat[i * n1 + k] = (s * (k === 0 ? 1 : 2)) / n1;
    }
  for (let k = 0; k < n1; k++) columnOf(l, k, hat);
  for (let i = 0; i < n0; i++)
    for (let j = 0; j < n1; j++) {
      let s = 0;
      for (let k = 0; k < n1; k++) s += c[k * n1 + j]! * hat[i * n1 + k]!;
      phi[i * n1 + j] = s;
    }
}
/** (lambda_k - second difference along the first axis) x = hat in place, by elimination; for k = 0 the constant is free and the mean is taken off. */
function columnOf(l: Lattice, k: number, hat: Float64Array): void {
  const [n0, n1] = l.shape;
  const s = sin((Math.PI * k) / (2 * n1));
  const lambda = (4 * s * s) / (l.h[1] * l.h[1]);
  const b = 1 / (l.h[0] * l.h[0]);
  if (k === 0) {
    let mean = 0;
    for (let i = 0; i < n0; i++) mean += hat[i * n1]! / n0;
    // flux through each wall, then its sum
    let flux = 0;
    let x = 0;
    let total = 0;
    for (let i = 0; i < n0; i++) {
      const value = hat[i * n1]! - mean;
      hat[i * n1] = x;
      total += x;
      flux += value;
      x -= flux / b;
    }
    for (let i = 0; i < n0; i++) hat[i * n1] = hat[i * n1]! - total / n0;
    return;
  }
  const w = new Float64Array(n0);
  let p = lambda + (n0 > 1 ? b : 0);
  hat[k] = hat[k]! / p;
  for (let i = 1; i < n0; i++) {
    w[i] = b / p;
    p = lambda + (i < n0 - 1 ? 2 * b : b) - b * w[i]!;
    hat[i * n1 + k] = (hat[i * n1 + k]! + b * hat[(i - 1) * n1 + k]!) / p;
  }
  for (let i = n0 - 2; i >= 0; i--) hat[i * n1 + k] = hat[i * n1 + k]! + w[i + 1]! * hat[(i + 1) * n1 + k]!;
}
