/**
 * Masses as whole numbers: exact solvers add and subtract them without rounding, so supplies and demands are met to the last unit,
 * and a basic plan's zero is a zero.
 */
import { powi } from "../kernels/math.ts";

export interface WholeMasses {
  /** all positive; both sides have the same sum, below 2^bits */
  readonly supply: BigInt64Array;
  readonly demand: BigInt64Array;
  /** mass of one unit, a power of two */
  readonly unit: number;
}

/**
 * a and b (positive, of sums that agree up to rounding) in units of a power of two, such that each side has between 2^(bits - 2) and 2^bits units.
 * A weight is off by at most half a unit, but for the largest of the second side, which takes what the sums differ by.
 */
export function wholeMasses(a: Float64Array, b: Float64Array, massOfA: number, massOfB: number, bits: number): WholeMasses {
  const unit = powerOfTwoBelow(massOfA) * powi(2, 2 - bits);
  const supply = whole(a, unit);
  const demand = whole(b, unit * (massOfB / massOfA));
  let largest = 0;
  for (let j = 0; j < b.length; j++) if (b[j]! > b[largest]!) largest = j;
  const left = sum(supply) - (sum(demand) - demand[largest]!);
  // where weights are all smaller than units the difference may not fit; then nothing is left for the largest
  demand[largest] = left > 0n ? left : 1n;
  return { supply, demand, unit };
}
/** Weights are rounded numbers: where parts of both sides should balance they do up to so many units. */
export const slackOf = (n: number, m: number, supply: BigInt64Array): bigint => (BigInt(n + m) * supply.reduce((s, v) => s + v, 0n)) >> 52n;

function powerOfTwoBelow(v: number): number {
  let p = 1;
  while (p > v) p /= 2;
  while (2 * p <= v) p *= 2;
  return p;
}
function whole(a: Float64Array, unit: number): BigInt64Array {
  const out = new BigInt64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = BigInt(Math.max(1, Math.round(a[i]! / unit)));
  return out;
}
function sum(a: BigInt64Array): bigint {
  let s = 0n;
  for (const v of a) s += v;
  return s;
}
