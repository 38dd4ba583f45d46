/** y = A x, or an approximate inverse applied to x; y is another row than x. */
export type Apply = (x: Float64Array, y: Float64Array) => void;

export interface Krylov {
  /**
   * Improves x for A x = f until the sum of |f - A x| (of the recurrence) is at most `enough`; returns the iterations made, at most
   * `most`. May stop early on a breakdown: the caller measures the residual itself.
   */
  solve(f: Float64Array, x: Float64Array, enough: number, most: number): number;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += a[i]! * b[i]!;
  return s;
};
const size = (a: Float64Array): number => {
  let s = 0;
  for (let i = 0; i < a.length; i++) s += Math.abs(a[i]!);
  return s;
};

/** BiCGStab with right preconditioning, for A without symmetry [vandervorst1992]. */
export function openBiCGStab(n: number, apply: Apply, precondition: Apply): Krylov {
  const rows = Array.from({ length: 7 }, () => new Float64Array(n));
  const [r, shadow, p, ph, v, sh, t] = rows as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return {
    solve(f, x, enough, most) {
      apply(x, v);
      for (let i = 0; i < n; i++) r[i] = f[i]! - v[i]!;
      shadow.set(r);
      p.set(r);
      let rho = dot(shadow, r);
      for (let k = 0; k < most; k++) {
        if (size(r) <= enough) return k;
        precondition(p, ph);
        apply(ph, v);
        const alpha = rho / dot(shadow, v);
        if (!Number.isFinite(alpha)) return k;
        for (let i = 0; i < n; i++) r[i] = r[i]! - alpha * v[i]!;
        precondition(r, sh);
        apply(sh, t);
        const tt = dot(t, t);
        const omega = tt > 0 ? dot(t, r) / tt : 0;
        for (let i = 0; i < n; i++) {
          x[i] = x[i]! + alpha * ph[i]! + omega * sh[i]!;
          r[i] = r[i]! - omega * t[i]!;
        }
        const next = dot(shadow, r);
        const beta = (next / rho) * (alpha / omega);
        if (!Number.isFinite(beta)) return k + 1;
        for (let i = 0; i < n; i++) p[i] = r[i]! + beta * (p[i]! - omega * v[i]!);
        rho = next;
      }
      return most;
    },
  };
}
