import type { Map1 } from "../../contract.ts";
import type { Chain } from "../chain.ts";
import type { Line } from "./term.ts";

/** Two Gauss points per cell: exact for the cubic part of k over a pair of cells. */
const inset = 0.5 - Math.sqrt(1 / 12);

export interface Far {
  value(x: Float64Array): number;
  gradient(x: Float64Array, g: Float64Array): void;
  /** adds the part of the Hessian that stays on the chain, where it is positive */
  precondition(x: Float64Array, h: Chain): void;
  couple(x: Float64Array, v: Float64Array, out: Float64Array): void;
  /** adds the Hessian to the lower triangle of H [n * n] */
  dense(x: Float64Array, H: Float64Array): void;
}

/**
 * sum of share share' k(distance) over pairs of cells that are not neighbours, O(n^2): point a of cell i meets the points of
 * all cells up to i - 2, so every distance is positive and k is read as rows.
 */
export function openFar(line: Line, value: Map1, slope: Map1, curvature: Map1): Far {
  const { n, share } = line;
  const cells = n - 1;
  const points = 2 * cells;
  const z = new Float64Array(points);
  const w = new Float64Array(points);
  const r = new Float64Array(points);
  const f = new Float64Array(points);
  const sum = new Float64Array(points);
  const vz = new Float64Array(points);
  for (let a = 0; a < points; a++) w[a] = 0.5 * share[a >> 1]!;
  const place = (x: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < cells; i++) {
      const step = inset * (x[i + 1]! - x[i]!);
      out[2 * i] = x[i]! + step;
      out[2 * i + 1] = x[i + 1]! - step;
    }
  };
  /** forces at points to forces at nodes */
  const spread = (force: Float64Array, out: Float64Array): void => {
    for (let i = 0; i < cells; i++) {
      const a = force[2 * i]!;
      const b = force[2 * i + 1]!;
      out[i] = out[i]! + (1 - inset) * a + inset * b;
      out[i + 1] = out[i + 1]! + inset * a + (1 - inset) * b;
    }
  };
  /** k at the distances from point a to the points before it, into f; how many they are */
  const look = (map: Map1, a: number): number => {
    const many = Math.max(0, 2 * ((a >> 1) - 1));
    for (let b = 0; b < many; b++) r[b] = z[a]! - z[b]!;
    if (many > 0) map(many, r, f);
    return many;
  };
  return {
    value(x) {
      place(x, z);
      let s = 0;
      for (let a = 0; a < points; a++) {
        const many = look(value, a);
        let row = 0;
        for (let b = 0; b < many; b++) row += w[b]! * f[b]!;
        s += w[a]! * row;
      }
      return s;
    },
    gradient(x, g) {
      place(x, z);
      sum.fill(0);
      for (let a = 0; a < points; a++) {
        const many = look(slope, a);
        let row = 0;
        for (let b = 0; b < many; b++) {
          const c = w[b]! * f[b]!;
          row += c;
          sum[b] = sum[b]! - w[a]! * c;
        }
        sum[a] = sum[a]! + w[a]! * row;
      }
      spread(sum, g);
    },
    precondition(x, h) {
      place(x, z);
      sum.fill(0);
      for (let a = 0; a < points; a++) {
        const many = look(curvature, a);
        let row = 0;
        for (let b = 0; b < many; b++) {
          const c = w[a]! * w[b]! * Math.max(0, f[b]!);
          row += c;
          sum[b] = sum[b]! + c;
        }
        sum[a] = sum[a]! + row;
      }
      for (let i = 0; i < cells; i++) {
        const a = sum[2 * i]!;
        const b = sum[2 * i + 1]!;
        h.diagonal[i] = h.diagonal[i]! + (1 - inset) * (1 - inset) * a + inset * inset * b;
        h.diagonal[i + 1] = h.diagonal[i + 1]! + inset * inset * a + (1 - inset) * (1 - inset) * b;
        h.off[i] = h.off[i]! + inset * (1 - inset) * (a + b);
      }
    },
    dense(x, H) {
      place(x, z);
      sum.fill(0);
      const [p, q] = [1 - inset, inset];
      for (let a = 0; a < points; a++) {
        const many = look(curvature, a);
        const i = a >> 1;
        const u = a % 2 === 0 ? p : q;
        let row = 0;
        for (let b = 0; b < many; b += 2) {
          const c = w[a]! * w[b]! * f[b]!;
          const e = w[a]! * w[b + 1]! * f[b + 1]!;
          row += c + e;
          sum[b] = sum[b]! + c;
          sum[b + 1] = sum[b + 1]! + e;
          const left = p * c + q * e;
          const right = q * c + p * e;
          const at = i * n + (b >> 1);
          H[at] = H[at]! - u * left;
          H[at + 1] = H[at + 1]! - u * right;
          H[at + n] = H[at + n]! - (1 - u) * left;
          H[at + n + 1] = H[at + n + 1]! - (1 - u) * right;
        }
        sum[a] = sum[a]! + row;
      }
      for (let i = 0; i < cells; i++) {
        const a = sum[2 * i]!;
        const b = sum[2 * i + 1]!;
        H[i * n + i] = H[i * n + i]! + p * p * a + q * q * b;
        H[(i + 1) * n + i + 1] = H[(i + 1) * n + i + 1]! + q * q * a + p * p * b;
        H[(i + 1) * n + i] = H[(i + 1) * n + i]! + p * q * (a + b);
      }
    },
    couple(x, v, out) {
      place(x, z);
      place(v, vz);
      sum.fill(0);
      for (let a = 0; a < points; a++) {
        const many = look(curvature, a);
        let row = 0;
        for (let b = 0; b < many; b++) {
          const c = w[a]! * w[b]! * f[b]! * (vz[a]! - vz[b]!);
          row += c;
          sum[b] = sum[b]! - c;
        }
        sum[a] = sum[a]! + row;
      }
      spread(sum, out);
    },
  };
}
