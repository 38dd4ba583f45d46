import type { Law } from "../contract.ts";
import { sin } from "../kernels/math.ts";
import { gaussLegendre } from "../numeric/quadrature.ts";
import { planeFlux, type RadialMass } from "./radial.ts";

/** A radial density f(r^2) in space that vanishes beyond a radius. */
export interface RadialDensity {
  /** f at r^2 < radius^2 */
  density(r2: number): number;
  /** int_{r2}^inf f(u) du / 2: the mass of a plane beyond a circle, over 2 pi; it depends on the distance from the centre alone */
  tail(r2: number): number;
  readonly radius: number;
}

const inside = gaussLegendre(6);
const slices = gaussLegendre(16);

/**
 * Masses of boxes in space: boxes within the front by a tensor Gauss rule (six points an axis), boxes outside are empty, boxes that the front cuts as an integral of plane slices,
 * each exact by `planeFlux`, broken at the heights where the slice's circle meets an edge or a corner of the box.
 */
export function ballBoxMass(centre: readonly number[], law: RadialDensity): NonNullable<Law["boxMass"]> {
  const R2 = law.radius * law.radius;
  return (n, lo, hi, out) => {
    const a = new Float64Array(3);
    const b = new Float64Array(3);
    for (let i = 0; i < n; i++) {
      let nearest = 0;
      let farthest = 0;
      for (let k = 0; k < 3; k++) {
        a[k] = Math.max(lo[k * n + i]! - centre[k]!, -law.radius);
        b[k] = Math.min(hi[k * n + i]! - centre[k]!, law.radius);
        const near = Math.max(a[k]!, -b[k]!, 0);
        const far = Math.max(Math.abs(a[k]!), Math.abs(b[k]!));
        nearest += near * near;
        farthest += far * far;
      }
      const empty = nearest >= R2 || !(a[0]! < b[0]! && a[1]! < b[1]! && a[2]! < b[2]!);
      out[i] = empty ? 0 : farthest <= R2 ? smoothMass(law, a, b) : slicedMass(law, a, b);
    }
  };
}

function smoothMass(law: RadialDensity, a: Float64Array, b: Float64Array): number {
  let s = 0;
  const at = (k: number, q: number): number => a[k]! + (b[k]! - a[k]!) * inside.at[q]!;
  for (let i = 0; i < inside.n; i++)
    for (let j = 0; j < inside.n; j++)
      for (let k = 0; k < inside.n; k++) {
        const [x, y, z] = [at(0, i), at(1, j), at(2, k)];
        s += inside.weight[i]! * inside.weight[j]! * inside.weight[k]! * law.density(x * x + y * y + z * z);
      }
  return s * (b[0]! - a[0]!) * (b[1]! - a[1]!) * (b[2]! - a[2]!);
}

function slicedMass(law: RadialDensity, a: Float64Array, b: Float64Array): number {
  const R2 = law.radius * law.radius;
  const cuts = [a[2]!, b[2]!];
  const cut = (r2: number): void => {
    const z = Math.sqrt(R2 - r2);
    for (const v of [-z, z]) if (v > a[2]! && v < b[2]!) cuts.push(v);
  };
  for (const x of [0, a[0]!, b[0]!]) for (const y of [0, a[1]!, b[1]!]) if (x * x + y * y < R2) cut(x * x + y * y);
  cuts.sort((p, q) => p - q);
  let s = 0;
  for (let j = 1; j < cuts.length; j++) {
    const width = cuts[j]! - cuts[j - 1]!;
    for (let q = 0; q < slices.n; q++) {
      // nodes crowd at both ends, where slices appear and vanish like powers
      const angle = 0.5 * Math.PI * slices.at[q]!;
      const t = sin(angle) * sin(angle);
      s += slices.weight[q]! * width * 0.5 * Math.PI * sin(2 * angle) * planeFlux(sliceAt(law, cuts[j - 1]! + width * t), a[0]!, b[0]!, a[1]!, b[1]!);
    }
  }
  return s;
}

function sliceAt(law: RadialDensity, z: number): RadialMass {
  const radius = Math.sqrt(Math.max(0, law.radius * law.radius - z * z));
  const whole = law.tail(z * z);
  return { within: (r2) => whole - law.tail(z * z + r2), beyond: (r2) => law.tail(z * z + r2), radius, scale: radius };
}
