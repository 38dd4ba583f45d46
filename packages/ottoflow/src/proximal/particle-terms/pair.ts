import type { Kernel, Pair } from "../../contract.ts";
import type { Cloud, ParticleTerm } from "./term.ts";

/** (1/2) sum_{i, j} weight_i weight_j W(x_i, x_j), without i = j where W is singular. Sums and gradients are the kernel's own. */
export function pairTerm(part: Pair, cloud: Cloud): ParticleTerm {
  const { d, n, weight } = cloud;
  const W = part.W;
  const a = new Float64Array(d * n);
  const facts = modulusOf(W, cloud);
  const bend = W.quadratic !== undefined ? quadraticBend(W.quadratic, cloud) : W.radial?.curvature ? radialBend(W.radial, cloud) : differenceBend(W, cloud);
  return {
    ...facts,
    ...bend,
    value(x) {
      W.sum(n, x, n, x, weight, a);
      let s = 0;
      for (let i = 0; i < n; i++) s += weight[i]! * a[i]!;
      return 0.5 * s;
    },
    gradient(x, _t, g) {
      W.dx(n, x, n, x, weight, a);
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) g[k * n + i] = g[k * n + i]! + weight[i]! * a[k * n + i]!;
    },
  };
}

/** Convexity of W in x - y gives min(0, L) * mass; on the line convexity on the half line is enough while the order is kept. */
function modulusOf(W: Kernel, { d, mass }: Cloud): Pick<ParticleTerm, "modulus" | "ordered"> {
  const convex = W.quadratic ?? (W.convex && W.convex.how !== "sampled" ? W.convex.value : null);
  if (convex !== null && convex >= 0) return { modulus: 0, ordered: d === 1 && !W.finite };
  if (d === 1 && W.convexOnHalfLine?.value && W.convexOnHalfLine.how !== "sampled") return { modulus: 0, ordered: true };
  return { modulus: convex === null ? null : convex * mass, ordered: d === 1 && !W.finite };
}

type Bend = Pick<ParticleTerm, "curve" | "apply">;

/** factor * (mass v_i - sum weight v), weighted */
function quadraticBend(factor: number, { d, n, mass, weight }: Cloud): Bend {
  return {
    curve(_x, _t, h) {
      for (let k = 0; k < d; k++) for (let i = 0; i < n; i++) h[k * n + i] = h[k * n + i]! + Math.max(0, factor) * weight[i]! * (mass - weight[i]!);
    },
    apply(v, out) {
      for (let k = 0; k < d; k++) {
        let s = 0;
        for (let i = 0; i < n; i++) s += weight[i]! * v[k * n + i]!;
        for (let i = 0; i < n; i++) out[k * n + i] = out[k * n + i]! + factor * weight[i]! * (mass * v[k * n + i]! - s);
      }
    },
  };
}

/** k''(r) along x_i - x_j and k'(r) / r across, pair by pair; two points at the same place see k''(0) in every direction where k is finite. */
function radialBend(radial: NonNullable<Kernel["radial"]>, { d, n, weight }: Cloud): Bend {
  const r = new Float64Array(n);
  const along = new Float64Array(n);
  const across = new Float64Array(n);
  const at = new Float64Array(d * n);
  const row = (i: number): void => {
    for (let j = 0; j < i; j++) {
      let s = 0;
      for (let k = 0; k < d; k++) s += (at[k * n + i]! - at[k * n + j]!) * (at[k * n + i]! - at[k * n + j]!);
      r[j] = Math.sqrt(s);
    }
    radial.slope(i, r, across);
    radial.curvature!(i, r, along);
    for (let j = 0; j < i; j++) across[j] = r[j]! > 0 ? across[j]! / r[j]! : along[j]!;
  };
  return {
    curve(x, _t, h) {
      at.set(x);
      for (let i = 0; i < n; i++) {
        row(i);
        for (let j = 0; j < i; j++)
          for (let k = 0; k < d; k++) {
            const u = r[j]! > 0 ? (at[k * n + i]! - at[k * n + j]!) / r[j]! : 0;
            const c = weight[i]! * weight[j]! * Math.max(0, across[j]! + (along[j]! - across[j]!) * u * u);
            h[k * n + i] = h[k * n + i]! + c;
            h[k * n + j] = h[k * n + j]! + c;
          }
      }
    },
    apply(v, out) {
      for (let i = 0; i < n; i++) {
        row(i);
        for (let j = 0; j < i; j++) {
          let s = 0;
          for (let k = 0; k < d; k++) s += (at[k * n + i]! - at[k * n + j]!) * (v[k * n + i]! - v[k * n + j]!);
          const w = weight[i]! * weight[j]!;
          const c = r[j]! > 0 ? ((along[j]! - across[j]!) * s) / (r[j]! * r[j]!) : 0;
          for (let k = 0; k < d; k++) {
            const f = w * (across[j]! * (v[k * n + i]! - v[k * n + j]!) + c * (at[k * n + i]! - at[k * n + j]!));
            out[k * n + i] = out[k * n + i]! + f;
            out[k * n + j] = out[k * n + j]! - f;
          }
        }
      }
    },
  };
}

/** For kernels without a second derivative: central differences of the gradient along v. It steers Newton's method only. */
function differenceBend(W: Kernel, { d, n, weight }: Cloud): Bend {
  const at = new Float64Array(d * n);
  const near = new Float64Array(d * n);
  const low = new Float64Array(d * n);
  const high = new Float64Array(d * n);
  return {
    curve: (x) => at.set(x),
    apply(v, out) {
      let size = 0;
      let reach = 0;
      for (let i = 0; i < d * n; i++) {
        size = Math.max(size, Math.abs(at[i]!));
        reach = Math.max(reach, Math.abs(v[i]!));
      }
      if (reach === 0) return;
      const step = (1e-6 * (size + 1e-300)) / reach;
      for (let i = 0; i < d * n; i++) near[i] = at[i]! - step * v[i]!;
      W.dx(n, near, n, near, weight, low);
      for (let i = 0; i < d * n; i++) near[i] = at[i]! + step * v[i]!;
      W.dx(n, near, n, near, weight, high);
      for (let k = 0; k < d; k++)
        for (let i = 0; i < n; i++) out[k * n + i] = out[k * n + i]! + (weight[i]! * (high[k * n + i]! - low[k * n + i]!)) / (2 * step);
    },
  };
}
