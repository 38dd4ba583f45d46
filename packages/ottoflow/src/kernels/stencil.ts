/**
 * The hot loops of explicit finite volumes: a run is `length` faces or cells that follow each other in memory, given by the places of
 * their cells in the rows. [carrillo2015fv]
 */
import type { Rows } from "../contract.ts";
import { wasm64 } from "./wasm.ts";

/** shorter runs are not worth a call */
const SHORT = 6;

/**
 * flow_j = g (drop_j edge_j + noise (rho_l - rho_r)) for the faces between cells l + j and r + j, with neighbours ll + j and rr + j
 * beyond them (equal to l, r at a wall); drop = phi_l - phi_r; edge is the value on the side that is left, reconstructed with the
 * generalised minmod slope (theta = 1 minmod, 2 monotonised central).
 */
export function upwindRun(
  length: number,
  rho: Rows,
  ll: number,
  l: number,
  r: number,
  rr: number,
  phi: Rows,
  noise: number,
  g: number,
  theta: number,
  flow: Rows,
): void {
  const wasm = length < SHORT ? null : wasm64(rho, phi, flow);
  if (wasm !== null) {
    const [p, q] = [rho.byteOffset, phi.byteOffset];
    wasm.exports.upwindRun!(length, p + 8 * ll, p + 8 * l, p + 8 * r, p + 8 * rr, q + 8 * l, q + 8 * r, noise, g, theta, flow.byteOffset);
    return;
  }
  for (let j = 0; j < length; j++) {
    const a = rho[l + j]!;
    const b = rho[r + j]!;
    const drop = phi[l + j]! - phi[r + j]!;
    const across = b - a;
    const behind = drop > 0 ? a - rho[ll + j]! : rho[rr + j]! - b;
    let slope = 0;
    if (across * behind > 0) {
      const middle = 0.5 * (across + behind);
      slope = across > 0 ? Math.min(theta * across, theta * behind, middle) : Math.max(theta * across, theta * behind, middle);
    }
    const edge = drop > 0 ? a + 0.5 * slope : b - 0.5 * slope;
    flow[j] = g * (edge * drop + noise * (a - b));
  }
}

/** out_{l + j} -= factor flow_j, then out_{r + j} += factor flow_j */
export function spreadRun(length: number, flow: Rows, factor: number, l: number, r: number, out: Rows): void {
  const wasm = length < SHORT ? null : wasm64(flow, out);
  if (wasm !== null) {
    wasm.exports.spreadRun!(length, flow.byteOffset, factor, out.byteOffset + 8 * l, out.byteOffset + 8 * r);
    return;
  }
  for (let j = 0; j < length; j++) out[l + j] = out[l + j]! - factor * flow[j]!;
  for (let j = 0; j < length; j++) out[r + j] = out[r + j]! + factor * flow[j]!;
}

/** rate_{i + j} += 2 g max(0, phi_i - phi_lower, phi_i - phi_upper) + faces g (noise + rho stiff) for the cells i + j */
export function rateRun(
  length: number,
  phi: Rows,
  rho: Rows,
  stiff: Rows,
  lower: number,
  i: number,
  upper: number,
  g: number,
  noise: number,
  faces: number,
  rate: Rows,
): void {
  const wasm = length < SHORT ? null : wasm64(phi, rho, stiff, rate);
  if (wasm !== null) {
    const p = phi.byteOffset;
    const at = 8 * i;
    wasm.exports.rateRun!(length, p + 8 * lower, p + at, p + 8 * upper, rho.byteOffset + at, stiff.byteOffset + at, g, noise, faces, rate.byteOffset + at);
    return;
  }
  for (let j = 0; j < length; j++) {
    const here = phi[i + j]!;
    const fall = Math.max(0, here - phi[lower + j]!, here - phi[upper + j]!);
    const density = rho[i + j]!;
    rate[i + j] = rate[i + j]! + g * (2 * fall + faces * (noise + (density > 0 ? density * stiff[i + j]! : 0)));
  }
}
