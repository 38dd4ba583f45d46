/** Projections of two clouds on lines: costs of the monotone couplings there, and their gradients. [bonneel2015] */
import type { Rows } from "../contract.ts";
import { cos, normalQuantile, pow, sin } from "../kernels/math.ts";
import { philoxNormals, philoxUniforms } from "../kernels/philox.ts";
import { sobol, sobolAxes } from "../measure/low-discrepancy.ts";
import { type OrderRoom, orderRoom, sortedOrder } from "./order.ts";
import type { Atoms } from "./problem.ts";

const STREAM = 0x736c6963;

/** K unit vectors [d * K], each uniform on the sphere: equal angles with a random turn in the plane, scrambled Sobol points up to 12 axes, else independent. */
export function directionsOf(d: number, K: number, seed: number): Float64Array {
  const out = new Float64Array(d * K);
  if (d === 2) {
    const turn = new Float64Array(1);
    philoxUniforms(seed, STREAM, 0, 0, 1, turn);
    for (let k = 0; k < K; k++) {
      const angle = (Math.PI * (k + turn[0]!)) / K;
      out[k] = cos(angle);
      out[K + k] = sin(angle);
    }
    return out;
  }
  if (d <= sobolAxes) {
    sobol(seed, d, 0, K, out);
    for (let i = 0; i < out.length; i++) out[i] = normalQuantile(out[i]!);
  } else for (let k = 0; k < d; k++) philoxNormals(seed, STREAM, k, 0, K, out.subarray(k * K, (k + 1) * K));
  for (let j = 0; j < K; j++) {
    let r = 0;
    for (let k = 0; k < d; k++) r += out[k * K + j]! * out[k * K + j]!;
    for (let k = 0; k < d; k++) out[k * K + j] = out[k * K + j]! / Math.sqrt(r);
  }
  return out;
}

export interface Slicer {
  /** W_p^p between the projections on the unit vector theta */
  cost(theta: Rows): number;
  /** the same, and adds scale * its gradient in theta [d] to `out` */
  alongTheta(theta: Rows, scale: number, out: Float64Array): number;
  /** the same, and adds scale * its gradient in the first cloud's positions [d * n] to `out` */
  alongPoints(theta: Rows, scale: number, out: Float64Array): number;
  /** projections of the last call */
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/** A slicer of two clouds with equal mass; owns its room, so slices allocate nothing. */
export function slicer(a: Atoms, b: Atoms, p: number): Slicer {
  const { d } = a;
  const [u, v] = [new Float64Array(a.n), new Float64Array(b.n)];
  const [r, s] = [new Uint32Array(a.n), new Uint32Array(b.n)];
  const rooms: readonly [OrderRoom, OrderRoom] = [orderRoom(a.n), orderRoom(b.n)];
  const even = a.n === b.n && a.weight.every((w) => w === a.weight[0]) && b.weight.every((w) => w === b.weight[0]);
  const raise = (z: number): number => (p === 2 ? z * z : p === 1 ? Math.abs(z) : pow(Math.abs(z), p));
  const slope = (z: number): number => (p === 2 ? 2 * z : z === 0 ? 0 : p === 1 ? Math.sign(z) : p * pow(Math.abs(z), p - 1) * Math.sign(z));
  const prepare = (theta: Rows): void => {
    project(a, theta, u);
    project(b, theta, v);
    sortedOrder(a.n, u, r, rooms[0]);
    sortedOrder(b.n, v, s, rooms[1]);
  };
  const walk = (visit: (i: number, j: number, mass: number) => void): void => {
    if (even) for (let k = 0; k < a.n; k++) visit(r[k]!, s[k]!, a.weight[0]!);
    else pairs(a, r, b, s, visit);
  };
  const sum = (extra: ((i: number, j: number, mass: number, z: number) => void) | null): number => {
    let total = 0;
    walk((i, j, mass) => {
      const z = u[i]! - v[j]!;
      total += mass * raise(z);
      extra?.(i, j, mass, z);
    });
    return total;
  };
  return {
    u,
    v,
    cost(theta) {
      prepare(theta);
      return sum(null);
    },
    alongTheta(theta, scale, out) {
      prepare(theta);
      return sum((i, j, mass, z) => {
        const f = scale * mass * slope(z);
        for (let k = 0; k < d; k++) out[k] = out[k]! + f * (a.x[k * a.n + i]! - b.x[k * b.n + j]!);
      });
    },
    alongPoints(theta, scale, out) {
      prepare(theta);
      return sum((i, _j, mass, z) => {
        const f = scale * mass * slope(z);
        for (let k = 0; k < d; k++) out[k * a.n + i] = out[k * a.n + i]! + f * theta[k]!;
      });
    },
  };
}
function project(a: Atoms, theta: Rows, out: Float64Array): void {
  out.fill(0);
  for (let k = 0; k < a.d; k++) for (let i = 0; i < a.n; i++) out[i] = out[i]! + theta[k]! * a.x[k * a.n + i]!;
}
/** The monotone coupling of sorted atoms, pair by pair. */
function pairs(a: Atoms, r: Uint32Array, b: Atoms, s: Uint32Array, visit: (i: number, j: number, mass: number) => void): void {
  let [i, j] = [0, 0];
  let [left, right] = [a.weight[r[0]!]!, b.weight[s[0]!]!];
  for (;;) {
    const mass = Math.min(left, right);
    visit(r[i]!, s[j]!, mass);
    left -= mass;
    right -= mass;
    if (left <= 0 && ++i < a.n) left = a.weight[r[i]!]!;
    if (right <= 0 && ++j < b.n) right = b.weight[s[j]!]!;
    if (i >= a.n || j >= b.n) return;
  }
}
