import type { Law, Rows } from "../contract.ts";
import { defineLaw, type Unit } from "../define.ts";
import { specError } from "../errors.ts";
import { numberTex, shiftedTex } from "../formula/numerals.ts";
import { asin, pow, powi } from "../kernels/math.ts";
import { ballBoxMass } from "./ball-mass.ts";
import { ballVolume, perAxis, type Shared, shared, sharedOf } from "./law.ts";
import { drawRadial } from "./radial.ts";

/** Constant density on the box [lower, upper], exact in every way. */
export function uniformBox(lower: readonly number[], upper: readonly number[], values: Shared = {}): Law {
  const d = lower.length;
  const base = sharedOf(values);
  let volume = 1;
  for (let k = 0; k < d; k++) {
    const side = upper[k]! - lower[k]!;
    if (!(side > 0 && side < Number.POSITIVE_INFINITY))
      throw specError("upper", `axis ${k} runs from ${lower[k]} to ${upper[k]}; give finite numbers with lower < upper.`);
    volume *= side;
  }
  return {
    ...base,
    tex: `\\mathrm{Unif}\\bigl(${lower.map((a, k) => `[${numberTex(a)}, ${numberTex(upper[k]!)}]`).join(" \\times ")}\\bigr)`,
    dim: d,
    uniform: { lower, upper },
    moments: {
      mean: lower.map((a, k) => 0.5 * (a + upper[k]!)),
      cov: Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? powi(upper[i % d]! - lower[i % d]!, 2) / 12 : 0)),
    },
    density: (n, x, out) => {
      for (let i = 0; i < n; i++) {
        let inside = true;
        for (let k = 0; k < d; k++) inside &&= x[k * n + i]! >= lower[k]! && x[k * n + i]! < upper[k]!;
        out[i] = inside ? base.mass / volume : 0;
      }
    },
    boxMass: (n, lo, hi, out) => {
      for (let i = 0; i < n; i++) {
        let p = base.mass / volume;
        for (let k = 0; k < d; k++) p *= Math.max(0, Math.min(hi[k * n + i]!, upper[k]!) - Math.max(lo[k * n + i]!, lower[k]!));
        out[i] = p;
      }
    },
    draw: {
      uniforms: d,
      map: (n, u, out) => {
        for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) out[k * n + i] = lower[k]! + (upper[k]! - lower[k]!) * u[k * n + i]!;
      },
    },
    ...(d === 1
      ? {
          quantile: (n: number, a: Rows, out: Rows) => {
            for (let i = 0; i < n; i++) out[i] = lower[0]! + (upper[0]! - lower[0]!) * a[i]!;
          },
        }
      : {}),
  };
}

/** Constant density on inner <= |x - centre| <= radius, a ball where inner is 0. Exact masses of boxes in the plane and in space. */
export function uniformBall(centre: readonly number[], radius: number, inner = 0, values: Shared = {}): Law {
  const d = centre.length;
  const base = sharedOf(values);
  if (!(radius > inner && inner >= 0 && radius < Number.POSITIVE_INFINITY))
    throw specError("radius", `got radius ${radius} and inner ${inner}; give 0 <= inner < radius.`);
  if (d === 1 && inner === 0) return { ...uniformBox([centre[0]! - radius], [centre[0]! + radius], values) };
  if (d === 1) throw specError("inner", "a ring on the line is two intervals; give a mixture of two uniform boxes.");
  const volume = ballVolume(d) * (powi(radius, d) - powi(inner, d));
  const hollow = powi(inner / radius, d);
  const variance = ((powi(radius, d + 2) - powi(inner, d + 2)) * ballVolume(d)) / ((d + 2) * volume);
  return {
    ...base,
    tex: `\\mathrm{Unif}\\bigl\\{${inner > 0 ? `${numberTex(inner)} \\le ` : ""}|${shiftedTex("x", centre)}| \\le ${numberTex(radius)}\\bigr\\}`,
    dim: d,
    ...(inner === 0 ? { ball: { centre, radius } } : {}),
    moments: { mean: centre, cov: Array.from({ length: d * d }, (_, i) => (i % (d + 1) === 0 ? variance : 0)) },
    density: (n, x, out) => {
      for (let i = 0; i < n; i++) {
        let r2 = 0;
        for (let k = 0; k < d; k++) r2 += (x[k * n + i]! - centre[k]!) * (x[k * n + i]! - centre[k]!);
        out[i] = r2 <= radius * radius && r2 >= inner * inner ? base.mass / volume : 0;
      }
    },
    draw: { uniforms: d + 1, map: (n, u, out) => drawRadial(n, d, centre, u, (p) => radius * pow(hollow + (1 - hollow) * p, 1 / d), out) },
    ...(d === 3 ? { boxMass: shellMass(centre, radius, inner, base.mass / volume) } : {}),
    ...(d === 2
      ? {
          boxMass: (n: number, lo: Rows, hi: Rows, out: Rows) => {
            for (let i = 0; i < n; i++) {
              const box = [lo[i]! - centre[0]!, hi[i]! - centre[0]!, lo[n + i]! - centre[1]!, hi[n + i]! - centre[1]!] as const;
              // a box inside the hole holds the same area twice, to rounding
              out[i] = (base.mass / volume) * Math.max(0, discBox(radius, ...box) - discBox(inner, ...box));
            }
          },
        }
      : {}),
  };
}

/** A ball less the hollow ball inside it. */
function shellMass(centre: readonly number[], radius: number, inner: number, height: number): NonNullable<Law["boxMass"]> {
  const ball = (R: number): NonNullable<Law["boxMass"]> =>
    ballBoxMass(centre, { density: () => height, tail: (u) => 0.5 * height * Math.max(0, R * R - u), radius: R });
  const whole = ball(radius);
  if (inner === 0) return whole;
  const hole = ball(inner);
  return (n, lo, hi, out) => {
    const less = new Float64Array(n);
    whole(n, lo, hi, out);
    hole(n, lo, hi, less);
    // a box inside the hole holds the same number twice
    for (let i = 0; i < n; i++) out[i] = Math.max(0, out[i]! - less[i]!);
  };
}

/** Area of the disc of radius r about 0 inside [x0, x1] x [y0, y1]. */
export function discBox(r: number, x0: number, x1: number, y0: number, y1: number): number {
  if (r === 0 || x0 >= r || x1 <= -r || y0 >= r || y1 <= -r) return 0;
  if (cornerInside(r, x0, x1, y0, y1)) return (x1 - x0) * (y1 - y0);
  // a corner beyond the circle takes quadrants off that are equal to rounding, and no box holds less than nothing
  return Math.max(0, discQuadrant(r, x1, y1) - discQuadrant(r, x0, y1) - discQuadrant(r, x1, y0) + discQuadrant(r, x0, y0));
}

function cornerInside(r: number, x0: number, x1: number, y0: number, y1: number): boolean {
  const x = Math.max(Math.abs(x0), Math.abs(x1));
  const y = Math.max(Math.abs(y0), Math.abs(y1));
  return x * x + y * y <= r * r;
}

/** Signed area of the disc inside the rectangle with corners 0 and (x, y); odd in both. */
function discQuadrant(r: number, x: number, y: number): number {
  const sign = Math.sign(x) * Math.sign(y);
  const a = Math.min(Math.abs(x), r);
  const b = Math.min(Math.abs(y), r);
  if (a * a + b * b <= r * r) return sign * a * b;
  // from 0 to c the height is b, from c to a it is the circle
  const c = Math.sqrt(Math.max(0, (r - b) * (r + b)));
  return sign * (c * b + circleArea(r, a) - circleArea(r, c));
}

/** int_0^x sqrt(r^2 - s^2) ds */
function circleArea(r: number, x: number): number {
  return 0.5 * (x * Math.sqrt(Math.max(0, (r - x) * (r + x))) + r * r * asin(Math.min(1, x / r)));
}

export const uniform: Unit<"law"> = defineLaw({
  kind: "uniform",
  title: "uniform law on a box, ball or ring",
  tex: "|A|^{-1} \\mathbf 1_A",
  summary:
    "Constant density on a box, a ball or the shell between two concentric spheres. Cells cut by the edge receive exactly the part that lies inside (boxes in any dimension, balls and shells in the plane and in space).",
  refs: ["villani2003"],
  params: {
    shape: { type: "choice", of: ["box", "ball", "ring"], default: "box", doc: "box by its corners; ball by centre and radius; ring also by its inner radius" },
    lower: { type: "vector", broadcast: true, optional: true, unit: "length", doc: "lower corner of the box" },
    upper: { type: "vector", broadcast: true, optional: true, unit: "length", doc: "upper corner of the box" },
    centre: { type: "vector", broadcast: true, default: [0], unit: "length", doc: "centre of ball or ring" },
    radius: { type: "number", above: 0, optional: true, unit: "length", doc: "outer radius of ball or ring" },
    inner: { type: "number", min: 0, optional: true, unit: "length", doc: "inner radius of the ring" },
    ...shared,
  },
  examples: [
    { dim: 1, params: { lower: [-1], upper: [1] } },
    { dim: 2, params: { shape: "ball", centre: [0, 0], radius: 0.7 } },
    { dim: 2, params: { shape: "ring", centre: [0, 0], radius: 0.9, inner: 0.5 } },
  ],
  build: (values, { dim }) => {
    if (values.shape === "box") {
      if (!values.lower || !values.upper) throw specError("lower", "a uniform box needs lower and upper.");
      return uniformBox(perAxis("lower", values.lower, dim, 0), perAxis("upper", values.upper, dim, 1), values);
    }
    if (values.radius === undefined) throw specError("radius", `a uniform ${values.shape} needs its radius.`);
    if (values.shape === "ring" && values.inner === undefined) throw specError("inner", "a ring needs its inner radius.");
    return uniformBall(perAxis("centre", values.centre, dim, 0), values.radius, values.shape === "ring" ? values.inner : 0, values);
  },
});
